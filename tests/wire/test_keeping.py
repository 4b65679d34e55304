"""A body that is saved gets its name when it is right, and leaves nothing behind that could be taken for it."""

from __future__ import annotations

import resource
import stat
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.errors import FormatError
from explorer.model import Request, Save, Slice, Unkept, sha256_of
from explorer.spec.digests import digest_of
from explorer.wire.client import Client
from explorer.wire.options import ConnectionOptions, Timeouts
from explorer.wire.sent import Sent
from tests.wire.loopback import GET, Loopback, Manner, Talk, answering

DATA = bytes(range(256)) * 4000
HALF = 300_000
RANGED = replace(GET, headers=GET.headers.set("Range", f"bytes={HALF}-"))


def raw(body: bytes = DATA, status: str = "200 OK", *lines: str, length: int | None = None) -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *lines]
    return "\r\n".join([*head, "", ""]).encode() + body


def partial(body: bytes = DATA[HALF:], range_: str = f"bytes {HALF}-{len(DATA) - 1}/{len(DATA)}") -> bytes:
    return raw(body, "206 Partial Content", f"Content-Range: {range_}")


def cutting_off(data: bytes) -> Manner:
    def talk(talk: Talk) -> None:
        talk.request()
        talk.say(data)
        talk.end()

    return talk


@pytest.fixture
def save(tmp_path: Path) -> Save:
    return Save(str(tmp_path / "blobs" / "whole"), digest_of(DATA), len(DATA))


def part_of(save: Save) -> Path:
    return Path(save.path + ".part")


def with_half(save: Save, data: bytes = DATA[:HALF]) -> None:
    part_of(save).parent.mkdir()
    part_of(save).write_bytes(data)


def send(save: Save, *manners: Manner, request: Request = GET) -> Sent:
    with Loopback(*manners) as server, closing(Client(ConnectionOptions(timeouts=Timeouts(30, 30, 30)))) as client:
        return client.send(replace(request, origin=server.origin), None, save)


def body_of(came: Sent) -> object:
    assert came.response is not None
    return came.response.body


def left(save: Save) -> list[str]:
    return sorted(path.name for path in Path(save.path).parent.iterdir())


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_a_body_with_the_right_digest_is_saved_under_its_name(save: Save, algorithm: str) -> None:
    came = send(replace(save, digest=digest_of(DATA, algorithm)), answering(raw()))
    body = body_of(came)
    assert isinstance(body, Slice)
    assert (body.path, body.offset, body.length, body.sha256) == (save.path, 0, len(DATA), sha256_of(DATA))
    assert Path(save.path).read_bytes() == DATA
    assert left(save) == ["whole"]


def test_a_saved_body_is_private(save: Save) -> None:
    send(save, answering(raw()))
    assert stat.S_IMODE(Path(save.path).stat().st_mode) == 0o600


def test_a_body_that_breaks_off_stays_as_a_part_and_the_sentence_says_so(save: Save) -> None:
    came = send(save, cutting_off(raw(DATA[:HALF], length=len(DATA))))
    assert came.error is not None
    assert came.error.kind == "closed"
    assert f"{HALF} of {len(DATA)} bytes are in {part_of(save)}, to go on from." in came.error.sentence
    assert part_of(save).read_bytes() == DATA[:HALF]


def test_a_body_that_ends_with_its_connection_too_early_stays_as_a_part(save: Save) -> None:
    came = send(save, cutting_off(b"HTTP/1.1 200 OK\r\n\r\n" + DATA[:HALF]))
    assert body_of(came) == Unkept(
        HALF, sha256_of(DATA[:HALF]), f"{HALF} of {len(DATA)} bytes are in {part_of(save)}, to go on from"
    )
    assert left(save) == ["whole.part"]


def test_a_part_is_gone_on_from(save: Save) -> None:
    with_half(save)
    body = body_of(send(save, answering(partial()), request=RANGED))
    assert isinstance(body, Slice)
    assert (body.offset, body.length, body.sha256) == (HALF, len(DATA) - HALF, sha256_of(DATA[HALF:]))
    assert Path(save.path).read_bytes() == DATA
    assert left(save) == ["whole"]


def test_what_was_cut_off_is_whole_after_a_second_request(save: Save) -> None:
    send(save, cutting_off(raw(DATA[:HALF], length=len(DATA))))
    send(save, answering(partial()), request=RANGED)
    assert Path(save.path).read_bytes() == DATA


def test_a_200_to_a_range_begins_anew(save: Save) -> None:
    with_half(save, b"x" * HALF)
    assert isinstance(body_of(send(save, answering(raw()), request=RANGED)), Slice)
    assert Path(save.path).read_bytes() == DATA


def test_a_416_leaves_the_part_and_is_shown(save: Save) -> None:
    with_half(save)
    came = send(save, answering(raw(b"no", "416 Range Not Satisfiable")), request=RANGED)
    assert body_of(came) == b"no"
    assert left(save) == ["whole.part"]


def test_wrong_bytes_are_removed_and_their_digest_is_told(save: Save) -> None:
    wrong = DATA[:-1] + b"!"
    came = send(save, answering(raw(wrong)))
    assert body_of(came) == Unkept(
        len(DATA), sha256_of(wrong), f"not kept, since the digest is {digest_of(wrong)} of {len(DATA)} bytes"
    )
    assert left(save) == []


def test_a_part_of_wrong_bytes_is_removed_with_what_came_after_it(save: Save) -> None:
    with_half(save, b"x" * HALF)
    body = body_of(send(save, answering(partial()), request=RANGED))
    assert isinstance(body, Unkept)
    assert digest_of(b"x" * HALF + DATA[HALF:]) in body.source
    assert left(save) == []


def test_a_body_that_is_shorter_and_whole_is_removed(save: Save) -> None:
    body = body_of(send(save, answering(raw(DATA[:HALF]))))
    assert isinstance(body, Unkept)
    assert f"{digest_of(DATA[:HALF])} of {HALF} bytes" in body.source
    assert left(save) == []


def test_a_body_that_is_longer_than_declared_is_stopped(save: Save) -> None:
    body = body_of(send(save, answering(raw(DATA * 20))))
    assert isinstance(body, Unkept)
    assert len(DATA) < body.size < 2 * len(DATA)
    assert body.source == f"stopped here, since {len(DATA)} bytes are declared and more came"
    assert left(save) == []


def test_a_declared_size_is_not_allocated(save: Save) -> None:
    came = send(replace(save, size=2**60), cutting_off(raw(DATA[:HALF], length=2**60)))
    assert came.error is not None
    assert part_of(save).stat().st_size == HALF


@pytest.mark.parametrize(
    ("range_", "why"),
    [
        ("bytes 0-9/10", "it begins at byte 0"),
        (f"bytes {HALF}-{HALF + 9}/{HALF + 10}", "are declared"),
        ("", "does not say which bytes"),
        ("bytes 9-1/*", "does not say which bytes"),
    ],
)
def test_another_part_than_the_wanted_one_is_not_appended(save: Save, range_: str, why: str) -> None:
    with_half(save)
    body = body_of(send(save, answering(partial(b"0123456789", range_)), request=RANGED))
    assert isinstance(body, Unkept)
    assert why in body.source
    assert part_of(save).read_bytes() == DATA[:HALF]


def test_a_part_of_the_rest_is_kept_to_go_on_from(save: Save) -> None:
    with_half(save)
    body = body_of(send(save, answering(partial(DATA[HALF : HALF + 10], f"bytes {HALF}-{HALF + 9}/*")), request=RANGED))
    assert isinstance(body, Unkept)
    assert part_of(save).read_bytes() == DATA[: HALF + 10]


def test_a_refusal_is_shown_and_not_saved(save: Save) -> None:
    assert body_of(send(save, answering(raw(b"{}", "404 Not Found")))) == b"{}"
    assert left(save) == []


def test_an_empty_blob_is_saved(save: Save) -> None:
    assert isinstance(body_of(send(Save(save.path, digest_of(b""), 0), answering(raw(b"")))), Slice)
    assert Path(save.path).read_bytes() == b""


def test_a_folder_that_cannot_be_made_is_a_sentence_before_anything_is_sent(save: Save, tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("a file")
    with pytest.raises(FormatError, match="nothing can be saved there"):
        send(save, answering(raw()))


def test_a_part_that_cannot_be_written_is_an_answer_with_a_sentence(save: Save) -> None:
    part_of(save).parent.mkdir()
    part_of(save).symlink_to("elsewhere")
    came = send(save, answering(raw()))
    assert came.error is not None
    assert came.error.kind == "unsavable"
    assert came.response is not None
    assert came.response.status == 200


def test_a_disk_that_is_full_is_an_answer_with_a_sentence_and_the_part_stays(save: Save) -> None:
    # A limit on the size of files stands in for the end of the disk.
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (HALF, before[1]))
    try:
        came = send(save, answering(raw()))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert came.error is not None
    assert came.error.kind == "unsavable"
    assert "could not be written" in came.error.sentence
    assert f"{HALF} of {len(DATA)} bytes are in" in came.error.sentence


def test_a_name_that_is_a_folder_is_an_answer_with_a_sentence(save: Save) -> None:
    Path(save.path).mkdir(parents=True)
    came = send(save, answering(raw()))
    assert came.error is not None
    assert came.error.kind == "unsavable"


def test_a_stopped_body_stays_as_a_part(save: Save) -> None:
    def talk(talk: Talk) -> None:
        talk.request()
        talk.say(raw(DATA[:HALF], length=len(DATA)))
        talk.wait()

    with Loopback(talk) as server, closing(Client()) as client:
        came = client.send(
            replace(GET, origin=server.origin), lambda done, _: client.stop() if done == HALF else None, save
        )
    assert came.error is not None
    assert came.error.kind == "stopped"
    assert part_of(save).stat().st_size == HALF


def test_progress_is_told_of_what_was_there_and_of_what_came(save: Save) -> None:
    with_half(save)
    told: list[tuple[int, int]] = []
    with Loopback(answering(partial())) as server, closing(Client()) as client:
        client.send(replace(RANGED, origin=server.origin), lambda done, total: told.append((done, total)), save)
    assert told[-1] == (len(DATA), len(DATA))
    assert told[0][0] > HALF
