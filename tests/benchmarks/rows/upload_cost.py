"""What an upload costs in this program's own code: 1 GiB to a sink, beside a raw socket that hashes as it sends."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.bench import GIB, MIB, Bench
from tests.benchmarks.goals import Result, at_least, row
from tests.benchmarks.measuring import Took, in_rounds, ratio, run, seconds
from tests.benchmarks.servers import Server, sink


def upload_words(bench: Bench, server: Server, file: Path) -> list[str]:
    """Return the command line that uploads a file as a blob."""
    words = ("run", "push-blob", f"{server.host}/bench/own", file, "--plain", "--run", "--anonymous")
    return bench.program(*words)


@row("G2", "1 GiB to a sink")
def upload_to_sink(bench: Bench) -> Iterator[Result]:
    """Measure both from the start of the process to its end."""
    size = bench.size(small=8 * MIB, full=GIB)
    file = bench.random_file(size)
    with sink() as server:

        def own() -> Took:
            return run(upload_words(bench, server, file), env=bench.environment)

        def raw() -> Took:
            return run([sys.executable, "-m", "tests.benchmarks.clients", str(server.port), file])

        took = in_rounds({"own": own, "raw": raw}, bench.rounds)
    rate = size / MIB / seconds(took["own"])
    yield Result(
        "push-blob",
        f"{seconds(took['own']):.3f} s ({rate:.0f} MiB/s)",
        1 / ratio(took["own"], took["raw"]),
        at_least(0.95, "× raw socket"),
        against=f"raw socket {seconds(took['raw']):.3f} s",
    )
