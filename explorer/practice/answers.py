"""Answers as Go's handlers give them: names of headers as Go writes them, sorted."""

from __future__ import annotations

from explorer.model import Headers, Slice
from explorer.wire.server import Outgoing


def answer(status: int, *pairs: tuple[str, str], body: bytes | Slice = b"") -> Outgoing:
    """Return an answer with those headers; what each answer of the registry has is added later."""
    return Outgoing(status, Headers.of(*pairs), body)


def plain(status: int, text: str, *pairs: tuple[str, str]) -> Outgoing:
    """Return a line of plain text, as Go's own handlers answer."""
    kind = (("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff"))
    return answer(status, *kind, *pairs, body=f"{text}\n".encode("latin-1"))


def redirect(method: str, location: str) -> Outgoing:
    """Return a 301; only a GET is given a line of HTML with it."""
    if method not in ("GET", "HEAD"):
        return answer(301, ("Location", location))
    page = f'<a href="{_escaped(location)}">Moved Permanently</a>.\n\n'.encode("latin-1")
    return answer(301, ("Content-Type", "text/html; charset=utf-8"), ("Location", location), body=page)


def _escaped(text: str) -> str:
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&#34;"), ("'", "&#39;")):
        text = text.replace(sign, entity)
    return text
