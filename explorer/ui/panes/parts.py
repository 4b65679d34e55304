"""A request in parts, line by line; what is wanted of a line is asked for by messages."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding
from textual.message import Message

from explorer.editing import Sheet
from explorer.ui.panes.lines import Lines
from explorer.ui.rows.sheets import sheet_rows


class Parts(Lines):
    """The method, the pieces of the target and the header rows of a sheet."""

    @dataclass
    class Wanted(Message):
        """The user wants something done to the line of that number."""

        what: str
        number: int

    BINDINGS = [
        Binding("enter", "want('retype')", "Change", show=False, id="parts.retype"),
        Binding(
            "space",
            "want('switch')",
            "On/off",
            show=False,
            id="parts.switch",
            tooltip="Switch a header off, or on again",
        ),
        Binding("J", "want('down')", "Down", show=False, id="parts.down", tooltip="Move the line down"),
        Binding("K", "want('up')", "Up", show=False, id="parts.up", tooltip="Move the line up"),
        Binding(
            "plus", "want('add')", "Add", show=False, id="parts.add", tooltip="Add a header, or a piece of the query"
        ),
        Binding("D", "want('repeat')", "Repeat", show=False, id="parts.repeat", tooltip="The same line once more"),
        Binding("delete,minus", "want('remove')", "Remove", show=False, id="parts.remove"),
        Binding(
            "P", "want('pin')", "Pin", show=False, id="parts.pin", tooltip="Keep Content-Length, whatever the body is"
        ),
    ]

    def show_sheet(self, sheet: Sheet, proposed: Sheet, cursor: int | None = None) -> None:
        """Show a sheet, what differs from the proposed one marked, with the cursor on a line."""
        at = self.cursor if cursor is None else cursor
        length = "Content-Length is pinned" if sheet.is_pinned else "Content-Length follows the body"
        self.show("Parts", sheet_rows(sheet, proposed), length)
        self.action_point(min(at, len(sheet.lines) - 1) - self.cursor)

    def action_want(self, what: str) -> None:
        """Ask for something to be done to the line under the cursor."""
        self.post_message(self.Wanted(what, self.cursor))
