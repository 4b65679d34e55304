"""Work over big parts of files in constant memory: hash them, or compress them; several side by side.

hashlib and zlib let other threads run, so two cores do twice as much. Progress is told from the thread that asked, so
that whoever is told may stop it all by raising.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock
from typing import TypeVar

from explorer.errors import FormatError
from explorer.images.files import ended_early
from explorer.model import Progress, Slice

_BLOCK = 256 * 1024
_TOLD_EVERY = 0.05  # seconds
_GZIP = 31  # zlib's way to ask for a gzip wrapper: no name in it, and the time 0

T = TypeVar("T")


def with_sha256(parts: Sequence[Slice], progress: Progress | None = None) -> list[Slice]:
    """Return the parts with their sha256, which is computed where it is not known; raises FormatError."""
    found = _each([part for part in _without_repeats(parts) if part.sha256 is None], _hash, progress)
    return [found.get(_place(part), part) for part in parts]


def with_unpacked_sha256(parts: Sequence[Slice], progress: Progress | None = None) -> list[str]:
    """Return the sha256 of what parts in gzip hold, unpacked; raises FormatError where one is damaged."""
    found = _each(_without_repeats(parts), _hash_unpacked, progress)
    return [found[_place(part)] for part in parts]


def compressed(parts: Sequence[Slice], scratch: Path, progress: Progress | None = None) -> list[Slice]:
    """Return the parts compressed by gzip into new private files in `scratch`; raises FormatError."""
    found = _each(_without_repeats(parts), lambda part, count: _compress(part, scratch, count), progress)
    return [found[_place(part)] for part in parts]


def _place(part: Slice) -> tuple[str, int, int]:
    return part.path, part.offset, part.length


def _without_repeats(parts: Sequence[Slice]) -> list[Slice]:
    return list({_place(part): part for part in parts}.values())


class _Count:
    """Bytes done so far by all workers; adding to it ends a worker once it was stopped."""

    def __init__(self) -> None:
        self.done = 0
        self.stopped = Event()
        self._lock = Lock()

    def add(self, count: int) -> None:
        """Add bytes that are done."""
        with self._lock:
            self.done += count
        if self.stopped.is_set():
            raise InterruptedError("The work was stopped.")


def _each(
    parts: Sequence[Slice], work: Callable[[Slice, _Count], T], progress: Progress | None
) -> dict[tuple[str, int, int], T]:
    count, total = _Count(), sum(part.length for part in parts)
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        jobs = {_place(part): pool.submit(work, part, count) for part in parts}
        try:
            _tell_until_done(list(jobs.values()), lambda: progress and progress(count.done, total))
            return {place: job.result() for place, job in jobs.items()}
        except BaseException:
            count.stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _tell_until_done(jobs: Sequence[Future[T]], tell: Callable[[], object]) -> None:
    pending = set(jobs)
    while pending:
        done, pending = wait(pending, _TOLD_EVERY, FIRST_EXCEPTION)
        for job in done:
            job.result()
        tell()


def _blocks(part: Slice, count: _Count) -> Iterator[memoryview]:
    view = memoryview(bytearray(min(_BLOCK, part.length)))
    lacking = part.length
    with Path(part.path).open("rb", buffering=0) as file:
        file.seek(part.offset)
        while lacking:
            got = file.readinto(view[: min(lacking, len(view))])
            if not got:
                raise ended_early(part, lacking)
            lacking -= got
            yield view[:got]
            count.add(got)


def _hash(part: Slice, count: _Count) -> Slice:
    digest = hashlib.sha256()
    for block in _blocks(part, count):
        digest.update(block)
    return replace(part, sha256=digest.hexdigest())


def _hash_unpacked(part: Slice, count: _Count) -> str:
    digest = hashlib.sha256()
    unpacker = zlib.decompressobj(_GZIP)
    try:
        for block in _blocks(part, count):
            data: bytes | memoryview = block
            while len(data):
                digest.update(unpacker.decompress(data, _BLOCK))
                while unpacker.unconsumed_tail:
                    digest.update(unpacker.decompress(unpacker.unconsumed_tail, _BLOCK))
                data = unpacker.unused_data.lstrip(b"\0")  # padding, as tapes have it
                if unpacker.eof and data:
                    unpacker = zlib.decompressobj(_GZIP)  # the next member (RFC 1952, 2.2)
    except zlib.error as bad:
        raise FormatError(part.path, f"the gzip data of {part.source or 'a layer'} is damaged ({bad}).") from bad
    if not unpacker.eof:
        raise FormatError(part.path, f"the gzip data of {part.source or 'a layer'} is cut off.")
    return digest.hexdigest()


def _compress(part: Slice, scratch: Path, count: _Count) -> Slice:
    packer = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
    digest, size = hashlib.sha256(), 0
    handle, path = tempfile.mkstemp(".tar.gz", "layer-", scratch)  # mkstemp makes it 0600
    with open(handle, "wb") as file:  # noqa: PTH123 - a handle has no path
        for block in _blocks(part, count):
            packed = packer.compress(block)
            digest.update(packed)
            size += file.write(packed)
        packed = packer.flush()
        digest.update(packed)
        size += file.write(packed)
    return Slice(path, 0, size, digest.hexdigest(), f"{part.source}, compressed")
