"""A body as text to edit: as text where every byte of it can stand there, or as hex."""

from __future__ import annotations

from explorer.editing.bodies import body_bytes, from_hex, hex_lines
from explorer.errors import FormatError
from explorer.model import Body, body_size
from explorer.visible import size_text, visible

EDITABLE_BODY = 64 * 1024
"""Bodies up to this size, in bytes, are edited as text or hex."""

KINDS = ("text", "hex")


def shown_as(body: Body, kind: str) -> str | None:
    """Return a body as text or hex to edit; None where it cannot be."""
    try:
        data = body_bytes(body, EDITABLE_BODY)
        if data is None:
            return None
        if kind == "hex":
            return "\n".join(hex_lines(data))
        text = data.decode("utf-8")
    except (FormatError, UnicodeDecodeError):
        return None
    return text if all(line == visible(line) for line in text.split("\n")) else None


def kind_for(body: Body, wanted: str = "") -> str:
    """Return the kind that a body is edited as: the wanted one where it can be, else text, else hex; empty for none."""
    return next((kind for kind in (wanted, *KINDS) if kind and shown_as(body, kind) is not None), "")


def why_not(body: Body, kind: str) -> str:
    """Return why a body cannot be edited as that kind."""
    why = "it is too large or was not kept" if kind == "hex" else "not every byte of it can stand in a text"
    return f"The body, {size_text(body_size(body))}, cannot be edited as {kind}: {why}."


def typed_body(text: str, kind: str) -> bytes:
    """Return the bytes that were typed; raises InputError where that is no hex."""
    return from_hex(text) if kind == "hex" else text.encode("utf-8", "surrogateescape")
