"""Which registry answers, which client asks, and what stands between them: told from the wire, with the evidence.

Causes and fixes differ by them. Where the signs do not suffice, nobody is named.
"""

from __future__ import annotations

from collections.abc import Iterable

from explorer.frozen import frozen
from explorer.model import Exchange
from explorer.recognition.clients import CLIENTS
from explorer.recognition.proxies import PROXIES, who_answered
from explorer.recognition.registries import REGISTRIES
from explorer.recognition.signs import Recognised, Sign, Tally

__all__ = ["Parties", "Recognised", "Recogniser", "Sign", "recognise", "who_answered"]


@frozen
class Parties:
    """The registry, the client, and the proxy in front of the registry."""

    registry: Recognised
    client: Recognised
    proxy: Recognised


class Recogniser:
    """Recognises as exchanges come in; each costs the same."""

    def __init__(self) -> None:
        self._tallies = (Tally(REGISTRIES), Tally(CLIENTS), Tally(PROXIES))

    def feed(self, exchange: Exchange) -> None:
        """Take in an exchange."""
        for tally in self._tallies:
            tally.feed(exchange)

    @property
    def parties(self) -> Parties:
        """Who is there, as far as it is known."""
        return Parties(*(tally.best for tally in self._tallies))

    @property
    def registry(self) -> str:
        """The registry's name; empty where it is not known."""
        return self._tallies[0].best.name

    @property
    def generation(self) -> str:
        """Which distribution is underneath, 2 or 3, also below products that are built on it; empty where unknown."""
        names = self._tallies[0].names()
        return next((number for number in ("3", "2") if f"distribution {number}" in names), "")

    @property
    def client(self) -> str:
        """The client's name; empty where it is not known."""
        return self._tallies[1].best.name

    @property
    def proxy(self) -> str:
        """The proxy's name; empty where there is none, or it does not show itself."""
        return self._tallies[2].best.name


def recognise(exchanges: Iterable[Exchange]) -> Parties:
    """Return who takes part in a conversation."""
    recogniser = Recogniser()
    for exchange in exchanges:
        recogniser.feed(exchange)
    return recogniser.parties
