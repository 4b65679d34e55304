"""Upload sessions on the disk: `uploads/<uuid>/data` grows as bytes arrive, `upload.json` says whose it is.

The hash runs along while bytes arrive and is kept in memory; where it is not there (after a restart) or does not belong
to the file as it is (after a full disk), it is made again from the file.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from explorer.practice.files import make_folder, names_in, open_private, read_text, write_all, write_whole
from explorer.practice.flushing import EarlyFlush
from explorer.practice.identifiers import rfc3339, uuid7

_ID = re.compile(r"[0-9a-zA-Z-]{1,64}")
_BLOCK = 1024 * 1024
_BETWEEN_PURGES = 60.0

UPLOAD_LIFE = 168 * 3600.0
"""How long an upload is kept that nothing comes for, in seconds: as long as distribution keeps them."""


class Upload:
    """One upload session. Hold `lock` from looking at `size` to the end of what depends on it."""

    def __init__(
        self, folder: Path, id: str, repository: str, started_at: str, algorithm: str, *, durable: bool
    ) -> None:
        self.id = id
        self.repository = repository
        self.started_at = started_at  # RFC 3339 with whole seconds
        self.algorithm = algorithm
        self.lock = threading.Lock()
        self.first = 0  # bytes that there were after the first chunk
        self.ends_short = False  # its last chunk was smaller than chunks have to be
        self._data = folder / "data"
        self._hash = hashlib.new(algorithm)
        self._hashed = 0
        self._durable = durable

    def size(self) -> int | None:
        """Return how many bytes have arrived; None where the session is over."""
        try:
            return self._data.stat().st_size
        except FileNotFoundError:
            return None

    def append(self, blocks: Iterable[bytes | memoryview]) -> None:
        """Write the blocks behind what is there; those that came before an error stay."""
        if self._hashed != self.size():
            self._hash, self._hashed = self._hash_file(self.algorithm)
        descriptor = open_private(self._data, os.O_WRONLY | os.O_APPEND)
        flushing = EarlyFlush(descriptor)
        try:
            for block in blocks:
                write_all(descriptor, block)
                self._hash.update(block)
                self._hashed += len(block)
                if self._durable:
                    flushing.grown(len(block))
        finally:
            try:
                flushing.close()
            finally:
                os.close(descriptor)

    def cut(self, size: int) -> None:
        """Drop what came behind the first `size` bytes."""
        os.truncate(self._data, size)

    def digest(self, algorithm: str) -> str:
        """Return the digest of all that has arrived."""
        if algorithm == self.algorithm and self._hashed == self.size():
            return f"{algorithm}:{self._hash.hexdigest()}"
        return f"{algorithm}:{self._hash_file(algorithm)[0].hexdigest()}"

    def _hash_file(self, algorithm: str) -> tuple[hashlib._Hash, int]:
        made = hashlib.new(algorithm)
        block = bytearray(_BLOCK)
        size = 0
        with self._data.open("rb", buffering=0) as file:
            while count := file.readinto(block):
                made.update(memoryview(block)[:count])
                size += count
        return made, size


class Uploads:
    """The upload sessions of a store."""

    def __init__(self, folder: Path, aside: Path, *, durable: bool, life: float = UPLOAD_LIFE) -> None:
        self._folder = folder
        self._aside = aside
        self._durable = durable
        self._lock = threading.Lock()
        self._known: dict[str, Upload] = {}
        self._life = life
        self._purged = 0.0
        self._purge_now_and_then()

    def begin(
        self, repository: str, algorithm: str = "sha256", new_id: Callable[[int], str] = uuid7
    ) -> tuple[Upload, str]:
        """Open a session; return it and its start with nanoseconds, which only the first token tells."""
        self._purge_now_and_then()
        now = time.time_ns()
        id = new_id(now)
        folder = self._folder / id
        make_folder(folder)
        upload = Upload(folder, id, repository, rfc3339(now - now % 10**9), algorithm, durable=self._durable)
        about = {"repository": repository, "started_at": upload.started_at, "algorithm": algorithm}
        write_whole(folder / "upload.json", json.dumps(about).encode(), self._aside, durable=self._durable)
        os.close(open_private(self.data_path(id), os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        with self._lock:
            self._known[id] = upload
        return upload, rfc3339(now)

    def find(self, repository: str, id: str) -> Upload | None:
        """Return a session of a repository; None where there is none, or it is over."""
        if not _ID.fullmatch(id):
            return None
        with self._lock:
            upload = self._known.get(id) or self._reopen(id)
            if upload is None or upload.size() is None:
                self._known.pop(id, None)
                return None
            self._known[id] = upload
        return upload if upload.repository == repository else None

    def data_path(self, id: str) -> Path:
        """Return the file that holds what a session has received."""
        return self._folder / id / "data"

    def forget(self, id: str) -> None:
        """End a session and remove its files."""
        with self._lock:
            self._known.pop(id, None)
        self.data_path(id).unlink(missing_ok=True)
        shutil.rmtree(self._folder / id, ignore_errors=True)

    def purge(self, now: float) -> int:
        """Drop the uploads that nothing came for during their life; returns their number. `now` is in seconds."""
        dropped = 0
        for id in [*names_in(self._folder)]:
            upload = self._known.get(id)
            if self._last_touched(id) > now - self._life or (upload and not upload.lock.acquire(blocking=False)):
                continue
            try:
                self.forget(id)
                dropped += 1
            finally:
                if upload:
                    upload.lock.release()
        return dropped

    def _purge_now_and_then(self) -> None:
        now = time.time()
        with self._lock:
            is_time = now - self._purged > min(_BETWEEN_PURGES, self._life)
            self._purged = now if is_time else self._purged
        if is_time:
            self.purge(now)

    def _last_touched(self, id: str) -> float:
        try:
            return max(path.stat().st_mtime for path in (self._folder / id, self.data_path(id)) if path.exists())
        except (FileNotFoundError, ValueError):
            return 0.0

    def _reopen(self, id: str) -> Upload | None:
        text = read_text(self._folder / id / "upload.json")
        try:
            about = json.loads(text or "")
            names = about["repository"], about["started_at"], about["algorithm"]
            return Upload(self._folder / id, id, *names, durable=self._durable)
        except (ValueError, KeyError, TypeError):
            return None
