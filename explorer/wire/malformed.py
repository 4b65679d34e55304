"""Answers that are not as HTTP/1.1 has them, in words: what was found, where, and what was expected.

h11 finds them; its own words speak of its buffers and of Python's types, and are not shown.
"""

from __future__ import annotations

import re
from ast import literal_eval

import h11
import httpcore

from explorer.visible import visible

_SHOWN = 60
_QUOTED = re.compile(r"b'(?:[^'\\]|\\.)*'|b\"(?:[^\"\\]|\\.)*\"")

_SIZE = "where the size is expected, in hexadecimal digits"
_STATUS = "the status in its first line is not from 100 to 999, as it has to be"
_WORDS = (
    ("illegal chunk header", f"a chunk of its body begins with {{found}}, {_SIZE}"),
    (
        "malformed chunk footer",
        "a chunk of its body is followed by {found}, where its line has to end: its size is wrong",
    ),
    ("illegal status line", "its first line is {found}, where a version, three digits and a reason are expected"),
    ("illegal header line", "{where} has the line {found}, where a name, a colon and a value are expected"),
    ("continuation line at start", "{where} begins with a line that begins with a blank, where a name is expected"),
    ("Illegal header name", "{where} has a header with the name {found}, where letters and digits are expected"),
    ("Illegal header value", "{where} has a header with the value {found}, where no control characters may be"),
    ("conflicting Content-Length", "its head has several Content-Length that differ, where one size is expected"),
    ("bad Content-Length", "the Content-Length in its head is not a size, where digits are expected"),
    ("multiple Transfer-Encoding", "its head has several Transfer-Encoding, where one is expected"),
    (
        "Only Transfer-Encoding",
        "the Transfer-Encoding in its head is another than chunked, the only one that is expected",
    ),
    ("Response status_code", _STATUS),
    ("InformationalResponse status_code", _STATUS),
    ("Received server _SWITCH_UPGRADE", "its status is 101, a switch to another protocol, which nothing asked for"),
)
_SHORT = re.compile(r"received (\d+) bytes, expected (\d+)")
_CUT_IN_HEAD = "the connection was closed before its head was whole, which an empty line ends"


class Malformed(httpcore.RemoteProtocolError):
    """Say what of an answer breaks the rules of HTTP, as the rest of a sentence about it."""


def not_understood(error: h11.RemoteProtocolError, longest: int, *, within_body: bool) -> httpcore.RemoteProtocolError:
    """Return what h11 says of an answer in our words: Malformed, or another where the connection ended too early.

    `longest` is the number of bytes that a head may have; `within_body` is whether the head is through. Words of h11
    that are not known here come back as some that hold of every malformed answer.
    """
    said = str(error)
    if said.startswith("peer unexpectedly closed"):
        return cut_in_head()
    if said.startswith("peer closed connection"):
        short = _SHORT.search(said)
        promised = (
            f"after {short[1]} bytes of its body; Content-Length says {short[2]}"
            if short
            else ("within its body; a chunk of size 0 was expected at its end")
        )
        return httpcore.RemoteProtocolError(f"the connection was closed {promised}")
    if said.startswith("Receive buffer too long"):
        what = "a line within its body" if within_body else "its head"
        return Malformed(f"{what} is longer than {longest} bytes, and its end was expected before")
    where = "what follows its body" if within_body else "its head"
    for begin, words in _WORDS:
        if said.startswith(begin):
            return Malformed(words.format(where=where, found=_quoted(said)))
    return Malformed("it cannot be read as HTTP/1.1 (RFC 9112)")


def cut_in_head() -> httpcore.RemoteProtocolError:
    """Return what is said where the other side closed before the head of its answer was whole."""
    return httpcore.RemoteProtocolError(_CUT_IN_HEAD)


def _quoted(said: str) -> str:
    quoted = _QUOTED.search(said)
    raw: bytes = literal_eval(quoted[0]) if quoted else b""
    shown = visible(raw[:_SHOWN].decode("ascii", "backslashreplace"))
    return f"`{shown}{'…' if len(raw) > _SHOWN else ''}`"
