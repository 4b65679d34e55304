"""The user's own editor in the place of the screen."""

from __future__ import annotations

from textual.app import App, SuspendNotSupported

from explorer.editing import Sheet, message_of, with_message
from explorer.editing.outside import edit_outside
from explorer.errors import InputError
from explorer.ui.body_texts import shown_as


def edited_outside(app: App[object], sheet: Sheet) -> Sheet:
    """Return a sheet as the user's editor left it; raises InputError where there is none or it wrote what cannot be."""
    body = shown_as(sheet.body, "text")
    text = message_of(sheet.request, body)
    try:
        with app.suspend():
            edited = edit_outside(text)
    except SuspendNotSupported as bad:
        raise InputError("This screen cannot be left for another editor.") from bad
    return (
        sheet
        if edited == text
        else sheet.with_request(with_message(sheet.request, body, edited, is_pinned=sheet.is_pinned))
    )
