"""Delete a manifest, or a tag."""

from __future__ import annotations

from explorer.errors import InputError
from explorer.flows import Flow
from explorer.flows.answers import answered
from explorer.flows.declared import TARGET, Arguments, flow
from explorer.flows.referrers_tag import forget_subject, subject_of
from explorer.flows.requests import request
from explorer.spec.digests import is_digest
from explorer.spec.media_types import MANIFESTS
from explorer.spec.references import Target


def _delete(target: Target, what: str, why: str) -> Flow[str]:
    yield from answered(
        f"delete the {what}",
        request("DELETE", target.origin, f"/v2/{target.repository}/manifests/{target.reference}", body=b""),
        spec="end-9",
        why=why,
        expects=(202, 200, 204),
    )
    return "deleted"


@flow(
    "delete-tag",
    "F21",
    arguments=(TARGET,),
    example="delete-tag localhost:5000/demo/app:v1",
    asks_first="This deletes the tag of {target}; the manifest stays.",
)
def delete_tag(arguments: Arguments) -> Flow[str]:
    """Delete a tag; the manifest that it names stays.

    DELETE /v2/NAME/manifests/TAG (end-9). 202: gone. distribution 2 answers 400 DIGEST_INVALID: it deletes by
    digest only.
    """
    if is_digest(arguments.target.reference):
        raise InputError("delete-tag takes a tag; delete-manifest takes a digest.")
    return (yield from _delete(arguments.target, "tag", "Takes the name away; what it named stays under its digest."))


@flow(
    "delete-manifest",
    "F22",
    arguments=(TARGET,),
    example="delete-manifest localhost:5000/demo/app@sha256:44136f…",
    asks_first="This deletes the manifest {target}, and every tag that names it.",
)
def delete_manifest(arguments: Arguments) -> Flow[str]:
    """Delete a manifest and every tag that names it.

    DELETE /v2/NAME/manifests/DIGEST (end-9). 202: gone. 405: this registry does not delete. It is got first (end-3):
    where it refers to something, and the registry has no referrers API (end-12a), it is taken out of the index under
    the tag ALGORITHM-HEX afterwards, as the specification asks of clients.
    """
    target = arguments.target
    if not is_digest(target.reference):
        raise InputError("delete-manifest takes a digest (…@sha256:…); delete-tag takes a tag.")
    got = yield from answered(
        "get the manifest",
        request(
            "GET",
            target.origin,
            f"/v2/{target.repository}/manifests/{target.reference}",
            *(("Accept", kind) for kind in MANIFESTS),
        ),
        spec="end-3",
        why="Shows what is about to go, and whether it refers to something that lists it.",
        expects=(200, 404),
    )
    body = got.response.body if got.response and got.status == 200 else b""
    subject = subject_of(body) if isinstance(body, bytes) else ""
    deleted = yield from _delete(target, "manifest", "Takes the manifest away, with every tag that names it.")
    if not subject:
        return deleted
    return deleted + (yield from forget_subject(target.origin, target.repository, target.reference, subject))
