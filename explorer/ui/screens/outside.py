"""The user's own editor in the place of the screen."""

from __future__ import annotations

from textual.app import App

from explorer.editing import Sheet
from explorer.editing.outside import edit_sheet_outside
from explorer.ui.suspended import suspended


def edited_outside(app: App[object], sheet: Sheet) -> Sheet:
    """Return a sheet as the user's editor left it; raises InputError where there is none or it wrote what cannot be."""
    edited = [sheet]
    with suspended(app, breaks=False):
        edited.append(edit_sheet_outside(sheet))
    return edited[-1]
