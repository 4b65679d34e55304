"""How a fault declares itself, and what it is given for each request."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from explorer.errors import InputError
from explorer.faults.arguments import Argument
from explorer.faults.requests import Asked, asked_for
from explorer.frozen import frozen
from explorer.model import Headers

if TYPE_CHECKING:
    from explorer.wire.server import BodyReader, Handler, Incoming, Outgoing


class Plays(Enum):
    """Who misbehaves. A request passes them in this order, the answer the other way round."""

    NETWORK = "network"
    PROXY = "proxy"
    DEPLOYMENT = "deployment"
    TOKENS = "token service"
    REGISTRY = "registry"
    STORAGE = "object storage"


class Where(Enum):
    """Where a fault can act: in the practice registry (server), in a recording proxy, or in both."""

    BOTH = "server, proxy"
    SERVER = "server"


class Pause(Protocol):
    """Waits; True where the time went by, False where the wait was ended."""

    def __call__(self, seconds: float, /) -> bool:
        """Wait so long."""


@frozen
class Passing:
    """One request on its way through a fault: what came, what would handle it, and how to wait."""

    incoming: Incoming
    handler: Handler
    pause: Pause

    @property
    def asked(self) -> Asked:
        """What the request is about."""
        return asked_for(self.incoming.method, self.incoming.target)

    @property
    def headers(self) -> Headers:
        """The headers of the request."""
        return self.incoming.headers

    def on(
        self,
        *,
        method: str | None = None,
        target: str | None = None,
        headers: Headers | None = None,
        body: BodyReader | None = None,
    ) -> Outgoing:
        """Let the request go on, changed where something is given, and return the answer."""
        incoming = self.incoming
        return self.handler(
            replace(
                incoming,
                method=method or incoming.method,
                target=target or incoming.target,
                headers=headers if headers is not None else incoming.headers,
                body=body or incoming.body,
            )
        )

    def swallow(self) -> None:
        """Read the body of the request and drop it, as what buffers it does before it answers. Raises BodyBroken."""
        for _ in self.incoming.body.chunks():
            pass


Through: TypeAlias = "Callable[[Passing], Outgoing]"
"""A fault at work: what becomes of one request."""


@frozen
class FaultKind:
    """A fault: its name, the failures of the catalogue that it reproduces, who misbehaves, and its argument."""

    name: str
    reproduces: tuple[str, ...]
    plays: Plays
    argument: Argument | None
    where: Where
    needs: str  # what else has to be there for it to show, in words; empty for nothing
    help: str
    _make: Callable[..., Any]

    @property
    def line(self) -> str:
        """What a user sees, in one sentence: the first of the help."""
        return " ".join(self.help.split("\n\n", 1)[0].split())

    @property
    def usage(self) -> str:
        """Name and argument as they are typed."""
        return f"{self.name}[={self.argument.name}]" if self.argument else self.name

    def begin(self, text: str | None = None) -> Through:
        """Return the fault at work, with its argument or the default; raises InputError where that cannot be."""
        if self.argument is None:
            if text is not None:
                raise InputError(f"The fault '{self.name}' takes no argument; '{text}' was given.")
            return self._through()
        try:
            return self._through(self.argument.parse(self.argument.default if text is None else text))
        except InputError as bad:
            raise InputError(f"--fault {self.name}={text}: {bad.sentence}") from bad

    def _through(self, *values: object) -> Through:
        make = self._make
        remembers = inspect.isclass(make)
        made: Through = make(*values) if remembers else lambda passing: make(passing, *values)
        return made


def fault(
    name: str,
    *also: str,
    plays: Plays,
    argument: Argument | None = None,
    where: Where = Where.BOTH,
    needs: str = "",
    known_as: tuple[str, ...] | None = None,
) -> Callable[[Callable[..., Any]], FaultKind]:
    """Declare a function, or a class of what remembers, to be a fault.

    Its name is that of the failure in the catalogue, `also` are further ones that it reproduces; `known_as` replaces
    all of them where its name is not of the catalogue.
    """

    def declare(made: Callable[..., Any]) -> FaultKind:
        reproduces = (name, *also) if known_as is None else known_as
        return FaultKind(name, reproduces, plays, argument, where, needs, inspect.getdoc(made) or "", made)

    return declare
