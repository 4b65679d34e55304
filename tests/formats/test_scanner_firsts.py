"""A scanner that names the characters which its lines begin with, or what they hold, takes no other lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.formats.importing import import_bytes
from explorer.formats.texts.assembly import Assembly
from explorer.formats.texts.conversation import Conversation
from explorer.formats.texts.reading import scanner_kinds
from explorer.formats.texts.scanning import Context, Scanner

CAPTURES = Path(__file__).parents[1] / "captures"
LINES = sorted(
    {line for file in CAPTURES.iterdir() for line in file.read_bytes().decode("latin-1").splitlines() if line}
)
CHOOSY = [kind for kind in scanner_kinds() if kind.firsts]


def begins(kind: type[Scanner], line: str) -> bool:
    assembly = Assembly(lambda _: None)
    return bool(kind(Context(assembly, Conversation(assembly))).begins(1, line))


@pytest.mark.parametrize("kind", CHOOSY, ids=lambda kind: kind.name)
@given(
    start=st.characters(max_codepoint=255),
    blanks=st.text(" \t", max_size=2),
    line=st.sampled_from(LINES) | st.text(st.characters(max_codepoint=255), max_size=40),
)
def test_a_line_that_begins_otherwise_is_not_taken(kind: type[Scanner], start: str, blanks: str, line: str) -> None:
    for text in (start + line, start + blanks + line, line):
        assert text[:1] in kind.firsts or not begins(kind, text)


@pytest.mark.parametrize("kind", [kind for kind in scanner_kinds() if kind.needs], ids=lambda kind: kind.name)
@given(
    start=st.sampled_from("{[tDTm120 ") | st.characters(max_codepoint=255),
    line=st.sampled_from(LINES) | st.text(st.characters(max_codepoint=255), max_size=40),
)
def test_a_line_without_what_a_scanner_needs_is_not_taken(kind: type[Scanner], start: str, line: str) -> None:
    for text in (start + line, line):
        assert kind.needed(text[:1]) in text or not begins(kind, text)


def test_a_line_is_found_by_the_scanner_that_it_is_of_whatever_stood_before() -> None:
    lines = b"* Trying 127.0.0.1\n> GET /v2/ HTTP/1.1\n> Host: h\n>\n< HTTP/1.1 200 OK\n<\n\nprose\n"
    crane = b"2026/11/23 09:37:45 --> GET http://h/v2/a\n2026/11/23 09:37:45 <-- 404 http://h/v2/a (1ms)\n"
    exchanges = import_bytes(lines + crane, "a paste").session.exchanges
    assert [exchange.status for exchange in exchanges] == [200, 404]
