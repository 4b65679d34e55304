"""The line under the timeline in which a filter is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from explorer.ui.text import safe

if TYPE_CHECKING:
    from textual.widgets import Input


class FilterBar(Vertical):
    """Takes a filter; it is there only while it is used or holds one."""

    @dataclass
    class Changed(Message):
        """The text of the filter is another one."""

        text: str

    class Left(Message):
        """The user is done with it."""

    BINDINGS = [
        Binding("enter", "done", "Keep the filter", id="filter.keep", priority=True),
        Binding("escape", "clear", "Show all", id="filter.clear", priority=True),
    ]
    HELP = "~m METHOD  ~s 4xx  ~p path  ~h header  ~b body  ~t title  ~e no answer  ~x failed;  ! & | ( ) as usual."
    DEFAULT_CSS = """
    FilterBar {
        height: auto; display: none; border: round $primary; border-title-color: $text;
        &.-open { display: block; }
        & Input { border: none; height: 1; padding: 0; background: $boost; &:focus { border: none; } }
        & Static { color: $text-error; height: auto; display: none; &.-said { display: block; } }
    }
    """

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self.border_title = "Filter"
        self._field: Input | None = None
        self._wrong: Static | None = None

    async def open(self) -> None:
        """Show the field and go to it; it and the line for what is wrong in it are made when they are first used."""
        from textual.widgets import Input

        if self._field is None:
            hint = "~s 4xx  ~m PUT  ~p uploads  ~h location  ~b text  or a word"
            self._field, self._wrong = Input(placeholder=hint, select_on_focus=False), Static()
            await self.mount(self._field, self._wrong)
        self.add_class("-open")
        self._field.focus()

    def complain(self, sentence: str) -> None:
        """Say what is wrong with the filter; empty: nothing."""
        if self._wrong:
            self._wrong.update(safe(sentence))
            self._wrong.set_class(bool(sentence), "-said")

    def on_input_changed(self, message: Input.Changed) -> None:
        """Tell what was typed."""
        message.stop()
        self.post_message(self.Changed(message.value))

    def action_done(self) -> None:
        """Keep the filter and go back; an empty one goes away."""
        self.set_class(bool(self._field and self._field.value.strip()), "-open")
        self.post_message(self.Left())

    def action_clear(self) -> None:
        """Show everything again."""
        if self._field:
            self._field.value = ""
        self.remove_class("-open")
        self.post_message(self.Left())
