"""The index under the tag that stands for the referrers, where a registry has no referrers API.

distribution-spec, spec.md, "Referrers Tag Schema": clients keep this index themselves, when they push what refers to
something and when they delete it. Two clients that do so at the same time may lose one of the entries; If-Match is sent
where the registry gives an ETag, for those that honour it.
"""

from __future__ import annotations

import json
import re
from typing import Protocol

from explorer.errors import Stuck
from explorer.flows import Flow
from explorer.flows.answers import accept, answered, check_digest
from explorer.flows.lists import object_of
from explorer.flows.requests import request
from explorer.model import Exchange, Manifest, Origin, Request, Step
from explorer.spec.digests import digest_of, is_digest
from explorer.spec.media_types import OCI_INDEX

Json = dict[str, object]


class Make(Protocol):
    """Makes a request."""

    def __call__(
        self, method: str, origin: Origin, target: str, /, *headers: tuple[str, str], body: bytes = b""
    ) -> Request:
        """Return the request."""


_STORED = (201, 200, 202, 204)


def tag_of(digest: str) -> str:
    """Return the tag that stands for what refers to a digest."""
    algorithm, _, encoded = digest.partition(":")
    return f"{_fitting(algorithm[:32])}-{_fitting(encoded[:64])}"


def _fitting(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "-", text)


def subject_of(body: bytes) -> str:
    """Return the digest of the subject that a manifest names; empty where it names none."""
    subject = _object(body).get("subject")
    digest = subject.get("digest") if isinstance(subject, dict) else None
    return digest if isinstance(digest, str) and is_digest(digest) else ""


def _object(body: bytes) -> Json:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def note_subject(
    origin: Origin, repository: str, manifest: Manifest, stored: Exchange, make: Make = request
) -> Flow[str]:
    """See to it that what a manifest refers to can be asked for it; returns how, empty where it refers to nothing.

    `make` is what makes the requests, which may look like those of another client.

    A registry that answers OCI-Subject keeps the referrers itself; without it, the client has to (end-7, "Pushing
    Manifests with Subject").
    """
    subject = subject_of(manifest.body)
    if not subject:
        return ""
    said = stored.response.headers.get("OCI-Subject") if stored.response else None
    if said == subject:
        return f"refers to {subject}, which the registry keeps"
    if said:
        raise Stuck(f"The registry's OCI-Subject is {said}, but the manifest refers to {subject}.")
    page = yield from _index(origin, repository, subject, make)
    entries = _entries(page)
    if all(entry.get("digest") != manifest.digest for entry in entries):
        added = [*entries, descriptor_of(manifest)]
        yield from _put(origin, repository, subject, page, added, "Adds what was pushed", make)
    return f"refers to {subject}, listed under the tag {tag_of(subject)}"


def forget_subject(origin: Origin, repository: str, digest: str, subject: str) -> Flow[str]:
    """Take a manifest that was deleted out of the index of its subject, where the registry does not do it itself."""
    asked = yield from answered(
        "does the registry keep referrers?",
        request("GET", origin, f"/v2/{repository}/referrers/{subject}", ("Accept", OCI_INDEX)),
        spec="end-12a",
        why="What was deleted referred to something. 200: the registry keeps the list; 404: clients have to.",
        expects=(200, 404),
    )
    if asked.status == 200:
        return f"; the registry keeps the referrers of {subject}"
    page = yield from _index(origin, repository, subject)
    entries = _entries(page)
    left = [entry for entry in entries if entry.get("digest") != digest]
    if len(left) < len(entries):
        yield from _put(origin, repository, subject, page, left, "Takes out what was deleted")
    return f"; no longer listed under the tag {tag_of(subject)}"


def descriptor_of(manifest: Manifest) -> Json:
    """Return what an index of referrers says of a manifest."""
    content = _object(manifest.body)
    config = content.get("config")
    kind = content.get("artifactType") or (config.get("mediaType") if isinstance(config, dict) else None)
    found: Json = {"mediaType": manifest.media_type, "digest": manifest.digest, "size": len(manifest.body)}
    if isinstance(kind, str) and kind:
        found["artifactType"] = kind
    if isinstance(content.get("annotations"), dict):
        found["annotations"] = content["annotations"]
    return found


def _index(origin: Origin, repository: str, subject: str, make: Make = request) -> Flow[Exchange]:
    return (
        yield from answered(
            "get the index under the referrers' tag",
            make("GET", origin, f"/v2/{repository}/manifests/{tag_of(subject)}", ("Accept", OCI_INDEX)),
            spec="end-3",
            why="Without the referrers API, clients keep this index themselves; 404 means that nothing refers to it.",
            expects=(200, 404),
        )
    )


def _entries(page: Exchange) -> list[Json]:
    if page.status == 404:
        return []
    listed = object_of(page).get("manifests") or []
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise Stuck("What lies under the referrers' tag is no index: its 'manifests' is no list of descriptors.")
    return listed


def _put(
    origin: Origin,
    repository: str,
    subject: str,
    page: Exchange,
    entries: list[Json],
    why: str,
    make: Make = request,
) -> Flow[None]:
    before = object_of(page) if page.status == 200 else {"schemaVersion": 2, "mediaType": OCI_INDEX}
    body = json.dumps({**before, "manifests": entries}).encode()
    etag = page.response.headers.get("ETag") if page.response and page.status == 200 else None
    stored = yield Step(
        "store the index under the referrers' tag",
        make(
            "PUT",
            origin,
            f"/v2/{repository}/manifests/{tag_of(subject)}",
            ("Content-Type", OCI_INDEX),
            *((("If-Match", etag),) if etag else ()),
            body=body,
        ),
        spec="end-7",
        why=f"{why}. If another client changed the index meanwhile, its change is lost, unless If-Match is honoured.",
        expects=_STORED,
    )
    if stored.status == 412:
        raise Stuck("Another client changed the index under the referrers' tag meanwhile (412); begin again.")
    check_digest(accept(stored, *_STORED), digest_of(body))
