"""Keys are taken in turn: each when the one before has had its whole effect, so that typing ahead does what it says.

Textual hands a key to the widget in focus, and the widget hands it up, while the next key is on its way already: what
is typed quickly, or while the machine is slow, could come out in another order. A key that can do nothing while a
request is under way waits until the answer is there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from textual import on
from textual.app import App
from textual.dom import DOMNode
from textual.events import Event, Key, Paste
from textual.message import Message
from textual.timer import Timer

MOST_AHEAD = 32
"""So many keys wait at most; where there are more, somebody leans on one, and none is taken."""

_ROUNDS = 3
"""A key's effect may be a message whose effect is a message; so often something follows it on its way."""

_LOOK_SECONDS = 0.1
"""After so long it is looked whether what follows a key went away together with the screen that it was in."""


class HoldsBack:
    """A screen on which some keys have to wait at times."""

    is_busy = False
    """Whether there is anything that a key may have to wait for."""

    def holds_back(self, action: str) -> bool:
        """Say whether a key with this action (empty: with none) waits until Free is told."""
        raise NotImplementedError

    def shows_typed(self, keys: Sequence[str], why: str) -> None:
        """Show which keys wait; where there is a reason why, they were dropped for it."""
        raise NotImplementedError


class Free(Message):
    """What keys were waiting for is over; where there is a reason `why` they are not to be taken, they are dropped."""

    def __init__(self, why: str = "") -> None:
        super().__init__()
        self.why = why


class _Turn(Message):
    """Follows a key through the same widgets; when it is back, the key has been there, too."""


AT_ONCE = ("stop", "pause", "leave", "quit", "app.quit")
"""Actions whose keys never wait; all but the pause drop what does."""


class KeysInTurn(App[None]):
    """Takes one key after the other."""

    opening = False
    """Whether something is being opened that the next keys are meant for."""

    def __init__(self) -> None:
        super().__init__()
        self._typed: deque[Key | Paste] = deque()
        self._turn: _Turn | None = None
        self._target: DOMNode | None = None
        self._rounds = 0
        self._look: Timer | None = None

    async def on_event(self, event: Event) -> None:
        """Put what is typed behind what was typed before."""
        if not isinstance(event, Key | Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        self._typed.append(event)
        await self._take()

    @on(Free)
    async def _go_on(self, message: Free) -> None:
        if message.why:
            self._drop(message.why)
        await self._take()

    @on(_Turn)
    async def _is_back(self, message: _Turn) -> None:
        if message is not self._turn:
            return
        self._rounds -= 1
        self._follow()
        await self._take()

    async def _take(self) -> None:
        """Take the next key, if the one before has had its effect and nothing holds it back."""
        while self._turn is None and (event := self._next()):
            self._rounds = _ROUNDS
            await super().on_event(event)
            self._follow()

    def _next(self) -> Key | Paste | None:
        """Take the first key out of those that were typed, or one that never waits; None where all of them wait."""
        if not self._typed:
            return None
        if not self._has_to_wait(self._typed[0]):
            return self._typed.popleft()
        for event in self._typed:
            action = self._action(event)
            if action in AT_ONCE:
                self._typed.remove(event)
                if action != "pause":
                    self._drop("")
                return event if action != "leave" else None
        if len(self._typed) > MOST_AHEAD:
            self._drop("there were too many")
        elif isinstance(self.screen, HoldsBack):
            self.screen.shows_typed([event.key for event in self._typed if isinstance(event, Key)], "")
        return None

    def _follow(self) -> None:
        """Send the next message behind the key, or end its turn."""
        self._turn = self._target = None
        if self._rounds > 0 and self.is_running and self.screen_stack:
            target, turn = self.focused or self.screen, _Turn()
            if target.post_message(turn):
                self._turn, self._target = turn, target
        if self._turn is None:
            if self._look:
                self._look.pause()
        elif self._look:
            self._look.reset()
        else:
            self._look = self.set_interval(_LOOK_SECONDS, self._look_after)

    async def _look_after(self) -> None:
        """Send the message once more where the widget that it went to is gone."""
        if self._turn and self._target is not (self.focused or self.screen):
            self._follow()
            await self._take()

    def _has_to_wait(self, event: Key | Paste) -> bool:
        if self.opening:
            return self._action(event) not in AT_ONCE
        screen = self.screen
        return isinstance(screen, HoldsBack) and screen.is_busy and screen.holds_back(self._action(event))

    def _action(self, event: Key | Paste) -> str:
        active = self.screen.active_bindings.get(event.key) if isinstance(event, Key) else None
        return active.binding.action if active else ""

    def _drop(self, why: str) -> None:
        keys = [one.key for one in self._typed if isinstance(one, Key)]
        self._typed.clear()
        if isinstance(self.screen, HoldsBack) and keys:
            self.screen.shows_typed(keys if why else (), why)
