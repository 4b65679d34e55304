"""Upload ranges: first and last byte, no unit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.spec.ranges import bytes_received, content_range, parse_content_range


@pytest.mark.parametrize(("start", "length", "text"), [(0, 5, "0-4"), (5, 1, "5-5"), (10, 100, "10-109")])
def test_a_content_range_names_first_and_last_byte_without_a_unit(start: int, length: int, text: str) -> None:
    assert content_range(start, length) == text


@pytest.mark.parametrize(
    ("text", "received"),
    [
        ("0-4", 5),
        (" 0-4 ", 5),
        ("bytes=0-4", 5),
        ("bytes 0-4", 5),
        ("0--1", 0),
        ("bytes=0--1", 0),
        ("0-0", None),
        ("", None),
        ("0-", None),
        ("4", None),
        ("bytes 0-4/5", None),
        ("٠-٤", None),
        ("0-" + "9" * 5000, None),
    ],
)
def test_a_range_tells_how_many_bytes_are_there(text: str, received: int | None) -> None:
    assert bytes_received(text) == received


@given(st.integers(1, 2**40))
def test_what_was_sent_is_what_was_received(length: int) -> None:
    assert bytes_received(content_range(0, length)) == (None if length == 1 else length)


@given(st.text() | st.from_regex(r"(bytes[ =])?\d+-{1,2}\d+", fullmatch=True))
def test_any_text_is_a_number_of_bytes_or_cannot_be_told(text: str) -> None:
    received = bytes_received(text)
    assert received is None or received >= 0


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("bytes 0-4/5", (0, 4, 5)),
        ("BYTES 5-9/*", (5, 9, None)),
        ("bytes 0-5/5", None),
        ("bytes 5-4/9", None),
        ("bytes */9", None),
        ("0-4", None),
        ("bytes 0-" + "9" * 40 + "/*", None),
        ("", None),
    ],
)
def test_the_content_range_of_a_206_is_read_as_http_writes_it(text: str, read: tuple[int, int, int | None]) -> None:
    assert parse_content_range(text) == read
