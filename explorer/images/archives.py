"""Tell by its first bytes what a file is, and open it as an archive; one that is compressed is unpacked to scratch."""

from __future__ import annotations

import gzip
import tempfile
import zlib
from pathlib import Path

from explorer.errors import FormatError
from explorer.images.tar_files import TarFiles
from explorer.images.tar_headers import BLOCK, is_header
from explorer.model import Progress
from explorer.spec.media_types import compression_of

_BLOCK = 256 * 1024
_EXPECTED = "expected was a tar, or tar.gz, that docker save wrote or that holds an OCI layout"
_OTHERS = (
    (b"BZh", "compressed by bzip2", "unpack it first, by bunzip2"),
    (b"\xfd7zXZ", "compressed by xz", "unpack it first, by unxz"),
    (b"PK\x03\x04", "a zip file", _EXPECTED),
    (b"{", "JSON, perhaps a lone manifest or config", f"{_EXPECTED}; loose files are given one by one"),
    (b"[{", "JSON, perhaps a manifest.json by itself", f"{_EXPECTED}; give the folder that it lies in"),
)


def open_archive(path: str, scratch: Path, progress: Progress | None) -> TarFiles:
    """Open a tar or tar.gz; raises FormatError that says what the file is instead, or where it is damaged."""
    with Path(path).open("rb") as file:
        start = file.read(BLOCK)
    compression = compression_of(start)
    if compression == "zstd":
        raise FormatError(path, "it is compressed by zstd, which is not read here: unpack it first, by unzstd.")
    if compression == "gzip":
        return TarFiles(path, _unpacked(path, scratch, progress))
    _check_is_tar(path, start, "it")
    return TarFiles(path, Path(path))


def _check_is_tar(path: str, start: bytes, what: str) -> None:
    if is_header(start) or (len(start) == BLOCK and not any(start)):
        return
    if not start:
        raise FormatError(path, f"{what} is empty; {_EXPECTED}.")
    for magic, name, advice in _OTHERS:
        if start.startswith(magic):
            raise FormatError(path, f"{what} is {name}; {advice}.")
    raise FormatError(path, f"{what} is no image: it begins with {ascii(start[:16])[1:]}; {_EXPECTED}.")


def _unpacked(path: str, scratch: Path, progress: Progress | None) -> Path:
    """Unpack a gzip file into a new private file, after a look at whether a tar comes out of it."""
    total = Path(path).stat().st_size
    handle, unpacked = tempfile.mkstemp(".tar", "unpacked-", scratch)  # mkstemp makes it 0600
    done = 0
    with (
        open(handle, "wb") as into,  # noqa: PTH123 - a handle has no path
        Path(path).open("rb") as raw,
        gzip.GzipFile(fileobj=raw, mode="rb") as packed,
    ):
        while True:
            try:
                block = packed.read(_BLOCK)
            except (EOFError, zlib.error, gzip.BadGzipFile) as bad:
                damage = "is cut off" if isinstance(bad, EOFError) else f"is damaged ({bad})"
                raise FormatError(
                    path, f"the gzip data {damage}; {done} bytes came out of it.", "byte " + str(raw.tell())
                ) from bad
            if not done:
                _check_is_tar(path, block[:BLOCK], "what it holds, unpacked by gunzip,")
            if not block:
                return Path(unpacked)
            done += into.write(block)
            if progress:
                progress(min(raw.tell(), total), total)
