"""The palette: every conversation by its name, beside Textual's own commands."""

from __future__ import annotations

from functools import partial
from typing import Protocol, runtime_checkable

from textual.command import DiscoveryHit, Hit, Hits, Provider


@runtime_checkable
class CallsFlows(Protocol):
    """An app that can ask for the arguments of a conversation and begin it."""

    def call_flow(self, name: str) -> None:
        """Ask for the arguments of a conversation."""


class FlowCommands(Provider):
    """Offers to begin a conversation."""

    async def discover(self) -> Hits:
        """Offer all of them."""
        from explorer.ui.screens.flow_form import callable_flows

        if isinstance(self.app, CallsFlows):
            for kind in callable_flows():
                yield DiscoveryHit(f"Run {kind.name}", partial(self.app.call_flow, kind.name), help=kind.line)

    async def search(self, query: str) -> Hits:
        """Offer those that fit what was typed."""
        from explorer.ui.screens.flow_form import callable_flows

        matcher = self.matcher(query)
        if isinstance(self.app, CallsFlows):
            for kind in callable_flows():
                if (score := matcher.match(f"Run {kind.name}")) > 0:
                    begin = partial(self.app.call_flow, kind.name)
                    yield Hit(score, matcher.highlight(f"Run {kind.name}"), begin, help=kind.line)
