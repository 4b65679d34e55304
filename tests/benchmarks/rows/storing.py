"""The practice registry taking a large blob, hashed and on the disk, beside docker-registry."""

from __future__ import annotations

import hashlib
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from tests.benchmarks.bench import GIB, MIB, Bench
from tests.benchmarks.goals import Result, at_least, at_most, row
from tests.benchmarks.measuring import Took, in_rounds, peak_of, ratio, seconds
from tests.benchmarks.servers import Server, docker_registry, practice


def push(port: int, file: Path, digest: str) -> float:
    """Push a blob by POST, PATCH and PUT without hashing it; return the seconds from PATCH to the last answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=600) as sock, sock.makefile("rb") as answers:

        def location() -> str:
            lines = [*iter(lambda: answers.readline().decode(), "\r\n")]
            assert lines[0].split()[1] in ("201", "202"), lines
            return "/v2/" + next(line.split("/v2/", 1)[1].strip() for line in lines if line.startswith("Location"))

        sock.sendall(b"POST /v2/bench/blobs/uploads/ HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
        place = location()
        begun = time.perf_counter()
        sock.sendall(f"PATCH {place} HTTP/1.1\r\nHost: h\r\nContent-Length: {file.stat().st_size}\r\n\r\n".encode())
        with file.open("rb") as source:
            sock.sendfile(source)
        closing = f"PUT {location()}&digest={digest} HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"
        sock.sendall(closing.encode())
        location()
        return time.perf_counter() - begun


def digest_of(file: Path) -> str:
    """Return the digest of a file."""
    with file.open("rb") as source:
        return f"sha256:{hashlib.file_digest(source, 'sha256').hexdigest()}"


@row("practice", "1 GiB taken by the practice registry, hashed, on the disk")
def taking_a_blob(bench: Bench) -> Iterator[Result]:
    """Push by a client that hashes nothing, to registries that are new each time."""
    size = bench.size(small=32 * MIB, full=GIB)
    large, tiny = bench.random_file(size), bench.random_file(MIB)
    digests = {file: digest_of(file) for file in (large, tiny)}

    def case(serving: Callable[[Bench], AbstractContextManager[Server]], file: Path) -> Callable[[], Took]:
        def measured() -> Took:
            with serving(bench) as server:
                took = push(server.port, file, digests[file])
                return Took(took, peak=peak_of(server.pid))

        return measured

    cases = {
        "own": case(practice, large),
        "docker-registry": case(docker_registry, large),
        "own, 1 MiB": case(practice, tiny),
    }
    bench.peers.system("docker-registry")
    took = in_rounds(cases, bench.rounds, warm_up=False)
    own, other = took["own"], took["docker-registry"]
    yield Result(
        "throughput",
        f"{seconds(own):.3f} s ({size / MIB / seconds(own):.0f} MiB/s)",
        1 / ratio(own, other),
        at_least(2, "× docker-registry"),
        against=f"docker-registry {seconds(other):.3f} s, {max(one.peak for one in other):.0f} MiB",
    )
    peak, small = (max(one.peak for one in took[name]) for name in ("own", "own, 1 MiB"))
    beside = f"1 MiB: {small:.1f} MiB in all"
    yield Result("memory", f"{peak:.1f} MiB in all", peak - small, at_most(2, "MiB more"), against=beside)
