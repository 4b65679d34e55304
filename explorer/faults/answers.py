"""Answers as real products write them: pages of nginx and Cloudflare, errors of distribution and others, XML of S3.

nginx's are those of 1.22.1, byte for byte; errors are JSON as Go writes it, the status that of the first error.
"""

from __future__ import annotations

from email.utils import formatdate
from html import escape

from explorer.model import Headers
from explorer.spec.go_json import go_json
from explorer.wire.server import Outgoing

NGINX = "nginx/1.22.1"
_PHRASES = {
    301: "Moved Permanently",
    302: "Found",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Not Allowed",
    411: "Length Required",
    413: "Request Entity Too Large",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
}
_CLOSES = frozenset({400, 413, 501})
_TITLES = {401: "Authorization Required"}

API_VERSION = ("Docker-Distribution-Api-Version", "registry/2.0")
JSON = ("Content-Type", "application/json")


def nginx_page(status: int, *extra: tuple[str, str], note: str = "") -> Outgoing:
    """Return a page of nginx; `note` is its second line, where it has one."""
    phrase = _PHRASES[status]
    heading = f"{status} {_TITLES.get(status, phrase)}"
    title = f"{status} {note}" if note else heading
    lines = (
        "<html>",
        f"<head><title>{title}</title></head>",
        "<body>",
        f"<center><h1>{heading}</h1></center>",
        *((f"<center>{note}</center>",) if note else ()),
        f"<hr><center>{NGINX}</center>",
        "</body>",
        "</html>",
        "",
    )
    return _page(status, phrase, NGINX, "\r\n".join(lines), *extra, connection="close" if status in _CLOSES else "")


def cloudflare_413() -> Outgoing:
    """Return Cloudflare's page for a body that is too large."""
    lines = (
        "<html>",
        "<head><title>413 Request Entity Too Large</title></head>",
        "<body>",
        "<center><h1>413 Request Entity Too Large</h1></center>",
        "<hr><center>cloudflare</center>",
        "</body>",
        "</html>",
        "",
    )
    return _page(413, "Request Entity Too Large", "cloudflare", "\r\n".join(lines), connection="close")


def _page(status: int, phrase: str, server: str, page: str, *extra: tuple[str, str], connection: str = "") -> Outgoing:
    body = page.encode("ascii")
    rows = (
        ("Server", server),
        ("Date", formatdate(usegmt=True)),
        ("Content-Type", "text/html"),
        ("Content-Length", str(len(body))),
        ("Connection", connection or "keep-alive"),
        *extra,
    )
    return Outgoing(status, Headers.of(*rows), body, phrase)


Element = tuple[str, str] | tuple[str, str, object]
"""One element of `errors`: code, message and, where there is one, detail."""


def errors(status: int, *elements: Element, extra: tuple[tuple[str, str], ...] = ()) -> Outgoing:
    """Return an error answer as distribution writes it."""
    body = go_json({"errors": [dict(zip(("code", "message", "detail"), one, strict=False)) for one in elements]})
    return Outgoing(status, Headers.of(*sorted((API_VERSION, JSON, *extra))), body)


def error(status: int, code: str, message: str, *detail: object, extra: tuple[tuple[str, str], ...] = ()) -> Outgoing:
    """Return an error answer with one error."""
    element: Element = (code, message, detail[0]) if detail else (code, message)
    return errors(status, element, extra=extra)


def plain(status: int, text: str, *extra: tuple[str, str], reason: str | None = None) -> Outgoing:
    """Return a line of text, without the marks of a registry."""
    rows = (("Content-Type", "text/plain; charset=utf-8"), *extra)
    return Outgoing(status, Headers.of(*rows), f"{text}\n".encode(), reason)


def go_not_found() -> Outgoing:
    """Return what Go's router says where nothing is."""
    return plain(404, "404 page not found", ("X-Content-Type-Options", "nosniff"))


def storage_xml(status: int, code: str, message: str, *more: tuple[str, str], server: str = "AmazonS3") -> Outgoing:
    """Return an error of an object store, as XML."""
    inner = "".join(
        f"<{name}>{escape(value)}</{name}>" for name, value in (("Code", code), ("Message", message), *more)
    )
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{inner}</Error>'.encode()
    return Outgoing(status, Headers.of(("Content-Type", "application/xml"), ("Server", server)), body)
