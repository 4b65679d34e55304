"""Opaque values made readable."""

from __future__ import annotations

from explorer.frozen import frozen


@frozen
class Decoded:
    """An opaque value made readable. `basis`: specification, this registry's habit, or guess."""

    kind: str
    basis: str
    fields: tuple[tuple[str, str], ...]
