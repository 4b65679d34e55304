"""The start screen: Enter alone steps the built-in sample into the built-in registry."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from explorer import __version__
from explorer.places import sessions_folder, stories
from explorer.ui.panes.choices import Choices
from explorer.ui.panes.footer import KeyLine
from explorer.ui.text import safe

_RECENT = 5
_CHOICES = ("sample", "push", "open", "flows", "options")

ABOUT = (
    "Step through the HTTP exchanges of a push, one at a time: see the request before it goes out, change anything "
    "in it, see the raw answer and what its Location carries. All of it is recorded."
)


class Start(Screen[None]):
    """Offers what can be done."""

    @dataclass
    class Chosen(Message):
        """The user chose: sample, push, open, flows, options, or recording with its path."""

        what: str
        path: str = ""

    BINDINGS = [Binding("q,escape", "app.quit", "Quit", id="start.quit")]
    HELP = "Choose with the arrows and Enter."
    DEFAULT_CSS = """
    Start {
        align: center middle;
        & > #card { width: 76; max-width: 96%; height: auto; max-height: 90%; padding: 0 1; border: round $primary; }
        & #about { color: $text-muted; margin-bottom: 1; }
        & Choices { height: auto; max-height: 14; min-width: 30; background: $surface; }
        & Choices, & Choices:focus { border: none; }
        & #options-now { color: $text-warning; height: auto; }
        & #wrong { color: $text-error; height: auto; }
    }
    """

    def compose(self) -> ComposeResult:
        """Lay out the choices."""
        with Vertical(id="card") as card:
            card.border_title = safe(f"registry-explorer {__version__}")
            yield Static(safe(ABOUT), id="about")
            yield Choices(
                Option("Step the sample image into the built-in registry", id="sample"),
                Option("Take a lesson: say what a registry will answer, and see…", id="lessons"),
                Option("Push an image…", id="push"),
                Option("Open a recording…", id="open"),
                Option("Another conversation…", id="flows"),
                Option("Login and connection…", id="options"),
                *(Option(safe(f"  {path.name}"), id=str(path)) for path in _recent()),
                *(Option(safe(f"Story: {story.line}"), id=str(story.path)) for story in stories()),
                id="choices",
                markup=False,
            )
            yield Static(id="options-now")
            yield Static(id="wrong")
        yield KeyLine()

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Tell what was chosen."""
        message.stop()
        id = message.option.id or "sample"
        if id == "lessons":
            from explorer.ui.screens.lessons import LessonsScreen

            self.app.push_screen(LessonsScreen())
            return
        self.post_message(self.Chosen(id) if id in _CHOICES else self.Chosen("recording", id))

    def show_options(self, words: str) -> None:
        """Show with which login and over which connections sessions are begun from here."""
        self.query_exactly_one("#options-now", Static).update(safe(words))

    def say(self, sentence: str) -> None:
        """Show why something could not be done."""
        self.query_exactly_one("#wrong", Static).update(safe(sentence))


def _recent() -> list[Path]:
    """Return the newest recordings, newest first."""
    try:
        return sorted(sessions_folder().glob("*.jsonl"), key=lambda path: path.name, reverse=True)[:_RECENT]
    except OSError:
        return []
