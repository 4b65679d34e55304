"""Read what an image is: its manifest, with an index every child, and what they name (distribution-spec, "Pull")."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from explorer.errors import FormatError, Stuck
from explorer.flows import Flow
from explorer.flows.answers import accept, answered
from explorer.flows.mirrors import through
from explorer.flows.redirected import redirected
from explorer.flows.requests import request
from explorer.frozen import frozen
from explorer.images.documents import At, Descriptor
from explorer.images.names import listed
from explorer.images.pulled import Parts, matching, platform_of, read_parts
from explorer.model import Manifest, Response
from explorer.spec.digests import digest_of, is_digest
from explorer.spec.media_types import DOCKER_CONFIG, INDEXES, MANIFESTS, OCI_CONFIG
from explorer.spec.references import Target

_DEEPEST = 16  # indexes within indexes; nobody is known to need more than two


@frozen
class Source:
    """What is read from where; `namespace` is the registry that a mirror stands for, empty where it is none."""

    target: Target
    namespace: str = ""

    def at(self, what: str) -> str:
        """Return where something of the repository is: blobs/DIGEST, manifests/REFERENCE."""
        return through(f"/v2/{self.target.repository}/{what}", self.namespace)


@frozen
class Read:
    """A manifest that came, and what it names."""

    manifest: Manifest
    parts: Parts


@dataclass(slots=True)
class Found:
    """What the manifests name, each once, by digest; blobs with a label for people."""

    manifests: dict[str, Manifest] = field(default_factory=dict)
    children_first: list[Manifest] = field(default_factory=list)
    blobs: dict[str, tuple[Descriptor, str]] = field(default_factory=dict)
    left_out: dict[str, Descriptor] = field(default_factory=dict)


def read_root(source: Source, platform: str = "") -> Flow[Read]:
    """Get the manifest that a source names, and where it is an index and a platform is wanted, the one for that.

    Of an image that is no index the config says which platform it is for. Raises Stuck where there is none for the
    one that is wanted.
    """
    root = yield from _manifest(source, source.target.reference, None, source.target.reference)
    if not platform:
        return root
    if not root.parts.is_index:
        yield from _check_platform(source, platform, root)
        return root
    chosen = yield from _of_platform(source, platform, root, 0)
    if chosen is None:
        raise Stuck(f"The image is not there for {platform}, but for: {platforms(root)}.")
    return chosen


def _check_platform(source: Source, platform: str, image: Read) -> Flow[None]:
    config = image.parts.config
    if config is None or config.media_type not in (OCI_CONFIG, DOCKER_CONFIG):
        return
    got = yield from redirected(
        answered(
            "get the config: which platform is it for?",
            request("GET", source.target.origin, source.at(f"blobs/{config.digest}")),
            spec="end-2",
            why="The image is no index, so that its config alone says which platform it is for.",
            expects=(200,),
        )
    )
    body = accept(got, 200).body
    said = platform_of(body) if isinstance(body, bytes) else ""
    if said and matching((replace(config, platform=said),), platform) is None:
        raise Stuck(f"The image is for {said}, and {platform} was asked for; it is no index, so there is no other.")


def read_whole(source: Source, root: Read) -> Flow[Found]:
    """Get the children of an index, and note what all the manifests name."""
    found = Found()
    yield from _collect(source, root, found, "", 0)
    return found


def _manifest(source: Source, reference: str, named: Descriptor | None, label: str) -> Flow[Read]:
    got = yield from redirected(
        answered(
            f"get the manifest {label}",
            request(
                "GET",
                source.target.origin,
                source.at(f"manifests/{reference}"),
                *(("Accept", kind) for kind in MANIFESTS),
            ),
            spec="end-3",
            why="Names the blobs, or further manifests; a registry sends only the kinds that are accepted.",
            expects=(200,),
        )
    )
    answer = accept(got, 200)
    if not isinstance(answer.body, bytes):
        raise Stuck(f"The manifest {label} is too large to be kept, so what it names is not known.")
    if named and len(answer.body) != named.size:
        raise Stuck(f"The manifest {label} has {len(answer.body)} bytes, and the index says that it has {named.size}.")
    digest = _checked_digest(answer, answer.body, reference)
    try:
        parts = read_parts(answer.body, answer.headers.get("Content-Type") or "", At(f"The manifest {label}", "JSON"))
    except FormatError as wrong:
        raise Stuck(wrong.sentence) from wrong
    return Read(Manifest(digest, parts.media_type, answer.body), parts)


def _checked_digest(answer: Response, body: bytes, reference: str) -> str:
    """Return the digest that the manifest goes by; raises Stuck where its bytes have another."""
    said = answer.headers.get("Docker-Content-Digest") or ""
    expected = [digest for digest in (reference, said) if is_digest(digest)]
    for digest in expected:
        found = digest_of(body, digest.partition(":")[0])
        if found != digest:
            raise Stuck(f"The manifest that came has the digest {found}, but {digest} was to be expected.")
    return expected[0] if expected else digest_of(body)


def _of_platform(source: Source, platform: str, index: Read, depth: int) -> Flow[Read | None]:
    """Return the manifest for the wanted platform, looked for in nested indexes, too; None where there is none."""
    if depth > _DEEPEST:
        raise Stuck(f"Indexes lie within indexes more than {_DEEPEST} deep.")
    child = matching(index.parts.children, platform)
    if child:
        got = yield from _manifest(source, child.digest, child, _label(child))
        return (yield from _of_platform(source, platform, got, depth + 1)) if got.parts.is_index else got
    for child in index.parts.children:
        if not child.platform and child.media_type in INDEXES:
            got = yield from _manifest(source, child.digest, child, _label(child))
            found = yield from _of_platform(source, platform, got, depth + 1)
            if found:
                return found
    return None


def platforms(index: Read) -> str:
    return listed([child.platform or child.digest for child in index.parts.children]) or "none at all"


def _label(child: Descriptor) -> str:
    return child.platform if child.platform not in ("", "unknown/unknown") else f"{child.digest[:19]}…"


def _collect(source: Source, read: Read, found: Found, label: str, depth: int) -> Flow[None]:
    """Note a manifest and what it names, and get its children."""
    if depth > _DEEPEST:
        raise Stuck(f"Indexes lie within indexes more than {_DEEPEST} deep.")
    found.manifests[read.manifest.digest] = read.manifest
    for child in read.parts.children:
        if child.digest not in found.manifests:
            got = yield from _manifest(source, child.digest, child, _label(child))
            yield from _collect(source, got, found, f"{_label(child)}, ", depth + 1)
    for number, layer in enumerate(read.parts.layers, 1):
        if layer.urls:
            found.left_out.setdefault(layer.digest, layer)
        else:
            _note(found, layer, f"{label}layer {number}")
    if read.parts.config:
        _note(found, read.parts.config, f"{label}config")
    found.children_first.append(read.manifest)


def _note(found: Found, blob: Descriptor, label: str) -> None:
    known, name = found.blobs.setdefault(blob.digest, (blob, label))
    if known.size != blob.size:
        raise Stuck(f"{blob.digest} has {known.size} bytes as {name} and {blob.size} as {label}; one of them is wrong.")
