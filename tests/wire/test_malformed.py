"""What of an answer breaks the rules is told in our words: what was found, where, and what was expected."""

from __future__ import annotations

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.wire.malformed import Malformed, not_understood
from tests.wire.loopback import GET, answering, exchange

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (CHUNKED + b"ZZ\r\n", "a chunk of its body begins with `ZZ␍␊`, where the size is expected"),
        (CHUNKED + b"2\r\nabcd\r\n", "a chunk of its body is followed by `cd`"),
        (CHUNKED + b"0\r\nno colon\r\n\r\n", "what follows its body has the line `no colon`"),
        (CHUNKED + b"f" * 200_000, "a line within its body is longer than 102400 bytes"),
        (OK + b"X: " + b"x" * 200_000, "its head is longer than 102400 bytes"),
        (b"HTTP/1.1 2000 OK\r\n\r\n", "its first line is `HTTP/1.1 2000 OK`, where a version, three digits"),
        (b"HTTP/1.1 050 OK\r\n\r\n", "the status in its first line is not from 100 to 999"),
        (b"HTTP/1.1 101 Switch\r\n\r\n", "its status is 101"),
        (OK + b"it's \x1b[31m \xff\r\n\r\n", "its head has the line `it's ␛[31m \\xff`"),
        (OK + b"y" * 70 + b"\r\n\r\n", "its head has the line `" + "y" * 60 + "…`"),
        (OK + b" folded\r\n\r\n", "its head begins with a line that begins with a blank"),
        (OK + b"Content-Length: five\r\n\r\n", "the Content-Length in its head is not a size"),
        (OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n12", "its head has several Content-Length that differ"),
        (OK + b"Transfer-Encoding: gzip\r\n\r\n", "the Transfer-Encoding in its head is another than chunked"),
        (CHUNKED[:-2] + b"Transfer-Encoding: chunked\r\n\r\n", "its head has several Transfer-Encoding"),
    ],
)
def test_what_is_malformed_is_told_with_its_place_and_what_was_expected(raw: bytes, words: str) -> None:
    came, _ = exchange(GET, answering(raw))
    assert came.error is not None
    assert (came.error.kind, came.error.sentence.partition(": ")[2][: len(words)]) == ("closed", words)
    assert " is malformed: " in came.error.sentence


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (OK + b"Content-Length: 10\r\n\r\n12", "after 2 bytes of its body; Content-Length says 10"),
        (CHUNKED + b"5\r\nha", "within its body; a chunk of size 0 was expected at its end"),
        (OK + b"Content-Le", "before its head was whole, which an empty line ends"),
    ],
)
def test_what_broke_off_is_not_called_malformed(raw: bytes, words: str) -> None:
    came, _ = exchange(GET, answering(raw))
    assert came.error is not None
    assert came.error.sentence.endswith(f" broke off: the connection was closed {words}.")


@given(raw=st.binary(max_size=200), within_body=st.booleans())
def test_the_words_of_h11_are_never_shown(raw: bytes, within_body: bool) -> None:
    client = h11.Connection(h11.CLIENT, max_incomplete_event_size=100)
    client.send(h11.Request(method="GET", target="/", headers=[("Host", "x")]))
    client.send(h11.EndOfMessage())
    client.receive_data((CHUNKED if within_body else OK) + raw)
    client.receive_data(b"")
    try:
        while not isinstance(client.next_event(), h11.EndOfMessage):
            pass
    except h11.RemoteProtocolError as error:
        told = str(not_understood(error, 100, within_body=within_body))
        assert "bytearray" not in told
        assert "peer" not in told
        assert told.startswith(("its ", "a ", "the ", "what follows "))


def test_words_of_h11_that_are_not_known_hold_of_every_malformed_answer() -> None:
    told = not_understood(h11.RemoteProtocolError("something new"), 100, within_body=False)
    assert isinstance(told, Malformed)
    assert str(told) == "it cannot be read as HTTP/1.1 (RFC 9112)"
