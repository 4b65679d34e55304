"""Which faults are on, and the way of a request through all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from explorer.errors import InputError
from explorer.faults import fault_named, faults
from explorer.frozen import frozen

if TYPE_CHECKING:
    from explorer.faults.declared import FaultKind, Through
    from explorer.wire.server import Handler, Incoming, Outgoing


@frozen
class SwitchedOn:
    """A fault that is on: its kind, its argument as typed (None: the default), and what ends its waits."""

    kind: FaultKind
    argument: str | None
    through: Through
    ended: threading.Event

    @property
    def text(self) -> str:
        """Name and argument, as they can be typed to switch it on."""
        return self.kind.name if self.argument is None else f"{self.kind.name}={self.argument}"

    def pause(self, seconds: float) -> bool:
        """Wait so long; False where the fault was switched off in the meantime."""
        return not self.ended.wait(seconds)


class Switchboard:
    """The faults that are on. Safe to use from several threads.

    One that is `on_the_way`, as a recorder's, has none of the faults that are the registry's own.
    """

    def __init__(self, texts: Iterable[str] = (), *, on_the_way: bool = False) -> None:
        """Begin with faults that are on, each as NAME[=ARGUMENT]; raises InputError."""
        self.on_the_way = on_the_way
        self._lock = threading.Lock()
        self._on: tuple[SwitchedOn, ...] = ()
        self._is_closed = False
        for text in texts:
            self.switch_on(text)

    @property
    def on(self) -> tuple[SwitchedOn, ...]:
        """The faults that are on, in the order in which a request passes them."""
        return self._on

    @property
    def kinds(self) -> tuple[FaultKind, ...]:
        """The faults that can be switched here, in the order of `faults`."""
        from explorer.faults.declared import Where

        return tuple(kind for kind in faults().values() if not (self.on_the_way and kind.where is Where.SERVER))

    def switch_on(self, text: str) -> SwitchedOn:
        """Switch a fault on, NAME[=ARGUMENT], in place of the same one with another argument; raises InputError."""
        name, equals, argument = text.strip().partition("=")
        kind = fault_named(name)
        if kind not in self.kinds:
            raise InputError(f"The fault '{kind.name}' is one of the registry itself; a recorder cannot cause it.")
        given = argument if equals else None
        made = SwitchedOn(kind, given, kind.begin(given), threading.Event())
        with self._lock:
            others = self._without(kind.name)
            places = {known: place for place, known in enumerate(faults())}
            self._on = tuple(sorted((*others, made), key=lambda one: places[one.kind.name]))
            if self._is_closed:
                made.ended.set()
        return made

    def switch_off(self, name: str) -> bool:
        """Switch a fault off and end its waits; False where it was not on. Raises InputError where there is none."""
        kind = fault_named(name)
        with self._lock:
            before = self._on
            self._on = tuple(self._without(kind.name))
            return len(self._on) < len(before)

    def switch_all_off(self) -> None:
        """Switch every fault off and end their waits."""
        with self._lock:
            for one in self._on:
                one.ended.set()
            self._on = ()

    def close(self) -> None:
        """End every wait, now and from now on."""
        self._is_closed = True
        for one in self._on:
            one.ended.set()

    def handle(self, incoming: Incoming, handler: Handler) -> Outgoing:
        """Answer a request through the faults that are on; `handler` is what answers without any."""
        for one in reversed(self._on):
            handler = _through(one, handler)
        return handler(incoming)

    def _without(self, name: str) -> list[SwitchedOn]:
        kept = []
        for one in self._on:
            if one.kind.name == name:
                one.ended.set()
            else:
                kept.append(one)
        return kept


def _through(one: SwitchedOn, handler: Handler) -> Callable[[Incoming], Outgoing]:
    from explorer.faults.declared import Passing

    return lambda incoming: one.through(Passing(incoming, handler, one.pause))
