"""The manual's table of lessons says what each lesson says of itself."""

from __future__ import annotations

import re

import pytest

from explorer.lessons import lesson_named, lessons
from tests.manual import README


def rows() -> dict[str, str]:
    part = README.split("| lesson | title |", 1)[1].split("\n\n", 1)[0]
    return {found[1]: row for row in part.split("\n") if (found := re.match(r"\| `([^`]+)`", row))}


@pytest.mark.parametrize("name", lessons())
def test_a_lesson_stands_in_the_manual_as_it_is(name: str) -> None:
    kind = lesson_named(name)
    assert rows()[name] == f"| `{kind.name}` | {kind.title} | {kind.line} |"


def test_the_manual_names_them_in_their_order_and_no_other() -> None:
    assert list(rows()) == list(lessons())


def test_the_manual_tells_how_a_lesson_is_taken() -> None:
    assert "`registry-explorer learn NAME`" in README
    assert "`--plain`" in README.split("## Lessons", 1)[1].split("\n## ", 1)[0]
