"""The palette: every action of the screen in use, by its description, with its key."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider


class ActionCommands(Provider):
    """Offers what the keys of the screen do."""

    def _actions(self) -> Iterator[tuple[Binding, str]]:
        seen: set[str] = set()
        for _, binding, is_enabled, tooltip in self.screen.active_bindings.values():
            if binding.description and binding.action not in seen:
                seen.add(binding.action)
                more = tooltip or binding.tooltip
                name = f"{binding.description}: {more}" if more else binding.description
                yield binding, name if is_enabled else f"{name} (not possible now)"

    async def discover(self) -> Hits:
        """Offer all of them."""
        for binding, name in self._actions():
            key = self.app.get_key_display(binding)
            yield DiscoveryHit(name, partial(self.screen.run_action, binding.action), help=f"key {key}")

    async def search(self, query: str) -> Hits:
        """Offer those that fit what was typed."""
        matcher = self.matcher(query)
        for binding, name in self._actions():
            if (score := matcher.match(name)) > 0:
                run = partial(self.screen.run_action, binding.action)
                yield Hit(score, matcher.highlight(name), run, help=f"key {self.app.get_key_display(binding)}")
