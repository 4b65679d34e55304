"""Conversations with a registry, each a generator that yields the next step and is given what really happened.

Rules that every flow obeys:

1. No I/O, no clock, no randomness, no logging, no globals. Whatever varies is a parameter.
2. Bodies are references (bytes or a slice of a file); hashing happens before, reading happens in `wire`.
3. A flow is given an `Exchange`: Locations resolve against the URL really sent, offsets follow the bytes really sent.
4. Failures of the network are not fed: the step stays pending, and flows have no retries.
5. An answer that a flow cannot go on from raises `Stuck` with a sentence. Any other exception is a bug.
6. A Location is resolved and appended to, never decoded.
7. No try/finally around a yield: generators are dropped at will.
8. Every step names its endpoint of the specification and says why it is there; the docstring is the help.

One file, one conversation. A file with a top-level flow has `NAME` and `from_arguments(arguments) -> Flow`, and is
found by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeVar

from explorer.errors import InputError
from explorer.model import Exchange, FlowCall, Step

T = TypeVar("T")
Flow = Generator[Step, Exchange, T]
"""Yields steps, is sent exchanges, returns T."""


@cache
def flows() -> dict[str, Callable[[dict[str, object]], Flow[object]]]:
    """Return what builds each flow from its arguments (plain JSON values), by the flow's name."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    return {module.NAME: module.from_arguments for module in modules if hasattr(module, "NAME")}


def build(call: FlowCall) -> Callable[[], Flow[object]]:
    """Return what makes a fresh generator of the called flow; raises InputError where there is no such flow."""
    make = flows().get(call.flow)
    if make is None:
        known = ", ".join(sorted(flows()))
        raise InputError(f"There is no flow '{call.flow}' in this version; it knows {known}.")
    return lambda: make(call.arguments)
