"""A request in parts, line by line; what is wanted of a line is asked for by messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.binding import Binding
from textual.message import Message

from explorer.editing import Sheet
from explorer.origins import Source
from explorer.ui.panes.lines import Lines
from explorer.ui.rows.sheets import sheet_lines


class Parts(Lines):
    """The method, the pieces of the target and the header rows of a sheet."""

    @dataclass
    class Wanted(Message):
        """The user wants something done to the line of that number."""

        what: str
        number: int

    BINDINGS = [
        Binding("enter", "want('retype')", "change", show=False, id="parts.retype"),
        Binding(
            "space",
            "want('switch')",
            "on/off",
            show=False,
            id="parts.switch",
            tooltip="Switch a header off, or on again",
        ),
        Binding("J", "want('down')", "down", show=False, id="parts.down", tooltip="Move the line down"),
        Binding("K", "want('up')", "up", show=False, id="parts.up", tooltip="Move the line up"),
        Binding(
            "plus", "want('add')", "add", show=False, id="parts.add", tooltip="Add a header, or a piece of the query"
        ),
        Binding("D", "want('repeat')", "repeat", show=False, id="parts.repeat", tooltip="The same line once more"),
        Binding("delete,minus", "want('remove')", "remove", show=False, id="parts.remove"),
        Binding(
            "P", "want('pin')", "pin", show=False, id="parts.pin", tooltip="Keep Content-Length, whatever the body is"
        ),
    ]

    def show_sheet(
        self, sheet: Sheet, proposed: Sheet, sources: Sequence[Source] = (), cursor: int | None = None
    ) -> None:
        """Show a sheet, what differs from the proposed one marked, with the cursor on a line."""
        at = self.cursor if cursor is None else cursor
        length = "Content-Length is pinned" if sheet.is_pinned else "Content-Length follows the body"
        self.show("Parts", sheet_lines(sheet, proposed, sources), length)
        self.action_point(min(at, len(sheet.lines) - 1) - self.cursor)

    @property
    def keys_text(self) -> str:
        """The keys that do something here and what they do, as the user has them; empty without the focus."""
        keys: dict[str, list[str]] = {}
        for _, binding, *_ in (each for each in self.screen.active_bindings.values() if each.node is self):
            if (binding.id or "").startswith("parts."):
                keys.setdefault(binding.description, []).append(self.app.get_key_display(binding))
        return "  ".join(f"{names[0]} {what}" for what, names in keys.items())

    def action_want(self, what: str) -> None:
        """Ask for something to be done to the line under the cursor."""
        self.post_message(self.Wanted(what, self.cursor))
