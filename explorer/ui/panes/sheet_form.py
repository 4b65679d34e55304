"""The fields of a request that is edited: where it goes, its head as raw text or in parts, its body."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.getters import query_one
from textual.widgets import Input, Label, TextArea

from explorer.editing import Sheet, edit_body, head_lines, with_head, with_origin
from explorer.editing.body_texts import kind_for, shown_as, typed_body, why_not
from explorer.errors import InputError
from explorer.model import Body, Request
from explorer.origins import Source
from explorer.ui.panes.parts import Parts
from explorer.ui.rows.sheets import body_title
from explorer.ui.text import safe

_FIELDS = 7
_RAW_HELP = "Request line and headers"
_OTHER_BODY = "PATH, PATH@OFFSET+LENGTH or @OFFSET=HEX"


class SheetForm(Vertical):
    """Shows a sheet in fields, and reads what was typed into them. It holds no sheet."""

    DEFAULT_CSS = """
    SheetForm {
        height: 1fr;
        & #head { height: 3fr; min-height: 4; }
        & #parts { height: 3fr; min-height: 4; border: none; border-bottom: solid $panel-lighten-2; display: none; }
        & #text { height: 1fr; min-height: 2; &.-empty { height: 2; } &:focus { height: 2fr; } }
        & Horizontal { height: 1; }
        & #how { width: 100%; height: auto; max-height: 2; }
        &.-parts #head { display: none; }
        &.-parts #parts { display: block; }
        & Input { border: none; height: 1; padding: 0; background: $boost; &:focus { border: none; } }
        & Label { color: $text-muted; }
        & TextArea { border: none; padding: 0; background: $boost; &:focus { border: none; } }
    }
    """

    origin = query_one("#origin", Input)
    how = query_one("#how", Label)
    head = query_one("#head", TextArea)
    parts = query_one("#parts", Parts)
    text = query_one("#text", TextArea)
    file = query_one("#file", Input)

    def __init__(self, body: Body) -> None:
        """Make fields for a request with such a body."""
        super().__init__(id="form")
        self._kind = kind_for(body)
        self._shown = ""

    def compose(self) -> ComposeResult:
        """Lay out the fields."""
        with Horizontal():
            yield Label("Connect to ")
            yield Input(id="origin", select_on_focus=False)
        yield Label(safe(_RAW_HELP), id="how")
        yield TextArea(id="head", soft_wrap=True)
        yield Parts("parts")
        yield Label(id="body-is")
        yield TextArea(id="text", soft_wrap=True)
        with Horizontal():
            yield Label("Other body ")
            yield Input(id="file", placeholder=_OTHER_BODY, select_on_focus=False)

    @property
    def is_whole(self) -> bool:
        """Whether all fields are there; while the app is being left, they go one by one."""
        return len(self.query("#origin, #how, #head, #parts, #body-is, #text, #file")) == _FIELDS

    @property
    def is_in_parts(self) -> bool:
        """Whether the head is shown in parts; otherwise it is raw text."""
        return self.has_class("-parts")

    def on_descendant_focus(self) -> None:
        """Say which keys the parts have."""
        if self.screen.focused is self.parts:
            self.how.update(safe(self.parts.keys_text))

    def turn(self) -> None:
        """Go from raw text to parts, or back."""
        self.toggle_class("-parts")
        (self.parts if self.is_in_parts else self.head).focus()
        if not self.is_in_parts:
            self.how.update(safe(_RAW_HELP))

    def turn_body(self, body: Body) -> None:
        """Go from a body as text to hex, or back; raises InputError where it cannot be shown so."""
        other = "text" if self._kind == "hex" else "hex"
        if shown_as(body, other) is None:
            raise InputError(why_not(body, other))
        self._kind = other
        self.text.focus()

    def typed(self, sheet: Sheet, original: Request) -> Sheet:
        """Return a sheet that was shown with everything that was typed since; raises a Problem."""
        if not self.is_in_parts:
            sheet = sheet.with_request(with_head(sheet.request, self.head.text.split("\n")))
        if self._kind and self.text.text != self._shown:
            sheet = sheet.with_body(typed_body(self.text.text, self._kind))
        if path := self.file.value.strip():
            sheet = sheet.with_body(edit_body(sheet.body, path))
        if self.origin.value != str(sheet.origin):
            sheet = sheet.with_request(with_origin(sheet.request, self.origin.value, original))
        return sheet

    def show(self, sheet: Sheet, proposed: Sheet, sources: Sequence[Source] = (), cursor: int | None = None) -> None:
        """Fill the fields; what differs from the proposed sheet, and where values came from, stands in the parts."""
        self.origin.value = str(sheet.origin)
        self.file.value = ""
        _fill(self.head, "\n".join(head_lines(sheet.request)))
        self.parts.show_sheet(sheet, proposed, sources, cursor)
        self._kind = kind_for(sheet.body, self._kind)
        self._shown = shown_as(sheet.body, self._kind) or "" if self._kind else ""
        _fill(self.text, self._shown)
        self.text.display = bool(self._kind)
        self.text.set_class(not self._shown, "-empty")
        self.query_exactly_one("#body-is", Label).update(safe(body_title(sheet.body, self._kind)))


def _fill(area: TextArea, text: str) -> None:
    if area.text != text:
        area.text = text
