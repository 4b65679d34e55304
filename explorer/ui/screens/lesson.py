"""A lesson: what was said and sent stands above, what the learner is to do below."""

from __future__ import annotations

from collections.abc import Callable

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from explorer.errors import Problem
from explorer.teaching import Asking, Mending, Over, Stage, Teaching
from explorer.ui.lesson_blocks import Block, blocks_of
from explorer.ui.panes.choices import Choices
from explorer.ui.panes.footer import KeyLine
from explorer.ui.screens.editor import Edited, Editor
from explorer.ui.text import safe

_EDIT, _SEND, _SHOW = "edit", "send", "show"
_MENDING = (
    (_EDIT, "Change the request"),
    (_SEND, "Send it as it stands above"),
    (_SHOW, "Show me: send it as it should be"),
)


class LessonScreen(Screen[None]):
    """Takes a lesson; `when_over` is called once, when it has come to its end."""

    BINDINGS = [
        Binding("enter", "go_on", "Go on", id="lesson.go_on"),
        Binding("pageup", "page(-1)", "Back in the text", id="lesson.up", show=False, priority=True),
        Binding("pagedown", "page(1)", "On in the text", id="lesson.down", show=False, priority=True),
        Binding("escape", "leave", "Leave the lesson", id="lesson.leave"),
    ]
    HELP = "Say what will come back, and see. Page Up and Page Down move in what has been said so far."
    DEFAULT_CSS = """
    LessonScreen {
        & > #title { height: 1; background: $primary; color: $text; padding: 0 1; }
        & > #talk { height: 1fr; padding: 0 1; scrollbar-gutter: stable; }
        & > #turn { height: auto; max-height: 50%; border-top: solid $primary; padding: 0 1; }
        & #talk > Static { height: auto; margin-bottom: 1; }
        & #talk > .-wire { border-left: outer $accent; padding-left: 1; color: $foreground-muted; }
        & #talk > .-right { color: $text-success; }
        & #talk > .-wrong { color: $text-warning; }
        & #question { height: auto; text-style: bold; }
        & Choices { height: auto; max-height: 8; border: none; min-width: 20; &:focus { border: none; } }
        & Input { border: none; height: 1; padding: 0; background: $boost; &:focus { border: none; } }
    }
    """

    def __init__(self, teaching: Teaching, when_over: Callable[[Over], None], *, is_first: bool = False) -> None:
        super().__init__()
        self._teaching = teaching
        self._when_over = when_over
        self._is_first = is_first
        self.is_busy = False
        self._shown: Stage | None = None

    @property
    def stage(self) -> Stage:
        """Where the lesson stands."""
        return self._teaching.stage

    def compose(self) -> ComposeResult:
        """Lay out the talk and the turn."""
        kind = self._teaching.kind
        yield Static(safe(f"Lesson {kind.number}: {kind.title}"), id="title")
        yield VerticalScroll(id="talk", can_focus=True)
        yield Vertical(id="turn")
        yield KeyLine()

    async def on_mount(self) -> None:
        """Begin."""
        await self._show()

    async def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Take a choice as the guess, or as what is to be done with a request."""
        message.stop()
        match self.stage:
            case Asking(ask=ask) if message.option_index < len(ask.question.choices):
                self._move(lambda: self._teaching.guess(ask.question.choices[message.option_index]))
            case Asking():
                self._move(lambda: self._teaching.guess(""))
            case Mending(mend=mend, request=request):
                if message.option.id == _EDIT:
                    self.app.push_screen(Editor(request, mend.step.request), self._edited)
                elif message.option.id == _SEND:
                    self._move(lambda: self._teaching.send(request))
                else:
                    self._move(self._teaching.give_up)
            case _:
                pass

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Take what was typed as the guess."""
        message.stop()
        if isinstance(self.stage, Asking):
            self._move(lambda: self._teaching.guess(message.value))

    def action_go_on(self) -> None:
        """Go on from what was read."""
        if isinstance(self.stage, Over):
            self.action_leave()
        elif not isinstance(self.stage, Asking | Mending):
            self._move(self._teaching.go_on)

    def action_page(self, by: int) -> None:
        """Move in what has been said."""
        talk = self.query_exactly_one("#talk", VerticalScroll)
        talk.scroll_relative(y=by * max(1, talk.size.height - 2), animate=False)

    def action_leave(self) -> None:
        """Leave the lesson where it is."""
        self._teaching.stop()
        if self._is_first:
            self.app.exit()
        else:
            self.dismiss()

    async def _edited(self, edited: Edited | None) -> None:
        if edited is None:
            return
        self._teaching.draft(edited.request)
        if edited.send:
            self._move(lambda: self._teaching.send(edited.request))
        else:
            await self._show()

    def _move(self, move: Callable[[], Stage]) -> None:
        if not self.is_busy:
            self.is_busy = True
            self._work(move)

    @work(thread=True, group="lesson", exit_on_error=False, description="send")
    def _work(self, move: Callable[[], Stage]) -> None:
        """Send what has to be sent, off the screen's own loop."""
        problem = ""
        try:
            move()
        except Problem as found:
            problem = found.sentence
        self.app.call_from_thread(self._moved, problem)

    def _moved(self, problem: str) -> None:
        self.is_busy = False
        if not self.is_mounted:
            return
        if problem:
            self.call_next(self._append, [Block(problem, "-wrong")])
            self.app.bell()
        else:
            self.call_next(self._show)

    async def _show(self) -> None:
        """Show where the lesson stands: what is new in the talk, and the turn."""
        stage = self.stage
        if stage is self._shown:
            return
        self._shown = stage
        await self._append(blocks_of(stage, self.size.width - 6))
        await self._show_turn(stage)
        if isinstance(stage, Over):
            self._when_over(stage)

    async def _append(self, blocks: list[Block]) -> None:
        talk = self.query_exactly_one("#talk", VerticalScroll)
        made = [Static(safe(block.text), classes=block.kind) for block in blocks]
        await talk.mount_all(made)
        if made:
            self.call_after_refresh(talk.scroll_end, animate=False)

    async def _show_turn(self, stage: Stage) -> None:
        turn = self.query_exactly_one("#turn", Vertical)
        await turn.remove_children()
        match stage:
            case Asking(ask=ask, number=number) if ask.question.choices:
                await turn.mount(Static(safe(f"{number}. {ask.question.words}"), id="question"))
                choices = [*map(safe, ask.question.choices), safe("I cannot tell")]
                await turn.mount(Choices(*(Option(choice) for choice in choices), id="choices", markup=False))
            case Asking(ask=ask, number=number):
                await turn.mount(Static(safe(f"{number}. {ask.question.words}"), id="question"))
                await turn.mount(Input(placeholder="type your guess; Enter sends", id="typed"))
            case Mending():
                await turn.mount(Static("What now?", id="question"))
                options = (Option(safe(words), id=id) for id, words in _MENDING)
                await turn.mount(Choices(*options, id="choices", markup=False))
            case Over():
                await turn.mount(Static("Enter leaves the lesson.", id="question"))
            case _:
                await turn.mount(Static("Enter goes on.", id="question"))
        (self.query("#choices, #typed") or self.query("#talk")).first().focus()
