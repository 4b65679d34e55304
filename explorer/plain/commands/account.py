"""The command `account`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.plain.declared import command
from explorer.plain.desk import Desk


@command("account", takes="[N]", group="understanding")
def account(desk: Desk, argument: str) -> Iterator[str]:
    """Hear the account of the upload that exchange N belongs to: bytes of the file, sent, admitted and claimed."""
    id = desk.exchange(argument).id
    found = desk.insight.account(id)
    if found is None:
        yield f"Exchange {id} belongs to no upload."
        return
    yield f"Upload {found.upload.rpartition('/')[2]}{', closed' if found.is_closed else ''}"
    for name, count in (
        ("Bytes of the file", found.size),
        ("Bytes sent", found.sent),
        ("Bytes that the answer's Range admits", found.admitted),
        ("Bytes that the token's Offset claims", found.claimed),
    ):
        yield f"{name}: {'not known' if count is None else count}"
    if found.unanswered:
        yield f"Bytes that left besides, to which no answer came: {found.unanswered}"
    yield from (f"It does not fit: {one}." for one in found.disagreements)
    if not found.disagreements:
        yield "All of it fits."
