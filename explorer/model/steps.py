"""What a flow wants to do next."""

from __future__ import annotations

from explorer.frozen import frozen
from explorer.model.messages import Request
from explorer.model.notes import Note


@frozen
class Save:
    """Where the body of a 200 or 206 is to be saved, and the digest and the size in bytes that the file must have."""

    path: str
    digest: str
    size: int


@frozen
class Step:
    """What a flow wants to do next: the request, its endpoint, why, and the statuses that it can go on from.

    The first of `expects` is what the specification wants; the others are what registries are known to answer.
    """

    title: str
    request: Request
    spec: str = ""
    why: str = ""
    expects: tuple[int, ...] = ()
    save: Save | None = None
    relay: Relay | None = None
    notes: tuple[Note, ...] = ()  # what is kept beside the exchange that comes of it


@frozen
class Relay:
    """Who takes the body of a 200 over while it comes: a step whose request has it as its own body, kept nowhere.

    `digest` and `size` (in bytes) are those that the body should have; no more than that is passed on.
    """

    step: Step
    digest: str
    size: int
