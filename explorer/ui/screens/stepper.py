"""The main screen: steps, the request as it will go out or went out, the answer, and what all of it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.widgets import Static

from explorer.standing import proposed_of, to_edit
from explorer.ui.keys import CHANGING, KEYS, possible
from explorer.ui.panes.filter_bar import FilterBar
from explorer.ui.panes.footer import KeyLine
from explorer.ui.panes.lines import Lines
from explorer.ui.panes.timeline import Timeline
from explorer.ui.screens.drawing import DrawingScreen
from explorer.workbench import Workbench

if TYPE_CHECKING:
    from explorer.ui.screens.editor import Edited

NARROW = 100
"""Below so many columns one pane is shown at a time."""

WIDE = 170
"""From so many columns on, the meaning has a column of its own."""

PANES = ("request", "answer", "meaning")


class Stepper(DrawingScreen):
    """Steps through one session."""

    BINDINGS = KEYS
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (NARROW, "-wide"), (WIDE, "-widest")]
    HELP = """\
    Each step is one HTTP exchange. The request is shown as it will go out; Enter sends it, `e` edits it first.
    Go up in the steps to look at an exchange; `r` sends it again, `e` edits it for another attempt.
    In the panes 1 and 2 the arrows point at a line; pane 3 says what it means, where it came from, where it went.
    """

    def __init__(self, workbench: Workbench, remark: str = "", *, is_first: bool = True) -> None:
        super().__init__(workbench, remark)
        self.is_first = is_first

    def compose(self) -> ComposeResult:
        """Lay out the panes, for the size that the terminal has, so that nothing is drawn for another one first."""
        self.add_class([name for least, name in self.HORIZONTAL_BREAKPOINTS if least <= self.app.size.width][-1])
        yield Static(id="title")
        with Container(id="body"):
            with Vertical(id="left"):
                yield Timeline("timeline", self.insight)
                yield FilterBar("filter")
            with Vertical(id="messages", classes="-front"):
                yield Lines("request").add_class("-front")
                yield Lines("answer")
            yield Lines("meaning", points=False)
        yield Static(id="status")
        yield KeyLine(CHANGING)

    def on_mount(self) -> None:
        """Show the session as it stands."""
        self.timeline.focus()
        self.state = self._bench.state
        if self.state.pending is None and self.state.exchanges:
            self.selected = 1 if self.is_reading else len(self.state.exchanges)
        self.draw_first()

    def on_resize(self) -> None:
        """Draw for the new size, once the panes have it."""
        self.call_after_refresh(self.draw)

    def on_timeline_selected(self, message: Timeline.Selected) -> None:
        """Show another exchange."""
        self.selected = message.exchange

    def on_descendant_focus(self) -> None:
        """Say what the whole means where no line is pointed at."""
        if self.focused not in (self.request, self.answer, self.meaning):
            self.pointed = None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out the keys that do nothing now."""
        del parameters
        if self.state is None:
            return True
        return possible(
            action,
            self.state,
            self.selected,
            is_busy=self.is_busy,
            is_mendable=action == "mend" and (self.warned() or self.mendable()) is not None,
        )

    def action_send(self) -> None:
        """Send the next request, or show it where it is not in view."""
        if self.selected or (self.has_class("-narrow") and not self.request.display):
            self.selected = 0
            self.pane("request")
            return
        self.begin("send")

    def action_replay(self) -> None:
        """Send the selected exchange again as it was."""
        self.begin("replay", self.selected)

    def action_go_on(self) -> None:
        """Let the flow go on from the selected exchange."""
        self._remark = ""
        self.state = self._bench.stand_after(self.selected)
        self.selected = 0

    def action_undo(self) -> None:
        """Drop the edits."""
        self.state = self._bench.drop_draft()

    def action_edit(self) -> None:
        """Edit the next request, or the selected one."""
        from explorer.ui.screens.editor import Editor

        chosen = to_edit(self.state, self.selected) if self.state else None
        if self.state and chosen:
            request, attempt_of = chosen
            editor = Editor(request, proposed_of(self.state, attempt_of), self.insight)
            self.app.push_screen(editor, lambda edited: self._edited(edited, attempt_of))

    def _edited(self, edited: Edited | None, attempt_of: int) -> None:
        if edited is None:
            return
        self.state = self._bench.edit(edited.request, attempt_of)
        self.selected = 0
        self.pane("request")
        if edited.send:
            self.begin("send")

    def action_pane(self, name: str) -> None:
        """Go to a pane; to the meaning once more: from that of a line to that of the whole exchange."""
        if name == "meaning" and self.focused is self.meaning:
            self.pointed = None
        self.pane(name, focus=True)

    def action_enlarge(self) -> None:
        """Show the focused pane alone, or all again."""
        if self.maximized:
            self.minimize()
        elif isinstance(self.focused, Lines | Timeline):
            self.maximize(self.focused, container=False)

    def action_help(self) -> None:
        """Show or hide the help."""
        if self.query("HelpPanel"):
            self.app.action_hide_help_panel()
        else:
            self.app.action_show_help_panel()

    def action_leave(self) -> None:
        """Undo the last opening: the help, the enlarged pane, the selection; then leave."""
        if self.query("HelpPanel"):
            self.app.action_hide_help_panel()
        elif self.maximized:
            self.minimize()
        elif self.focused is not self.timeline:
            self.timeline.focus()
        elif self.selected and self.state and self.state.pending:
            self.selected = 0
        elif not self.is_busy and not self.is_first:
            self.dismiss()

    async def action_quit(self) -> None:
        """Stop what is being sent and leave."""
        self.stop()
        self.app.exit()

    def sent(self) -> None:
        """Show the answer."""
        super().sent()
        self.pane("answer")

    def pane(self, name: str, *, focus: bool = False) -> None:
        """Bring a pane into view: the only one where the screen is narrow."""
        for pane in PANES:
            self.query_exactly_one(f"#{pane}").set_class(pane == name, "-front")
        self.query_exactly_one("#messages").set_class(name != "meaning", "-front")
        if focus:
            self.query_exactly_one(f"#{name}").focus()
