"""`practice` as a process of its own: what it says, how it ends, how much memory a blob takes."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from explorer.errors import InputError
from explorer.jobs.serving import PracticeJob, serve_practice

MEBIBYTE = 1024 * 1024


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], int, list[str]]]:
    """Run `practice` on a free port with its temporary files in a folder; yields it, its port, and what it said."""
    words = [sys.executable, "-u", "-m", "explorer", "practice", "--port", "0", *options]
    environment = {**os.environ, "TMPDIR": str(folder)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            said = [process.stdout.readline()]
            while not said[-1].startswith("  curl"):
                said.append(process.stdout.readline())
                assert said[-1], said
            port = re.findall(r"listens at https?://[^ ]*:(\d+)", said[0])[0]
            yield process, int(port), said
        finally:
            process.kill()


def test_it_says_that_it_listens_on_this_machine_only(tmp_path: Path) -> None:
    with serving(tmp_path, "--as", "zot") as (_, _, said):
        assert "on this machine only" in said[0]
        assert "It answers as zot" in said[1]


def test_it_says_that_anybody_may_come_where_that_is_so(tmp_path: Path) -> None:
    with serving(tmp_path, "--listen", "0.0.0.0", "--auth", "token", "--user", "ann:x") as (_, _, said):
        assert "for anybody who reaches this machine, without encryption" in said[0]
        assert "Its token service is http://0.0.0.0:" in said[1]


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_temporary_store_goes_when_it_is_ended(tmp_path: Path, sign: signal.Signals) -> None:
    with serving(tmp_path) as (process, _, _):
        assert len(list(tmp_path.iterdir())) == 1
        process.send_signal(sign)
        assert process.wait(timeout=60) == 0
    assert list(tmp_path.iterdir()) == []


def push(port: int, size: int) -> None:
    """Push a blob of zeros in one PATCH."""
    block = bytes(MEBIBYTE)
    digest = hashlib.sha256()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as sock, sock.makefile("rb") as answers:

        def ask(head: str) -> str:
            sock.sendall(f"{head}\r\nHost: h\r\n\r\n".encode())
            return answered()

        def answered() -> str:
            lines = [*iter(lambda: answers.readline().decode(), "\r\n")]
            assert lines[0].split()[1] in ("201", "202"), lines
            return next(line.split("/v2/", 1)[1].strip() for line in lines if line.startswith("Location"))

        place = ask("POST /v2/a/blobs/uploads/ HTTP/1.1\r\nContent-Length: 0")
        sock.sendall(f"PATCH /v2/{place} HTTP/1.1\r\nHost: h\r\nContent-Length: {size}\r\n\r\n".encode())
        for _ in range(size // MEBIBYTE):
            sock.sendall(block)
            digest.update(block)
        ask(f"PUT /v2/{answered()}&digest=sha256:{digest.hexdigest()} HTTP/1.1\r\nContent-Length: 0")


def most_memory(process: subprocess.Popen[str]) -> int:
    """Return the most memory that a process has had, in bytes."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system tells no peak of memory in /proc")
def test_a_large_blob_takes_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, port, _):
        push(port, 5 * MEBIBYTE)
        small = most_memory(process)
        push(port, 160 * MEBIBYTE)
        assert most_memory(process) - small < 8 * MEBIBYTE


@pytest.mark.parametrize(
    ("job", "said"),
    [
        (PracticeJob(manner="none"), "There is no personality 'none': acr, "),
        (PracticeJob(users=("ann:x",)), "--user says who may come in, but nobody is asked"),
        (PracticeJob(auth="token"), "--auth needs somebody to let in"),
        (PracticeJob(auth="basic", users=("ann:x",), realm_port=0), "--realm-port is for the token service"),
        (PracticeJob(auth="basic", users=("ann",)), "NAME:PASSWORD"),
    ],
)
def test_what_cannot_be_served_is_a_sentence(job: PracticeJob, said: str) -> None:
    with pytest.raises(InputError, match=said):
        serve_practice(job, print)
