"""A body of any size, alone on the screen: text, hex, raw bytes, folded JSON, the files of a layer; and searched."""

from __future__ import annotations

import time

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static
from textual.worker import get_current_worker

from explorer.bodies.listing import Member, members
from explorer.bodies.modes import HEX_WIDTH, RAW_WIDTH, modes_of
from explorer.bodies.rows import TextRows
from explorer.bodies.searching import MOST_PLACES, search, sought_in
from explorer.bodies.sniffing import HEAD, kind_of
from explorer.bodies.window import Window
from explorer.errors import FormatError
from explorer.ui.body_modes import JsonMode, Mode, files_mode, hex_mode, raw_mode, text_mode
from explorer.ui.panes.body_view import BodyView
from explorer.ui.panes.footer import KeyLine
from explorer.ui.screens.asking import Ask
from explorer.ui.screens.body_out import BodyOut
from explorer.ui.text import safe
from explorer.visible import size_text

_FIRST = 64 * 1024
"""So many bytes are looked at for the first frame."""

_GROW = 16 * 1024 * 1024
_PLACED = ("text", "hex", "raw")
"""The ways in which each row has a place in the body."""

_SHOWN_EVERY = 0.1
"""Seconds between two counts that are shown of a search."""


class BodyScreen(BodyOut):
    """Shows a window on a body; nothing is loaded that is not seen."""

    BINDINGS = [
        Binding("v", "mode", "View as…", id="body.mode", tooltip="The next way to look at it"),
        Binding("enter,space", "fold", "Fold", id="body.fold", tooltip="Fold or unfold this part of a JSON document"),
        Binding("slash", "search", "Search", id="body.search"),
        Binding("n", "found(1)", "Next", id="body.next"),
        Binding("N", "found(-1)", "Previous", id="body.previous"),
        Binding("escape,q", "leave", "Back", id="body.leave"),
    ]
    HELP = "Arrows and pages move; Left and Right scroll sideways. A search counts while it goes on; Escape ends it."
    DEFAULT_CSS = """
    BodyScreen {
        & #what { height: 1; padding: 0 1; background: $panel; }
        & BodyView { height: 1fr; }
    }
    """

    def __init__(self, title: str, window: Window) -> None:
        super().__init__()
        self._title = title
        self._window = window
        self._kind = kind_of(window.read(0, HEAD))
        self._modes = modes_of(window)
        self._mode = self._modes[0]
        self._text = TextRows(window)
        self._json: JsonMode | None = None
        self._members: tuple[Member, ...] = ()
        self._remark = ""
        self._places: list[int] = []
        self._at_place = -1
        self._count = ""
        self._awaited: int | None = None

    def compose(self) -> ComposeResult:
        """Lay out the view."""
        yield Static(id="what")
        yield BodyView("body-view")
        yield KeyLine()

    def on_mount(self) -> None:
        """Show it in the most telling way."""
        self.view.focus()
        self._enter_mode()

    def on_unmount(self) -> None:
        """Let go of the file."""
        self.workers.cancel_node(self)
        self._window.close()

    def action_mode(self) -> None:
        """Look at it in the next way, at the same place where both ways have places."""
        offset = self._offset()
        self._mode = self._modes[(self._modes.index(self._mode) + 1) % len(self._modes)]
        self._enter_mode()
        if offset and self._mode in _PLACED:
            self._go_to(offset)

    def _enter_mode(self) -> None:
        self._remark = ""
        if self._mode == "tree" and self._json is None:
            try:
                self._json = JsonMode(self._window.read(0, self._window.size))
            except ValueError as bad:
                self._mode, self._remark = "text", f"no tree: {bad}"
        if self._mode == "text" and not self._text.is_complete:
            self._text.grow(_FIRST)
            if not self._text.is_complete:
                self._grow()
        if self._mode == "files" and not self._members:
            self._list()
        self._draw()

    def _draw(self, *, stay: bool = False) -> None:
        mode = self._current()
        self.view.show(mode.row_of, mode.count, mode.width, stay=stay)
        self._say()

    def _current(self) -> Mode:
        match self._mode:
            case "tree" if self._json:
                return self._json.mode()
            case "text" | "tree":
                return text_mode(self._text, self._kind)
            case "files":
                return files_mode(self._members)
            case "raw":
                return raw_mode(self._window)
            case _:
                return hex_mode(self._window)

    def _say(self) -> None:
        others = " ".join(f"[{name}]" if name == self._mode else name for name in self._modes)
        parts = [self._title, size_text(self._window.size), self._kind or "empty", f"v: {others}"]
        parts += [part for part in (self._remark, self._count) if part]
        self.query_exactly_one("#what", Static).update(safe("  ·  ".join(parts)))

    @work(thread=True, group="grow", exclusive=True, exit_on_error=False, description="read lines")
    def _grow(self) -> None:
        worker = get_current_worker()
        try:
            while self._text.grow(_GROW) and not worker.is_cancelled:
                self.app.call_from_thread(self._grown, "")
        except FormatError as bad:
            self.app.call_from_thread(self._grown, bad.sentence)
            return
        if not worker.is_cancelled:
            self.app.call_from_thread(self._grown, "")

    def _grown(self, remark: str) -> None:
        done = self._text.is_complete
        self._remark = remark or ("" if done else f"read {size_text(self._text.read)}")
        if self._mode == "text":
            self._draw(stay=self.view.cursor > 0 or self._text.count > 1000)
            if self._awaited is not None and (done or self._text.read > self._awaited):
                offset, self._awaited = self._awaited, None
                self._go_to(offset)

    @work(thread=True, group="list", exclusive=True, exit_on_error=False, description="list files")
    def _list(self) -> None:
        worker = get_current_worker()
        found: list[Member] = []
        remark = ""
        try:
            for member in members(self._window):
                found.append(member)
                if worker.is_cancelled:
                    return
        except FormatError as bad:
            remark = bad.sentence
        self.app.call_from_thread(self._listed, tuple(found), remark)

    def _listed(self, found: tuple[Member, ...], remark: str) -> None:
        self._members, self._remark = found, remark or f"{len(found)} files"
        if not found and self._mode == "files":
            self._mode = "hex"
        self._draw()

    def action_fold(self) -> None:
        """Fold or unfold the part of a JSON document that is pointed at."""
        if self._mode == "tree" and self._json:
            path = self._json.path(self.view.cursor)
            self._json.toggle(self.view.cursor)
            self._draw(stay=True)
            self.view.go_to(self._json.row_with(path))

    def action_search(self) -> None:
        """Ask what to look for."""
        self.app.push_screen(
            Ask("Search", "Text, or bytes in hex as in 0x1f8b; case matters not for text."), self._search
        )

    def _search(self, text: str | None) -> None:
        if not text:
            return
        sought, ignore_case = sought_in(text)
        self.view.sought = "" if text.startswith("0x") else text
        self._places, self._at_place = [], -1
        self._look(sought, ignore_case)

    @work(thread=True, group="search", exclusive=True, exit_on_error=False, description="search")
    def _look(self, sought: bytes, ignore_case: bool) -> None:
        worker = get_current_worker()
        places: list[int] = []
        shown = time.monotonic()
        try:
            for progress in search(self._window, sought, ignore_case=ignore_case):
                if worker.is_cancelled:
                    return
                places += progress.places[: MOST_PLACES - len(places)]
                done = progress.searched >= self._window.size
                if not done and time.monotonic() - shown < _SHOWN_EVERY:
                    continue
                said = f"found {progress.count}" + ("" if done else f", searched {size_text(progress.searched)}")
                self.app.call_from_thread(self._found, said, tuple(places))
                places, shown = [], time.monotonic()
        except FormatError as bad:
            self.app.call_from_thread(self._found, bad.sentence, ())

    def _found(self, said: str, places: tuple[int, ...]) -> None:
        is_first = not self._places and bool(places)
        self._places += places[: MOST_PLACES - len(self._places)]
        self._count = said
        if is_first:
            self.action_found(1)
        self._say()

    def action_found(self, step: int) -> None:
        """Go to the next or the previous place that was found."""
        if not self._places:
            return
        self._at_place = (self._at_place + step) % len(self._places)
        offset = self._places[self._at_place]
        if self._mode not in _PLACED:
            self._mode = "text" if "text" in self._modes else "hex"
            self._enter_mode()
        self._go_to(offset)

    def _go_to(self, offset: int) -> None:
        """Point at the row that holds a byte; of a text that was not read so far, when it was."""
        if self._mode != "text":
            self.view.go_to(offset // (HEX_WIDTH if self._mode == "hex" else RAW_WIDTH))
        elif offset < self._text.read or self._text.is_complete:
            self.view.go_to(self._text.row_at(offset))
        else:
            self._awaited = offset

    def _offset(self) -> int:
        """Return the place of the row that is pointed at."""
        match self._mode:
            case "text":
                return self._text.offset_of(self.view.cursor)
            case "hex":
                return self.view.cursor * HEX_WIDTH
            case "raw":
                return self.view.cursor * RAW_WIDTH
            case _:
                return 0

    def action_leave(self) -> None:
        """End a search that goes on; else go back."""
        searching = [worker for worker in self.workers if worker.group == "search" and worker.is_running]
        if searching:
            self.workers.cancel_group(self, "search")
            self._count += ", given up"
            self._say()
            return
        self.dismiss()
