"""Pull a whole image: its manifests, then each blob that they name, once (distribution-spec, spec.md, "Pull")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from explorer.errors import FormatError, Stuck
from explorer.flows import Flow
from explorer.flows.answers import accept, answered
from explorer.flows.declared import TARGET, Argument, Arguments, Kind, flow
from explorer.flows.redirected import redirected
from explorer.flows.requests import request
from explorer.formats.values import Json
from explorer.images.destinations import ARCHIVE, Destination
from explorer.images.documents import At, Descriptor
from explorer.images.names import listed
from explorer.images.pulled import Parts, Pulled, matching, read_parts
from explorer.model import Exchange, Manifest, Response, Save, Slice, Step, Unkept
from explorer.spec.digests import digest_of, is_digest
from explorer.spec.media_types import DOCKER_CONFIG, INDEXES, MANIFESTS, OCI_CONFIG
from explorer.spec.references import Target, parse_target

NAME = "pull-image"
_DEEPEST = 16  # indexes within indexes; nobody is known to need more than two

_DEST = Argument("dest", Kind.DESTINATION, "an OCI layout (folder) or a docker-save archive (.tar)", required=True)
_PLATFORM = Argument("platform", Kind.TEXT, "only this one of a multi-platform image: os/architecture[/variant]")


@dataclass(frozen=True, slots=True)
class Pull:
    """What to pull: `folder` is where `blobs/` goes; `there` and `halves` are the bytes of blobs that lie in it."""

    target: Target
    folder: str
    platform: str = ""
    is_archive: bool = False  # of one image, with every layer
    there: Mapping[str, int] = field(default_factory=dict)
    halves: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Read:
    """A manifest that came, and what it names."""

    manifest: Manifest
    parts: Parts


@dataclass(slots=True)
class _Found:
    """What the manifests name, each once, by digest; blobs with a label for people."""

    manifests: dict[str, Manifest] = field(default_factory=dict)
    blobs: dict[str, tuple[Descriptor, str]] = field(default_factory=dict)
    left_out: dict[str, Descriptor] = field(default_factory=dict)


def pull_image(pull: Pull) -> Flow[Pulled]:
    """Pull an image: its manifest, with an index every child, and then every blob that they name, once."""
    root = yield from _manifest(pull, pull.target.reference, None, pull.target.reference)
    if pull.platform and root.parts.is_index:
        chosen = yield from _of_platform(pull, root, 0)
        if chosen is None:
            raise Stuck(f"The image is not there for {pull.platform}, but for: {_platforms(root)}.")
        root = chosen
    if pull.is_archive:
        _check_archivable(root)
    found = _Found()
    yield from _collect(pull, root, found, "", 0)
    reused = tuple(digest for digest, (blob, _) in found.blobs.items() if pull.there.get(digest) == blob.size)
    for digest, (blob, label) in found.blobs.items():
        if digest not in reused:
            yield from _blob(pull, blob, label)
    return Pulled(
        tuple(found.manifests.values()),
        tuple(blob for blob, _ in found.blobs.values()),
        tuple(digest for digest in found.left_out if digest not in found.blobs),
        reused,
        pull.platform,
    )


def _manifest(pull: Pull, reference: str, named: Descriptor | None, label: str) -> Flow[_Read]:
    got = yield from redirected(
        answered(
            f"get the manifest {label}",
            request(
                "GET",
                pull.target.origin,
                f"/v2/{pull.target.repository}/manifests/{reference}",
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
    return _Read(Manifest(digest, parts.media_type, answer.body), parts)


def _checked_digest(answer: Response, body: bytes, reference: str) -> str:
    """Return the digest that the manifest goes by; raises Stuck where its bytes have another."""
    said = answer.headers.get("Docker-Content-Digest") or ""
    expected = [digest for digest in (reference, said) if is_digest(digest)]
    for digest in expected:
        found = digest_of(body, digest.partition(":")[0])
        if found != digest:
            raise Stuck(f"The manifest that came has the digest {found}, but {digest} was to be expected.")
    return expected[0] if expected else digest_of(body)


def _of_platform(pull: Pull, index: _Read, depth: int) -> Flow[_Read | None]:
    """Return the manifest for the wanted platform, looked for in nested indexes, too; None where there is none."""
    if depth > _DEEPEST:
        raise Stuck(f"Indexes lie within indexes more than {_DEEPEST} deep.")
    child = matching(index.parts.children, pull.platform)
    if child:
        got = yield from _manifest(pull, child.digest, child, _label(child))
        return (yield from _of_platform(pull, got, depth + 1)) if got.parts.is_index else got
    for child in index.parts.children:
        if not child.platform and child.media_type in INDEXES:
            got = yield from _manifest(pull, child.digest, child, _label(child))
            found = yield from _of_platform(pull, got, depth + 1)
            if found:
                return found
    return None


def _platforms(index: _Read) -> str:
    return listed([child.platform or child.digest for child in index.parts.children]) or "none at all"


def _label(child: Descriptor) -> str:
    return child.platform if child.platform not in ("", "unknown/unknown") else f"{child.digest[:19]}…"


def _check_archivable(root: _Read) -> None:
    """Raise Stuck where a docker-save archive cannot hold this; before its blobs are pulled."""
    if root.parts.is_index:
        raise Stuck(f"An archive of docker holds one platform; choose one by --platform: {_platforms(root)}.")
    if root.parts.config and root.parts.config.media_type not in (OCI_CONFIG, DOCKER_CONFIG):
        raise Stuck(f"This is no image that docker can load, but has a config {root.parts.config.media_type}.")
    if foreign := [layer.digest for layer in root.parts.layers if layer.urls]:
        raise Stuck(f"An archive of docker needs every layer, and these lie elsewhere: {', '.join(foreign)}.")


def _collect(pull: Pull, read: _Read, found: _Found, label: str, depth: int) -> Flow[None]:
    """Note a manifest and what it names, and get its children."""
    if depth > _DEEPEST:
        raise Stuck(f"Indexes lie within indexes more than {_DEEPEST} deep.")
    found.manifests[read.manifest.digest] = read.manifest
    for child in read.parts.children:
        if child.digest not in found.manifests:
            got = yield from _manifest(pull, child.digest, child, _label(child))
            yield from _collect(pull, got, found, f"{_label(child)}, ", depth + 1)
    for number, layer in enumerate(read.parts.layers, 1):
        if layer.urls:
            found.left_out.setdefault(layer.digest, layer)
        else:
            _note(found, layer, f"{label}layer {number}")
    if read.parts.config:
        _note(found, read.parts.config, f"{label}config")


def _note(found: _Found, blob: Descriptor, label: str) -> None:
    known, name = found.blobs.setdefault(blob.digest, (blob, label))
    if known.size != blob.size:
        raise Stuck(f"{blob.digest} has {known.size} bytes as {name} and {blob.size} as {label}; one of them is wrong.")


def _blob(pull: Pull, blob: Descriptor, label: str) -> Flow[None]:
    half = pull.halves.get(blob.digest, 0)
    if 0 < half < blob.size:
        why = f"{half} of {blob.size} bytes are there; 206 sends the rest, 200 all of them, 416 none."
        step = _step(pull, blob, f"{label}: get the rest", why, (206, 200, 416), ("Range", f"bytes={half}-"))
        got = yield from redirected(_one(step))
        if isinstance(accept(got, 206, 200, 416).body, Slice):
            return
        why = "What was there and what came do not make up the blob, so it is begun anew."
    else:
        why = f"{blob.size} bytes, hashed while they come; the file gets its name when they are the right ones."
    got = yield from redirected(_one(_step(pull, blob, f"{label}: get", why, (200,))))
    body = accept(got, 200, 206).body
    if isinstance(body, Unkept):
        raise Stuck(
            f"The {label} should be {blob.digest} of {blob.size} bytes. {body.size} bytes came with "
            f"sha256:{body.sha256}; {body.source}."
        )
    if not isinstance(body, Slice):
        raise Stuck(f"The {label} came, but was not saved; send the step itself again.")


def _step(
    pull: Pull, blob: Descriptor, title: str, why: str, expects: tuple[int, ...], *headers: tuple[str, str]
) -> Step:
    target = f"/v2/{pull.target.repository}/blobs/{blob.digest}"
    save = Save(f"{pull.folder}/{blob.blob_path}", blob.digest, blob.size)
    return Step(title, request("GET", pull.target.origin, target, *headers), "end-2", why, expects, save)


def _one(step: Step) -> Flow[Exchange]:
    return (yield step)


def pull_of(arguments: Json) -> Pull:
    """Return the pull that a call describes; raises ValueError, KeyError or InputError where it describes none."""
    target, form = str(arguments["target"]), str(arguments["form"])
    return Pull(
        parse_target(target, plain_http=target.startswith("http:")),
        str(Destination(Path(str(arguments["dest"])), form).folder),
        str(arguments.get("platform") or ""),
        form == ARCHIVE,
        {str(digest): int(size) for digest, size in arguments["there"].items()},
        {str(digest): int(size) for digest, size in arguments["halves"].items()},
    )


@flow(NAME, "F13", "F16", arguments=(TARGET, _DEST, _PLATFORM), example="pull-image localhost:5000/demo/app:v1 app.tar")
def pull_whole_image(arguments: Arguments) -> Flow[Pulled]:
    """Pull an image: its manifest, with an index every child, and then every blob that they name, once.

    GET of each manifest (end-3) and of each blob (end-2); sizes and digests are checked, a half that is there is gone
    on from with Range. The verb `pull` does it, and writes the layout or archive around the blobs.
    """
    return pull_image(pull_of(arguments.values))
