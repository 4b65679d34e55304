"""A screen from which a conversation is had again: with values derived afresh, from any exchange on, anywhere."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from explorer.errors import InputError
from explorer.formats.values import Json
from explorer.model import Session
from explorer.ui.screens.mending import MendingScreen

_HELP = (
    "A new session opens, before its first request. Every value that came from an answer (Location, state, token, "
    "upload) is taken from the new answers; what leads to where the first one goes comes before it. Nothing is "
    "overwritten.\n"
    "To where: host[:port]/repository[:tag]; empty: where it was."
)


@runtime_checkable
class OpensReplays(Protocol):
    """An app that can open the replay of a recording."""

    def open_replay(self, session: Session, path: str, steps: tuple[int, int], to: str) -> None:
        """Open the replay of the first to the last of some steps of a session, to a target (empty: where it was)."""

    def open_as_client(self, client: str, arguments: Json) -> None:
        """Open the push that a call describes, as another client would make it."""


class ReplayingScreen(MendingScreen):
    """Opens replays."""

    def action_replay_afresh(self) -> None:
        """Ask to where, and open the replay: from the selected exchange on, else of the whole session."""
        state = self.state
        if self._can_replay() and state:
            first, last = self.selected or 1, len(state.exchanges)
            self._ask_where(f"Replay afresh from exchange {first} to {last}", (first, last))

    def action_replay_one(self) -> None:
        """Ask to where, and open the replay of the selected exchange alone."""
        if not self.selected:
            self.say("Go up to an exchange first; O has it again with values derived afresh.")
        elif self._can_replay():
            self._ask_where(f"Replay afresh exchange {self.selected} alone", (self.selected, self.selected))

    def _can_replay(self) -> bool:
        if self.state and self.state.exchanges and self.state.recording:
            return True
        self.say("There is nothing recorded yet that could be replayed.")
        return False

    def _ask_where(self, title: str, steps: tuple[int, int]) -> None:
        from explorer.ui.screens.asking import Ask

        self.app.push_screen(Ask(title, _HELP, check=_target), lambda to: self._replay(steps, to))

    def action_as_client(self) -> None:
        """Ask for a client, and open the same push as that one would make it."""
        from explorer.flows.clients import client_named, clients
        from explorer.ui.screens.asking import Ask

        if "read_from" not in self._bench.session.call.arguments:
            self.say("Only a push whose image was read from a file can be made as another client would.")
            return
        known = f"The same push as one of these would make it, as a session of its own: {', '.join(clients())}."
        self.app.push_screen(Ask("As another client", known, check=client_named), self._as_client)

    def _as_client(self, client: str | None) -> None:
        if client and isinstance(self.app, OpensReplays):
            self.app.open_as_client(client, self._bench.session.call.arguments)

    def _replay(self, steps: tuple[int, int], to: str | None) -> None:
        state = self.state
        if to is None or state is None or not isinstance(self.app, OpensReplays):
            return
        arguments = self._bench.session.call.arguments
        # The built-in registry of this session runs already, and must not be started a second time.
        where = to.strip() or (str(arguments["target"]) if arguments.get("practice") else "")
        self.app.open_replay(self._bench.session, state.recording, steps, where)


def _target(text: str) -> None:
    """Raise InputError where a text that is not empty names no target."""
    from explorer.spec.references import parse_target

    if text.strip() and "/" not in text:
        raise InputError(f"'{text}' names no repository: write host[:port]/repository[:tag].")
    if text.strip():
        parse_target(text.strip(), plain_http=text.startswith("http:"))
