"""Heads are read as they came, and their bytes are kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.model import Header
from explorer.wire.heads import read_heads

pieces = st.sampled_from(
    [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 100 Continue",
        b"HTTP/1.1 101 X",
        b"\r\n",
        b"\n",
        b"\r",
        b"A: b",
        b":",
        b" ",
        b"\xff",
    ]
)


@pytest.mark.parametrize(
    ("raw", "statuses"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nbody\r\n\r\n", [200]),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\n\r\n", [100, 201]),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Cre", [100]),
        (b"HTTP/1.1 101 Switching\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", [101]),
        (b"HTTP/1.1 200 OK\r\nHalf: a", []),
        (b"HTTP/1.1 429 Slow\nA: b\n\n", [429]),
        (b"HTTP/1.1 200 OK\r\n\n", [200]),
        (b"HTTP/2 200\r\n\r\n", []),
        (b"garbage\r\n\r\n", []),
        (b"", []),
    ],
)
def test_heads_are_found_up_to_the_final_one(raw: bytes, statuses: list[int]) -> None:
    assert [head.status for head in read_heads(raw)] == statuses


@pytest.mark.parametrize(
    ("line", "header"),
    [
        (b"Name: value", Header("Name", "value")),
        (b"Name:value", Header("Name", "value", "")),
        (b"Name: \t value  ", Header("Name", "value  ", " \t ")),
        (b"Name:", Header("Name", "", "")),
        (b"No colon", Header("No colon", "", "")),
        (b": nameless", Header("", "nameless")),
        (b"Odd: caf\xc3\xa9\xff", Header("Odd", "caf\xc3\xa9\xff")),
        (b"A: b: c", Header("A", "b: c")),
    ],
)
def test_a_header_line_keeps_its_bytes(line: bytes, header: Header) -> None:
    (head,) = read_heads(b"HTTP/1.1 200 OK\r\n" + line + b"\r\n\r\n")
    assert head.headers.rows == (header,)


@given(st.binary() | st.lists(pieces).map(b"".join))
def test_any_bytes_are_read_and_the_raw_heads_are_their_beginning(raw: bytes) -> None:
    heads = read_heads(raw)
    assert raw.startswith(b"".join(head.raw for head in heads))
    assert not any(head.is_final for head in heads[:-1])


@given(st.lists(pieces).map(b"".join), st.binary())
def test_what_follows_a_final_head_changes_nothing(before: bytes, after: bytes) -> None:
    heads = read_heads(before)
    if heads and heads[-1].is_final:
        assert read_heads(before + after) == heads
