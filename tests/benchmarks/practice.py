"""Push a large blob into the practice registry and into docker-registry 2.8, in turns; print seconds and memory.

    python -m tests.benchmarks.practice [MEBIBYTES] [ROUNDS]

Both store on the disk and verify the digest. The client hashes nothing while it sends.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BLOCK = os.urandom(1024 * 1024)
CONFIG = """
version: 0.1
log: {{level: error, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: {folder}}}}}
http: {{addr: "127.0.0.1:{port}", secret: aaa}}
"""


def push(port: int, mebibytes: int, digest: str) -> float:
    """Push a blob by POST, PATCH and PUT; return the seconds from the first byte of the PATCH to the 201."""
    with socket.create_connection(("127.0.0.1", port), timeout=600) as sock, sock.makefile("rb") as answers:

        def location() -> str:
            lines = [*iter(lambda: answers.readline().decode(), "\r\n")]
            assert lines[0].split()[1] in ("201", "202"), lines
            return "/v2/" + next(line.split("/v2/", 1)[1].strip() for line in lines if line.startswith("Location"))

        sock.sendall(b"POST /v2/bench/blobs/uploads/ HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
        place = location()
        begin = time.perf_counter()
        length = mebibytes * len(BLOCK)
        sock.sendall(f"PATCH {place} HTTP/1.1\r\nHost: h\r\nContent-Length: {length}\r\n\r\n".encode())
        for _ in range(mebibytes):
            sock.sendall(BLOCK)
        closing = f"PUT {location()}&digest={digest} HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"
        sock.sendall(closing.encode())
        location()
        return time.perf_counter() - begin


@contextmanager
def running(name: str, folder: Path) -> Iterator[tuple[int, int]]:
    """Run one of the two registries; yields its port and its process id."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "config.yml").write_text(CONFIG.format(folder=folder / "data", port=port))
    commands = {
        "practice": [
            sys.executable,
            "-m",
            "explorer",
            "practice",
            "--port",
            str(port),
            "--store",
            str(folder / "store"),
        ],
        "docker-registry": [shutil.which("docker-registry") or "docker-registry", "serve", str(folder / "config.yml")],
    }
    quiet = subprocess.DEVNULL
    with subprocess.Popen(commands[name], stdout=quiet, stderr=quiet) as process:
        try:
            for _ in range(200):
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield port, process.pid
        finally:
            process.terminate()


def main(mebibytes: int, rounds: int) -> None:
    """Push in turns, and print a line for each push."""
    whole = hashlib.sha256()
    for _ in range(mebibytes):
        whole.update(BLOCK)
    for _ in range(rounds):
        for name in ("docker-registry", "practice"):
            with tempfile.TemporaryDirectory() as folder, running(name, Path(folder)) as (port, pid):
                seconds = push(port, mebibytes, f"sha256:{whole.hexdigest()}")
                status = Path(f"/proc/{pid}/status").read_text()
                peak = re.findall(r"VmHWM:\s+(\d+) kB", status)[0]
                print(f"{name:16} {seconds:7.3f} s {mebibytes / seconds:6.0f} MiB/s  {int(peak) // 1024} MiB of memory")


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    main(*(numbers + [1024, 3][len(numbers) :]))
