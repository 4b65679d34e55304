"""The benchmark suite: what its table says, and what of its figures is the same on every machine."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import measure
from tests.benchmarks.bench import Bench
from tests.benchmarks.goals import Result, Row, Unavailable, all_rows, at_least, at_most, missing
from tests.benchmarks.measuring import run
from tests.benchmarks.peers import Peers
from tests.benchmarks.rows.upload_cost import memory_of_an_upload
from tests.benchmarks.table import BEGIN, END, Measured, as_json, markdown, replace_in, tally


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """The small size: one round, no peers to install."""
    return Bench(full=False, rounds=1, folder=tmp_path, peers=Peers(None))


def test_a_goal_is_met_at_its_limit() -> None:
    assert at_most(1.05, "x").met_by(1.05)
    assert at_least(0.95, "x").met_by(0.95)


def test_a_goal_is_missed_beyond_its_limit() -> None:
    assert Result("a", "1 s", 1.06, at_most(1.05, "x")).met is False
    assert Result("a", "1 s", 0.94, at_least(0.95, "x")).met is False


def test_a_figure_without_a_goal_is_neither_met_nor_missed() -> None:
    assert Result("a", "1 s", 1.0).met is None


def test_a_peer_that_is_missing_is_a_line_that_says_so(bench: Bench) -> None:
    def lacking(_: Bench) -> Iterator[Result]:
        yield Result("first", "1 s", 1.0, at_most(2, "s"))
        raise Unavailable("skopeo is not installed (apt-get install skopeo)")

    table = markdown([measure(Row("G1", "a push", lacking), bench)], "a run")
    assert "could not be measured (skopeo is not installed (apt-get install skopeo))" in table
    assert "met" in table


def test_the_table_has_goal_and_result_side_by_side() -> None:
    row = Row("G2", "a push", lambda _: [])
    table = markdown([Measured(row, (Result("own", "1.1 s", 1.06, at_most(1.05, "× curl")),))], "a run")
    assert "| G2 | a push: own | 1.1 s |  | ≤ 1.05 × curl | 1.06 | **missed** |" in table


def test_a_pipe_in_a_cell_does_not_split_it() -> None:
    row = Row("G2", "a|b", lambda _: [])
    assert "a\\|b: c" in markdown([Measured(row, (Result("c", "1 s"),))], "a run")


def test_the_same_is_there_for_programs() -> None:
    measured = [Measured(Row("G2", "a push", lambda _: []), (missing("own", "no sink"),))]
    written = json.loads(as_json(measured, "a run"))
    assert written["results"][0]["missing"] is True
    assert tally(measured) == "0 goals met, 0 missed, 1 figures could not be measured"


def test_a_table_takes_the_place_of_the_last_one() -> None:
    page = replace_in(f"before\n{BEGIN}\nold\n{END}\nafter", "new\n")
    assert "old" not in page
    assert page.startswith("before\n")
    assert page.endswith(f"new\n\n{END}\nafter")


def test_a_page_without_a_place_for_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="has no lines"):
        replace_in("nothing", "new")


def test_the_readme_has_a_place_for_the_table() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text()
    assert replace_in(readme, "new")


def test_the_rows_stand_in_the_order_of_their_numbers() -> None:
    numbered = [int(row.label[1:]) for row in all_rows() if row.label[1:].isdigit()]
    assert numbered == sorted(numbered)
    assert {1, 2, 3, 4} <= set(numbered)


def test_a_peer_that_no_system_has_is_named_with_its_package() -> None:
    with pytest.raises(Unavailable, match="apt-get install nothing-of-that-name"):
        Peers(None).system("nothing-of-that-name")


def test_the_peak_of_a_program_is_its_own_and_not_that_of_who_started_it() -> None:
    held = bytearray(64 * 1024 * 1024)
    held[::4096] = b"x" * len(held[::4096])
    small = run([sys.executable, "-S", "-c", "pass"]).peak
    large = run([sys.executable, "-S", "-c", "b'x' * (40 * 1024 * 1024)"]).peak
    assert small < 32
    assert large - small > 32


def test_a_program_that_fails_is_told_with_its_last_words() -> None:
    with pytest.raises(Unavailable, match="ended with 3: so it is"):
        run([sys.executable, "-c", "print('so it is'); raise SystemExit(3)"])


def test_a_program_that_is_not_there_is_told() -> None:
    with pytest.raises(Unavailable, match="no-such-program ended with"):
        run(["/no-such-program"])


def test_the_memory_of_an_upload_does_not_grow_with_its_size(bench: Bench) -> None:
    results = list(memory_of_an_upload(bench))
    assert [result.met for result in results] == [True, True], results
