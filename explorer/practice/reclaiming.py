"""Bytes that no repository has any more, as deletes and kills leave them: removed when a store is opened."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from explorer.practice.files import names_in, read_text, remove

_LAYERS, _REVISIONS = "_layers", "_manifests/revisions"


def reclaim(folder: Path) -> int:
    """Remove the bytes that no repository refers to, and return how many files that were.

    The store must be in no other hands. Where a repository cannot be read, nothing is removed.
    """
    try:
        wanted = set(_referred_to(folder / "repositories"))
    except (OSError, ValueError):
        return 0
    count = 0
    for digest, path in _kept(folder / "blobs"):
        if digest not in wanted:
            with contextlib.suppress(OSError):
                count += remove(path)
    return count


def _kept(blobs: Path) -> Iterator[tuple[str, Path]]:
    for algorithm in names_in(blobs):
        for begin in names_in(blobs / algorithm):
            for encoded in names_in(blobs / algorithm / begin):
                yield f"{algorithm}:{encoded}", blobs / algorithm / begin / encoded


def _referred_to(repositories: Path) -> Iterator[str]:
    for repository, names, _ in os.walk(repositories, onerror=_raise):
        here = Path(repository)
        if "_layers" in names:
            yield from (read_text(link) or "" for _, link in _links(here / _LAYERS))
        if "_manifests" in names:
            yield from (digest for digest, _ in _links(here / _REVISIONS))
        names[:] = [name for name in names if not name.startswith("_")]


def _links(kind: Path) -> Iterator[tuple[str, Path]]:
    for algorithm in names_in(kind):
        for encoded in names_in(kind / algorithm):
            yield f"{algorithm}:{encoded}", kind / algorithm / encoded


def _raise(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error
