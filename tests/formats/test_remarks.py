"""The report of an import is short: each remark is told once, with its places."""

from __future__ import annotations

import pytest

from explorer.formats.remarks import MOST_PLACES, MOST_REMARKS, Remarks


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([3], "line 3: odd"),
        ([3, 3, 3], "line 3: odd"),
        ([3, 4, 5], "lines 3–5: odd"),
        ([3, 5, 9], "lines 3, 5 and 9: odd"),
        ([3, 4, 9], "lines 3–4 and 9: odd"),
        ([1, 3, 5, 7, 9, 11, 13, 15], "lines 1, 3, 5, 7, 9, 11 and 2 more: odd"),
    ],
)
def test_a_remark_is_told_once_with_its_first_places(lines: list[int], told: str) -> None:
    remarks = Remarks()
    for line in lines:
        remarks.add(line, "odd")
    assert remarks.lines() == (told,)


def test_remarks_between_each_other_are_told_in_the_order_of_their_first_places() -> None:
    remarks = Remarks("entry", "entries")
    for entry in range(1, 1001):
        remarks.add(entry, "even" if entry % 2 == 0 else "odd")
    assert remarks.lines() == (
        f"entries 1, 3, 5, 7, 9, 11 and {500 - MOST_PLACES} more: odd",
        f"entries 2, 4, 6, 8, 10, 12 and {500 - MOST_PLACES} more: even",
    )


def test_a_report_stays_short_whatever_is_remarked_on() -> None:
    remarks = Remarks()
    for line in range(10_000):
        remarks.add(line, f"remark {line}")
    told = remarks.lines()
    assert len(told) == MOST_REMARKS + 1
    assert told[-1] == f"and {10_000 - MOST_REMARKS} more lines"
