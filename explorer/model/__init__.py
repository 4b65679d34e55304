"""The nouns: what is sent, what came back, and what is kept of it.

Text of the wire is held as `str` with one character per byte (latin-1), so that nothing is lost or guessed;
`wire_text` turns what a person typed (UTF-8) into that form. Everything here is frozen: an edit is a new value,
an attempt is never overwritten.
"""

from __future__ import annotations

from collections.abc import Callable

from explorer.model.bodies import Body, Slice, Unkept, body_part, body_size
from explorer.model.decoded import Decoded
from explorer.model.exchanges import ClientSide, Connection, Exchange, Failure, FlowCall, Session, Timings
from explorer.model.findings import CERTAINTIES, Edit, Finding, Place
from explorer.model.glimpse import Glimpse, glimpse_of
from explorer.model.headers import Header, Headers, sha256_of, wire_text
from explorer.model.history import History, Shelf, Summary, glimpse_at, summary_at, summary_of, with_more
from explorer.model.images import Blob, Image, Manifest, total_size
from explorer.model.messages import Origin, Request, Response, default_port
from explorer.model.notes import NOTE_KINDS, Note
from explorer.model.sharing import shared
from explorer.model.steps import Relay, Save, Step

Progress = Callable[[int, int], None]
"""Called with the bytes done so far and the bytes there are in all (0 where that is not known)."""

__all__ = [
    "CERTAINTIES",
    "NOTE_KINDS",
    "Blob",
    "Body",
    "ClientSide",
    "Connection",
    "Decoded",
    "Edit",
    "Exchange",
    "Failure",
    "Finding",
    "FlowCall",
    "Glimpse",
    "Header",
    "Headers",
    "History",
    "Image",
    "Manifest",
    "Note",
    "Origin",
    "Place",
    "Progress",
    "Relay",
    "Request",
    "Response",
    "Save",
    "Session",
    "Shelf",
    "Slice",
    "Step",
    "Summary",
    "Timings",
    "Unkept",
    "body_part",
    "body_size",
    "default_port",
    "glimpse_at",
    "glimpse_of",
    "sha256_of",
    "shared",
    "summary_at",
    "summary_of",
    "total_size",
    "wire_text",
    "with_more",
]
