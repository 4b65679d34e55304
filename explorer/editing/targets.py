"""A target taken apart at its '?' and '&', and joined again byte for byte: nothing is decoded or encoded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_PARTS = re.compile(r"([?&]?)([^?&]*)")


class Part(NamedTuple):
    """A piece of a target: the sign that it begins with ('?', '&', or none for what comes first), and what follows."""

    sign: str
    text: str


def parts_of(target: str) -> tuple[Part, ...]:
    """Return the pieces of a target, at least one; a second '?' begins a piece as the first does."""
    found = tuple(Part(*piece.groups()) for piece in _PARTS.finditer(target) if piece[0])
    return found if found and not found[0].sign else (Part("", ""), *found)


def joined_target(parts: Iterable[Part]) -> str:
    """Return the target that these pieces make."""
    return "".join(sign + text for sign, text in parts)
