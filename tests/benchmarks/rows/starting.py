"""From the start of the program to its first screen and its first key, and what it costs while nobody does anything."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.benchmarks.bench import Bench
from tests.benchmarks.goals import Goal, Result, Unavailable, at_most, missing, row
from tests.benchmarks.measuring import ROOT, Words, cpu_of, in_rounds, memory_of
from tests.benchmarks.terminal import Terminal

STORY = ROOT / "sessions" / "first-push.jsonl"
DOWN = b"\x1b[B"


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds to the first screen, and to the frame after the first key; memory then, in MiB."""

    painted: float
    handled: float
    memory: float


def started(bench: Bench, words: Words, text: bytes, key: bytes) -> Start:
    """Start a program, wait until it shows a text, and press a key."""
    with Terminal(words, env=bench.environment) as app:
        painted = app.painted(text)
        pressed = app.key(key)
        return Start(painted, painted + pressed, memory_of(app.pid))


def bare_words() -> list[str | Path]:
    """Return the command line of a bare Textual app."""
    return [sys.executable, Path(__file__).parents[1] / "bare_app.py"]


def medians(starts: Sequence[Start]) -> Start:
    """Return the medians of several starts."""
    return Start(
        *(statistics.median(getattr(one, name) for one in starts) for name in ("painted", "handled", "memory"))
    )


@row("G8", "from start to the first screen, and to the first key")
def start(bench: Bench) -> Iterator[Result]:
    """Start the start screen, a push and a recording, beside a bare app and the peers that can be had."""
    cases: dict[str, Callable[[], Start]] = {
        "bare Textual": partial(started, bench, bare_words(), b"bare", b"\t"),
        "start screen": partial(started, bench, bench.program(), b"Step through", DOWN),
        "push tiny": partial(started, bench, bench.program("push", "tiny"), b"Next request", b"\t"),
        "open": partial(started, bench, bench.program("open", STORY), b"Request", b"k"),
    }
    lacking: dict[str, Unavailable] = {}
    peers: dict[str, tuple[list[str], bytes]] = {"mitmproxy": (["-p", "0"], b"Flows"), "posting": ([], b"Posting")}
    for name, (arguments, text) in peers.items():
        try:
            words: list[str | Path] = [bench.peers.script(name, name), *arguments]
            cases[name] = partial(started, bench, words, text, b"\t")
            cases[name]()
        except Unavailable as why:
            lacking[name] = why
            cases.pop(name, None)
    found = in_rounds(cases, bench.rounds)
    beside = ", ".join(
        f"{name} {medians(found[name]).painted:.2f} / {medians(found[name]).handled:.2f} s"
        for name in ("bare Textual", *peers)
        if name in found
    )
    for name in ("start screen", "push tiny", "open"):
        yield from _beside_bare(name, found[name], found["bare Textual"], beside)
    for name, reason in lacking.items():
        yield missing(f"beside {name}", reason)


def _beside_bare(name: str, own: Sequence[Start], bare: Sequence[Start], beside: str) -> Iterator[Result]:
    for what, limit in (("painted", 0.30), ("handled", 0.35)):
        value = float(getattr(medians(own), what))
        of_bare = statistics.median(
            getattr(one, what) / getattr(other, what) for one, other in zip(own, bare, strict=True)
        )
        yield Result(f"{name}, {what}", f"{value:.3f} s", value, at_most(limit, "s"), against=beside)
        yield Result(f"{name}, {what}, beside bare", f"{of_bare:.2f} ×", of_bare, at_most(1.3, "× bare Textual"))


@row("G9", "memory of an idle app")
def idle_memory(bench: Bench) -> Iterator[Result]:
    """Take the memory of the start screen and of an open recording."""
    for name, words, text in _idle(bench):
        with Terminal(words, env=bench.environment) as app:
            app.painted(text)
            app.settle()
            value = memory_of(app.pid)
        yield Result(name, f"{value:.1f} MiB", value, at_most(48, "MiB"))


@row("idle", "what an open session costs while nobody does anything")
def idle_cost(bench: Bench) -> Iterator[Result]:
    """Take the CPU of 30 seconds."""
    goal: Goal = at_most(0.5, "% of a core")
    for name, words, text in _idle(bench)[1:]:
        with Terminal(words, env=bench.environment) as app:
            app.painted(text)
            app.settle(bench.size(small=0.3, full=2.0))
            before, begun = cpu_of(app.pid), time.perf_counter()
            app.settle(bench.size(small=1.0, full=30.0))
            value = 100 * (cpu_of(app.pid) - before) / (time.perf_counter() - begun)
        yield Result(name, f"{value:.2f} %", value, goal)


def _idle(bench: Bench) -> list[tuple[str, list[str], bytes]]:
    return [
        ("start screen", bench.program(), b"Step through"),
        ("open", bench.program("open", STORY), b"Request"),
    ]
