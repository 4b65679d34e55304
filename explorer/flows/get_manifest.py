"""Get a manifest, in the kind that one can read."""

from __future__ import annotations

from explorer.errors import Stuck
from explorer.flows import Flow
from explorer.flows.answers import answered
from explorer.flows.declared import NS, TARGET, Argument, Arguments, Kind, flow
from explorer.flows.mirrors import stands_for, through
from explorer.flows.redirected import redirected
from explorer.flows.requests import request
from explorer.model import Exchange
from explorer.spec.digests import digest_of, is_digest
from explorer.spec.media_types import MANIFESTS

_ACCEPT = Argument("accept", Kind.TEXTS, "a media type to accept; the four kinds of manifests where none is given")
_HEAD = Argument("head", Kind.FLAG, "only ask whether it is there (HEAD)")


@flow(
    "get-manifest",
    "F16",
    "F26",
    arguments=(TARGET, _ACCEPT, _HEAD, NS),
    example="get-manifest localhost:5000/demo/app:v1 --accept application/vnd.oci.image.index.v1+json",
)
def get_manifest(arguments: Arguments) -> Flow[str]:
    """Get a manifest by tag or digest, or ask whether it is there.

    GET or HEAD /v2/NAME/manifests/REFERENCE (end-3). Accept says which kinds can be read: distribution answers 404
    for an OCI manifest that is asked for without its type, `*/*` included. With `ns` as clients
    ask a mirror, which says in OCI-Namespace what it took it for.
    """
    target = arguments.target
    kinds = arguments.texts("accept") or MANIFESTS
    got = yield from redirected(
        answered(
            f"{'is the manifest there?' if arguments.flag('head') else 'get the manifest'}",
            request(
                "HEAD" if arguments.flag("head") else "GET",
                target.origin,
                through(f"/v2/{target.repository}/manifests/{target.reference}", arguments.text("ns")),
                *(("Accept", kind) for kind in kinds),
            ),
            spec="end-3",
            why="Content-Type says which kind came, Docker-Content-Digest its digest.",
            expects=(200,),
        )
    )
    return check_manifest(got, target.reference) + stands_for(got)


def check_manifest(got: Exchange, reference: str) -> str:
    """Return the digest of a manifest that came; raises Stuck where its bytes have another than they should."""
    answer = got.response
    said = answer.headers.get("Docker-Content-Digest") if answer else None
    if answer is None or got.request.method == "HEAD" or not isinstance(answer.body, bytes):
        return said or "there"
    for expected in (reference, said):
        if expected and is_digest(expected):
            found = digest_of(answer.body, expected.partition(":")[0])
            if found != expected:
                raise Stuck(f"The manifest that came has the digest {found}, but {expected} was to be expected.")
    return said or digest_of(answer.body)
