"""What the recorder costs what passes through it, beside haproxy, nginx without buffering and mitmdump.

It records, hashes both directions and rewrites every Location as it does for its users; none of the peers does.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from tests.benchmarks.bench import GIB, MIB, Bench
from tests.benchmarks.clients import at_once, curl_download_words, curl_upload_words
from tests.benchmarks.goals import Goal, Result, at_least, at_most, missing, row
from tests.benchmarks.measuring import Took, Words, cpu, cpu_of, in_rounds, peak_of, percentile, ratio, run, seconds
from tests.benchmarks.relays import Caller, Relays, all_relays, haproxy, mitmdump, recorder
from tests.benchmarks.servers import docker_registry, sink

POST = b"POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: sink\r\nContent-Length: 0\r\n\r\n"


def _compared(figures: dict[str, list[Took]], relays: Relays, size: int, goals: dict[str, Goal]) -> Iterator[Result]:
    own = figures["own"]
    shown = f"{seconds(own):.3f} s ({size / MIB / seconds(own):.0f} MiB/s)"
    for name, goal in goals.items():
        if name in relays.lacking:
            yield missing(f"beside {name}", relays.lacking[name], goal)
        else:
            beside = f"{name} {seconds(figures[name]):.3f} s"
            busy = f"CPU in all, client and server included: {cpu(own):.2f} s, {name} {cpu(figures[name]):.2f} s"
            yield Result(f"beside {name}", shown, 1 / ratio(own, figures[name]), goal, against=beside, remark=busy)


def _passed(words: Words, *servers: int) -> Took:
    """Run a client; its CPU is that of the servers meanwhile, too, so that it shows how much of the cores is taken."""
    before = sum(map(cpu_of, {*servers}))
    took = run(words)
    return replace(took, cpu=took.cpu + sum(map(cpu_of, {*servers})) - before)


@row("G5", "1 GiB through the recorder to a sink, sha256 of both directions (PATCH)")
def relayed_upload(bench: Bench) -> Iterator[Result]:
    """Measure curl's whole run; each relay's figure is compared with the recorder's of the same round."""
    size = bench.size(small=8 * MIB, full=GIB)
    file, curl = bench.random_file(size), bench.peers.system("curl")
    goals = {
        "direct": at_least(0.5, "× direct"),
        "haproxy": at_least(0.9, "× haproxy"),
        "nginx": at_least(1, "× nginx"),
        "mitmdump": at_least(1.5, "× mitmdump, streaming"),
    }
    with sink() as server, all_relays(bench, server) as relays:
        cases = {
            name: partial(_passed, curl_upload_words(curl, relay.port, file), server.pid, relay.pid)
            for name, relay in relays.running.items()
        }
        yield from _compared(in_rounds(cases, bench.rounds), relays, size, goals)


@row("G5", "1 GiB through the recorder from a sink (GET), and by a redirect to another host")
def relayed_download(bench: Bench) -> Iterator[Result]:
    """Measure curl's whole run; the redirected one follows the Location that the recorder has rewritten."""
    size = bench.size(small=8 * MIB, full=GIB)
    curl = bench.peers.system("curl")
    goals = {
        "haproxy": at_least(0.9, "× haproxy"),
        "nginx": at_least(1, "× nginx"),
        "mitmdump": at_least(1.5, "× mitmdump, streaming"),
    }
    with sink() as server, sink() as storage, all_relays(bench, server) as relays:
        cases = {
            name: partial(_passed, curl_download_words(curl, relay.port, size), server.pid, relay.pid)
            for name, relay in relays.running.items()
        }
        turned = f"http://127.0.0.1:{relays.running['own'].port}/turned/{storage.port}/{size}"
        cases["redirected"] = partial(run, [curl, "-sSfL", "-o", "/dev/null", turned])
        figures = in_rounds(cases, bench.rounds)
    yield from _compared(figures, relays, size, goals)
    redirected = figures["redirected"]
    shown = f"{seconds(redirected):.3f} s ({size / MIB / seconds(redirected):.0f} MiB/s)"
    within = at_least(0.9, "× the recorder without")
    yield Result("by a redirect", shown, 1 / ratio(redirected, figures["own"]), within)


@row("G5", "1 GiB through the recorder to docker-registry (POST, PATCH)")
def relayed_to_registry(bench: Bench) -> Iterator[Result]:
    """Measure POST and PATCH by curl, with a registry in each case that stays for the row."""
    size = bench.size(small=8 * MIB, full=GIB)
    file, curl = bench.random_file(size), bench.peers.system("curl")
    with docker_registry(bench) as server, recorder(bench, server.port) as relay:

        def upload(port: int) -> Took:
            base = f"http://127.0.0.1:{port}/v2/bench/raw/blobs/uploads/"
            opened = bench.folder / "opened"
            run([curl, "-sSf", "-o", "/dev/null", "-D", opened, "-X", "POST", base])
            lines = opened.read_text().splitlines()
            location = next(line.partition(" ")[2] for line in lines if line.lower().startswith("location:"))
            words: list[str | Path] = [curl, "-sSf", "-o", "/dev/null", "-X", "PATCH", "-T", file, location]
            return _passed(words, server.pid, relay.pid)

        cases = {"direct": partial(upload, server.port), "own": partial(upload, relay.port)}
        figures = in_rounds(cases, min(3, bench.rounds), warm_up=False)
    none = Relays({}, {})
    yield from _compared(figures, none, size, {"direct": at_least(0.97, "× direct")})


@row("G6", "peak memory of the recorder")
def memory_of_the_recorder(bench: Bench) -> Iterator[Result]:
    """Read the peak of a fresh process after one upload of 1 MiB, a large one, four at once, and a large download."""
    size = bench.size(small=32 * MIB, full=GIB)
    curl = bench.peers.system("curl")
    tiny, large, quarter = (bench.random_file(one) for one in (MIB, size, size // 4))
    works: dict[str, Callable[[int], list[list[str]]]] = {
        "1 MiB": lambda port: [curl_upload_words(curl, port, tiny)],
        f"{size // MIB} MiB": lambda port: [curl_upload_words(curl, port, large)],
        f"four of {size // 4 // MIB} MiB at once": lambda port: [curl_upload_words(curl, port, quarter)] * 4,
        f"{size // MIB} MiB downloaded": lambda port: [curl_download_words(curl, port, size)],
    }
    peaks = {}
    with sink() as server:
        for name, commands in works.items():
            with recorder(bench, server.port) as relay:
                at_once(commands(relay.port))
                peaks[name] = peak_of(relay.pid)
                yield Result(name, f"{peaks[name]:.1f} MiB", peaks[name], at_most(32, "MiB"))
        first, second, *_ = peaks.values()
        yield Result("growth with the body", f"{second - first:.1f} MiB", second - first, at_most(2, "MiB more"))
        if bench.full:
            for other in (haproxy, mitmdump):
                with other(bench, server.port) as relay:
                    at_once([curl_upload_words(curl, relay.port, large)])
                    yield Result(f"the same by {other.__name__}", f"{peak_of(relay.pid):.1f} MiB")


@row("G7", "latency that the recorder adds to small requests on one connection")
def added_latency(bench: Bench) -> Iterator[Result]:
    """Send blocks of 100 requests in turn: direct, through the recorder, through the peers."""
    with sink() as server, all_relays(bench, server) as relays, contextlib.ExitStack() as stack:
        callers = {name: stack.enter_context(Caller(relay.port)) for name, relay in relays.running.items()}
        for kind, request in (("GET /v2/", None), ("POST that opens an upload", POST)):

            def block(caller: Caller, request: bytes | None = request) -> list[float]:
                return [caller.call(request) if request else caller.call() for _ in range(100)]

            cases = {name: partial(block, caller) for name, caller in callers.items()}
            blocks = in_rounds(cases, bench.size(small=2, full=20))
            took = {name: [each for one in found for each in one] for name, found in blocks.items()}
            yield from _latencies(kind, took, relays)


def _latencies(kind: str, took: dict[str, list[float]], relays: Relays) -> Iterator[Result]:
    added = {
        (name, percent): percentile(found, percent) - percentile(took["direct"], percent)
        for name, found in took.items()
        for percent in (50, 99)
    }
    beside = ", ".join(f"{name} +{added[name, 50]:.0f}" for name in took if name not in ("own", "direct"))
    p50, p99 = added["own", 50], added["own", 99]
    yield Result(f"{kind}, p50", f"+{p50:.0f} µs", p50, at_most(200, "µs more"), against=beside)
    beside = ", ".join(f"{name} +{added[name, 99]:.0f}" for name in took if name not in ("own", "direct"))
    yield Result(f"{kind}, p99", f"+{p99:.0f} µs", p99, at_most(1500, "µs more"), against=beside)
    goal = at_most(0.15, "× what mitmdump adds")
    if "mitmdump" in relays.lacking:
        yield missing(f"{kind}, beside mitmdump", relays.lacking["mitmdump"], goal)
    else:
        yield Result(f"{kind}, beside mitmdump", f"+{p50:.0f} µs", p50 / added["mitmdump", 50], goal)
