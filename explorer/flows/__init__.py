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

One file, one conversation. A flow that can be called by name is declared with `declared.flow`, and is found by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, TypeVar

from explorer.errors import InputError
from explorer.model import Exchange, FlowCall, Step

if TYPE_CHECKING:
    from explorer.flows.declared import FlowKind
    from explorer.flows.login import Ask

T = TypeVar("T")
Flow = Generator[Step, Exchange, T]
"""Yields steps, is sent exchanges, returns T."""


@cache
def flows() -> dict[str, FlowKind]:
    """Return the flows that can be called by name, in the order of the catalogue of conversations."""
    from explorer.flows.declared import FlowKind

    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    kinds = {id(value): value for module in modules for value in vars(module).values() if isinstance(value, FlowKind)}
    return {kind.name: kind for kind in sorted(kinds.values(), key=lambda kind: (kind.numbers, kind.name))}


def flow_named(name: str) -> FlowKind:
    """Return the flow of that name; raises InputError where there is none."""
    kind = _in_a_file_of_its_name(name) or flows().get(name)
    if kind is None:
        raise InputError(f"There is no flow '{name}' in this version; it knows {', '.join(flows())}.")
    return kind


def _in_a_file_of_its_name(name: str) -> FlowKind | None:
    """Return the flow that is declared where its name says, so that no other has to be loaded for it."""
    from explorer.flows.declared import FlowKind

    file = name.replace("-", "_")
    if file not in [module.name for module in iter_modules(__path__)]:
        return None
    values = vars(import_module(f"{__name__}.{file}")).values()
    return next((value for value in values if isinstance(value, FlowKind) and value.name == name), None)


def build(call: FlowCall, ask: Ask | None = None) -> Callable[[], Flow[object]]:
    """Return what makes a fresh generator of the called flow; raises InputError where there is none of that name.

    `ask` tells the logins for the registries that the call names; without it, none is known. A call without a flow is
    through before it begins: its exchanges are only looked at.
    """
    if not call.flow:
        return _no_flow
    from explorer.flows.authenticated import authenticated
    from explorer.flows.declared import Arguments
    from explorer.flows.login import nobody, registries_of

    kind = flow_named(call.flow)
    arguments = Arguments(call.arguments)
    homes = tuple(target.origin for target in registries_of(kind, call))
    return lambda: authenticated(kind.build(arguments), ask or nobody, homes)


def _no_flow() -> Flow[object]:
    yield from ()
    return None
