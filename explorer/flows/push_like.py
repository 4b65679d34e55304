"""Push an image as a known client would: the same requests in the same order, looking the same (clients/)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

from explorer.errors import Stuck
from explorer.flows import Flow
from explorer.flows.answers import accept, answered, check_digest, next_location
from explorer.flows.clients import Body, Check, ClientShape, Join
from explorer.flows.clients.go_http import go_request, joined
from explorer.flows.redirected import redirected
from explorer.flows.referrers_tag import note_subject
from explorer.flows.uploads import CLOSED, NOT_MOUNTED, SENT
from explorer.frozen import frozen
from explorer.model import Blob, Exchange, Image, Manifest, Origin, Step, wire_text
from explorer.spec.media_types import OCTET_STREAM
from explorer.spec.references import Target

_OCTETS = ("Content-Type", OCTET_STREAM)


@frozen
class LikePush:
    """What to push where, like whom; `mount_from` is another repository that may have the blobs."""

    target: Target
    image: Image
    client: ClientShape
    mount_from: str = ""

    @property
    def origin(self) -> Origin:
        """The registry."""
        return self.target.origin

    @property
    def path(self) -> str:
        """What every target of the repository begins with."""
        return f"/v2/{self.target.repository}"

    @property
    def uploads(self) -> str:
        """Where uploads are opened."""
        return f"{self.path}/blobs/uploads/"

    def why(self, words: str) -> str:
        """Return why a step is there."""
        return f"{words} So does {self.client.imitates}."


def push_like(push: LikePush) -> Flow[object]:
    """Push an image like a client; returns the digest of its root."""
    client, root = push.client, push.image.root
    if client.pings:
        ping = go_request(client, "GET", push.origin, "/v2/")
        why = push.why("Asks first whether this is a registry, and what credentials it wants.")
        yield from answered("ping", ping, spec="end-1", why=why, expects=(200, 401))
    if client.check in (Check.TAG_FIRST, Check.DIGEST_FIRST):
        by_tag = client.check is Check.TAG_FIRST
        if (yield from _is_there(push, root, push.target.reference if by_tag else root.digest)):
            return root.digest
    configs = set(_configs(push.image))
    for blob in _ordered(push.image, config_first=client.config_first):
        yield from redirected(_blob(push, blob, is_config=blob.digest in configs))
    for manifest in push.image.manifests:
        reference = push.target.reference if manifest is root else manifest.digest
        if client.check is Check.EACH and (yield from _is_there(push, manifest, reference)):
            continue
        yield from redirected(_manifest(push, manifest, reference))
    return root.digest


def _is_there(push: LikePush, manifest: Manifest, reference: str) -> Flow[bool]:
    """Ask for a manifest; it is there where the registry has this very one under the reference."""
    client = push.client
    kinds = client.accepts or (f"{manifest.media_type}, */*" if client.accepts_any else manifest.media_type,)
    head = go_request(
        client, "HEAD", push.origin, f"{push.path}/manifests/{reference}", *(("Accept", wire_text(k)) for k in kinds)
    )
    why = push.why("Asks whether the manifest is there already; then nothing is sent.")
    asked = yield from answered(
        f"manifest {reference[:19]}: is it there?", head, spec="end-3", why=why, expects=(404, 200)
    )
    said = asked.response.headers.get("Docker-Content-Digest") if asked.response else None
    return asked.status == 200 and manifest.digest in (said, reference)


def _configs(image: Image) -> Iterator[str]:
    for manifest in image.manifests:
        config = json.loads(manifest.body).get("config")
        if isinstance(config, dict):
            yield str(config.get("digest"))


def _ordered(image: Image, *, config_first: bool) -> list[Blob]:
    """Return the blobs manifest by manifest, each once, the config before or after the layers."""
    known = {blob.digest: blob for blob in image.blobs}
    order: dict[str, None] = {}
    for manifest in image.manifests:
        content = json.loads(manifest.body)
        layers = [str(layer.get("digest")) for layer in content.get("layers") or () if isinstance(layer, dict)]
        config = [str(content["config"].get("digest"))] if isinstance(content.get("config"), dict) else []
        order |= dict.fromkeys([*config, *layers] if config_first else [*layers, *config])
    rest = [blob for blob in image.blobs if blob.digest not in order]
    return [known[digest] for digest in order if digest in known] + rest


def _blob(push: LikePush, blob: Blob, *, is_config: bool) -> Flow[None]:
    checks = push.client.config_checks if is_config else push.client.layer_checks
    if checks and (yield from _head(push, blob, push.path)):
        return
    opened: Exchange | None = None
    if push.mount_from and (push.client.mount.configs or not is_config):
        is_mounted, opened = yield from _mount(push, blob)
        if is_mounted:
            return
    if checks > 1 and opened is None and (yield from _head(push, blob, push.path, " again")):
        return
    if opened is None:
        is_mounted, opened = yield from _open(push, blob)
        if is_mounted:
            return
    yield from _send(push, blob, opened)
    if push.client.looks_after and not (yield from _head(push, blob, push.path, ", after the upload")):
        raise Stuck(
            f"The {blob.name} was uploaded, and the registry does not have it; docker says 'unknown blob' here."
        )


def _head(push: LikePush, blob: Blob, where: str, more: str = "") -> Flow[bool]:
    kinds = [("Accept", f"{blob.media_type}, */*")] if push.client.accepts_any else []
    head = go_request(push.client, "HEAD", push.origin, f"{where}/blobs/{blob.digest}", *kinds)
    why = push.why("A blob that is there is not sent.")
    title = f"{blob.name}: is it there{more}?"
    asked = yield from answered(title, head, spec="end-2", why=why, expects=(404, 200))
    return asked.status == 200


def _mount(push: LikePush, blob: Blob) -> Flow[tuple[bool, Exchange | None]]:
    """Try to mount a blob; returns whether it is, and else the upload that was opened instead, where there is one."""
    mount = push.client.mount
    source = f"/v2/{push.mount_from}"
    if mount.asks_source and not (yield from _head(push, blob, source, f" in {push.mount_from}")):
        return False, None
    parameters = [("mount", blob.digest), ("from", push.mount_from)]
    if mount.names_origin:
        parameters.append(("origin", push.origin.authority))
    if mount.join is Join.APPENDED:  # these write the query as text, with ':' and '/' as they are
        target = f"{push.uploads}?" + "&".join(f"{name}={value}" for name, value in parameters)
    else:
        target = joined(push.uploads, Join.SORTED, *parameters)
    asked = yield Step(
        f"{blob.name}: mount",
        go_request(push.client, "POST", push.origin, target, *_type(push.client.opens_as)),
        spec="end-11",
        why=push.why("Asks for the blob of another repository before sending it."),
        expects=(201, 202),
    )
    if asked.status in NOT_MOUNTED:
        return False, None
    if accept(asked, 201, 202).status == 201:
        return True, None
    if not mount.cancels:
        return False, asked
    origin, where = next_location(asked)
    why = push.why("The blob was not mounted; the upload that was opened instead is given up, and another is opened.")
    yield from answered(
        f"{blob.name}: cancel",
        go_request(push.client, "DELETE", origin, where),
        spec="end-14",
        why=why,
        expects=(204, 202, 200, 400, 401, 403, 404, 405),
    )
    return False, None


def _open(push: LikePush, blob: Blob) -> Flow[tuple[bool, Exchange]]:
    """Open an upload; a client that asks for any repository's blob at that may find it mounted."""
    anonymous = push.client.mounts_anonymously
    target = joined(push.uploads, Join.SORTED, ("mount", blob.digest)) if anonymous else push.uploads
    opened = yield Step(
        f"{blob.name}: open upload",
        go_request(push.client, "POST", push.origin, target, *_type(push.client.opens_as)),
        spec="end-11" if anonymous else "end-4a",
        why=push.why("Opens an upload" + (", unless the registry has the blob anywhere." if anonymous else ".")),
        expects=(202, 201) if anonymous else (202,),
    )
    return accept(opened, 202, *((201,) if anonymous else ())).status == 201, opened


def _send(push: LikePush, blob: Blob, opened: Exchange) -> Flow[None]:
    client, digest = push.client, ("digest", blob.digest)
    if client.body is Body.PUT:
        origin, where = next_location(opened)
        put = go_request(client, "PUT", origin, joined(where, client.join, digest), _OCTETS, body=blob.body)
        why = push.why(f"Sends the whole blob with its digest; the query is {client.join.value}.")
        closed = yield Step(f"{blob.name}: send and close", put, "end-6", why, CLOSED)
    else:
        origin, where = next_location(opened)
        in_chunks = client.body is Body.PATCH_IN_CHUNKS
        kind = () if in_chunks else (_OCTETS,)
        patch = go_request(client, "PATCH", origin, where, *kind, body=blob.body, in_chunks=in_chunks)
        why = push.why(f"Sends the whole blob: {client.body.value}.")
        sent = yield Step(f"{blob.name}: send bytes", patch, "end-5", why, SENT)
        accept(sent, *SENT)
        origin, where = next_location(sent)
        put = go_request(client, "PUT", origin, joined(where, client.join, digest), *_type(client.closes_as))
        why = push.why(f"Closes with the digest; the query is {client.join.value}.")
        closed = yield Step(f"{blob.name}: close", put, "end-6", why, CLOSED)
    check_digest(accept(closed, *CLOSED), blob.digest)


def _manifest(push: LikePush, manifest: Manifest, reference: str) -> Flow[None]:
    target = f"{push.path}/manifests/{reference}"
    kind = ("Content-Type", wire_text(manifest.media_type))
    stored = yield Step(
        f"manifest {reference[:19]}: store",
        go_request(push.client, "PUT", push.origin, target, kind, body=manifest.body),
        spec="end-7",
        why=push.why("Stores the manifest; what it names is there by now."),
        expects=(201, 200, 202, 204),
    )
    check_digest(accept(stored, 201, 200, 202, 204), manifest.digest)
    if push.client.keeps_referrers:
        make = partial(go_request, push.client)
        yield from note_subject(push.origin, push.target.repository, manifest, stored, make)


def _type(media_type: str) -> tuple[tuple[str, str], ...]:
    return (("Content-Type", media_type),) if media_type else ()
