"""What `curl --trace` and `curl --trace-ascii` write: every byte of both directions, in rows with offsets.

`--trace` has the bytes in hex, so that all of it can be had back. `--trace-ascii` has dots for what cannot be printed,
and leaves line ends out: a row whose next offset is two further than its text ended with one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from explorer.formats.texts.dotted import undotted
from explorer.formats.texts.heads import REQUEST_LINE, STATUS_LINE, Head
from explorer.formats.texts.scanners.curl_verbose import CurlVerbose
from explorer.formats.texts.scanning import Context, Scanner
from explorer.model import Unkept

_FRONT = r"(?:\d\d:\d\d:\d\d\.\d{6} )?(?:\[(\d{1,9}|x)-(?:\d{1,9}|x)\] )?"
_BLOCK = re.compile(_FRONT + r"(=>|<=) (Send|Recv) (header|data|SSL data), (\d{1,18}) bytes.*")
_INFO = re.compile(_FRONT + r"== Info: (.*)")
_LATER_INFO = re.compile(_FRONT + r"\* (.*)")  # since curl 8.17
_ROW = re.compile(r"([0-9a-f]{4,16}): (.*)|([0-9a-f]{4,16}):", re.DOTALL)
_HEX = re.compile(r"((?:[0-9a-f]{2} ){1,16}) *")
_FULL_ROW = 64  # characters of a row of a text trace
_FEW = 2  # so many blanks at the end of a line may have been lost
KEPT = 64 * 1024
"""So many bytes of each body are put together."""


@dataclass(slots=True)
class _Transfer:
    """What has been read of the messages of one transfer."""

    heads: dict[str, bytearray] = field(default_factory=lambda: {"Send": bytearray(), "Recv": bytearray()})
    lines: dict[str, int] = field(default_factory=dict)  # where the heads began
    body: bytearray = field(default_factory=bytearray)
    body_size: int = 0
    is_exact: bool = True  # whether the last body that was seen is shown byte for byte


class CurlTrace(Scanner):
    """What curl --trace and --trace-ascii write, with or without times and ids; the latter tell transfers apart."""

    name = "curl-trace"
    title = "files of curl --trace and --trace-ascii"
    rank = 4
    firsts = "0123456789[=<"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._notes = CurlVerbose(context)
        self._kind = ""  # of the block: "Send header" and so on
        self._line = 0
        self._size = 0
        self._rows: list[tuple[int, str]] = []
        self._lane = ""  # the id of the transfer that the block is of
        self._transfers: dict[str, _Transfer] = {}

    def begins(self, number: int, text: str) -> bool | str:
        """Take the first line of a block, or a note."""
        if found := _BLOCK.fullmatch(text):
            self._end_block()
            self._lane = found[1] or ""
            self._kind, self._line, self._size = f"{found[3]} {found[4]}", number, int(found[5])
            return True
        if found := _INFO.fullmatch(text):
            self._end_block()
            self._notes.note(found[2], found[1] or "")
            return True
        return False

    def goes_on(self, number: int, text: str) -> bool | str:
        """Take a row of the block."""
        if self._kind and (found := _ROW.fullmatch(text)):
            if self._kind.endswith("header") or len(self._rows) * 16 < KEPT:
                self._rows.append((int(found[1] or found[3], 16), found[2] or ""))
            return True
        if found := _LATER_INFO.fullmatch(text):
            self._end_block()
            self._notes.note(found[2], found[1] or "")
            return True
        return self.begins(number, text)

    def end(self) -> None:
        """Hand on what the last block held."""
        self._end_block()
        for lane in [*self._transfers]:
            self._enter(lane)
            self._end_body(self._transfers[lane])
        self._transfers.clear()

    def _enter(self, lane: str) -> None:
        if lane:
            self.context.conversation.switch(lane)

    def _end_block(self) -> None:
        kind, self._kind = self._kind, ""
        rows, self._rows = self._rows, []
        if not kind or kind.endswith("SSL data"):
            return
        self._enter(self._lane)
        transfer = self._transfers.setdefault(self._lane, _Transfer())
        is_exact = _is_hex(rows, self._size)
        data = _bytes_of_hex(rows, self._size) if is_exact else _bytes_of_text(rows, self._size, kind)
        side = kind[:4]
        if kind.endswith("header"):
            self._take_head(transfer, side, data)
        elif side == "Recv":
            transfer.is_exact = is_exact
            transfer.body_size += self._size
            transfer.body += data[: max(0, KEPT - len(transfer.body))]
        else:
            transfer.is_exact = is_exact
            self.context.conversation.sent_data(data, self._size)

    def _take_head(self, transfer: _Transfer, side: str, data: bytes) -> None:
        """Take a piece of a head; curl 7 does not show the empty line after `100 Continue`."""
        head = transfer.heads[side]
        if head and side == "Recv" and STATUS_LINE.match(data.decode("latin-1")):
            self._end_head(transfer, side)
            head = transfer.heads[side]
        if not head:
            transfer.lines[side] = self._line
        head += data
        if head.endswith(b"\r\n\r\n") or data in (b"\r\n", b""):
            self._end_head(transfer, side)

    def _end_head(self, transfer: _Transfer, side: str) -> None:
        raw, transfer.heads[side] = bytes(transfer.heads[side]), bytearray()
        first, *lines = raw.decode("latin-1").rstrip("\r\n").split("\r\n")
        head = Head(transfer.lines[side], first)
        for line in lines:
            head.add(line)
        if side == "Recv" and STATUS_LINE.fullmatch(first):
            self._end_body(transfer)
            if not transfer.is_exact:
                self.context.conversation.mend_sent(undotted)
            self.context.conversation.received(head)
        elif side == "Send" and REQUEST_LINE.fullmatch(first):
            self._end_body(transfer)
            self.context.conversation.sent(head)

    def _end_body(self, transfer: _Transfer) -> None:
        if transfer.body_size:
            whole = len(transfer.body) == transfer.body_size
            data, words = (bytes(transfer.body), "") if transfer.is_exact else undotted(bytes(transfer.body))
            body = data if whole else Unkept(transfer.body_size, "", "not kept")
            self.context.conversation.got_data(body, words if whole else "")
        transfer.body, transfer.body_size = bytearray(), 0


def _is_hex(rows: list[tuple[int, str]], size: int) -> bool:
    """Say whether the rows of a block are those of `--trace`."""
    return bool(rows) and all(_HEX.match(text) for _, text in rows if text) and _looks_like_hex(rows, size)


def _bytes_of_hex(rows: list[tuple[int, str]], size: int) -> bytes:
    """Return the bytes that the rows of a block show."""
    return b"".join(bytes.fromhex(text[: 3 * min(16, size - offset)]) for offset, text in rows)


def _bytes_of_text(rows: list[tuple[int, str]], size: int, kind: str) -> bytes:
    """Return what can be printed of the bytes of a block."""
    pieces: list[bytes] = []
    fill = _filled_line if kind.endswith("header") else _filled
    for at, (offset, text) in enumerate(rows):
        following = rows[at + 1][0] if at + 1 < len(rows) else size
        pieces.append(fill(text.encode("latin-1", "replace"), following - offset))
    return b"".join(pieces)


def _filled_line(data: bytes, room: int) -> bytes:
    """Return the bytes of a row of a head, whose values may have been changed by whoever shared it."""
    is_changed = len(data) > room or len(data) < room - 2 - _FEW
    if is_changed and room != _FULL_ROW:
        return data.rstrip(b" ") + b"\r\n"
    return _filled(data, room)


def _filled(data: bytes, room: int) -> bytes:
    """Return the bytes of a row with so much room: line ends are not shown, and editors change blanks at the end."""
    if len(data) in (room, room - 2):
        return data + (b"\r\n" if len(data) == room - 2 else b"")
    bare = data.rstrip(b" ")
    if len(bare) <= room < len(data):
        return data[:room] if room - len(bare) != 2 else bare + b"\r\n"
    if len(data) < room <= _FULL_ROW:
        return data.ljust(room) if room == _FULL_ROW else data.ljust(room - 2) + b"\r\n"
    return data


def _looks_like_hex(rows: list[tuple[int, str]], size: int) -> bool:
    """Say whether rows are sixteen bytes apart and as long as their bytes in hex are."""
    for at, (offset, text) in enumerate(rows):
        count = min(16, size - at * 16)
        if offset != at * 16 or not re.fullmatch(rf"(?:[0-9a-f]{{2}} ){{{count}}}.*", text[: 48 + 17], re.DOTALL):
            return False
    return True
