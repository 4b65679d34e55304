"""The commands `body`, `more`, `page`, `search` and `files`: a body of any size in pages."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.bodies.window import window_on
from explorer.errors import InputError
from explorer.model import Body, body_size
from explorer.plain.declared import command
from explorer.plain.desk import Desk, nothing_follows, number_in
from explorer.plain.paging import Pages

_WAYS = ("tree", "text", "hex", "raw", "files")


@command("body", takes="[N or next] [request or answer] [tree or text or hex or raw or files]", group="looking")
def body(desk: Desk, argument: str) -> Iterator[str]:
    """Hear a body in pages, as JSON by its paths, text, hex, raw bytes, or the list of a layer's files.

    It is the answer's body, or with request the request's. more says the next page, page K any, search TEXT looks for
    something in the whole of it. Nothing is read that is not heard.
    """
    yield from _opened(desk, argument.lower().split(), "")


@command("files", takes="[N or next] [request or answer]", group="looking")
def files(desk: Desk, argument: str) -> Iterator[str]:
    """List the files of the layer in a body: names, sizes, permissions, what a whiteout removes."""
    yield from _opened(desk, argument.lower().split(), "files")


def _opened(desk: Desk, words: list[str], way: str) -> Iterator[str]:
    which = [word for word in words if word not in (*_WAYS, "request", "answer")]
    ways = [word for word in words if word in _WAYS]
    sides = [word for word in words if word in ("request", "answer")]
    if len(which) > 1 or len(ways) > 1 or len(sides) > 1:
        raise InputError("Say one exchange, one side and one way to look at it, as in: body 3 request hex.")
    title, found = _body(desk, " ".join(which), "".join(sides))
    window = window_on(found)
    if desk.pages:
        desk.pages.close()
    desk.pages = Pages(title, window, way or "".join(ways))
    yield desk.pages.summary()
    yield from desk.pages.page(1)


def _body(desk: Desk, which: str, side: str) -> tuple[str, Body]:
    if which == "next":
        return "Body of the next request", desk.subject(which).request.body
    exchange = desk.exchange(which)
    answer = exchange.response.body if exchange.response else b""
    if not side and not body_size(answer):
        side = "request" if body_size(exchange.request.body) else "answer"
    chosen = exchange.request.body if side == "request" else answer
    if not body_size(chosen):
        raise InputError(f"Exchange {exchange.id} has no body{f' of the {side}' if side else ''} to look at.")
    return f"Body of {side or 'answer'} {exchange.id}", chosen


def _pages(desk: Desk) -> Pages:
    if desk.pages is None:
        raise InputError("No body is at hand; body N takes one.")
    return desk.pages


@command("more", group="looking")
def more(desk: Desk, argument: str) -> Iterator[str]:
    """Hear the next page of the body at hand."""
    nothing_follows(argument, "more")
    yield from _pages(desk).more()


@command("page", takes="K", group="looking")
def page(desk: Desk, argument: str) -> Iterator[str]:
    """Hear page K of the body at hand."""
    yield from _pages(desk).page(number_in(argument))


@command("search", takes="TEXT", group="looking")
def search(desk: Desk, argument: str) -> Iterator[str]:
    """Search the whole of the body at hand for a text, whatever the case, or for bytes in hex, as in 0x1f8b."""
    if not argument:
        raise InputError("Say what to look for, as in: search digest.")
    yield from _pages(desk).search(argument)
