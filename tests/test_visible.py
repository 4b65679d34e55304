"""Nothing that a terminal would obey, or that fools a reader, comes through."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import InputError
from explorer.model.headers import wire_text
from explorer.visible import body_to_text, shortened, size_text, visible, wire_to_text

SEEN = {0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
"""Characters of the category Cf that have a shape of their own."""


def is_unseen(sign: str) -> bool:
    kind = unicodedata.category(sign)
    return (
        kind in ("Cc", "Cs", "Zl", "Zp") or (kind == "Cf" and ord(sign) not in SEEN) or (kind == "Zs" and sign != " ")
    )


def test_no_control_bidi_or_invisible_character_of_unicode_comes_through() -> None:
    unseen = [code for code in range(0x110000) if is_unseen(chr(code))]
    assert [hex(code) for code in unseen if chr(code) in visible(chr(code))] == []


@pytest.mark.parametrize("code", [0x34F, 0x115F, 0x1160, 0x17B4, 0x180B, 0x2800, 0x3164, 0xFE0F, 0xFFA0, 0xE01EF])
def test_a_character_without_a_shape_is_shown_by_its_number(code: int) -> None:
    assert visible(chr(code)) == f"⟨U+{code:04X}⟩"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("\x1b[31m", "␛[31m"), ("a\r\nb", "a␍␊b"), ("\x7f", "␡"), ("\x9b", "⟨U+009B⟩"), ("\u202e", "⟨U+202E⟩")],
)
def test_what_a_terminal_obeys_is_shown_as_a_sign(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_any_text_is_safe_and_stays_so(text: str) -> None:
    shown = visible(text)
    assert not any(map(is_unseen, shown))
    assert visible(shown) == shown


@given(st.binary())
def test_any_wire_text_is_safe(raw: bytes) -> None:
    assert not any(map(is_unseen, wire_to_text(raw.decode("latin-1"))))


@given(st.binary())
def test_any_body_is_safe_line_by_line(raw: bytes) -> None:
    assert not any(is_unseen(sign) for line in body_to_text(raw) for sign in line)


@pytest.mark.parametrize("text", ["", "a b", "café", "镜像", "Ω≈ç√", "[red]x[/red]", "👍"])
def test_text_to_be_read_is_shown_as_it_is(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("wire", "shown"), [("caf\xc3\xa9", "café"), ("caf\xe9", "caf\\xe9"), ("\xc3", "\\xc3"), ("→", "?")]
)
def test_wire_text_is_utf8_where_it_is_that(wire: str, shown: str) -> None:
    assert wire_to_text(wire) == shown


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (5 * 1024**2, "5.0 MiB"), (2 * 1024**5, "2048.0 TiB")],
)
def test_sizes_are_for_people(size: int, text: str) -> None:
    assert size_text(size) == text


@given(st.text(), st.integers(-3, 50))
def test_a_shortened_text_fits_and_keeps_its_ends(text: str, width: int) -> None:
    short = shortened(text, width)
    assert len(short) <= max(width, 0)
    assert short == text or width < 3 or (text.startswith(short.split("…")[0]) and text.endswith(short[-1:].strip("…")))


def test_half_of_a_surrogate_pair_is_told_and_never_sent() -> None:
    with pytest.raises(InputError, match=r"Character 2 is U\+D800"):
        wire_text("a\ud800")
    assert wire_text("é\udcff") == "Ã©ÿ"
