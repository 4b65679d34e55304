"""Copy an image from registry to registry: nothing of it lands on this machine."""

from __future__ import annotations

from explorer.errors import Stuck
from explorer.flows import Flow
from explorer.flows.answers import accept, next_location
from explorer.flows.blob_exists import head_blob
from explorer.flows.declared import PLATFORM, TARGET, Argument, Arguments, Kind, flow
from explorer.flows.push_manifest import push_manifest
from explorer.flows.read_image import Source, read_root, read_whole
from explorer.flows.redirected import redirected
from explorer.flows.requests import request
from explorer.flows.uploads import OCTETS, SENT, close_upload, mounted_or_opened, open_upload
from explorer.frozen import frozen
from explorer.images.documents import Descriptor
from explorer.model import Exchange, Relay, Step, Unkept
from explorer.spec.digests import digest_of
from explorer.spec.references import Target

NAME = "copy-image"
_AGAIN = (401, 404, 416)  # a token that ran out, an upload that went, bytes of an attempt that broke off

_SOURCE = Argument("source", Kind.TARGET, "the image: host[:port]/repository[:tag|@digest]", required=True)


@frozen
class Copy:
    """What to copy where; `platform` is one of several, all of them where it is empty."""

    source: Target
    target: Target
    platform: str = ""

    @property
    def is_within_a_registry(self) -> bool:
        """Whether blobs can be mounted, since both sides are of one registry."""
        return self.source.origin == self.target.origin


@flow(
    NAME,
    "F02",
    "F06",
    "F11",
    "F13",
    "F14",
    "F16",
    arguments=(_SOURCE, TARGET, PLATFORM),
    example="copy-image localhost:5000/demo/app:v1 registry.example/team/app:v1",
)
def copy_from_registry(arguments: Arguments) -> Flow[str]:
    """Copy an image from registry to registry; nothing of it is kept on this machine.

    GET of each manifest (end-3). For each blob: within one registry a mount (end-11); else HEAD (end-2) at the target,
    and where it is not there POST (end-4a), then GET (end-2) at the source and PATCH (end-5) at the target at the same
    time, the bytes of the one's answer being the other's body, and PUT (end-6) when they had the right digest. PUT of
    the manifests (end-7), what an index names first. The verb `copy` does the same.
    """
    return copy_image(Copy(arguments.target_of("source"), arguments.target, arguments.text("platform")))


def copy_image(copy: Copy) -> Flow[str]:
    """Read every manifest, bring over every blob that is not there, and then the manifests, children first."""
    root = yield from read_root(Source(copy.source), copy.platform)
    wanted = copy.target.reference
    if ":" in wanted and wanted != root.manifest.digest:
        raise Stuck(f"The target asks for the digest {wanted}, but the image to copy has {root.manifest.digest}.")
    found = yield from read_whole(Source(copy.source), root)
    is_same_place = copy.is_within_a_registry and copy.source.repository == copy.target.repository
    for blob, label in () if is_same_place else found.blobs.values():
        yield from _blob(copy, blob, label)
    origin, repository = copy.target.origin, copy.target.repository
    for manifest in found.children_first:
        reference = wanted if manifest is root.manifest else manifest.digest
        yield from redirected(push_manifest(origin, repository, manifest, reference))
    left_out = [digest for digest in found.left_out if digest not in found.blobs]
    more = f" (left out, as they lie elsewhere: {', '.join(left_out)})" if left_out else ""
    return f"{root.manifest.digest}{more}"


def _blob(copy: Copy, blob: Descriptor, label: str) -> Flow[None]:
    origin, repository = copy.target.origin, copy.target.repository
    if copy.is_within_a_registry:
        opened = yield from redirected(
            mounted_or_opened(origin, repository, blob.digest, copy.source.repository, label)
        )
        if opened is None:
            return
    else:
        known = yield from head_blob(origin, repository, blob.digest, label)
        if known.status != 404:
            return
        opened = yield from redirected(open_upload(origin, repository, blob.digest, label))
    got, sent = yield from _passed_on(copy, blob, label, opened)
    if sent.status in _AGAIN:
        if sent.status != 401:
            opened = yield from redirected(open_upload(origin, repository, blob.digest, f"{label}, again"))
        got, sent = yield from _passed_on(copy, blob, f"{label}, again", opened)
    accept(sent, *SENT)
    _check_passed(got, blob, label, copy.source)
    yield from close_upload(sent, blob.digest, label)


def _passed_on(copy: Copy, blob: Descriptor, label: str, opened: Exchange) -> Flow[tuple[Exchange, Exchange]]:
    """Get a blob and send it at the same time; returns both exchanges."""
    where, target = next_location(opened)
    path = f"/v2/{copy.source.repository}/blobs/{blob.digest}"
    algorithm, _, encoded = blob.digest.partition(":")
    body = Unkept(blob.size, encoded if algorithm == "sha256" else "", f"the answer to GET {copy.source.origin}{path}")
    patch = Step(
        f"{label}: send bytes",
        request("PATCH", where, target, OCTETS, body=body),
        spec="end-5",
        why="Its body is what the other registry is sending at the same time, block by block.",
        expects=SENT,
    )
    got = yield from redirected(
        _one(
            Step(
                f"{label}: get",
                request("GET", copy.source.origin, path),
                spec="end-2",
                why=f"{blob.size} bytes, hashed while they go on into the PATCH, which is sent at the same time.",
                expects=(200,),
                relay=Relay(patch, blob.digest, blob.size),
            )
        )
    )
    accept(got, 200)
    return got, (yield patch)


def _one(step: Step) -> Flow[Exchange]:
    return (yield step)


def _check_passed(got: Exchange, blob: Descriptor, label: str, source: Target) -> None:
    """Raise Stuck where what was passed on is not the blob, before the upload is closed."""
    body = got.response.body if got.response else b""
    if isinstance(body, bytes):
        found = digest_of(body, blob.digest.partition(":")[0])
    else:
        found = (body.digest if isinstance(body, Unkept) else "") or f"sha256:{body.sha256}"
    if found != blob.digest:
        raise Stuck(
            f"The {label} should be {blob.digest}, but what {source.origin} sent has the digest {found}. "
            "The upload is not closed, so the registry keeps nothing of it."
        )
