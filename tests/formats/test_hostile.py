"""Whatever is opened becomes a session or a sentence: damaged, cut off, endless, deep, or made to do harm."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.errors import FormatError, InputError
from explorer.formats.importing import Imported, import_bytes, kinds
from explorer.redact import masked

CAPTURES = sorted((Path(__file__).parents[1] / "captures").iterdir())
WORDS = [
    "curl",
    "-X",
    "PUT",
    "-d",
    "@f",
    "-H",
    "a:b",
    "nocolon",
    "http://h/v2/",
    "'",
    '"',
    "\\",
    "\n",
    "$(",
    ")",
    "`",
    "$'",
    "${",
    "}",
    "$X",
    "<<EOF",
    "<<<",
    "EOF",
    "|",
    "&&",
    ";",
    "> POST /v2/ HTTP/1.1",
    "< HTTP/1.1 202 Accepted",
    "< Location: /u",
    "* Connected",
    "HTTP/1.1 404 Not Found",
    "Content-Length: 9",
    "{",
    "}",
    "[",
    '"errors"',
    ":",
    ",",
    "<html>",
    "</html>",
    "=> Send header, 9 bytes (0x9)",
    "0000: 50 4f ",
    "2026/11/23 09:37:45 ",
    "--> GET http://h/v2/",
    "<-- 200 http://h/v2/ (1ms)",
    "time=",
    "level=debug",
    "msg=",
    "DEBU[0000] GET http://h/v2/",
    "req-method=GET",
    "req-url=http://h/",
    "resp-status=200",
    "map[A:[b]]",
    '{"msg":"do request","url":"http://h/"}',
    "http.request.id=1",
    "http.request.method=GET",
    "response completed",
    "Request #0",
    "> Request URL: ",
    "Response #0",
    "\x1b[31m",
    "â\x80¦",
    "###",
    "GET http://h/",
    "@a = {{b}}",
    "{{a}}",
    "[Captures]",
    "HTTP 200",
    "file,x;",
    "base64,%%;",
    "```",
    "> ",
    " ",
    "  ",
    "\t",
    "\r\n",
    "\x00",
    '1.1.1.1 - - [23/Nov/2026:09:51:07 +0000] "GET /v2/ HTTP/1.1" 200 2',
    "^",
    "--next",
    "-G",
    "--json",
    "-T",
    "-",
    "{a,b}",
    "[1-99999999]",
]
TEXTS = st.lists(st.sampled_from(WORDS) | st.text(max_size=5), max_size=40).map(
    lambda words: " ".join(words).encode("utf-8", "replace")
)
LINES = st.lists(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), max_size=25).map(
    lambda lines: "\n".join(lines).encode("utf-8")
)
CHANGES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 200), st.binary(max_size=6)), min_size=1, max_size=6)


def opened(data: bytes, kind: str = "") -> Imported | None:
    """Open bytes; a sentence is as good as a session, and nothing else is."""
    try:
        imported = import_bytes(data, "x", kind)
    except (FormatError, InputError):
        return None
    ids = [exchange.id for exchange in imported.session.exchanges]
    assert ids == [*range(1, len(ids) + 1)]
    assert all(exchange.after < exchange.id for exchange in imported.session.exchanges)
    for exchange in imported.session.exchanges[:50]:
        masked(exchange)
    return imported


@given(st.binary(max_size=400))
@settings(max_examples=150)
def test_any_bytes(data: bytes) -> None:
    opened(data)


@given(TEXTS | LINES)
@settings(max_examples=400)
def test_any_text(data: bytes) -> None:
    opened(data)


@pytest.mark.parametrize("kind", kinds())
@given(data=TEXTS | LINES | st.binary(max_size=100))
@settings(max_examples=30)
def test_any_text_as_any_kind(kind: str, data: bytes) -> None:
    opened(data, kind)


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.name)
@given(changes=CHANGES)
@settings(max_examples=15)
def test_a_capture_with_bytes_changed(path: Path, changes: list[tuple[float, int, bytes]]) -> None:
    raw = bytearray(path.read_bytes()[:30_000])
    for place, gone, instead in changes:
        at = int(place * len(raw))
        raw[at : at + gone] = instead
    opened(bytes(raw))


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.name)
@given(place=st.floats(0, 1))
@settings(max_examples=15)
def test_a_capture_that_is_cut_off(path: Path, place: float) -> None:
    raw = path.read_bytes()
    opened(raw[: int(place * len(raw))])


MANY = 200_000
HEAVY: dict[str, Callable[[], bytes]] = {
    "one endless line": lambda: b"x" * 4_000_000,
    "an endless command": lambda: b"curl http://h/ " + b"-H 'a: b' " * 90_000,
    "an open quote": lambda: b"curl 'http://h/\n" + b"line\n" * MANY,
    "open substitutions": lambda: b"curl " + b"$(" * MANY,
    "backticks": lambda: b"curl " + b"`curl " * MANY,
    "separators": lambda: b";a=" * MANY + b" curl",
    "braces": lambda: b"curl http://h/" + b"{a,b}" * 100,
    "brackets": lambda: b"curl http://h/[1-999999999][1-999999999]",
    "assignments": lambda: b"".join(b"A%d=$A%d$A%d\n" % (n, n - 1, n - 1) for n in range(1, 200)) + b"curl $A199",
    "quotes of quotes": lambda: b">" * 1_000_000,
    "quoted lines": lambda: b"> a: b\n" * MANY,
    "header lines": lambda: b"HTTP/1.1 200 OK\n" + b"A: b\n" * MANY,
    "a broken value": lambda: b"HTTP/1.1 200 OK\nLocation: http://h/aaaaaaaaaaaaaaaaa\n" + b"aaaaaaaaaaaa\n" * 50_000,
    "open braces": lambda: b"HTTP/1.1 200 OK\n\n" + b"{" * 1_000_000,
    "json that goes on": lambda: b'HTTP/1.1 200 OK\n\n{"a":\n' + b'"b",\n' * MANY,
    "log fields": lambda: b"time=x level=debug " + b"a=b " * MANY,
    "log quotes": lambda: b'time=x msg="' + b'\\"' * 500_000,
    "deep json": lambda: b"[" * 1_000_000,
    "a deep log entry": lambda: b'{"msg":' + b"[" * 500_000,
    "a deep har": lambda: b'{"log":{"entries":[{"startedDateTime":' + b"[" * 500_000,
    "a har without an end": lambda: b'{"log":{"entries":["' + b"a" * 4_000_000,
    "netstrings in netstrings": lambda: deep_netstring(3000),
    "a netstring of an impossible size": lambda: b"99999999999:9:websocket;",
    "trace rows": lambda: b"=> Send data, 99999999 bytes (0x5f5e0ff)\n" + b"0000: aaaaaaaaaaaa\n" * 100_000,
    "answers without requests": lambda: b"HTTP/1.1 200 OK\n\n" * 20_000,
    "requests without answers": lambda: b"2026/11/23 09:37:45 --> GET http://h/v2/\n" * 20_000,
    "access log": lambda: b'1.1.1.1 - - [23/Nov/2026:09:51:07 +0000] "' + b"GET /" * 100_000,
    "meters": lambda: b"  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0" * 10_000,
    "escapes": lambda: b"\x1b[" * 500_000,
    "zipped nothing": lambda: zlib.compress(b" " * 50_000_000),
}


def deep_netstring(depth: int) -> bytes:
    value = b"0:~"
    for _ in range(depth):
        value = b"%d:%s]" % (len(value), value)
    return value


@pytest.mark.parametrize("what", HEAVY)
def test_what_is_heavy_comes_to_an_end(what: str) -> None:
    """Work that grew with the square of these inputs would not end within the time that every test has."""
    opened(HEAVY[what]())


def test_entries_of_a_har_survive_a_broken_one() -> None:
    entry = {
        "startedDateTime": "2026-11-23T09:51:02Z",
        "time": 1,
        "request": {"method": "GET", "url": "http://h/v2/", "headers": []},
        "response": {"status": 200, "statusText": "OK", "headers": [], "content": {}},
    }
    broken: list[object] = [entry, {**entry, "request": 5}, 7, {**entry, "response": {"status": 20000}}, entry]
    imported = import_bytes(json.dumps({"log": {"version": "1.2", "entries": broken}}).encode(), "x")
    assert len(imported.session.exchanges) == 2
    assert [line.partition(":")[0] for line in imported.dropped] == ["entries 2\u20133", "entry 4"]


@pytest.mark.parametrize("at", range(640, 1400, 19))
def test_a_trace_with_a_byte_gone_still_opens(at: int) -> None:
    raw = next(path for path in CAPTURES if path.name == "curl-20-trace.txt").read_bytes()
    opened(raw[:at] + raw[at + 1 :])


def test_a_trace_whose_last_row_lost_a_digit_still_opens() -> None:
    raw = next(path for path in CAPTURES if path.name == "curl-20-trace.txt").read_bytes()
    at = int(0.953125 * len(raw))
    opened(raw[:at] + raw[at + 1 :])
