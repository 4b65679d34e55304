"""How cost grows: with the size of a body, with the number of exchanges, with the number of rules."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from functools import partial

from tests.benchmarks import uploads
from tests.benchmarks.bench import GIB, KIB, MIB, Bench
from tests.benchmarks.goals import Result, row
from tests.benchmarks.images import layout
from tests.benchmarks.measuring import in_rounds, run_for_output
from tests.benchmarks.servers import sink


@row("body size", "cost of a push, by the size of its layer")
def by_body_size(bench: Bench) -> Iterator[Result]:
    """Push layers of growing size to a sink."""
    for size in bench.size(small=(MIB, 8 * MIB), full=(MIB, 16 * MIB, 256 * MIB, GIB)):
        image = layout(bench, size)
        with sink() as server:
            timed = in_rounds({"own": partial(uploads.push_and_wire, bench, server, image.folder)}, bench.rounds)
        took = [one for one, _ in timed["own"]]
        wire = statistics.median(each for _, each in timed["own"])
        whole, memory = statistics.median(one.seconds for one in took), statistics.median(one.peak for one in took)
        yield Result(f"{size // MIB} MiB", f"{whole:.2f} s, {wire:.2f} s of it on the wire; {memory:.0f} MiB of memory")


@row("exchanges", "cost of an exchange, by how many there are")
def by_exchanges(bench: Bench) -> Iterator[Result]:
    """Push images of more and more layers to a sink, and diagnose the recordings."""
    for count in bench.size(small=(10, 30), full=(33, 333, 1666)):
        image = layout(bench, KIB, count)
        exchanges = 3 * (count + 1) + 1
        with sink() as server:
            words = uploads.push_words(bench, server, image.folder)
            session = words[words.index("--session") + 1]
            took, _ = run_for_output(words, env=bench.environment)
        told, _ = run_for_output(bench.program("diagnose", session), env=bench.environment)
        yield Result(
            f"{exchanges} exchanges",
            f"push {took.seconds / exchanges * 1000:.2f} ms each, {took.peak:.0f} MiB; "
            f"diagnose {told.seconds / exchanges * 1000:.2f} ms each, {told.peak:.0f} MiB",
            remark="the start of the program included",
        )


RULES = """
import sys, time
from pathlib import Path
from explorer.diagnoses.finding_rules import rules
from explorer.diagnoses.history import History
from explorer.diagnoses.seen import Seen
from explorer.formats.session_reading import read_session
exchanges, every = read_session(Path(sys.argv[1])).session.exchanges, [*rules().values()]
for share in (4, 2, 1) * int(sys.argv[2]):
    asked, history, took = every[: len(every) // share], History(), 0.0
    for exchange in exchanges:
        seen = Seen(exchange, history, may_read=False, notes=())
        history.meet(exchange)
        begun = time.perf_counter()
        for rule in asked:
            list(rule.look(seen))
        took += time.perf_counter() - begun
        history.add(exchange)
    print(len(asked), took / len(exchanges) * 1e6)
"""


@row("rules", "cost of an exchange that is looked at, by how many rules are asked")
def by_rules(bench: Bench) -> Iterator[Result]:
    """Ask the first quarter of the rules about each exchange of a push, the first half, and all of them."""
    with sink() as server:
        words = uploads.push_words(bench, server, layout(bench, KIB, bench.size(small=10, full=100)).folder)
        run_for_output(words, env=bench.environment)
    session = words[words.index("--session") + 1]
    _, printed = run_for_output([sys.executable, "-c", RULES, session, str(bench.rounds)], env=bench.environment)
    found: dict[int, list[float]] = {}
    for count, micros in (line.split() for line in printed.decode().splitlines()):
        found.setdefault(int(count), []).append(float(micros))
    for rules, each in found.items():
        yield Result(f"{rules} rules", f"{statistics.median(each):.0f} µs an exchange")
