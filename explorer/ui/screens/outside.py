"""The user's own editor in the place of the screen."""

from __future__ import annotations

from textual.app import App, SuspendNotSupported

from explorer.editing import Sheet
from explorer.editing.outside import edit_sheet_outside
from explorer.errors import InputError


def edited_outside(app: App[object], sheet: Sheet) -> Sheet:
    """Return a sheet as the user's editor left it; raises InputError where there is none or it wrote what cannot be."""
    try:
        with app.suspend():
            return edit_sheet_outside(sheet)
    except SuspendNotSupported as bad:
        raise InputError("This screen cannot be left for another editor.") from bad
