"""Text in the terminal itself, without frames and without the mouse taken: to be selected and copied."""

from __future__ import annotations

from explorer.errors import InputError
from explorer.ui.ascii import ascii_text
from explorer.ui.manners import MannersApp
from explorer.ui.suspended import suspended
from explorer.visible import visible

BACK = "[Enter goes back to the screen]"


def show_plainly(app: object, text: str) -> None:
    """Leave the screen, print text, and wait for Enter; raises InputError where the screen cannot be left.

    A line of the text is one line of the terminal's, however long: it is copied whole.
    """
    if not isinstance(app, MannersApp):
        raise InputError("This screen cannot be left for plain text.")
    shown = "\n".join(visible(line) for line in text.split("\n"))
    with suspended(app, breaks=True):
        print(ascii_text(shown) if app.settings.ascii else shown, f"\n{BACK}", sep="\n")
        try:
            input()
        except (EOFError, OSError):
            return
