"""A whole request as one text for an editor of the user's own, and back."""

from __future__ import annotations

from explorer.editing.bodies import with_body
from explorer.editing.raw import head_lines, with_head
from explorer.model import Request


def message_of(request: Request, body: str | None) -> str:
    """Return the head, an empty line, the body and the line feed that ends a text file.

    Without a body the empty line is the last one, ready for one; with None there is the head alone.
    """
    head = "\n".join(head_lines(request))
    return f"{head}\n" if body is None else f"{head}\n\n{body}\n" if body else f"{head}\n\n"


def with_message(request: Request, body: str | None, text: str, *, is_pinned: bool = False) -> Request:
    """Return the request after that text was edited; raises InputError.

    `body` is what `message_of` was given. A body that reads as before stays the very bytes; the last line feed belongs
    to the text file and not to the body.
    """
    if body is None:
        return with_head(request, text.split("\n"))
    head, _, typed = text.removesuffix("\n").partition("\n\n")
    edited = with_head(request, head.split("\n"))
    return edited if typed == body else with_body(edited, typed.encode("utf-8", "surrogateescape"), is_pinned=is_pinned)
