"""Bodies that are kept in a folder of the user's, beside the recording."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from explorer.formats.session import read_session
from explorer.model import Body, Slice, Unkept, sha256_of
from explorer.practice import PracticeRegistry
from explorer.recorder.kept import INLINE, BodyFolder, KeptBody
from tests.recorder.recording import Recorded, recording
from tests.wire.loopback import Loopback, Manner, Talk

HEAD = b"POST /v2/a HTTP/1.1\r\nHost: near.test\r\n"
SENT = bytes(range(256)) * 1000
GOT = bytes(reversed(range(256))) * 2000


def answering(count: int, answer: bytes) -> Manner:
    """Read so many bytes behind a head, answer, and close."""

    def manner(talk: Talk) -> None:
        talk.request(count)
        talk.say(answer)
        talk.end()

    return manner


def kept(folder: Path, raw: bytes, answer: bytes) -> tuple[Body, Body]:
    """Send a request through a recorder that keeps bodies there; return what became of both bodies."""
    begin = raw.index(b"\r\n\r\n") + 4
    with (
        Loopback(answering(len(raw) - begin, answer)) as upstream,
        recording(upstream.origin, bodies=str(folder)) as recorded,
    ):
        talk(recorded, raw)
        exchange = recorded.only()
    assert exchange.response
    return exchange.request.body, exchange.response.body


def talk(recorded: Recorded, raw: bytes) -> bytes:
    """Say bytes to a recorder and return what it says."""
    host, _, port = recorded.address.rpartition(":")
    heard = b""
    with closing(socket.create_connection((host, int(port)), 20)) as caller:
        caller.sendall(raw)
        while more := caller.recv(1 << 16):
            heard += more
    return heard


def test_large_bodies_are_files_of_their_owner_named_by_their_sha256(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "bodies"
    raw = HEAD + b"Content-Length: %d\r\n\r\n" % len(SENT) + SENT
    bodies = kept(folder, raw, b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(GOT) + GOT)
    for body, content in zip(bodies, (SENT, GOT), strict=True):
        path = folder / sha256_of(content)
        assert isinstance(body, Slice)
        assert (body.path, body.offset, body.length, body.sha256) == (str(path), 0, len(content), sha256_of(content))
        assert path.read_bytes() == content
        assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in folder.iterdir()) == sorted([sha256_of(SENT), sha256_of(GOT)])


def test_what_is_kept_is_the_content_and_not_its_framing(tmp_path: Path) -> None:
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (SENT[:7], SENT[7:])) + b"0\r\n\r\n"
    sent, _ = kept(
        tmp_path,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks,
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    )
    assert isinstance(sent, Slice)
    assert Path(sent.path).read_bytes() == SENT


def test_small_bodies_stay_in_the_recording(tmp_path: Path) -> None:
    raw = HEAD + b"Content-Length: 3\r\n\r\nabc"
    assert kept(tmp_path, raw, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") == (b"abc", b"{}")
    assert list(tmp_path.iterdir()) == []


def test_whatever_its_pieces_a_body_is_kept_whole(tmp_path: Path) -> None:
    for number, size in enumerate((1, INLINE - 1, INLINE, INLINE + 1, len(GOT))):
        body = KeptBody(BodyFolder(tmp_path / str(number)))
        for at in range(0, len(GOT), size) if size > 1 else (0,):
            body.take(memoryview(GOT)[at : at + size] if size > 1 else memoryview(GOT))
        whole = body.end("")
        assert isinstance(whole, Slice)
        assert Path(whole.path).read_bytes() == GOT


def test_a_body_whose_file_cannot_be_written_passes_all_the_same(tmp_path: Path) -> None:
    folder = BodyFolder(tmp_path / "gone")
    folder.folder.rmdir()
    body = KeptBody(folder)
    body.take(memoryview(SENT))
    body.take(memoryview(SENT))
    left = body.end("the request")
    assert isinstance(left, Unkept)
    assert (left.size, left.sha256) == (2 * len(SENT), sha256_of(SENT + SENT))
    assert "not kept in" in left.source


def test_the_verb_keeps_them_and_the_recording_names_them(tmp_path: Path) -> None:
    folder, session = tmp_path / "bodies", tmp_path / "a.jsonl"
    digest = f"sha256:{sha256_of(SENT)}"
    code = (
        "import sys, urllib.request as u\n"
        f"url = 'http://' + sys.argv[1] + '/v2/demo/a/blobs/uploads/?digest={digest}'\n"
        "body = bytes(range(256)) * 1000\n"
        "u.urlopen(u.Request(url, body, {'Content-Type': 'application/octet-stream'})).close()"
    )
    with PracticeRegistry() as registry:
        words = ["record", registry.origin.authority, "--plain", "--session", str(session)]
        words += ["--keep-bodies", str(folder), "--", sys.executable, "-c", code, "{registry}"]
        done = subprocess.run([sys.executable, "-m", "explorer", *words], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    [exchange] = read_session(session).session.exchanges
    assert exchange.status == 201
    assert isinstance(exchange.request.body, Slice)
    assert (folder / sha256_of(SENT)).read_bytes() == SENT


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    words = ["record", "127.0.0.1:1", "--plain", "--session", str(tmp_path / "a.jsonl")]
    words += ["--keep-bodies", str(tmp_path / "file")]
    done = subprocess.run([sys.executable, "-m", "explorer", *words], capture_output=True, timeout=60, check=False)
    assert done.returncode == 4
    assert b"bodies cannot be kept there" in done.stderr
