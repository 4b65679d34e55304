"""The palette's entry for the faults of the built-in registry, or of the recorder, where a session has either."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from textual.command import DiscoveryHit, Hit, Hits, Provider

_NAME = "Faults"
_HELP = "Switch the ways in which the built-in registry or the recorder goes wrong, while it runs."


@runtime_checkable
class ShowsFaults(Protocol):
    """A screen that can show the faults of the other side that it works with."""

    def has_faults(self) -> bool:
        """Say whether that is the built-in registry, or behind the recorder."""

    def show_faults(self) -> None:
        """Show them."""


class FaultCommands(Provider):
    """Offers to switch faults."""

    async def discover(self) -> Hits:
        """Offer it."""
        screen = self.screen
        if isinstance(screen, ShowsFaults) and screen.has_faults():
            yield DiscoveryHit(_NAME, screen.show_faults, help=_HELP)

    async def search(self, query: str) -> Hits:
        """Offer it where it fits what was typed."""
        screen, matcher = self.screen, self.matcher(query)
        score = matcher.match(_NAME)
        if score > 0 and isinstance(screen, ShowsFaults) and screen.has_faults():
            yield Hit(score, matcher.highlight(_NAME), screen.show_faults, help=_HELP)
