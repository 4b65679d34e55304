"""Opaque values made readable."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decoded:
    """An opaque value made readable. `basis`: specification, this registry's habit, or guess."""

    kind: str
    basis: str
    fields: tuple[tuple[str, str], ...]
