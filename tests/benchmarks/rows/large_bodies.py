"""Large bodies on the screen: opened, scrolled, searched."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from pathlib import Path

from explorer.formats.session import session_lines
from explorer.model import Exchange, FlowCall, Headers, Origin, Request, Response, Session, Slice
from tests.benchmarks.bench import GIB, MIB, Bench
from tests.benchmarks.goals import Result, at_most, row
from tests.benchmarks.measuring import memory_of, percentile, run, seconds
from tests.benchmarks.terminal import Terminal

DOWN, PAGE_DOWN, END = b"\x1b[B", b"\x1b[6~", b"\x1b[F"
NEEDLE = "zqNeedle"


def _session_with(bench: Bench, body: Path, kind: str) -> Path:
    """Return a recording of one PUT of a file."""
    size = body.stat().st_size
    headers = Headers.of(("Content-Type", kind), ("Content-Length", str(size)))
    request = Request(
        "PUT", Origin("http", "localhost", 5000), "/v2/a/blobs/uploads/1", headers, Slice(str(body), 0, size)
    )
    exchange = Exchange(1, 0, "Send the bytes", request, request, Response(201, "Created", "HTTP/1.1", Headers.of()))
    path = bench.folder / f"{body.name}.jsonl"
    session = Session("registry-explorer benchmark", 1795427462.0, FlowCall(""), (exchange,))
    path.write_bytes(b"".join(session_lines(session)))
    return path


def _json(bench: Bench, size: int) -> Path:
    path = bench.folder / f"body-{size}.json"
    entry = {"name": "layer", "digest": "sha256:" + "0" * 64, "tags": ["a", "b"], "size": 1}
    text = json.dumps([entry] * 1000, indent=2)
    path.write_text(json.dumps([entry] * (1000 * size // len(text)), indent=2))
    return path


def _opened(app: Terminal) -> float:
    """Go to the request and open its body; return the seconds until that is drawn."""
    app.painted(b"Request")
    app.key(b"1")
    return app.key(b"b")


@row("G12", "a JSON body of 10 MB opened and moved in")
def json_body(bench: Bench) -> Iterator[Result]:
    """Open the body of a request."""
    path = _session_with(bench, _json(bench, bench.size(small=MIB, full=10_000_000)), "application/json")
    opened, grown, keys = [], [], {DOWN: list[float](), PAGE_DOWN: list[float]()}
    for _ in range(bench.rounds):
        with Terminal(bench.program("open", path), env=bench.environment) as app:
            app.painted(b"Request")
            app.key(b"1")
            before = memory_of(app.pid)
            opened.append(app.key(b"b"))
            app.settle()
            for key, took in keys.items():
                took += [1000 * app.key(key) for _ in range(bench.size(small=2, full=15))]
            grown.append(memory_of(app.pid) - before)
    value = statistics.median(opened)
    yield Result("opened", f"{value:.3f} s", value, at_most(0.20, "s"))
    yield Result("memory", f"+{max(grown):.0f} MiB", max(grown), at_most(50, "MiB"))
    for name, key, limits in (("down", DOWN, (10, 25)), ("page down", PAGE_DOWN, (12, 30))):
        for percent, limit in zip((50, 95), limits, strict=True):
            value = percentile(keys[key], percent)
            yield Result(f"{name}, p{percent}", f"{value:.1f} ms", value, at_most(limit, "ms"))


@row("body", "a binary body of 1 GiB opened, scrolled to its end, searched")
def binary_body(bench: Bench) -> Iterator[Result]:
    """Look at a body of random bytes, beside one of 1 MiB, and search it beside grep."""
    sizes = {"large": bench.size(small=16 * MIB, full=GIB), "1 MiB": MIB}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in sizes}
    searched, grepped, ignoring = [], [], []
    for _ in range(bench.rounds):
        for name, size in sizes.items():
            body = bench.random_file(size)
            with Terminal(bench.program("open", _session_with(bench, body, "")), env=bench.environment) as app:
                found[name].append((_opened(app), app.key(END)))
                if name == "large":
                    app.key(b"/")
                    app.key(NEEDLE.encode())
                    searched.append(app.answered(b"\r", b"found 0")[1])
                    grep = bench.peers.system("grep")
                    grepped.append(run([grep, "-ca", NEEDLE, body], ok=1))
                    ignoring.append(run([grep, "-cai", NEEDLE, body], ok=1))
    for place, what in enumerate(("opened", "scrolled to the end")):
        large, small = (statistics.median(one[place] for one in found[name]) for name in sizes)
        goal = at_most(1.5, "× 1 MiB")
        yield Result(what, f"{large * 1000:.0f} ms", large / small, goal, against=f"1 MiB {small * 1000:.0f} ms")
    took, beside = statistics.median(searched), seconds(grepped)
    against = f"grep {beside:.2f} s; grep -i, as the app searches, {seconds(ignoring):.2f} s"
    yield Result("searched", f"{took:.2f} s", took / beside, at_most(2.0, "× grep -c"), against=against)
