"""Bodies as a person names them: hex, a file, a part of a file, bytes of the body changed."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

from explorer.errors import FormatError, InputError
from explorer.model import Body, Request, Slice, Unkept, body_size

NOTATIONS = (
    ("PATH", "the whole file"),
    ("PATH@OFFSET+LENGTH", "so many bytes of a file from that offset"),
    ("PATH@OFFSET", "a file from that offset to its end"),
    ("@OFFSET=HEX", "the body as it is, with these bytes written over it from that offset"),
)
"""How a body is named, and what each notation stands for; offsets count from 0."""

MOST_CHANGED = 64 * 1024 * 1024
"""Bodies up to this size, in bytes, can have bytes changed; a larger one is a file to copy first."""

_CHANGED = re.compile(r"@(\d{1,18})=((?:[0-9a-fA-F]{2})+)")
_PART = re.compile(r"(.+)@(\d{1,18})(?:\+(\d{1,18}))?", re.DOTALL)
_ROW = 16
_OFFSET = re.compile(r"\s*[0-9a-fA-F]+:")
_DUMPED_OFFSET = re.compile(r"[0-9a-fA-F]{8}(?=  |$)")  # as hexdump -C writes them, alone in the last line


def with_body(request: Request, body: Body, *, is_pinned: bool = False) -> Request:
    """Return the request with another body; a Content-Length that was true of the old one follows it, unless pinned."""
    declared = request.headers.all("Content-Length")
    headers = request.headers
    if declared == (str(body_size(request.body)),) and not is_pinned:
        headers = headers.set("Content-Length", str(body_size(body)))
    return replace(request, headers=headers, body=body)


def edit_body(body: Body, text: str) -> Body:
    """Return the body that a text names, in one of the NOTATIONS; raises InputError or FormatError.

    A file whose name looks like a notation is meant itself where it exists.
    """
    changed = _CHANGED.fullmatch(text)
    if changed:
        return _changed(body, int(changed[1]), bytes.fromhex(changed[2]))
    if text.startswith("@"):
        raise InputError(f"'{text}' changes no byte: write @OFFSET=HEX, such as @0=ff, with two digits to each byte.")
    part = _PART.fullmatch(text)
    if not part or _exists(text):
        return file_body(text)
    whole, offset = file_body(part[1]), int(part[2])
    length = int(part[3]) if part[3] else whole.length - offset
    if offset > whole.length or offset + length > whole.length:
        wanted = f"bytes {offset} to {offset + length}" if part[3] else f"what follows byte {offset}"
        raise FormatError(part[1], f"it has {whole.length} bytes, and {wanted} of them were asked for.")
    return replace(whole, offset=offset, length=length)


def _exists(text: str) -> bool:
    try:
        return Path(text).expanduser().is_file()
    except (OSError, ValueError, RuntimeError):
        return False


def _changed(body: Body, offset: int, new: bytes) -> bytes:
    size = body_size(body)
    if offset + len(new) > size:
        raise InputError(f"The body has {size} bytes; @{offset} and {len(new)} bytes from there do not lie within it.")
    old = body_bytes(body, MOST_CHANGED)
    if old is None:
        raise InputError(
            f"The body of {size} bytes is too large to change bytes of (at most {MOST_CHANGED}), or was not kept; "
            "change a copy of the file and give its path."
        )
    return old[:offset] + new + old[offset + len(new) :]


def body_bytes(body: Body, most: int) -> bytes | None:
    """Return a body of at most `most` bytes; None where it is larger or was not kept. Raises FormatError."""
    match body:
        case bytes():
            return body if len(body) <= most else None
        case Unkept():
            return None
        case Slice(path=path, offset=offset, length=length):
            return _read(path, offset, length) if length <= most else None


def _read(path: str, offset: int, length: int) -> bytes:
    try:
        with Path(path).open("rb") as file:
            file.seek(offset)
            data = file.read(length)
    except OSError as bad:
        raise FormatError(path, f"the body cannot be read from there: {bad.strerror}.") from bad
    if len(data) < length:
        raise FormatError(path, f"it ends before byte {offset + length}; the file is shorter than it was.")
    return data


def file_body(path: str) -> Slice:
    """Return a whole file as a body; raises FormatError where it cannot be read."""
    try:
        file = Path(path).expanduser()
        if file.exists() and not file.is_file():  # to open a pipe would wait for its other end
            raise FormatError(path, "the body cannot be read from there: it is no regular file.")
        with file.open("rb") as opened:
            size = os.fstat(opened.fileno()).st_size
    except OSError as bad:
        raise FormatError(path, f"the body cannot be read from there: {bad.strerror}.") from bad
    except (ValueError, RuntimeError) as bad:
        raise FormatError(repr(path), f"no file can have that name ({bad}).") from bad
    return Slice(str(file.absolute()), 0, size, source=file.name)


def hex_lines(data: bytes) -> list[str]:
    """Return bytes as lines of an offset and 16 bytes in hex."""
    return [f"{at:08x}: {data[at : at + _ROW].hex(' ')}" for at in range(0, len(data), _ROW)]


def from_hex(text: str) -> bytes:
    """Return the bytes that lines of hex say; raises InputError that names the line.

    What stands before a colon, from a '|' on, and after two blanks where there was a colon, is passed over, so that a
    dump of `hexdump -C` or xxd can be pasted as it is.
    """
    is_hexdump = re.match(r"[0-9a-fA-F]{8}  ", text) is not None
    return b"".join(
        _hex_line(number, _DUMPED_OFFSET.sub("", line, count=1) if is_hexdump else _after_offset(line))
        for number, line in enumerate(text.split("\n"), start=1)
    )


def _after_offset(line: str) -> str:
    """Return what follows `OFFSET:`, without the readable column that xxd writes after two blanks."""
    found = _OFFSET.match(line)
    return line[found.end() :].strip().partition("  ")[0] if found else line


def _hex_line(number: int, line: str) -> bytes:
    digits = "".join(line.partition("|")[0].split())
    odd = re.search(r"[^0-9a-fA-F]", digits)
    if odd:
        raise InputError(f"Line {number} of the body has '{odd[0]}' in it, which is no hex digit.")
    if len(digits) % 2:
        raise InputError(f"Line {number} of the body has {len(digits)} hex digits; each byte takes two.")
    return bytes.fromhex(digits)
