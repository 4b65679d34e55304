"""Faults as text: all of them by who misbehaves, or one with everything that is known of it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import groupby

from explorer.faults import fault_named, faults

_WIDTH = 100


def all_faults() -> Iterator[str]:
    """Yield the lines that list every fault with what a user sees."""
    for plays, kinds in groupby(faults().values(), key=lambda kind: kind.plays):
        yield f"{plays.value}:"
        for kind in kinds:
            yield f"  {kind.usage}"
            yield from textwrap.wrap(kind.line, _WIDTH, initial_indent="      ", subsequent_indent="      ")
        yield ""
    yield "`registry-explorer faults NAME` explains one."


def one_fault(name: str) -> Iterator[str]:
    """Yield the lines that explain a fault; raises InputError where there is none of that name."""
    kind = fault_named(name)
    yield kind.usage
    yield ""
    yield kind.help
    yield ""
    if kind.argument:
        yield f"Argument:    {kind.argument.name}, {kind.argument.help}; {kind.argument.default} where none is given"
    yield f"Misbehaving: {kind.plays.value}"
    yield f"Can act in:  {kind.where.value}"
    if kind.needs:
        yield f"Needs:       {kind.needs}"
    if kind.reproduces:
        yield f"Reproduces:  {', '.join(kind.reproduces)}"
