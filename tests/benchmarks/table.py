"""The table of a run: as Markdown, as JSON, and the machine that it ran on."""

from __future__ import annotations

import json
import os
import platform
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.goals import Result, Row

BEGIN, END = "<!-- benchmarks: begin -->", "<!-- benchmarks: end -->"


@dataclass(frozen=True, slots=True)
class Measured:
    """A row and what it gave; `broke` is said where it ended in an error of its own."""

    row: Row
    results: tuple[Result, ...]
    broke: bool = False


def verdict(result: Result, *, full: bool = True) -> str:
    """Return what became of the goal, in a word or two; the small size judges nothing."""
    if result.is_missing:
        return "could not be measured"
    if not full:
        return ""
    return {True: "met", False: "**missed**", None: ""}[result.met]


def machine() -> str:
    """Return the machine in one line: processor, cores, memory, kernel, Python."""
    info = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    named = re.search(r"model name\s*: (.+)", info)
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / (1 << 30)
    return (
        f"{named[1] if named else platform.machine()}, {os.cpu_count()} cores, {pages:.0f} GiB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    )


def circumstances(full: bool, rounds: int) -> str:
    """Return when, where and how a run was made, in one sentence."""
    load = os.getloadavg()[0]
    size = "full size" if full else "small size, which shows that each row works and judges nothing"
    times = f"{rounds} round{'' if rounds == 1 else 's'}"
    return f"{time.strftime('%Y-%m-%d')}, {machine()}; {size}; {times}; load {load:.1f} at the start."


def markdown(measured: Iterable[Measured], heading: str, *, full: bool = True) -> str:
    """Return the table as Markdown, goal beside result."""
    lines = [heading, "", "| | what | result | beside | goal | value | |", "|---|---|---|---|---|---|---|"]
    for one in measured:
        for at, result in enumerate(one.results):
            value = f"{result.value:.3g}" if result.value is not None else ""
            remark = f" ({result.remark})" if result.remark else ""
            cells = (
                one.row.label if at == 0 else "",
                f"{one.row.title}: {result.name}" if at == 0 else result.name,
                result.figure,
                result.against,
                str(result.goal or ""),
                value,
                f"{verdict(result, full=full)}{remark}".strip(),
            )
            lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def as_json(measured: Iterable[Measured], heading: str) -> str:
    """Return the same for programs."""
    rows = [
        {
            "label": one.row.label,
            "title": one.row.title,
            "name": result.name,
            "figure": result.figure,
            "against": result.against,
            "goal": str(result.goal) if result.goal else None,
            "value": result.value,
            "met": result.met,
            "missing": result.is_missing,
            "remark": result.remark,
        }
        for one in measured
        for result in one.results
    ]
    return json.dumps({"run": heading, "results": rows}, indent=1, ensure_ascii=False) + "\n"


def tally(measured: Sequence[Measured]) -> str:
    """Return how many goals are met, missed, and could not be measured."""
    results = [result for one in measured for result in one.results]
    met, missed = (sum(result.met is wanted for result in results) for wanted in (True, False))
    unknown = sum(result.is_missing for result in results)
    return f"{met} goals met, {missed} missed, {unknown} figures could not be measured"


def replace_in(page: str, table: str) -> str:
    """Return a page with what stands between the two markers replaced; raises ValueError where they are not there."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no lines {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{table}\n{END}{after}"
