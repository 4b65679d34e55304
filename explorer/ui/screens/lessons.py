"""The lessons to choose from, with how those that were taken went."""

from __future__ import annotations

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from explorer import learnt
from explorer.errors import Problem
from explorer.lessons import lessons
from explorer.teaching import Over, Teaching
from explorer.ui.panes.choices import Choices
from explorer.ui.panes.footer import KeyLine
from explorer.ui.screens.lesson import LessonScreen
from explorer.ui.text import safe


class LessonsScreen(ModalScreen[None]):
    """Lists the lessons; Enter begins one."""

    BINDINGS = [Binding("escape", "leave", "Back", id="lessons.leave", priority=True)]
    DEFAULT_CSS = """
    LessonsScreen {
        align: center middle;
        & > #sheet { width: 90; max-width: 98%; height: auto; max-height: 96%; border: round $primary; padding: 0 1;
                     background: $surface; }
        & #about { color: $foreground-muted; height: auto; margin-bottom: 1; }
        & Choices { border: none; height: auto; max-height: 18; min-width: 20; &:focus { border: none; } }
        & #wrong { color: $text-error; height: auto; }
    }
    """

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = "Lessons"
            yield Static("Say what a registry will answer, and see. No network is needed.", id="about", markup=False)
            yield Choices(id="list", markup=False)
            yield Static(id="wrong")
        yield KeyLine()

    def on_mount(self) -> None:
        """Show them."""
        self._fill()

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Begin the chosen one."""
        message.stop()
        self._open(message.option.id or "")

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)

    def _fill(self) -> None:
        try:
            known = learnt.taken()
        except Problem as problem:
            known = {}
            self._say(problem.sentence)
        choices = self.query_exactly_one("#list", Choices)
        choices.clear_options()
        begun = 0
        for place, kind in enumerate(lessons().values()):
            one = known.get(kind.name)
            done = f"taken, {one.right} of {one.asked}" if one else ""
            begun = begun or (0 if one else place + 1)
            choices.add_option(Option(safe(f"{kind.number}  {kind.title:<32} {done}"), id=kind.name))
        choices.highlighted = max(0, begun - 1)

    @work(thread=True, group="open", exclusive=True, exit_on_error=False, description="open")
    def _open(self, name: str) -> None:
        """Start the lesson's registry, off the screen's own loop, and show it."""
        from explorer.jobs import open_lesson

        try:
            teaching = open_lesson(name)
        except Problem as problem:
            self.app.call_from_thread(self._say, problem.sentence)
            return
        self.app.call_from_thread(self._begin, teaching)

    def _begin(self, teaching: Teaching) -> None:
        def over(end: Over) -> None:
            try:
                learnt.note(teaching.kind.name, end.right, end.asked)
            except Problem as problem:
                self._say(problem.sentence)

        def left(_: None) -> None:
            teaching.close()
            self._fill()

        self.app.push_screen(LessonScreen(teaching, over), left)

    def _say(self, sentence: str) -> None:
        self.query_exactly_one("#wrong", Static).update(safe(sentence))
