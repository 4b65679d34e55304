"""The one door by which text reaches the screen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from explorer.ui.text import Span, joined, row_width, safe, strip_of, wire, words, wrapped

ANY_TEXT = st.text()
WIRE_TEXT = st.binary().map(lambda raw: raw.decode("latin-1"))


def inert(text: str) -> bool:
    """Say whether a terminal has nothing to obey in a text."""
    return not any(ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 or sign in "\u202e\u2066\u200f" for sign in text)


@given(ANY_TEXT)
def test_words_are_inert(text: str) -> None:
    assert inert(words(text).text)


@given(WIRE_TEXT)
def test_wire_text_is_inert(text: str) -> None:
    assert inert(wire(text).text)


@given(ANY_TEXT)
def test_a_drawn_row_is_inert_whatever_a_span_holds(text: str) -> None:
    assert inert(strip_of((Span(text),), lambda _: Style(), Style()).text)


@given(ANY_TEXT)
def test_content_is_never_markup(text: str) -> None:
    assert safe(f"[b]{text}[/b]").plain.startswith("[b]")


@given(st.lists(st.tuples(ANY_TEXT, st.sampled_from(["text", "name"])), min_size=1), st.integers(10, 60))
def test_wrapping_loses_no_character(spans: list[tuple[str, str]], width: int) -> None:
    row = tuple(words(text, style) for text, style in spans)
    lines = wrapped(row, width, indent=0)
    assert joined(lines).replace("\n", "") == joined([row])
    assert all(row_width(line) <= width for line in lines)


def test_prose_is_cut_between_words() -> None:
    row = (words("a sentence of several words", "prose"),)
    assert [line[0].text for line in wrapped(row, 12)] == ["a sentence", "of several", "words"]
