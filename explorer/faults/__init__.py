"""Faults: one way each in which a registry, what stands in front of it, or the network makes a push or a pull fail.

A fault stands around a handler (an Incoming goes in, an Outgoing comes out), so that it works in the practice registry
and in a recording proxy alike. It can answer by itself, change the request before it is handled, change the answer,
wait, cut either off, and remember what went by:

    switchboard = Switchboard()
    switchboard.switch_on("nginx-413=10M")
    Server(lambda incoming: switchboard.handle(incoming, registry.handle))

`Switchboard.handle` belongs directly below the server: what it is given is what the client sent, what it returns is
what the client sees, and the handler that it is given sees what the registry saw. Everything may be called from several
threads, and faults may be switched while requests are on their way. An exception that the body of a request raises has
to come out of the handler as it is. Call `Switchboard.close` before the server is stopped: it ends every wait.

A fault is declared with `declared.fault`, on a function that is called with a Passing and the fault's argument, or on a
class that is made with the argument and called with each Passing, where something has to be remembered. It is found by
itself; its docstring is the help and says what a user sees.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from explorer.errors import InputError

if TYPE_CHECKING:
    from explorer.faults.declared import FaultKind


@cache
def faults() -> dict[str, FaultKind]:
    """Return every fault by its name, in the order of who misbehaves, then of their names."""
    from explorer.faults.declared import FaultKind, Plays

    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    kinds = {id(value): value for module in modules for value in vars(module).values() if isinstance(value, FaultKind)}
    order = list(Plays)
    return {kind.name: kind for kind in sorted(kinds.values(), key=lambda kind: (order.index(kind.plays), kind.name))}


def fault_named(name: str) -> FaultKind:
    """Return the fault of that name; raises InputError, with the names that are near, where there is none."""
    from explorer.faults.near import near

    kind = faults().get(name)
    if kind is None:
        known = {word: kind.name for kind in faults().values() for word in (kind.name, *kind.reproduces)}
        close = near(name, known)
        meant = f"Did you mean {' or '.join(close)}?" if close else "See: registry-explorer faults."
        raise InputError(f"There is no fault '{name}'. {meant}")
    return kind
