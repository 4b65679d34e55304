"""What can be pushed: blobs, manifests, images."""

from __future__ import annotations

from collections.abc import Iterable

from explorer.frozen import frozen
from explorer.model.bodies import Slice, body_size


@frozen
class Blob:
    """A blob to push: its digest, size in bytes, media type, where its bytes are, and a name for people."""

    digest: str
    media_type: str
    body: bytes | Slice
    name: str = ""

    @property
    def size(self) -> int:
        """Size in bytes."""
        return body_size(self.body)


@frozen
class Manifest:
    """A manifest to push: its exact bytes, their digest and their media type."""

    digest: str
    media_type: str
    body: bytes


@frozen
class Image:
    """What can be pushed: blobs without repeats, and manifests in the order of pushing (children first, root last)."""

    name: str
    blobs: tuple[Blob, ...]
    manifests: tuple[Manifest, ...]

    @property
    def root(self) -> Manifest:
        """The manifest that a tag is to name."""
        return self.manifests[-1]


def total_size(blobs: Iterable[Blob]) -> int:
    """Return the size of several blobs together, in bytes."""
    return sum(blob.size for blob in blobs)
