"""What the registry keeps, as files.

    lock                                                 held by the process that uses the store
    store.json                                           the format and the secret that signs upload tokens
    blobs/<algorithm>/<2 hex>/<hex>                      the bytes, each once
    repositories/<name>/_layers/<algorithm>/<hex>        which blobs a repository has; the file says by which digest
    repositories/<name>/_manifests/revisions/<algorithm>/<hex>   which manifests; the file holds the media type
    repositories/<name>/_manifests/tags/<tag>            the digest that a tag names
    repositories/<name>/_referrers/<algorithm>/<hex>/<digest>    what refers to a manifest: a descriptor
    uploads/<uuid>/                                      see `sessions`

Every file but an upload's data is written aside and renamed into place, the bytes before what refers to them, so that
a kill at any moment leaves a store that opens. A given folder is kept, and flushed to the disk at each step; without
one a temporary folder is used and removed at the end. Bytes that no repository has any more go at the next opening.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from explorer.errors import FormatError
from explorer.frozen import frozen
from explorer.practice.files import flush, make_folder, move, names_in, read_text, remove, write_whole
from explorer.practice.leftovers import remove_leftovers
from explorer.practice.locking import FolderLock
from explorer.practice.reclaiming import reclaim
from explorer.practice.sessions import UPLOAD_LIFE, Uploads
from explorer.spec.digests import parse_digest

_FORMAT = 1
_TEMPORARY = "registry-explorer-practice-"
_LEFTOVER_SECONDS = 3600.0


@frozen
class StoredManifest:
    """A manifest of a repository: its digest, media type and exact bytes."""

    digest: str
    media_type: str
    body: bytes


class Store:
    """Blobs, manifests, tags and uploads in one folder. Safe to use from several threads."""

    def __init__(
        self, folder: Path | None = None, secret: bytes | None = None, upload_life: float = UPLOAD_LIFE
    ) -> None:
        """Open the store in a folder; raises FormatError where it holds something else, or another process uses it.

        Uploads that nothing came for during `upload_life`, in seconds, are dropped.
        """
        if folder is None:
            remove_leftovers(_TEMPORARY)
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix=_TEMPORARY)
        self.folder = folder or Path(self._temporary.name if self._temporary else "")
        self._durable = folder is not None
        self._aside = self.folder / "aside"
        self._refuse_strangers()
        make_folder(self.folder)
        self._lock = FolderLock(self.folder)
        for part in (self._aside, self.folder / "uploads"):
            make_folder(part)
        try:
            self.secret = self._read_secret(secret)
        except FormatError:
            self._lock.release()
            raise
        self._drop_leftovers()
        reclaim(self.folder)
        self.uploads = Uploads(self.folder / "uploads", self._aside, durable=self._durable, life=upload_life)

    def close(self) -> None:
        """Let another process have the folder, and remove it where it is a temporary one."""
        self._lock.release()
        if self._temporary:
            self._temporary.cleanup()

    def _refuse_strangers(self) -> None:
        names = {*names_in(self.folder)}
        strangers = sorted(names - {"aside", "lock", "uploads"})
        if strangers and "store.json" not in names:
            raise FormatError(self.folder, f"it holds other files ({strangers[0]}); give an empty folder.")

    def _read_secret(self, given: bytes | None) -> bytes:
        marker = self.folder / "store.json"
        text = read_text(marker)
        if text is None:
            made = given or secrets.token_bytes(32)
            text = json.dumps({"format": _FORMAT, "secret": made.hex()})
            write_whole(marker, text.encode(), self._aside, durable=self._durable)
        try:
            kept = json.loads(text)
            if kept["format"] != _FORMAT:
                raise FormatError(marker, f"its format is {kept['format']}; this program reads {_FORMAT}.")
            return given or bytes.fromhex(kept["secret"])
        except (ValueError, KeyError, TypeError) as bad:
            raise FormatError(marker, "it is not the description of a practice registry.") from bad

    def _drop_leftovers(self) -> None:
        """Remove what a kill left aside; files that are an hour old are in no one's hands."""
        for name in names_in(self._aside):
            path = self._aside / name
            if path.is_file() and time.time() - path.stat().st_mtime > _LEFTOVER_SECONDS:
                remove(path)

    def blob_path(self, digest: str) -> Path:
        """Return where the bytes of a digest are kept."""
        algorithm, encoded = parse_digest(digest)
        return self.folder / "blobs" / algorithm / encoded[:2] / encoded

    def blob_size(self, name: str, digest: str) -> int | None:
        """Return the size of a blob that a repository has, in bytes; None where it has it not."""
        kept_as = self.linked(name, digest)
        try:
            return None if kept_as is None else self.blob_path(kept_as).stat().st_size
        except FileNotFoundError:
            return None

    def linked(self, name: str, digest: str) -> str | None:
        """Return the digest that a blob of a repository is kept by, perhaps another; None where it has it not."""
        return read_text(self._link(name, "_layers", digest))

    def repositories_with(self, digest: str) -> Iterator[str]:
        """Yield the repositories that have a blob."""
        if not self.blob_path(digest).is_file():
            return
        for name in self.repositories(with_blobs=True):
            if self.linked(name, digest) is not None:
                yield name

    def commit_upload(self, name: str, upload_id: str, digest: str, also: str = "") -> None:
        """Make the data of an upload a blob of the repository, and forget the upload. Its digest has been checked.

        With `also`, the repository knows the blob by that other digest, too.
        """
        path = self.blob_path(digest)
        data = self.uploads.data_path(upload_id)
        if not path.is_file():
            if self._durable:
                flush(data)
            move(data, path, durable=self._durable)
        self.link_blob(name, digest)
        if also:
            self.link_blob(name, also, digest)
        self.uploads.forget(upload_id)

    def link_blob(self, name: str, digest: str, kept_as: str = "") -> None:
        """Let a repository have a blob whose bytes are there, under that digest or another."""
        self._write(self._link(name, "_layers", digest), kept_as or digest)

    def unlink_blob(self, name: str, digest: str) -> bool:
        """Take a blob from a repository, its bytes stay for the others; False where it has it not."""
        return self.blob_size(name, digest) is not None and remove(self._link(name, "_layers", digest))

    def put_manifest(
        self, name: str, manifest: StoredManifest, subject: str = "", described: dict[str, object] | None = None
    ) -> None:
        """Keep a manifest in a repository, and as a referrer of its subject where it has one, as it is `described`."""
        path = self.blob_path(manifest.digest)
        if not path.is_file():
            write_whole(path, manifest.body, self._aside, durable=self._durable)
        if subject:
            self._write(self._referrers(name, subject) / manifest.digest.replace(":", "-"), json.dumps(described))
        self._write(self._link(name, "_manifests/revisions", manifest.digest), manifest.media_type)

    def manifest(self, name: str, digest: str) -> StoredManifest | None:
        """Return a manifest of a repository; None where it has none of that digest."""
        media_type = read_text(self._link(name, "_manifests/revisions", digest))
        if media_type is None:
            return None
        try:
            return StoredManifest(digest, media_type, self.blob_path(digest).read_bytes())
        except FileNotFoundError:
            return None

    def has_manifest(self, name: str, digest: str) -> bool:
        """Say whether a repository has a manifest."""
        return self._link(name, "_manifests/revisions", digest).is_file()

    def delete_manifest(self, name: str, digest: str) -> bool:
        """Take a manifest and the tags that name it from a repository; False where it has it not."""
        if not self.has_manifest(name, digest):
            return False
        for tag in self.tags(name) or ():
            if self.tagged(name, tag) == digest:
                self.delete_tag(name, tag)
        return remove(self._link(name, "_manifests/revisions", digest))

    def referrers(self, name: str, subject: str) -> list[tuple[str, dict[str, object]]]:
        """Return digest and descriptor of each manifest of a repository that refers to one, in the digests' order."""
        found = []
        for entry in sorted(names_in(self._referrers(name, subject))):
            digest = entry.replace("-", ":", 1)
            text = read_text(self._referrers(name, subject) / entry)
            if text is not None and self.has_manifest(name, digest):
                found.append((digest, json.loads(text)))
        return found

    def tagged(self, name: str, tag: str) -> str | None:
        """Return the digest that a tag names; None where there is no such tag."""
        return read_text(self._tags(name) / tag)

    def put_tag(self, name: str, tag: str, digest: str) -> None:
        """Let a tag name a digest."""
        self._write(self._tags(name) / tag, digest)

    def delete_tag(self, name: str, tag: str) -> bool:
        """Remove a tag; False where there is none."""
        return remove(self._tags(name) / tag)

    def tags(self, name: str, *, is_sorted: bool = True) -> list[str] | None:
        """Return the tags of a repository in the order of their bytes, or of the disk; None where it never had one."""
        if not self._tags(name).is_dir():
            return None
        return sorted(names_in(self._tags(name))) if is_sorted else list(names_in(self._tags(name)))

    def repositories(self, *, with_blobs: bool = False) -> list[str]:
        """Return the names of the repositories that have had a manifest, or a blob, in the order of their bytes."""
        root = self.folder / "repositories"
        found = []
        for folder, names, _ in os.walk(root):
            if "_manifests" in names or (with_blobs and "_layers" in names):
                found.append(Path(folder).relative_to(root).as_posix())
            names[:] = [name for name in names if not name.startswith("_")]
        return sorted(found)

    def _repository(self, name: str) -> Path:
        return self.folder / "repositories" / name

    def _tags(self, name: str) -> Path:
        return self._repository(name) / "_manifests" / "tags"

    def _referrers(self, name: str, subject: str) -> Path:
        algorithm, encoded = parse_digest(subject)
        return self._repository(name) / "_referrers" / algorithm / encoded

    def _link(self, name: str, kind: str, digest: str) -> Path:
        algorithm, encoded = parse_digest(digest)
        return self._repository(name) / kind / algorithm / encoded

    def _write(self, path: Path, text: str) -> None:
        write_whole(path, text.encode(), self._aside, durable=self._durable)
