"""Texts that are kept in many places, as one object."""

from __future__ import annotations

from functools import lru_cache

_SHORT = 1024


def shared(text: str) -> str:
    """Return an equal text: of the short ones that were asked for lately, always the same object.

    For what comes again and again in exchanges that follow each other, such as the path of an upload. Unlike an
    interned text it goes when nobody keeps it any more.
    """
    return _one(text) if len(text) < _SHORT else text


@lru_cache(2048)
def _one(text: str) -> str:
    return text
