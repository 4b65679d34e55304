"""Colours of text by its kind. Pygments is loaded when something is coloured first, and sees the visible lines only."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from explorer.bodies.json_tree import JsonRow
from explorer.ui.text import Row, Span, words
from explorer.visible import visible

if TYPE_CHECKING:
    from pygments.lexer import Lexer

_JSON_STYLES = {"string": "good", "number": "accent", "constant": "odd", "object": "dim", "list": "dim", "end": "dim"}


def json_row(row: JsonRow) -> Row:
    """Return a row of a JSON document."""
    front = words("  " * row.depth + ("▸ " if row.is_folded else "  "), "accent")
    name = (words(f'"{row.name}"', "name"), words(": ", "dim")) if row.name else ()
    return (front, *name, words(row.text, _JSON_STYLES[row.kind]))


def coloured(text: str, kind: str) -> Row:
    """Return a line of a body in the colours of its kind (JSON, HTML, XML); plain for any other."""
    lexer = _lexer(kind)
    if lexer is None:
        return (words(text),)
    spans = [Span(visible(part), _style(str(token))) for token, part in lexer.get_tokens(text) if part.strip("\n")]
    return tuple(Span(span.text.replace("␊", ""), span.style) for span in spans)


def _style(token: str) -> str:
    for start, style in (
        ("Token.Name", "name"),
        ("Token.Literal.String", "good"),
        ("Token.Literal.Number", "accent"),
        ("Token.Keyword", "odd"),
        ("Token.Comment", "dim"),
        ("Token.Punctuation", "dim"),
        ("Token.Error", "text"),
    ):
        if token.startswith(start):
            return style
    return "text"


@cache
def _lexer(kind: str) -> Lexer | None:
    if kind == "JSON":
        from pygments.lexers.data import JsonLexer

        return JsonLexer(stripnl=False)
    if kind in ("HTML", "XML"):
        from pygments.lexers.html import HtmlLexer

        return HtmlLexer(stripnl=False)
    return None
