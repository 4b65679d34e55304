"""What has to be there before the point of a lesson: done in steps without questions."""

from __future__ import annotations

from collections.abc import Generator

from explorer.lessons.classroom import Classroom
from explorer.lessons.declared import Do, Move
from explorer.model import Exchange
from explorer.spec.digests import digest_of


def push_quietly(room: Classroom, name: str, data: bytes, what: str) -> Generator[Move, Exchange, None]:
    """Push a blob in two steps."""
    opened = yield Do(room.open(name), f"Opening an upload for {what}.")
    yield Do(room.close(opened, digest_of(data), body=data), f"Sending {what} and closing.")
