"""The editor: a request as raw text or in parts, where it goes, its body; and what all that changes."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding
from textual.containers import Vertical
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Static

from explorer.editing import History, Sheet
from explorer.errors import Problem
from explorer.formats.writing.one_command import curl_command
from explorer.frozen import frozen
from explorer.insight import Insight
from explorer.model import Request
from explorer.ui.panes.footer import KeyLine
from explorer.ui.panes.lines import Lines
from explorer.ui.panes.parts import Parts
from explorer.ui.panes.sheet_form import SheetForm
from explorer.ui.rows.sheets import change_rows, objection_rows
from explorer.ui.screens.asking import Ask
from explorer.ui.text import Row, safe, words

_PAUSE = 0.15
"""So many seconds after the last key it is looked at what was typed."""


@frozen
class Edited:
    """What came of the editing, and whether it is to be sent at once."""

    request: Request
    send: bool


class Editor(ModalScreen[Edited | None]):
    """Edits a request; nothing that was left alone is changed."""

    BINDINGS = [
        Binding("f5", "finish(True)", "Send", id="edit.send", priority=True),
        Binding("f2,ctrl+s", "finish(False)", "Keep", id="edit.keep", priority=True),
        Binding("f3", "view", "Raw/parts", id="edit.view", priority=True, tooltip="As raw text, or in parts"),
        Binding("f7", "body", "Text/hex", id="edit.body", priority=True, tooltip="The body as text, or as hex"),
        Binding("f4", "outside", "$EDITOR", id="edit.outside", priority=True, tooltip="In an editor of your own"),
        Binding("f6", "copy", "Curl", id="edit.copy", priority=True, tooltip="Copy it as a curl command"),
        Binding("f8", "undo", "Undo", id="edit.undo", priority=True),
        Binding("f9", "redo", "Redo", id="edit.redo", priority=True, show=False),
        Binding("escape", "cancel", "Cancel", id="edit.cancel", priority=True),
        Binding("tab", "app.focus_next", "Next field", id="edit.next", priority=True, show=False),
    ]
    HELP = "Line 1 is the request line, each further line a header. What is typed goes out as it is typed."
    DEFAULT_CSS = """
    Editor {
        align: center middle;
        & > #sheet { width: 100%; height: 100%; border: round $primary; padding: 0 1; background: $surface; }
        & #differs { height: auto; max-height: 25%; border: none; border-top: solid $panel-lighten-2; }
        & #wrong { color: $text-error; height: auto; max-height: 3; }
    }
    """

    form = query_one("#form", SheetForm)
    wrong = query_one("#wrong", Static)

    def __init__(self, request: Request, proposed: Request | None = None, insight: Insight | None = None) -> None:
        """Edit a request: what differs from the proposed one is marked, and what the session tells of it is said."""
        super().__init__()
        self._request = request
        self._proposed = Sheet.of(proposed or request)
        self._insight = insight
        self._warnings = insight.warnings if insight else None
        self._history = History(Sheet.of(request))
        self._look: Timer | None = None

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys, those of the editor first and in their order, whichever of them a field has for itself, too."""
        every = super().active_bindings
        order = [binding.id for binding in self.BINDINGS if isinstance(binding, Binding)]
        own = [(key, each) for key, each in every.items() if each.binding.id in order]
        return dict(sorted(own, key=lambda one: order.index(one[1].binding.id))) | every

    def compose(self) -> ComposeResult:
        """Lay out the fields."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = "Edit: goes out exactly as it stands here"
            yield SheetForm(self._request.body)
            yield Lines("differs", points=False)
            yield Static(id="wrong")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin in the head; where the app is being left already, there is none."""
        if self.query("#form") and self.form.is_whole:
            self._show()
            self.form.head.focus()

    def on_input_submitted(self) -> None:
        """Go to the next field."""
        self.focus_next()

    def on_text_area_changed(self) -> None:
        """Look at it when the typing pauses."""
        self._look_soon()

    def on_input_changed(self) -> None:
        """Look at it when the typing pauses."""
        self._look_soon()

    def action_finish(self, send: bool) -> None:
        """Keep the edits, and perhaps send them; what cannot be kept is said here."""
        if self._took():
            self.dismiss(Edited(self._history.value.request, send))

    def action_cancel(self) -> None:
        """Leave everything as it was."""
        self.dismiss(None)

    def action_view(self) -> None:
        """Go from raw text to parts, or back."""
        if not self._took():
            return
        self._show()
        self.form.turn()

    def action_body(self) -> None:
        """Go from the body as text to hex, or back."""
        if not self._took():
            return
        try:
            self.form.turn_body(self._history.value.body)
        except Problem as problem:
            self._say(problem.sentence)
            return
        self._show()

    def action_copy(self) -> None:
        """Copy the request as a curl command, as it stands."""
        if self._took():
            self.app.copy_to_clipboard(curl_command(self._history.value.request))
            self.wrong.update("Copied as a curl command, by way of the terminal (OSC 52).")

    def action_undo(self) -> None:
        """Go back to what was before the last change, or before what was typed and cannot be kept."""
        if self._took():
            self._history = self._history.undo()
        self.wrong.update("")
        self._show()

    def action_redo(self) -> None:
        """Do again what was undone last."""
        if self._took():
            self._history = self._history.redo()
            self._show()

    def action_outside(self) -> None:
        """Edit it in an editor of the user's own."""
        from explorer.ui.screens.outside import edited_outside

        if not self._took():
            return
        try:
            self._then(edited_outside(self.app, self._history.value))
        except Problem as problem:
            self._say(problem.sentence)

    def on_parts_wanted(self, message: Parts.Wanted) -> None:
        """Do to a line what is wanted; what needs words asks for them."""
        if not self._took():
            return
        sheet, number = self._history.value, message.number
        match message.what:
            case "retype":
                self._ask("Change this line", sheet.text(number), lambda text: (sheet.retyped(number, text), number))
            case "add":
                self._ask("Add a line", "", lambda text: sheet.added(number, text))
            case "switch" if sheet.switched(number) == sheet:
                self._say("Only a header can be switched off; delete removes a line of the target.")
            case "switch":
                self._then(sheet.switched(number))
            case "repeat":
                self._then(sheet.repeated(number))
            case "remove":
                self._then(sheet.without(number))
            case "pin":
                self._then(sheet.pin_switched())
            case what:
                by = 1 if what == "down" else -1
                moved = sheet.moved(number, by)
                self._then(moved, number if moved is sheet else number + by)

    def _ask(self, title: str, text: str, edit: Callable[[str], tuple[Sheet, int]]) -> None:
        help = "A header is Name: value; a piece of the query begins with ? or &. It goes out as it is typed."
        self.app.push_screen(
            Ask(title, help, text, edit), lambda typed: None if typed is None else self._then(*edit(typed))
        )

    def _then(self, sheet: Sheet, cursor: int | None = None) -> None:
        self._history = self._history.then(sheet)
        self._show(cursor)

    def _took(self) -> bool:
        """Take over what was typed; where that cannot be, say why and return False."""
        try:
            sheet = self._typed()
        except Problem as problem:
            self._say(problem.sentence)
            return False
        if sheet != self._history.value:
            self._then(sheet)
        self.wrong.update("")
        return True

    def _say(self, sentence: str) -> None:
        self.wrong.update(safe(sentence))
        self.app.bell()

    def _typed(self) -> Sheet:
        """Return the sheet with everything that was typed since; raises a Problem."""
        return self.form.typed(self._history.value, self._request)

    def _show(self, cursor: int | None = None) -> None:
        """Fill the fields with what was taken over."""
        sheet, proposed = self._history.value, self._proposed
        sources = self._insight.sources_of(sheet.request, proposed.request) if self._insight else ()
        self.form.show(sheet, proposed, sources, cursor)
        self._look_at()

    def _look_soon(self) -> None:
        if self._look:
            self._look.stop()
        self._look = self.set_timer(_PAUSE, self._look_at)

    def _look_at(self) -> None:
        """Say what differs from the proposal, and what would fail or cannot be sent."""
        rows: list[Row] = []
        try:
            sheet = self._typed()
            rows = [
                *objection_rows(sheet.request, self._warnings),
                *change_rows(self._proposed, sheet),
            ]
            title = "~ differs from what was proposed" if sheet.request != self._proposed.request else "as proposed"
        except Problem as problem:
            rows, title = [(words("✗ ", "bad"), words(problem.sentence))], "cannot be sent like this"
        self.query_exactly_one("#differs", Lines).show(title, rows)
