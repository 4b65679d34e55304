"""Raw HTTP messages, as they crossed the wire, with a line before each that says which one it is."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.formats.exporters import Material, Writer
from explorer.formats.writing.bodies import as_text, reference
from explorer.model import Body, Exchange, body_size
from explorer.visible import visible


def write(material: Material) -> Iterator[str]:
    """Yield every message; a body that is binary or was not kept is named in brackets in its place."""
    for remark in material.remarks:
        yield f"# {visible(remark)}\n"
    for exchange in material.chosen:
        yield from _exchange(exchange)


def _exchange(exchange: Exchange) -> Iterator[str]:
    basis = "" if exchange.basis == "observed" else f", {exchange.basis}"
    yield f"### {exchange.id}. {visible(exchange.title)}, request to {exchange.request.origin}{basis}\n"
    head = exchange.sent_head or exchange.request.head()
    yield head.decode("utf-8", "surrogateescape")
    yield from _body(exchange.request.body)
    yield f"### {exchange.id}. {visible(exchange.title)}, answer{basis}\n"
    if exchange.received_head:
        yield exchange.received_head.decode("utf-8", "surrogateescape")
    elif exchange.response:
        yield f"{_head(exchange)}\r\n"
    if exchange.response:
        yield from _body(exchange.response.body)
    if exchange.error:
        yield f"[{visible(exchange.error.sentence)}]\n"
    yield "\n"


def _head(exchange: Exchange) -> str:
    response = exchange.response
    assert response is not None
    lines = [f"{response.version} {response.status} {response.reason}"]
    lines += [f"{name}:{gap}{value}" for name, value, gap in response.headers]
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1").decode("utf-8", "surrogateescape")


def _body(body: Body) -> Iterator[str]:
    text = as_text(body) if isinstance(body, bytes) else None
    if text is not None:
        yield text + ("" if text.endswith("\n") or not text else "\n")
    elif body_size(body):
        yield f"[{visible(reference(body))}]\n"


RAW = Writer("raw", "the raw HTTP messages", ".txt", write)
