"""What is said of a session while it grows: findings, origins and the next step after each exchange."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from explorer.flows import Flow
from explorer.flows.push_blob import Shape, push_blob
from explorer.formats.importing import import_file
from explorer.insight import Insight
from explorer.model import Exchange, FlowCall, Origin, with_more
from explorer.stepping import Walk
from tests.benchmarks.bench import Bench
from tests.benchmarks.goals import Result, at_most, row
from tests.benchmarks.made_files import write_session
from tests.benchmarks.measuring import ROOT
from tests.scripted import blob_of, moved_on, run

_LAST = 50  # so many steps around a place are taken together


@row("insight", "findings, origins and next step after each of 1,000 exchanges")
def insight(bench: Bench) -> Iterator[Result]:
    """Measure what the program does after each exchange: of pushes, and of the same refusals again and again."""
    count = bench.size(small=200, full=1000)
    file = bench.folder / "insight.jsonl"
    write_session(file, count * 3000)
    yield from _measured("pushes", FlowCall(""), [*import_file(file).session.exchanges[:count]])
    chunks = partial(push_blob, Origin("http", "h", 80), "demo", blob_of(bytes(count - 2)), Shape.CHUNKED, 1)
    ran = run(chunks, moved_on, most=count)
    yield from _measured("one upload in chunks, with its next steps", FlowCall(""), ran.exchanges, chunks)
    for name in ("expired-token", "hostile"):
        yield from _measured(f"{name}.jsonl, again and again", *_again(ROOT / "sessions" / f"{name}.jsonl", count))


def _again(file: Path, count: int) -> tuple[FlowCall, Sequence[Exchange]]:
    session = import_file(file).session
    found = [session.exchanges[place % len(session.exchanges)] for place in range(count)]
    return session.call, [replace(exchange, id=id, after=id - 1) for id, exchange in enumerate(found, start=1)]


def _measured(
    name: str, call: FlowCall, exchanges: Sequence[Exchange], flow: Callable[[], Flow[object]] | None = None
) -> Iterator[Result]:
    insight, walk = Insight(call), Walk(flow) if flow else None
    grown: Sequence[Exchange] = ()
    took = []
    for exchange in exchanges:
        begun = time.perf_counter()
        grown = with_more(grown, exchange)
        insight.follow(grown)
        assert isinstance(insight.findings, tuple)
        insight.sources(exchange.id)
        if walk:
            walk.feed(exchange)
        took.append(time.perf_counter() - begun)
    last, early = (1000 * statistics.median(took[a:b]) for a, b in ((-_LAST, None), (_LAST, 2 * _LAST)))
    yield Result(
        name,
        f"{last:.2f} ms at the {len(took):,}th, {early:.2f} ms at the 100th, {sum(took):.2f} s in all",
        last,
        at_most(5, "ms"),
    )
