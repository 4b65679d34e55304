"""Editing a request in line mode: by its lines or its parts, its body, in an editor of the user's own; with undo."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from explorer.editing import History, Sheet, edit_body, from_hex, head_lines, with_body, with_head, with_origin
from explorer.editing.body_texts import shown_as, why_not
from explorer.editing.outside import edit_sheet_outside
from explorer.errors import InputError, Problem
from explorer.formats.writing.one_command import curl_command
from explorer.frozen import frozen
from explorer.model import Body, Finding, Request, body_size, wire_text
from explorer.plain.comparing import changes_told
from explorer.plain.desk import Ask, Say, lines_after, number_in, numbered

EDIT_HELP = (
    "N text        line N becomes text        + text   a header line at the end",
    "- N           line N goes                to URL   connect to http(s)://host:port instead",
    "body @FILE    the body from a file       body TEXT  the body is TEXT",
    "body @FILE@OFFSET+LENGTH  part of a file body hex FF00  the body in hex",
    "body @OFFSET=HEX  the body with these bytes written over it from there",
    "an empty line ends the editing",
)

EDIT_WORDS = (
    ("N TEXT", "line N becomes TEXT"),
    ("+ TEXT", "a header line at the end; in parts also &name=value"),
    ("- N", "line N goes"),
    ("to URL", "connect to http(s)://host:port instead"),
    ("body TEXT", "the body is TEXT; body alone: none"),
    ("body @FILE", "the body from a file"),
    ("body @FILE@OFFSET+LENGTH", "the body from a part of a file"),
    ("body @OFFSET=HEX", "the body with these bytes written over it from there"),
    ("body hex FF00", "the body in hex"),
    ("show text, show hex", "hear the body"),
    ("parts", "number the method, the pieces of the target and the headers; lines: the request line and the headers"),
    ("switch N", "in parts: a header is off, or on again"),
    ("up N, down N, repeat N", "in parts: move a line, or have it twice"),
    ("pin", "Content-Length stays whatever the body is, or follows it again"),
    ("undo, redo", "take back the last change; do it again"),
    ("changes", "hear what differs from the proposed request, and what would fail"),
    ("editor", "head and body in $VISUAL or $EDITOR"),
    ("curl", "hear it as a curl command"),
    ("send", "end the editing and send it"),
    ("cancel", "end the editing; nothing is changed"),
    ("help", "hear this again"),
    ("an empty line", "ends the editing and keeps it, to be sent next"),
)
"""What can be typed at `edit>`, and what it does."""

_CHANGED = re.compile(r"@\d+=[0-9a-fA-F]")
_MOVES: dict[str, Callable[[Sheet, int], Sheet]] = {
    "switch": lambda sheet, number: sheet.switched(number),
    "up": lambda sheet, number: sheet.moved(number, -1),
    "down": lambda sheet, number: sheet.moved(number, 1),
    "repeat": lambda sheet, number: sheet.repeated(number),
}


@frozen
class Edited:
    """What came of the editing, and whether it is to be sent at once."""

    request: Request
    send: bool = False


class Editing:
    """Asks for edits of one request until they are kept or given up."""

    def __init__(
        self,
        request: Request,
        proposed: Request | None,
        warnings: Callable[[Request], tuple[Finding, ...]],
        say: Say,
        ask: Ask,
    ) -> None:
        self._history = History(Sheet.of(request))
        self._proposed = Sheet.of(proposed or request)
        self._warnings = warnings
        self._say = say
        self._ask = ask
        self._is_in_parts = False

    @property
    def _sheet(self) -> Sheet:
        return self._history.value

    def run(self) -> Edited | None:
        """Ask until an empty line, send or cancel (None); the end of the input keeps what was edited."""
        self._say("Editing: an empty line keeps it, cancel gives it up, help says what can be typed.")
        self._show()
        while True:
            try:
                line = self._ask("edit> ")
            except EOFError:
                return Edited(self._sheet.request)
            word = line.strip()
            if word in ("", "send"):
                return Edited(self._sheet.request, bool(word))
            if word == "cancel":
                self._say("Nothing was changed.")
                return None
            try:
                for told in self._do(line):
                    self._say(told)
            except Problem as problem:
                self._say(problem.sentence)

    def _do(self, line: str) -> Iterator[str]:
        before = self._sheet
        word, _, rest = line.strip().partition(" ")
        match word:
            case "help" | "?":
                yield from (f"{typed}: {what}" for typed, what in EDIT_WORDS)
            case "show":
                yield from self._body(rest.strip() or "text")
            case "parts" | "lines":
                self._is_in_parts = word == "parts"
                self._show()
            case "changes":
                yield from changes_told(self._proposed, self._sheet, self._warnings)
            case "curl":
                yield from curl_command(self._sheet.request).split("\n")
            case "undo" | "redo":
                moved = self._history.undo() if word == "undo" else self._history.redo()
                if moved is self._history:
                    raise InputError(f"There is nothing to {word}.")
                self._history = moved
            case _:
                self._history = self._history.then(self._changed(line, word, rest))
        if self._sheet != before:
            self._show()

    def _changed(self, line: str, word: str, rest: str) -> Sheet:
        sheet = self._sheet
        if word == "pin":
            return sheet.pin_switched()
        if word == "editor":
            return edit_sheet_outside(sheet)
        if word in _MOVES:
            if not self._is_in_parts:
                raise InputError(f"'{word}' is for the parts of a request; type parts first.")
            return _MOVES[word](sheet, self._part(rest))
        if word == "body":
            return sheet.with_body(typed_body(sheet.request, line.lstrip().partition(" ")[2]))
        if self._is_in_parts and word != "to":
            return self._changed_part(line, word)
        return sheet.with_request(apply_edit(sheet.request, line))

    def _changed_part(self, line: str, word: str) -> Sheet:
        text = line.lstrip().partition(" ")[2]
        if word == "+":
            return self._sheet.added(len(self._sheet.lines) - 1, text)[0]
        if word == "-":
            return self._sheet.without(self._part(text))
        return self._sheet.retyped(self._part(word), text)

    def _part(self, text: str) -> int:
        number = number_in(text)
        if not 1 <= number <= len(self._sheet.lines):
            raise InputError(f"There is no line {number}; there are {len(self._sheet.lines)}.")
        return number - 1

    def _show(self) -> None:
        sheet = self._sheet
        if self._is_in_parts:
            rows: list[str] = []
            for number, line in enumerate(sheet.lines):
                is_off = getattr(line, "is_on", True) is False
                rows.append(f"{sheet.text(number)}{' (off)' if is_off else ''}")
        else:
            rows = head_lines(sheet.request)
        for row in numbered(rows):
            self._say(row)
        pinned = ", Content-Length pinned" if sheet.is_pinned else ""
        self._say(f"     ({body_size(sheet.body)} bytes of body, to {sheet.origin}{pinned})")

    def _body(self, kind: str) -> Iterator[str]:
        if kind not in ("text", "hex"):
            raise InputError(f"A body is shown as text or as hex, and not as '{kind}'.")
        shown = shown_as(self._sheet.body, kind)
        if shown is None:
            raise InputError(why_not(self._sheet.body, kind))
        yield from shown.split("\n") if shown else ["The body is empty."]


def apply_edit(request: Request, line: str) -> Request:
    """Return the request after one line of editing, as EDIT_HELP explains; raises InputError or FormatError."""
    word, _, rest = line.lstrip().partition(" ")
    if word == "to":
        return with_origin(request, rest)
    if word == "body":
        return with_body(request, typed_body(request, rest))
    return with_head(request, lines_after(head_lines(request), word, rest))


def typed_body(request: Request, text: str) -> Body:
    """Return the body that a text names, after `body`; raises InputError or FormatError."""
    if text.startswith("hex "):
        return from_hex(text.removeprefix("hex "))
    if not text.startswith("@"):
        return wire_text(text).encode("latin-1")
    return edit_body(request.body, text if _CHANGED.match(text) else text[1:])
