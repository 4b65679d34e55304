"""The editor: the head of a request as raw text, where it goes, and its body."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, Label, Static, TextArea

from explorer.editing import file_body, head_lines, with_body, with_head, with_origin
from explorer.errors import Problem
from explorer.model import Request, body_size
from explorer.plain.transcript import body_words
from explorer.ui.text import safe
from explorer.visible import size_text, visible

EDITABLE_BODY = 64 * 1024
"""Bodies up to this size, in bytes, are edited as text."""


@dataclass(frozen=True, slots=True)
class Edited:
    """What came of the editing, and whether it is to be sent at once."""

    request: Request
    send: bool


class Editor(ModalScreen[Edited | None]):
    """Edits a request; nothing that was left alone is changed."""

    BINDINGS = [
        Binding("f5", "finish(True)", "Send it", id="edit.send", priority=True),
        Binding("f2,ctrl+s", "finish(False)", "Keep it", id="edit.keep", priority=True),
        Binding("escape", "cancel", "Cancel", id="edit.cancel", priority=True),
        Binding("tab", "app.focus_next", "Next field", id="edit.next", priority=True),
    ]
    HELP = "Line 1 is the request line, each further line a header. What is typed goes out as it is typed."
    DEFAULT_CSS = """
    Editor {
        align: center middle;
        & > #sheet { width: 96%; height: 92%; border: round $primary; padding: 0 1; background: $surface; }
        & #head { height: 2fr; min-height: 5; }
        & #text { height: 1fr; min-height: 3; &.-empty { height: 3; } }
        & Input { border: none; height: 1; padding: 0; background: $boost; &:focus { border: none; } }
        & Label { color: $text-muted; }
        & TextArea { border: none; padding: 0; background: $boost; &:focus { border: none; } }
        & #wrong { color: $text-error; height: auto; max-height: 3; }
    }
    """

    head = query_one("#head", TextArea)
    wrong = query_one("#wrong", Static)

    def __init__(self, request: Request) -> None:
        super().__init__()
        self._request = request
        self._text = _editable(request)

    def compose(self) -> ComposeResult:
        """Lay out the fields."""
        body = self._request.body
        with Vertical(id="sheet") as sheet:
            sheet.border_title = "Edit: goes out exactly as it stands here"
            yield Label("Connect to")
            yield Input(str(self._request.origin), id="origin", select_on_focus=False)
            yield Label("Request line and headers")
            yield TextArea("\n".join(head_lines(self._request)), id="head", soft_wrap=True)
            if self._text is not None:
                yield Label(safe(f"Body ({size_text(body_size(body))}); a Content-Length that was true follows it"))
                yield TextArea(self._text, id="text", soft_wrap=True, classes="" if self._text else "-empty")
            else:
                yield Label(safe(f"Body: {size_text(body_size(body))}, {body_words(body)}"))
            yield Input(id="file", placeholder="path of a file to send as the body instead", select_on_focus=False)
            yield Static(id="wrong")
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Begin in the head; where the app is being left already, there is none."""
        if self.query("#head"):
            self.head.focus()

    def on_input_submitted(self) -> None:
        """Go to the next field."""
        self.focus_next()

    def action_finish(self, send: bool) -> None:
        """Keep the edits, and perhaps send them; what cannot be kept is said here."""
        try:
            edited = self._edited()
        except Problem as problem:
            self.wrong.update(safe(problem.sentence))
            self.app.bell()
            return
        self.dismiss(Edited(edited, send))

    def action_cancel(self) -> None:
        """Leave everything as it was."""
        self.dismiss(None)

    def _edited(self) -> Request:
        request = with_head(self._request, self.head.text.split("\n"))
        origin = self.query_exactly_one("#origin", Input).value
        if origin != str(self._request.origin):
            request = with_origin(request, origin, self._request)
        path = self.query_exactly_one("#file", Input).value.strip()
        if path:
            return with_body(request, file_body(path))
        if self._text is not None:
            text = self.query_exactly_one("#text", TextArea).text
            if text != self._text:
                return with_body(request, text.encode("utf-8", "surrogateescape"))
        return request


def _editable(request: Request) -> str | None:
    """Return the body as text where a text editor can hold every byte of it, else None."""
    body = request.body
    if not isinstance(body, bytes) or len(body) > EDITABLE_BODY:
        return None
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if all(line == visible(line) for line in text.split("\n")) else None
