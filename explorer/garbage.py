"""When Python looks for garbage: seldom while the program is loaded, of which nothing is any.

A look goes through all that is there, again and again as it grows: together that is a tenth of a start.
"""

from __future__ import annotations

import gc

_USUAL = gc.get_threshold()

_SELDOM = 250_000
"""Twice the objects that a first screen makes; the usual number is 700."""


def put_off() -> None:
    """Look only after a great many new objects."""
    gc.set_threshold(_SELDOM, *_USUAL[1:])


def keep() -> None:
    """Look as often as usual, but no more through what there is by now: it stays."""
    gc.freeze()
    gc.set_threshold(*_USUAL)
