"""The line under the timeline in which a filter is typed."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Input, Static

from explorer.ui.text import safe


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

    field = query_one(Input)
    wrong = query_one(Static)

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self.border_title = "Filter"

    def compose(self) -> ComposeResult:
        """Lay out the field and the line for what is wrong in it."""
        yield Input(placeholder="~s 4xx  ~m PUT  ~p uploads  ~h location  ~b text  or a word", select_on_focus=False)
        yield Static()

    def open(self) -> None:
        """Show the field and go to it."""
        self.add_class("-open")
        self.field.focus()

    def complain(self, sentence: str) -> None:
        """Say what is wrong with the filter; empty: nothing."""
        self.wrong.update(safe(sentence))
        self.wrong.set_class(bool(sentence), "-said")

    def on_input_changed(self, message: Input.Changed) -> None:
        """Tell what was typed."""
        message.stop()
        self.post_message(self.Changed(message.value))

    def action_done(self) -> None:
        """Keep the filter and go back; an empty one goes away."""
        self.set_class(bool(self.field.value.strip()), "-open")
        self.post_message(self.Left())

    def action_clear(self) -> None:
        """Show everything again."""
        self.field.value = ""
        self.remove_class("-open")
        self.post_message(self.Left())
