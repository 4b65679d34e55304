"""What a benchmark row gives: results, each with the goal that it is held against.

A row is a function declared with `@row`, in a file of `rows/`; it is given a `Bench` and gives `Result`s. A figure that
cannot be had (a peer that is missing) is a result, too: `missing`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.benchmarks.bench import Bench


@dataclass(frozen=True, slots=True)
class Goal:
    """A limit that a figure is to stay at or below (`at_most`) or at or above, and the unit of both."""

    limit: float
    at_most: bool
    unit: str
    """What stands behind the number, as in `× curl -T`, `MiB`, `s`."""

    def met_by(self, value: float) -> bool:
        """Say whether a value meets it."""
        return value <= self.limit if self.at_most else value >= self.limit

    def __str__(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.limit:g} {self.unit}"


def at_most(limit: float, unit: str) -> Goal:
    """Return the goal to stay at or below a limit."""
    return Goal(limit, True, unit)


def at_least(limit: float, unit: str) -> Goal:
    """Return the goal to come up to a limit."""
    return Goal(limit, False, unit)


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table: what was measured, what came out, and what it is held against."""

    name: str
    """What was measured, in a few words."""
    figure: str
    """What came out, for people: `3.61 s (284 MiB/s)`."""
    value: float | None = None
    """What the goal is compared with, in the goal's unit; none where it could not be had."""
    goal: Goal | None = None
    """None for a figure that only orientates."""
    against: str = ""
    """What the peer needed in the same rounds: `curl -T 3.55 s`."""
    remark: str = ""

    @property
    def met(self) -> bool | None:
        """Say whether the goal is met; None without a goal, or where the figure could not be had."""
        if self.goal is None or self.value is None:
            return None
        return self.goal.met_by(self.value)

    @property
    def is_missing(self) -> bool:
        """Say whether the figure could not be had."""
        return self.value is None and self.figure == ""


class Unavailable(Exception):
    """Something that a row needs is not there; the text says what, and how to get it."""


def missing(name: str, why: Unavailable | str, goal: Goal | None = None) -> Result:
    """Return the result for a figure that cannot be had."""
    return Result(name, "", goal=goal, remark=str(why))


Measure = Callable[["Bench"], Iterable[Result]]


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its label (`G1`, or a word), what is measured, and the function that measures."""

    label: str
    title: str
    measure: Measure


ROWS: list[Row] = []


def row(label: str, title: str) -> Callable[[Measure], Measure]:
    """Declare a function as a row; `label` is what `--only` takes, and need not be unique."""

    def declare(measure: Measure) -> Measure:
        ROWS.append(Row(label, title, measure))
        return measure

    return declare


def all_rows() -> list[Row]:
    """Find every row: G1 to G16 in order, then the others in the order of their files."""
    from tests.benchmarks import rows

    for found in sorted(module.name for module in pkgutil.iter_modules(rows.__path__)):
        importlib.import_module(f"{rows.__name__}.{found}")
    return sorted(ROWS, key=lambda row: int(row.label[1:]) if row.label[1:].isdigit() else 99)
