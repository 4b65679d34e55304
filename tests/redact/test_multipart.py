"""A body of several parts is cut at their contents, and what is cut is the body still."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.model import Exchange, FlowCall, Headers, Origin, Request, Session
from explorer.redact.multipart import pieces_of
from explorer.redact.sessions import redact

TWO = b"--x\r\nA: b\r\n\r\none\r\n--x\r\n\r\ntwo\r\nlines\r\n--x--\r\nepilogue"


def test_each_second_piece_is_the_content_of_a_part() -> None:
    pieces = pieces_of(TWO)
    assert pieces[1::2] == [b"one", b"two\r\nlines"]
    assert b"".join(pieces) == TWO


@pytest.mark.parametrize("data", [b"", b"--x", b"--x\r\n\r\none", b"---\na: b\n---\n", b"-----BEGIN KEY-----\nab\n"])
def test_what_has_no_parts_is_not_cut(data: bytes) -> None:
    assert pieces_of(data) == []


BITS = [b"--x", b"--x--", b"\r\n", b"\n", b"A: b", b"\r", b"-", b" ", b"\x1f\x8b"]


@given(st.lists(st.sampled_from(BITS), max_size=30))
def test_however_it_is_cut_it_is_the_body_still(bits: list[bytes]) -> None:
    data = b"--x\n" + b"".join(bits)
    assert b"".join(pieces_of(data)) in (data, b"")


def test_a_secret_that_only_a_compressed_part_gives_away_is_masked_there_and_elsewhere() -> None:
    part = gzip.compress(b'{"access_token":"s3cr3tvalue-of-9"}')
    body = b"--x\r\nContent-Type: application/gzip\r\n\r\n" + part + b"\r\n--x--\r\n"
    origin = Origin("https", "registry.test", 443)
    asked = Request("POST", origin, "/form", Headers.of(("X-Seen", "s3cr3tvalue-of-9")), body)
    (shared,) = redact(Session("", 0, FlowCall("f"), (Exchange(1, 0, "", asked, asked),))).session.exchanges
    assert shared.request.headers.get("X-Seen") == "masked-token-1"
    content = pieces_of(bytes(shared.request.body))[1]  # type: ignore[arg-type]  # it is bytes
    assert b"s3cr3tvalue" not in gzip.decompress(content)
