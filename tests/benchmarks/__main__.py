"""Measure this program beside its peers, and print the table of goals.

    python -m tests.benchmarks [--size small|full] [--rounds N] [--only G1,G5] [--out FILE] [--readme]

Every row is measured on the program as users run it, in rounds in which each peer has its turn. The peers of Python are
installed into places of their own when they are first needed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from pathlib import Path

import platformdirs

from tests.benchmarks.bench import Bench
from tests.benchmarks.goals import Row, Unavailable, all_rows, missing
from tests.benchmarks.measuring import ROOT
from tests.benchmarks.peers import Peers
from tests.benchmarks.table import Measured, as_json, circumstances, markdown, replace_in, tally


def measure(row: Row, bench: Bench) -> Measured:
    """Measure one row; what it needs and is not there becomes its result, and so does an error of its own."""
    results = []
    try:
        for result in row.measure(bench):
            results.append(result)
    except Unavailable as lacking:
        results.append(missing("not measured" if not results else "the rest", lacking))
    except Exception as error:  # a row that breaks must not cost the others' minutes
        traceback.print_exc()
        results.append(missing("it broke", f"{type(error).__name__}: {error}"))
        return Measured(row, tuple(results), broke=True)
    return Measured(row, tuple(results))


def options() -> argparse.ArgumentParser:
    """Return the command's options."""
    cache = Path(platformdirs.user_cache_dir("registry-explorer-benchmarks", appauthor=False))
    parser = argparse.ArgumentParser("python -m tests.benchmarks", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--size", choices=("small", "full"), default="full", help="small shows that every row works")
    parser.add_argument("--rounds", type=int, help="how often each case is run (5; 1 in the small size)")
    parser.add_argument("--only", metavar="LABELS", help="these rows only, as in G1,G5,idle")
    parser.add_argument("--list", action="store_true", help="list the rows")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the table there, and as JSON beside it")
    parser.add_argument("--readme", action="store_true", help="put the table into README.md, between its markers")
    parser.add_argument("--peers", type=Path, metavar="FOLDER", default=cache, help="where the peers are installed")
    parser.add_argument("--folder", type=Path, metavar="FOLDER", help="where the run keeps its files while it lasts")
    return parser


def main(words: list[str] | None = None) -> int:
    """Run the command; return its exit status: 0 whatever was measured, 1 where a row broke, 2 where none was named."""
    wanted = options().parse_args(words)
    labels = {label.lower() for label in (wanted.only or "").split(",") if label}
    rows = [row for row in all_rows() if not labels or row.label.lower() in labels]
    if wanted.list or not rows:
        for row in all_rows():
            print(f"{row.label:18} {row.title}")
        return 0 if wanted.list else 2
    full = wanted.size == "full"
    rounds = wanted.rounds or (5 if full else 1)
    heading = circumstances(full, rounds)
    measured = []
    with tempfile.TemporaryDirectory(prefix="benchmarks-", dir=wanted.folder) as folder:
        peers = Peers(wanted.peers if full else None)
        bench = Bench(full, rounds, Path(folder), peers, say=lambda text: print(f"  {text}", file=sys.stderr))
        for row in rows:
            print(f"{row.label}: {row.title} …", file=sys.stderr)
            begun = time.perf_counter()
            measured.append(measure(row, bench))
            print(f"  {time.perf_counter() - begun:.1f} s", file=sys.stderr)
            if wanted.out:  # after each row, so that a run that is broken off keeps what it has
                wanted.out.write_text(markdown(measured, heading, full=full))
                wanted.out.with_suffix(".json").write_text(as_json(measured, heading))
    table = markdown(measured, heading, full=full)
    print(f"{table}\n{tally(measured)}." if full else table)
    if wanted.readme:
        page = ROOT / "README.md"
        page.write_text(replace_in(page.read_text(), table))
    return int(any(one.broke for one in measured))


if __name__ == "__main__":
    sys.exit(main())
