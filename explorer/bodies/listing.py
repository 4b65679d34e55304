"""What is in a layer: the members of a tar, plain or in gzip or zstd, listed without unpacking anything."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator
from typing import IO, cast

from explorer.bodies.sniffing import HEAD, kind_of
from explorer.bodies.window import Window
from explorer.errors import FormatError
from explorer.frozen import frozen

MOST = 100_000
"""So many members are listed."""

_LARGEST_WINDOW = 128 * 1024 * 1024  # bytes; zstd itself takes no more without being told to
_KINDS = {
    tarfile.DIRTYPE: "d",
    tarfile.SYMTYPE: "l",
    tarfile.LNKTYPE: "h",
    tarfile.CHRTYPE: "c",
    tarfile.BLKTYPE: "b",
    tarfile.FIFOTYPE: "p",
}
_WHITEOUT = ".wh."


@frozen
class Member:
    """A member of a layer: kind and permissions as `ls` writes them, owner, size in bytes, name, and what it is.

    `note` says where a link leads, or what a whiteout removes.
    """

    mode: str
    owner: str
    size: int
    name: str
    note: str = ""


class _Stream(io.RawIOBase):
    """A window as a stream."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]  # a buffer, as io hands it over
        data = self._window.read(self._at, len(view))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)


def is_listable(window: Window) -> bool:
    """Say whether a body looks like a tar, perhaps in gzip or zstd."""
    return kind_of(window.read(0, HEAD)) in ("tar", "gzip", "zstd")


def members(window: Window) -> Iterator[Member]:
    """Yield the members of a layer, at most MOST; raises FormatError where it is no tar or is broken."""
    stream: IO[bytes] = io.BufferedReader(_Stream(window), 1024 * 1024)
    kind = kind_of(window.read(0, HEAD))
    errors: tuple[type[Exception], ...] = (tarfile.TarError, OSError, EOFError, zlib.error, ValueError)
    if kind == "gzip":
        stream = cast(IO[bytes], gzip.GzipFile(fileobj=stream))
    elif kind == "zstd":
        from zstandard import ZstdDecompressor, ZstdError

        reader = ZstdDecompressor(max_window_size=_LARGEST_WINDOW).stream_reader(stream, read_across_frames=True)
        stream, errors = cast(IO[bytes], reader), (*errors, ZstdError)
    try:
        with tarfile.open(fileobj=stream, mode="r|", errorlevel=0) as tar:
            for count, member in enumerate(tar):
                if count >= MOST:
                    return
                yield _member(member)
    except errors as bad:
        raise FormatError("the body", f"it cannot be listed as a tar from here on: {bad}.") from bad


def _member(member: tarfile.TarInfo) -> Member:
    mode = tarfile.stat.filemode(member.mode)[1:]  # type: ignore[attr-defined]  # re-exported by tarfile
    owner = f"{member.uname or member.uid}:{member.gname or member.gid}"
    name = member.name.rpartition("/")[2]
    note = f"→ {member.linkname}" if member.issym() or member.islnk() else ""
    if name == f"{_WHITEOUT}{_WHITEOUT}.opq":
        note = "hides everything that lower layers have in this folder"
    elif name.startswith(_WHITEOUT):
        note = f"removes {name.removeprefix(_WHITEOUT)} of lower layers"
    return Member(_KINDS.get(member.type, "-") + mode, owner, member.size, member.name, note)
