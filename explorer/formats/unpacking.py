"""What files are wrapped in: compression (gzip, zlib, zstd, bzip2, xz), a zip archive, UTF-16, lines of their own.

Rotated logs are compressed, bug reports and the logs of build services come as zip archives, PowerShell writes what it
redirects as UTF-16, and `jq .` lays a session out over many lines. All of it is unpacked as a stream, within a bound,
into a file without a name.
"""

from __future__ import annotations

import bz2
import codecs
import lzma
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Protocol

from explorer.errors import FormatError
from explorer.formats.json_stream import JsonError
from explorer.formats.laid_out import is_laid_out, lines
from explorer.formats.sources import Source, open_source

MOST_UNPACKED = 2 * 1024**3
"""So many bytes may come out of what is compressed."""

LARGEST_WINDOW = 128 * 1024 * 1024
"""So many bytes of memory may unpacking take; what wants more is refused."""

_PART = 256 * 1024
_DEEPEST = 3
_MOST_NAMED = 12
_SNIFFED = 4096
_SESSION = "session.jsonl"

Parts = Callable[[Source], Iterator[bytes]]


class _Unpacker(Protocol):
    """What bz2 and lzma have for one stream."""

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


def open_plain(path: str, resources: ExitStack) -> Source:
    """Open a file, standard input (`-`) or the clipboard (`@clipboard`), and unpack it; raises FormatError.

    What has to be closed is added to `resources`.
    """
    return plain(open_source(path, resources), resources)


def plain(source: Source, resources: ExitStack) -> Source:
    """Return a source of what another one holds, unpacked and in UTF-8; the same one where it is plain already.

    What has to be closed is added to `resources`. Raises FormatError where nothing can be unpacked, where it is too
    much, or where it is several files. Where it is damaged or cut off, what was unpacked until there is kept, and the
    remark of the source says so.
    """
    for _ in range(_DEEPEST):
        found = _wrapping(source)
        if found is None:
            return source
        what, parts = found
        kept = resources.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        size, remark = 0, source.remark
        try:
            for part in parts(source):
                size += len(part)
                if size > MOST_UNPACKED:
                    raise FormatError(source.name, f"it unpacks to more than {MOST_UNPACKED} bytes, which is refused.")
                kept.write(part)
        except EOFError as bad:
            if not size:
                raise FormatError(source.name, f"it is {what}, and is cut off before its first bytes.") from bad
            remark = f"{source.name} ({what}) is cut off; what comes before is shown."
        except (zlib.error, lzma.LZMAError, OSError, JsonError, _zstd_error()) as bad:
            if not size:
                raise FormatError(source.name, f"it is {what}, and cannot be unpacked ({bad}).") from bad
            remark = f"{source.name} ({what}) is damaged after {size} unpacked bytes; what comes before is shown."
        source = Source(kept, source.name, source.path, remark)
    return source


def _wrapping(source: Source) -> tuple[str, Parts] | None:
    """Return what a source is wrapped in, by its first bytes, and what takes that off; None where it is plain."""
    head = source.head(_SNIFFED)
    if head.startswith(b"\x1f\x8b"):
        return "gzip", lambda source: _streams(source, _Inflating)
    if head[:2] in (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"):
        return "zlib", lambda source: _streams(source, _Inflating)
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        return "zstd", _zstd_parts
    if head.startswith(b"BZh") and head[4:10] == b"1AY&SY":
        return "bzip2", lambda source: _streams(source, bz2.BZ2Decompressor)
    if head.startswith(b"\xfd7zXZ\x00"):
        return "xz", lambda source: _streams(source, lambda: lzma.LZMADecompressor(memlimit=LARGEST_WINDOW))
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "a zip archive", _member_parts
    if coding := _utf_16_of(head):
        return "UTF-16", lambda source: _decoded_parts(source, coding)
    if is_laid_out(source):
        return "a session laid out over lines", lines
    return None


def _utf_16_of(head: bytes) -> str:
    """Return the name of the UTF-16 that a text begins with, with or without a mark; empty where it is none."""
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    whole = head[: len(head) // 2 * 2]
    for coding, high, low in (("utf-16-le", whole[1::2], whole[::2]), ("utf-16-be", whole[::2], whole[1::2])):
        if len(whole) >= 16 and high.count(0) * 10 >= len(high) * 9 and not low.count(0):
            return coding
    return ""


class _Inflating:
    """zlib's object in the manner of those of bz2 and lzma; gzip or zlib."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(zlib.MAX_WBITS | 32)
        self.eof = False
        self.needs_input = True
        self.unused_data = b""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return at most so many bytes of what is unpacked."""
        unpacked = self._stream.decompress(self._stream.unconsumed_tail + data, max_length)
        self.eof, self.unused_data = self._stream.eof, self._stream.unused_data
        self.needs_input = not self._stream.unconsumed_tail and len(unpacked) < max_length
        return unpacked


def _streams(source: Source, make: Callable[[], _Unpacker]) -> Iterator[bytes]:
    """Yield what compressed streams hold that follow each other; zeros after one are passed over."""
    unpacker: _Unpacker | None = None
    for part in source.parts(64 * 1024):
        data = part
        while data or (unpacker and not unpacker.needs_input):
            if unpacker is None:
                data = data.lstrip(b"\0")
                if not data:
                    break
                unpacker = make()
            yield unpacker.decompress(data, _PART)
            data = b""
            if unpacker.eof:
                data, unpacker = unpacker.unused_data, None
    if unpacker:
        raise EOFError


def _zstd_error() -> type[Exception]:
    from zstandard import ZstdError

    return ZstdError


def _zstd_parts(source: Source) -> Iterator[bytes]:
    from zstandard import ZstdDecompressor

    unpacker = ZstdDecompressor(max_window_size=LARGEST_WINDOW)
    with unpacker.stream_reader(source.stream(), read_across_frames=True, closefd=False) as reader:
        while part := reader.read(_PART):
            yield part


def _decoded_parts(source: Source, coding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(coding)("replace")
    for number, part in enumerate(source.parts(_PART)):
        text = decoder.decode(part)
        yield (text if number else text.removeprefix("\ufeff")).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _member_parts(source: Source) -> Iterator[bytes]:
    """Yield the one file of a zip archive: the session, where it is a bundle for a bug report."""
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(source.stream()) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            chosen = [member for member in members if member.filename.rpartition("/")[2] == _SESSION] or members
            if len(chosen) != 1:
                raise FormatError(source.name, _several([member.filename for member in chosen]))
            with archive.open(chosen[0]) as file:
                while part := file.read(_PART):
                    yield part
    except (BadZipFile, NotImplementedError, RuntimeError) as bad:
        raise FormatError(source.name, f"it is a zip archive, and cannot be unpacked ({bad}).") from bad


def _several(names: list[str]) -> str:
    if not names:
        return "it is a zip archive without a file in it."
    listed = ", ".join(repr(name) for name in names[:_MOST_NAMED])
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return (
        f"it is a zip archive of several files ({listed}{more}): unpack the one that is meant, "
        "as by unzip -p ARCHIVE FILE, whose output can be opened as -."
    )
