"""Why something cannot be read is said in words of the format, and not in those of Python."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from explorer.errors import InputError
from explorer.formats.importing import import_bytes
from explorer.formats.unreadable import UNREADABLE, why

KIND = "a part of it is not of the kind that it has to be"


def raised(act: Callable[[], object]) -> Exception:
    try:
        act()
    except UNREADABLE as bad:
        return bad
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: json.loads("{}")["method"], "it lacks 'method'"),
        (lambda: [][0], KIND),
        (lambda: None.x, KIND),  # type: ignore[attr-defined]  # what a value that is null does
        (lambda: float("now"), KIND),
        (lambda: int("x"), KIND),
        (lambda: int(float("inf")), "a number in it is too large"),
        (lambda: "\u20ac".encode("latin-1"), "it has a character beyond those of one byte"),
    ],
)
def test_what_python_raises_is_told_in_words(act: Callable[[], object], words: str) -> None:
    assert why(raised(act)).startswith(words)


@pytest.mark.parametrize("bad", [ValueError("it has the id 7, and 2 comes next"), InputError("no origin")])
def test_what_is_said_in_words_already_stays(bad: Exception) -> None:
    assert why(bad) == f"{bad}"


@pytest.mark.parametrize("request_", [None, 5, "x", True, [1]])
def test_a_broken_entry_of_a_har_is_told_in_words_and_the_others_are_read(request_: object) -> None:
    good = {"request": {"method": "GET", "url": "http://reg/v2/"}, "response": {"status": 200}}
    har = {"log": {"version": "1.2", "entries": [{**good, "request": request_}, good]}}
    imported = import_bytes(json.dumps(har).encode(), "a HAR")
    assert [one.status for one in imported.session.exchanges] == [200]
    assert KIND in " ".join(imported.dropped)
