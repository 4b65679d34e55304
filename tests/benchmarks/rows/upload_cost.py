"""Uploads: to docker-registry beside its clients, and to a sink, where only this program's own cost counts."""

from __future__ import annotations

import contextlib
import statistics
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tests.benchmarks import uploads
from tests.benchmarks.bench import GIB, KIB, MIB, Bench
from tests.benchmarks.goals import Result, Unavailable, at_least, at_most, missing, row
from tests.benchmarks.images import layout
from tests.benchmarks.measuring import Took, cpu_of, in_rounds, peak, ratio, run, run_for_output, seconds
from tests.benchmarks.servers import Server, docker_registry, sink

Timed = tuple[Took, float]


def _rate(size: int, took: float) -> str:
    return f"{took:.3f} s ({size / MIB / took:.0f} MiB/s)"


@row("G1", "an image of 1 GiB pushed to docker-registry, hashed while it is sent")
def upload_to_registry(bench: Bench) -> Iterator[Result]:
    """Push to a registry that is new each time, so that nobody finds the blob there already."""
    size = bench.size(small=8 * MIB, full=GIB)
    image = layout(bench, size)
    cases: dict[str, Callable[[Server], Timed]] = {
        "own": lambda server: uploads.push_and_wire(bench, server, image.folder),
        "curl -T": lambda server: (uploads.curl(bench, server, image), 0.0),
        "skopeo": lambda server: (uploads.skopeo(bench, server, image.folder), 0.0),
        "oras-py": lambda server: (uploads.oras(bench, server, image.layer), 0.0),
        "python-dxf": lambda server: (uploads.dxf(bench, server, image.layer), 0.0),
    }
    goals = {"curl -T": 1.05, "skopeo": 0.85, "oras-py": 0.55, "python-dxf": None}
    there, lacking = _usable(bench, cases)
    figures = in_rounds({name: _fresh(bench, case) for name, case in there.items()}, bench.rounds, warm_up=False)
    own = [took for took, _, _ in figures["own"]]
    wire = statistics.median(each for _, each, _ in figures["own"])
    for name, limit in goals.items():
        goal = at_most(limit, f"× {name}") if limit else None
        if name in lacking:
            yield missing(f"beside {name}", lacking[name], goal)
            continue
        other = [took for took, _, _ in figures[name]]
        beside = f"{name} {seconds(other):.3f} s, {peak(other):.0f} MiB"
        taken, others = (statistics.median(each for *_, each in figures[of]) for of in ("own", name))
        busy = f"the registry's own CPU: {taken:.2f} s, {name} {others:.2f} s"
        yield Result(f"beside {name}", _rate(size, seconds(own)), ratio(own, other), goal, against=beside, remark=busy)
    yield Result("on the wire alone", _rate(size, wire), remark=f"whole process {peak(own):.0f} MiB")


def _usable(
    bench: Bench, cases: dict[str, Callable[[Server], Timed]]
) -> tuple[dict[str, Callable[[Server], Timed]], dict[str, Unavailable]]:
    """Return the cases whose programs are there, and why the others are not."""
    needed: dict[str, Callable[[], object]] = {
        "curl -T": lambda: bench.peers.system("curl"),
        "skopeo": lambda: bench.peers.system("skopeo"),
        "oras-py": lambda: bench.peers.python("oras"),
        "python-dxf": lambda: bench.peers.python("python-dxf"),
    }
    bench.peers.system("docker-registry")
    lacking: dict[str, Unavailable] = {}
    for name, look in needed.items():
        try:
            look()
        except Unavailable as why:
            lacking[name] = why
    return {name: case for name, case in cases.items() if name not in lacking}, lacking


def _fresh(bench: Bench, case: Callable[[Server], Timed]) -> Callable[[], tuple[Took, float, float]]:
    """Return what measures a case with a registry of its own, and tells what CPU that one has taken, in seconds."""

    def measured() -> tuple[Took, float, float]:
        with docker_registry(bench) as server:
            return *case(server), cpu_of(server.pid)

    return measured


@row("G2", "an image of 1 GiB pushed to a sink")
def upload_to_sink(bench: Bench) -> Iterator[Result]:
    """Measure from the start of the process to its end, and the transfer alone."""
    size = bench.size(small=8 * MIB, full=GIB)
    image = layout(bench, size)
    with sink() as server:
        cases: dict[str, Callable[[], Timed]] = {
            "own": lambda: uploads.push_and_wire(bench, server, image.folder),
            "raw": lambda: uploads.raw(server, image.layer),
        }
        figures = in_rounds(cases, bench.rounds)
    own, raw = ([took for took, _ in figures[name]] for name in ("own", "raw"))
    wire, base = ([Took(each) for _, each in figures[name]] for name in ("own", "raw"))
    yield Result(
        "transfer",
        _rate(size, seconds(wire)),
        1 / ratio(wire, base),
        at_least(0.95, "× raw socket with sha256"),
        against=f"raw socket {seconds(base):.3f} s",
        remark="stretch 1.2",
    )
    yield Result(
        "whole process, started anew",
        _rate(size, seconds(own)),
        1 / ratio(own, raw),
        at_least(0.95, "× raw socket with sha256"),
        against=f"raw socket {seconds(raw):.3f} s",
    )


@row("G3", "extra memory of an upload")
def memory_of_an_upload(bench: Bench) -> Iterator[Result]:
    """Compare the peaks of pushes of 1 KiB, 10 MiB and 1 GiB."""
    sizes = {"1 KiB": KIB, "10 MiB": 10 * MIB, "the largest": bench.size(small=40 * MIB, full=GIB)}
    images = {name: layout(bench, size) for name, size in sizes.items()}

    with sink() as server:
        cases = {name: partial(uploads.push, bench, server, image.folder) for name, image in images.items()}
        figures = in_rounds(cases, min(bench.rounds, 3), warm_up=False)
    peaks = {name: statistics.median(took.peak for took in figures[name]) for name in sizes}
    for name in ("10 MiB", "the largest"):
        extra = peaks[name] - peaks["1 KiB"]
        beside = f"1 KiB: {peaks['1 KiB']:.1f} MiB in all"
        size = f"{sizes[name] // MIB} MiB"
        yield Result(size, f"{peaks[name]:.1f} MiB in all", extra, at_most(8, "MiB more"), against=beside)


@row("G4", "blobs of 1 KiB on one connection to a sink: POST, PATCH, PUT")
def small_blobs(bench: Bench) -> Iterator[Result]:
    """Measure what each of 200 further layers adds to a push, everything that it prints and records included."""
    more = bench.size(small=20, full=200)
    few, many = layout(bench, KIB, 10), layout(bench, KIB, 10 + more)
    blobs = [str(path) for path in sorted((many.folder / "blobs" / "sha256").iterdir()) if path.stat().st_size == KIB]
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(sink())

        def own() -> float:
            long, short = (uploads.push_and_wire(bench, server, image.folder) for image in (many, few))
            wire.append((long[1] - short[1]) / more * 1000)
            return (long[0].seconds - short[0].seconds) / more * 1000

        def loop(python: Path | str, script: str) -> float:
            start = [python, "-c", script, server.host, *blobs[: more + 1]]
            return float(run_for_output(start, env=bench.environment)[1]) / more * 1000

        wire: list[float] = []
        cases: dict[str, Callable[[], float]] = {
            "own": own,
            "raw socket": lambda: uploads.raw(server, few.layer, more)[1] / more * 1000,
            "bare httpx loop": partial(loop, sys.executable, uploads.HTTPX_MANY),
        }
        lacking: Unavailable | None = None
        try:
            cases["python-dxf"] = partial(loop, bench.peers.python("python-dxf"), uploads.DXF_MANY)
        except Unavailable as why:
            lacking = why
        figures = in_rounds(cases, bench.rounds)
    figure = f"{statistics.median(figures['own']):.2f} ms a blob, {statistics.median(wire):.2f} ms of it on the wire"
    goals = {"raw socket": at_most(1.6, "× raw socket"), "bare httpx loop": None}
    goals["python-dxf"] = at_most(0.5, "× python-dxf")
    for name, goal in goals.items():
        if name not in figures:
            yield missing(f"beside {name}", str(lacking), goal)
            continue
        pairs = zip(figures["own"], figures[name], strict=True)
        beside = f"{name} {statistics.median(figures[name]):.2f} ms"
        times = statistics.median(one / other for one, other in pairs)
        yield Result(f"beside {name}", figure, times, goal, against=beside)


CHUNK = 5 * MIB

HTTPX_LOOP = """
import hashlib, sys
from urllib.parse import urljoin
import httpx
base, path, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
digest, at = hashlib.sha256(), 0
with httpx.Client() as client, open(path, 'rb') as file:
    place = client.post(base + '/v2/bench/bare/blobs/uploads/').headers['location']
    while chunk := file.read(size):
        digest.update(chunk)
        span = {'Content-Range': f'{at}-{at + len(chunk) - 1}', 'Content-Type': 'application/octet-stream'}
        place = client.patch(urljoin(base, place), content=chunk, headers=span).headers['location']
        at += len(chunk)
    client.put(urljoin(base, place) + f'&digest=sha256:{digest.hexdigest()}').raise_for_status()
"""


@row("chunks", "200 steps of chunked upload run to the end, to a sink")
def chunks(bench: Bench) -> Iterator[Result]:
    """Send the same requests by a bare loop of httpx, in chunks of the default size and in small ones."""
    count = bench.size(small=20, full=200)
    for size in bench.size(small=(64 * KIB,), full=(CHUNK, 64 * KIB)):
        image = layout(bench, size * count)
        options = ("--shape", "chunked", "--chunk-size", str(size))
        with sink() as server:
            words = [sys.executable, "-c", HTTPX_LOOP, f"http://{server.host}", str(image.layer), str(size)]

            cases: dict[str, Callable[[], Took]] = {
                "own": partial(uploads.push, bench, server, image.folder, *options),
                "bare": partial(run, words, env=bench.environment),
            }
            figures = in_rounds(cases, bench.rounds)
        yield Result(
            f"{count} chunks of {size // KIB} KiB",
            _rate(size * count, seconds(figures["own"])),
            ratio(figures["own"], figures["bare"]),
            at_most(1.3, "× bare httpx loop"),
            against=f"httpx {seconds(figures['bare']):.3f} s",
        )
