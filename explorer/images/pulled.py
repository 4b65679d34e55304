"""What manifests of a registry name, and what of it was pulled."""

from __future__ import annotations

import json

from explorer.frozen import frozen
from explorer.images.documents import At, Descriptor, as_list, descriptor, parse_object
from explorer.images.files import shown
from explorer.model import Manifest
from explorer.spec.media_types import INDEXES, MANIFESTS

_SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1"
_SAME = {
    "linux/x86_64": "linux/amd64",
    "linux/amd64/v1": "linux/amd64",
    "linux/aarch64": "linux/arm64",
    "linux/arm64/v8": "linux/arm64",
    "linux/arm": "linux/arm/v7",
}


@frozen
class Parts:
    """What a manifest (a config and layers) or an index (children) names; `media_type` tells which it is."""

    media_type: str
    children: tuple[Descriptor, ...] = ()
    config: Descriptor | None = None
    layers: tuple[Descriptor, ...] = ()

    @property
    def is_index(self) -> bool:
        """Whether this names other manifests."""
        return self.media_type in INDEXES


def read_parts(body: bytes, content_type: str, at: At) -> Parts:
    """Return what the bytes of a manifest or an index name; raises FormatError where nobody can tell.

    `content_type` is what the registry says that it is; a media type in the manifest itself has to be the same.
    """
    content = parse_object(body, at)
    if "manifests" in content and ("layers" in content or "config" in content):
        raise at.wrong("it is an index and a manifest at once (it has 'manifests' and 'layers'), so it is refused.")
    media_type = _media_type(content.get("mediaType"), content_type.partition(";")[0].strip(), at)
    if media_type in INDEXES:
        return Parts(media_type, children=_descriptors(content.get("manifests"), at.part("manifests")))
    if "manifests" in content:
        raise at.wrong(f"it is said to be {media_type}, which names no manifests, and this has 'manifests'.")
    config = descriptor(content.get("config"), at.part("config"))
    return Parts(media_type, config=config, layers=_descriptors(content.get("layers"), at.part("layers")))


def _media_type(own: object, said: str, at: At) -> str:
    if own is not None and said in MANIFESTS and own != said:
        raise at.wrong(f"it calls itself {shown(str(own))}, and the registry's Content-Type is {said}.")
    media_type = str(own) if own is not None else said
    if media_type.startswith(_SCHEMA_1) or said.startswith(_SCHEMA_1):
        raise at.wrong("it is of docker's schema 1, which names no config and is no longer read; push the image anew.")
    if media_type not in MANIFESTS:
        raise at.wrong(f"it is said to be '{shown(media_type)}', which is no image manifest or index of docker or OCI.")
    return media_type


def _descriptors(value: object, at: At) -> tuple[Descriptor, ...]:
    return tuple(descriptor(entry, At(at.path, f"{at.place}[{n}]")) for n, entry in enumerate(as_list(value, at)))


def platform_of(config: bytes) -> str:
    """Return the platform that an image's config names, as in linux/arm/v7; empty where it names none."""
    try:
        said = json.loads(config)
    except (ValueError, RecursionError):
        return ""
    parts = [said.get(name) for name in ("os", "architecture", "variant")] if isinstance(said, dict) else []
    named = [part for part in parts if isinstance(part, str) and part]
    return "/".join(named) if all(isinstance(part, str) and part for part in parts[:2]) and parts else ""


def matching(children: tuple[Descriptor, ...], platform: str) -> Descriptor | None:
    """Return the child for a platform, written os/architecture[/variant]; without a variant, any will do."""
    wanted = _plain(platform)
    exact = [child for child in children if _plain(child.platform) == wanted]
    if not exact and platform.count("/") == 1:
        exact = [child for child in children if child.platform.startswith(f"{platform}/")]
    return exact[0] if exact else None


def _plain(platform: str) -> str:
    return _SAME.get(platform.lower(), platform.lower())


@frozen
class Pulled:
    """What was pulled: manifests, the root first; blobs; foreign layers that were left out; blobs that were there."""

    manifests: tuple[Manifest, ...]
    blobs: tuple[Descriptor, ...]
    left_out: tuple[str, ...] = ()
    reused: tuple[str, ...] = ()
    platform: str = ""

    @property
    def root(self) -> Manifest:
        """The manifest that the name stands for."""
        return self.manifests[0]

    def __str__(self) -> str:
        parts = [f"{len(self.manifests)} manifest{'s' * (len(self.manifests) > 1)}", f"{len(self.blobs)} blobs"]
        if self.reused:
            parts.append(f"{len(self.reused)} of them there already")
        if self.left_out:
            parts.append(f"left out, as they lie elsewhere: {', '.join(self.left_out)}")
        return f"{self.root.digest} ({', '.join(parts)})"
