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


@given(st.text(max_size=200), st.text(max_size=5), st.integers(8, 60))
def test_prose_fits_the_width(text: str, front: str, width: int) -> None:
    row = (words(front[: width // 2]), words(text, "told"))
    assert all(row_width(line) <= width or len(row[0].text) >= width - 8 for line in wrapped(row, width))


@given(st.lists(st.text("abc", min_size=1, max_size=6), max_size=30), st.integers(20, 60))
def test_prose_loses_no_word(text: list[str], width: int) -> None:
    row = (words("  fix  ", "name"), words(" ".join(text), "told"))
    assert joined(wrapped(row, width)).split() == ["fix", *text]
