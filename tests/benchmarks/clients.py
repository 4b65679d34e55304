"""Clients without a library: a raw socket that uploads blobs, small requests timed one by one, and curl.

Run as a program, it uploads: `python -m tests.benchmarks.clients PORT FILE [COUNT]` sends the file as a blob, COUNT
times on one connection (POST, PATCH with sha256 computed on the way, PUT) and prints the seconds that this took.
"""

from __future__ import annotations

import hashlib
import socket
import subprocess
import sys
import time
from pathlib import Path

BLOCK = 256 * 1024
GET = b"GET /v2/ HTTP/1.1\r\nHost: sink\r\nUser-Agent: benchmark\r\nAccept: */*\r\n\r\n"


def upload(port: int, file: Path, count: int = 1) -> float:
    """Upload a file as a blob, several times on one connection; return the seconds once it is connected."""
    with socket.create_connection(("127.0.0.1", port), timeout=600) as sock, sock.makefile("rb") as answers:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def location() -> str:
            lines = [*iter(lambda: answers.readline().decode(), "\r\n")]
            assert lines[0].split()[1] in ("201", "202"), lines
            return "/v2/" + next(line.split("/v2/", 1)[1].strip() for line in lines if line.startswith("Location"))

        begun = time.perf_counter()
        for _ in range(count):
            sock.sendall(b"POST /v2/bench/raw/blobs/uploads/ HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
            size = file.stat().st_size
            sock.sendall(f"PATCH {location()} HTTP/1.1\r\nHost: h\r\nContent-Length: {size}\r\n\r\n".encode())
            digest = _send(sock, file)
            closing = f"PUT {location()}&digest=sha256:{digest} HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"
            sock.sendall(closing.encode())
            location()
        return time.perf_counter() - begun


def _send(sock: socket.socket, file: Path) -> str:
    """Send a file in blocks and return its sha256."""
    digest = hashlib.sha256()
    block = bytearray(BLOCK)
    view = memoryview(block)
    with file.open("rb", buffering=0) as source:
        while count := source.readinto(block):
            digest.update(view[:count])
            sock.sendall(view[:count])
    return digest.hexdigest()


def latencies(port: int, count: int) -> list[float]:
    """Return the microseconds of so many small requests on one connection, each."""
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        took = []
        for _ in range(count):
            begun = time.perf_counter()
            sock.sendall(GET)
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += sock.recv(4096)
            took.append((time.perf_counter() - begun) * 1e6)
    return took


def curl_upload_words(curl: str, port: int, file: Path) -> list[str]:
    """Return the command line of curl that sends a file with PATCH, streamed."""
    return [curl, "-sS", "-o", "/dev/null", "-X", "PATCH", "-T", str(file), f"http://127.0.0.1:{port}/v2/a"]


def curl_download_words(curl: str, port: int, size: int) -> list[str]:
    """Return the command line of curl that gets so many bytes from the sink."""
    return [curl, "-sS", "-o", "/dev/null", f"http://127.0.0.1:{port}/bytes/{size}"]


def at_once(commands: list[list[str]]) -> float:
    """Run several programs at the same time; return the seconds until the last has ended."""
    begun = time.perf_counter()
    for process in [subprocess.Popen(words) for words in commands]:
        process.wait()
    return time.perf_counter() - begun


if __name__ == "__main__":
    print(upload(int(sys.argv[1]), Path(sys.argv[2]), int((*sys.argv[3:], "1")[0])))
