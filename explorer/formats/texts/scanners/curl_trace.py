"""What `curl --trace` and `curl --trace-ascii` write: every byte of both directions, in rows with offsets.

`--trace` has the bytes in hex, so that all of it can be had back. `--trace-ascii` has dots for what cannot be printed,
and leaves line ends out: a row whose next offset is two further than its text ended with one.
"""

from __future__ import annotations

import re

from explorer.formats.texts.heads import REQUEST_LINE, STATUS_LINE, Head
from explorer.formats.texts.scanners.curl_verbose import CurlVerbose
from explorer.formats.texts.scanning import Context, Scanner
from explorer.model import Response, Unkept

_BLOCK = re.compile(
    r"(?:(\d\d):(\d\d):(\d\d\.\d{6}) )?(?:\[[\dx-]+\] )?(=>|<=) (Send|Recv) (header|data|SSL data), (\d{1,18}) bytes.*"
)
_INFO = re.compile(r"(?:\d\d:\d\d:\d\d\.\d{6} )?(?:\[[\dx-]+\] )?== Info: (.*)")
_ROW = re.compile(r"([0-9a-f]{4,16}): (.*)|([0-9a-f]{4,16}):", re.DOTALL)
_HEX = re.compile(r"((?:[0-9a-f]{2} ){1,16}) *")
_FULL_ROW = 64  # characters of a row of a text trace
KEPT = 64 * 1024
"""So many bytes of each body are put together."""


class CurlTrace(Scanner):
    """What curl --trace and --trace-ascii write, with or without times."""

    name = "curl-trace"
    title = "files of curl --trace and --trace-ascii"
    rank = 4
    firsts = "0123456789[=<"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._notes = CurlVerbose(context)
        self._kind = ""  # of the block: "Send header" and so on
        self._line = 0
        self._seconds: float | None = None
        self._size = 0
        self._rows: list[tuple[int, str]] = []
        self._heads: dict[str, bytearray] = {"Send": bytearray(), "Recv": bytearray()}
        self._answer: Response | None = None
        self._body = bytearray()
        self._body_size = 0

    def begins(self, number: int, text: str) -> bool | str:
        """Take the first line of a block, or a note."""
        if found := _BLOCK.fullmatch(text):
            self._end_block()
            self._kind, self._line, self._size = f"{found[5]} {found[6]}", number, int(found[7])
            self._seconds = int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found[1] else None
            return True
        if found := _INFO.fullmatch(text):
            self._end_block()
            self._notes.begins(number, f"* {found[1]}")
            return True
        return False

    def goes_on(self, number: int, text: str) -> bool | str:
        """Take a row of the block."""
        if self._kind and (found := _ROW.fullmatch(text)):
            if self._kind.endswith("header") or len(self._rows) * 16 < KEPT:
                self._rows.append((int(found[1] or found[3], 16), found[2] or ""))
            return True
        return self.begins(number, text)

    def end(self) -> None:
        """Hand on what the last block held."""
        self._end_block()
        self._end_body()

    def _end_block(self) -> None:
        kind, self._kind = self._kind, ""
        rows, self._rows = self._rows, []
        if not kind or kind.endswith("SSL data"):
            return
        data = _bytes_of(rows, self._size)
        side = kind[:4]
        if kind.endswith("header"):
            self._heads[side] += data
            if self._heads[side].endswith(b"\r\n\r\n") or data in (b"\r\n", b""):
                self._end_head(side)
        elif side == "Recv":
            self._body_size += self._size
            self._body += data[: max(0, KEPT - len(self._body))]
        else:
            self.context.conversation.sent_data(data, self._size)

    def _end_head(self, side: str) -> None:
        raw, self._heads[side] = bytes(self._heads[side]), bytearray()
        first, *lines = raw.decode("latin-1").rstrip("\r\n").split("\r\n")
        head = Head(self._line, first)
        for line in lines:
            head.add(line)
        if side == "Recv" and STATUS_LINE.fullmatch(first):
            self._end_body()
            self.context.conversation.received(head)
        elif side == "Send" and REQUEST_LINE.fullmatch(first):
            self._end_body()
            self.context.conversation.sent(head)

    def _end_body(self) -> None:
        if self._body_size:
            whole = len(self._body) == self._body_size
            self.context.conversation.got_data(bytes(self._body) if whole else Unkept(self._body_size, "", "not kept"))
        self._body, self._body_size = bytearray(), 0


def _bytes_of(rows: list[tuple[int, str]], size: int) -> bytes:
    """Return the bytes that the rows of a block show; those of a text trace are what can be printed of them."""
    if rows and all(_HEX.match(text) for _, text in rows if text) and _looks_like_hex(rows, size):
        return b"".join(bytes.fromhex(text[: 3 * min(16, size - offset)]) for offset, text in rows)
    pieces: list[bytes] = []
    for at, (offset, text) in enumerate(rows):
        following = rows[at + 1][0] if at + 1 < len(rows) else size
        pieces.append(_filled(text.encode("latin-1", "replace"), following - offset))
    return b"".join(pieces)


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
