"""Sessions of many exchanges on the screen: opened, listed, moved in, filtered."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.bench import KIB, Bench
from tests.benchmarks.goals import Result, Unavailable, at_most, missing, row
from tests.benchmarks.made_files import write_session
from tests.benchmarks.measuring import cpu_of, memory_of, percentile, run
from tests.benchmarks.terminal import Terminal

DOWN, PAGE_DOWN = b"\x1b[B", b"\x1b[6~"
SELECTED = "▶".encode()
BARE_LIST = Path(__file__).parents[1] / "bare_list.py"
_EACH = 2.2 * KIB  # bytes of an exchange in the file, as with mitmproxy's 10,000 flows

MAKE_FLOWS = """
import sys
from mitmproxy import io
from mitmproxy.test import tflow
with open(sys.argv[1], "wb") as file:
    writer = io.FlowWriter(file)
    for number in range(int(sys.argv[2])):
        flow = tflow.tflow(resp=True)
        flow.request.path = f"/v2/demo/app/blobs/uploads/{number}"
        flow.response.headers["padding"] = "x" * 1500
        writer.add(flow)
"""


def session_of(bench: Bench, count: int) -> tuple[Path, int]:
    """Return a session of about so many exchanges, and how many they are; made once a run."""
    path, counted = bench.folder / f"session-{count}.jsonl", bench.folder / f"session-{count}.count"
    if not path.exists():
        counted.write_text(str(write_session(path, int(count * _EACH))))
    return path, int(counted.read_text())


def _listed(count: int) -> bytes:
    return f"{count} exchanged".encode()


@row("G10", "10,000 exchanges opened, until they are listed and a key is taken")
def open_many(bench: Bench) -> Iterator[Result]:
    """Open a session, beside mitmproxy with as many flows."""
    path, count = session_of(bench, bench.size(small=3_000, full=10_000))
    usable, memory = [], []
    for _ in range(bench.rounds):
        with Terminal(bench.program("open", path), env=bench.environment) as app:
            listed = app.seen(_listed(count))
            usable.append(listed + app.frame(DOWN, SELECTED)[0])
            memory.append(memory_of(app.pid))
            app.settle(2)
            memory.append(memory_of(app.pid))
    beside = _mitmproxy(bench, count)
    value = statistics.median(usable)
    against = beside if isinstance(beside, str) else ""
    yield Result(f"{count} exchanges usable", f"{value:.3f} s", value, at_most(0.45, "s"), against=against)
    yield Result("memory", f"{max(memory):.0f} MiB", max(memory), at_most(60, "MiB"), against=against)
    if isinstance(beside, Unavailable):
        yield missing("beside mitmproxy", beside)


def _mitmproxy(bench: Bench, count: int) -> str | Unavailable:
    try:
        python, program = bench.peers.python("mitmproxy"), bench.peers.script("mitmproxy", "mitmproxy")
        flows = bench.folder / "flows.mitm"
        run([python, "-c", MAKE_FLOWS, flows, str(count)])
        with Terminal([program, "-n", "-r", flows], env=bench.environment) as app:
            listed = app.painted(f"/{count}]".encode(), limit=60)
            return f"mitmproxy {listed:.1f} s, {memory_of(app.pid):.0f} MiB"
    except Unavailable as why:
        return why


@row("G11", "keys in a list of 100,000 exchanges")
def keys_in_a_list(bench: Bench) -> Iterator[Result]:
    """Press keys once everything that is inferred is there, and while it is not.

    What is limited is the frame in which the key has led to another row; the other panes follow in a frame after it.
    """
    path, count = session_of(bench, bench.size(small=3_000, full=100_000))
    presses = bench.size(small=3, full=40)
    with Terminal([sys.executable, BARE_LIST], env=bench.environment) as bare:
        bare.painted(SELECTED)
        least = {key: [1000 * bare.frame(key, SELECTED)[0] for _ in range(presses)] for key in (DOWN, PAGE_DOWN)}
    with Terminal(bench.program("open", path), env=bench.environment) as app:
        app.seen(_listed(count))
        for when in ("while it catches up", "in peace"):
            for name, key, limits in (("down", DOWN, (5, 16)), ("page down", PAGE_DOWN, (15, 35))):
                took = [app.frame(key, SELECTED) for _ in range(presses)]
                for percent, limit in zip((50, 95), limits, strict=True):
                    value, last = (1000 * percentile(seconds, percent) for seconds in zip(*took, strict=True))
                    goal = at_most(limit, "ms") if when == "in peace" else None
                    beside = f"all panes {last:.0f} ms; a bare list {percentile(least[key], percent):.1f} ms"
                    yield Result(f"{name}, {when}, p{percent}", f"{value:.1f} ms", value, goal, against=beside)
            _come_to_rest(app)


def _come_to_rest(app: Terminal) -> None:
    """Wait until the program works on nothing."""
    before, spent = -1.0, 0.0
    while spent - before > 0.02:
        app.settle(1)
        before, spent = spent, cpu_of(app.pid)


@row("open", "first screen of 100,000 exchanges, all of them listed, a filter typed")
def open_a_great_many(bench: Bench) -> Iterator[Result]:
    """Open a session, and type filters: one that the summaries answer, one that the lines answer."""
    path, count = session_of(bench, bench.size(small=5_000, full=100_000))
    first, listed = [], []
    for _ in range(bench.rounds):
        with Terminal(bench.program("open", path), env=bench.environment) as app:
            first.append(app.seen(b"Steps"))
            listed.append(app.seen(_listed(count)))
    for name, took, limit in (("first screen", first, 0.4), ("all listed", listed, 1.6)):
        value = statistics.median(took)
        yield Result(f"{name} of {count}", f"{value:.3f} s", value, at_most(limit, "s"))
    for name, text in (("~m PATCH", b"~m PATCH"), ("a word", b"docker-upload-uuid")):
        with Terminal(bench.program("open", path), env=bench.environment) as app:
            app.seen(_listed(count))
            app.settle(1)
            app.key(b"/")
            app.key(text[:-1])
            app.settle(0.3)  # the cursor of the field blinks every half second
            visible, complete = app.answered(text[-1:], f"of {count} by".encode())
        yield Result(f"filter {name}: an answer", f"{visible:.3f} s", visible, at_most(0.2, "s"))
        yield Result(f"filter {name}: complete", f"{complete:.3f} s", complete, at_most(1.0, "s"))
