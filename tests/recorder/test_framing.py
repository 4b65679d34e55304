from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.model import Headers
from explorer.recorder.framing import Chunked, Sized, UntilClose, Walk, framing_of_answer, framing_of_request

chunks = st.lists(st.binary(min_size=1, max_size=40), max_size=6)
extensions = st.sampled_from([b"", b";a=b", b' ; name="x;y"', b" "])


def walked(walk: Walk, data: bytes, cuts: list[int]) -> tuple[int, bytes]:
    """Walk along bytes that come in pieces; returns how many were taken, and the content."""
    content = bytearray()
    at, ends = 0, sorted({min(cut, len(data)) for cut in cuts} | {len(data)})
    for end in ends:
        piece = memoryview(data)[at:end]
        if walk.is_over or not len(piece):
            continue
        count, parts = walk.walk(piece)
        content += b"".join(bytes(part) for part in parts)
        at += count
    return at, bytes(content)


@given(chunks, extensions, st.lists(st.integers(0, 400), max_size=30), st.binary(max_size=20))
def test_chunks_are_found_however_they_arrive(
    parts: list[bytes], extension: bytes, cuts: list[int], rest: bytes
) -> None:
    raw = b"".join(b"%x%b\r\n%b\r\n" % (len(part), extension, part) for part in parts) + b"0\r\nDigest: x\r\n\r\n"
    walk = Chunked()
    taken, content = walked(walk, raw + rest, cuts)
    assert (taken, content) == (len(raw), b"".join(parts))
    assert walk.is_over
    assert walk.trailers.get("Digest") == "x"


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=10))
def test_any_bytes_are_walked_to_their_end_or_to_the_bodys(data: bytes, cuts: list[int]) -> None:
    walk = Chunked()
    taken, _ = walked(walk, data, cuts)
    assert walk.is_over or taken == len(data)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"zz\r\n", "no size in hex digits"),
        (b"-1\r\n", "no size in hex digits"),
        (b"1\r\nab\r\n", "not by the end of a line"),
        (b"\r\n", "no size in hex digits"),
    ],
)
def test_a_malformed_chunk_is_named_and_all_is_passed_on(raw: bytes, why: str) -> None:
    walk = Chunked()
    taken, _ = walked(walk, raw + b"more", [])
    assert taken == len(raw) + 4
    assert why in walk.doubt
    assert not walk.is_bounded


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ((), Sized),
        ((("Content-Length", "5"),), Sized),
        ((("Content-Length", "5"), ("content-length", "5")), Sized),
        ((("Content-Length", "5, 5"),), Sized),
        ((("Transfer-Encoding", "Chunked"),), Chunked),
        ((("Content-Length", "5"), ("Content-Length", "6")), UntilClose),
        ((("Content-Length", "+5"),), UntilClose),
        ((("Content-Length", ""),), UntilClose),
        ((("Content-Length", "5"), ("Transfer-Encoding", "chunked")), UntilClose),
        ((("Transfer-Encoding", "gzip, chunked"),), UntilClose),
        ((("Transfer-Encoding ", "chunked"),), Chunked),
    ],
)
def test_a_requests_framing_is_told_or_left_in_doubt(headers: tuple[tuple[str, str], ...], kind: type[Walk]) -> None:
    walk = framing_of_request(Headers.of(*headers))
    assert type(walk) is kind
    assert bool(walk.doubt) == (kind is UntilClose)


@pytest.mark.parametrize(
    ("method", "status", "headers", "kind", "is_over"),
    [
        ("GET", 200, (("Content-Length", "5"),), Sized, False),
        ("HEAD", 200, (("Content-Length", "5"),), Sized, True),
        ("GET", 204, (("Content-Length", "5"),), Sized, True),
        ("GET", 304, (("Transfer-Encoding", "chunked"),), Sized, True),
        ("GET", 200, (("Transfer-Encoding", "chunked"), ("Content-Length", "5")), Chunked, False),
        ("GET", 200, (("Transfer-Encoding", "gzip"),), UntilClose, False),
        ("GET", 200, (), UntilClose, False),
        ("GET", 101, (("Content-Length", "0"),), UntilClose, False),
        ("GET", 200, (("Content-Length", "x"),), UntilClose, False),
    ],
)
def test_an_answers_framing(
    method: str, status: int, headers: tuple[tuple[str, str], ...], kind: type[Walk], is_over: bool
) -> None:
    walk = framing_of_answer(method, status, "HTTP/1.1", Headers.of(*headers))
    assert type(walk) is kind
    assert walk.is_over is is_over
