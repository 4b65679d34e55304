"""Pull a whole image: its manifests, then each blob that they name, once (distribution-spec, spec.md, "Pull")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from explorer.errors import Stuck
from explorer.flows import Flow
from explorer.flows.answers import accept
from explorer.flows.declared import NS, PLATFORM, TARGET, Argument, Arguments, Kind, flow
from explorer.flows.read_image import Read, Source, platforms, read_root, read_whole
from explorer.flows.redirected import redirected
from explorer.flows.requests import request
from explorer.formats.values import Json
from explorer.frozen import frozen
from explorer.images.destinations import ARCHIVE, Destination
from explorer.images.documents import Descriptor
from explorer.images.pulled import Pulled
from explorer.model import Exchange, Save, Slice, Step, Unkept
from explorer.spec.media_types import DOCKER_CONFIG, OCI_CONFIG
from explorer.spec.references import Target, parse_target

NAME = "pull-image"

_DEST = Argument("dest", Kind.DESTINATION, "an OCI layout (folder) or a docker-save archive (.tar)", required=True)


@frozen
class Pull:
    """What to pull: `folder` is where `blobs/` goes; `there` and `halves` are the bytes of blobs that lie in it."""

    target: Target
    folder: str
    platform: str = ""
    is_archive: bool = False  # of one image, with every layer
    there: Mapping[str, int] = field(default_factory=dict)
    halves: Mapping[str, int] = field(default_factory=dict)
    namespace: str = ""  # the registry that the target's mirrors

    @property
    def source(self) -> Source:
        """Where everything is read from."""
        return Source(self.target, self.namespace)


def pull_image(pull: Pull) -> Flow[Pulled]:
    """Pull an image: its manifest, with an index every child, and then every blob that they name, once."""
    root = yield from read_root(pull.source, pull.platform)
    if pull.is_archive:
        _check_archivable(root)
    found = yield from read_whole(pull.source, root)
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


def _check_archivable(root: Read) -> None:
    """Raise Stuck where a docker-save archive cannot hold this; before its blobs are pulled."""
    if root.parts.is_index:
        raise Stuck(f"An archive of docker holds one platform; choose one by --platform: {platforms(root)}.")
    if root.parts.config and root.parts.config.media_type not in (OCI_CONFIG, DOCKER_CONFIG):
        raise Stuck(f"This is no image that docker can load, but has a config {root.parts.config.media_type}.")
    if foreign := [layer.digest for layer in root.parts.layers if layer.urls]:
        raise Stuck(f"An archive of docker needs every layer, and these lie elsewhere: {', '.join(foreign)}.")


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
    target = pull.source.at(f"blobs/{blob.digest}")
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
        str(arguments.get("ns") or ""),
    )


@flow(
    NAME,
    "F13",
    "F16",
    "F26",
    arguments=(TARGET, _DEST, PLATFORM, NS),
    example="pull-image localhost:5000/demo/app:v1 app.tar",
)
def pull_whole_image(arguments: Arguments) -> Flow[Pulled]:
    """Pull an image: its manifest, with an index every child, and then every blob that they name, once.

    GET of each manifest (end-3) and of each blob (end-2); sizes and digests are checked, a half that is there is gone
    on from with Range. The verb `pull` does it, and writes the layout or archive around the blobs.
    """
    return pull_image(pull_of(arguments.values))
