"""Opaque values made readable. One file, one kind of value; each file has `decode(value) -> Decoded | None`.

A decoder gets the value as it stood on the wire, answers None where the value is not of its kind, and never raises.
Nothing that a decoder says is ever used to build a request.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from explorer.model import Decoded


@cache
def decoders() -> tuple[Callable[[str], Decoded | None], ...]:
    """Return the decoders that this folder holds."""
    return tuple(import_module(f"{__name__}.{module.name}").decode for module in iter_modules(__path__))


def decode(value: str) -> tuple[Decoded, ...]:
    """Return what each decoder makes of a value."""
    results = (decoder(value) for decoder in decoders())
    return tuple(result for result in results if result)
