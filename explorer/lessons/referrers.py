"""The lesson of signatures and other things that refer to an image."""

from __future__ import annotations

import json

from explorer.lessons.classroom import LAYER, Classroom, config, descriptor, manifest
from explorer.lessons.declared import Ask, Do, Fault, Lesson, Say, lesson
from explorer.lessons.preparing import push_quietly
from explorer.lessons.questions import choice, header, named_header, status
from explorer.model import Exchange
from explorer.spec.digests import digest_of
from explorer.spec.media_types import OCI_EMPTY, OCI_INDEX, OCI_MANIFEST

_NAME = "lesson/signed"
_KIND = "application/vnd.example.signature"
_EMPTY = b"{}"
_SIGNATURE = b"signed, the learner\n"


def _listed(exchange: Exchange) -> str:
    body = exchange.response.body if exchange.response and isinstance(exchange.response.body, bytes) else b""
    try:
        listed = json.loads(body).get("manifests", [])
    except (ValueError, AttributeError):
        return "no list"
    return f"{len(listed)} of them"


def _signature(subject: bytes) -> bytes:
    fields = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "artifactType": _KIND,
        "config": descriptor(OCI_EMPTY, _EMPTY),
        "layers": [descriptor("text/plain", _SIGNATURE)],
        "subject": descriptor(OCI_MANIFEST, subject),
    }
    return json.dumps(fields, indent=2).encode()


@lesson(
    "referrers",
    7,
    "What refers to an image",
    "A signature is an image of its own whose manifest names another one as its subject.",
    "OCI-Subject in the answer says that the registry has taken note of that.",
    "GET /v2/NAME/referrers/DIGEST lists what refers to a manifest; an empty list is 200, too.",
    "Where that is 404, the list is kept as an index under the tag sha256-…, by the clients themselves.",
)
def teach(room: Classroom) -> Lesson:
    """Sign an image, find the signature, and see what changes at a registry that has no list of them."""
    image = manifest(config())
    subject = digest_of(image)
    signature = _signature(image)
    referrers = f"/v2/{_NAME}/referrers/{subject}"
    yield Say(
        "Signatures, bills of materials and attestations are pushed beside an image without changing it: its digest "
        "stays. "
        "They point at it, by `subject`. First there has to be an image."
    )
    yield from push_quietly(room, _NAME, LAYER, "the layer")
    yield from push_quietly(room, _NAME, config(), "the config")
    yield Do(room.put_manifest(_NAME, "v1", image), "The image's manifest.")
    yield Ask(
        room.step("What refers to it?", "GET", referrers, spec="end-12a"),
        "Nothing refers to it yet. What does the registry say when it is asked?",
        choice(
            "What will come back?",
            lambda one: f"{one.status}, {_listed(one)}",
            "200, 0 of them",
            "404, no list",
            "404, 0 of them",
        ),
        "200 and an empty list. 404 would mean that this registry has no such list at all.",
    )
    yield from push_quietly(room, _NAME, _EMPTY, "the empty config, {}")
    yield from push_quietly(room, _NAME, _SIGNATURE, "the signature")
    yield Ask(
        room.put_manifest(_NAME, digest_of(signature), signature),
        "The signature's manifest: an image manifest with an artifactType, and the image as its subject.",
        named_header(
            "OCI-Subject",
            {
                subject: "the digest of the image that is signed",
                digest_of(signature): "the digest of this manifest",
                "true": "true",
            },
        ),
        "The digest of the subject: the registry has understood. Without this header a client has to keep the list "
        "itself.",
    )
    yield Ask(
        room.step("What refers to it?", "GET", referrers, spec="end-12a"),
        "The same question as before.",
        choice("How many will be listed?", _listed, "0 of them", "1 of them", "2 of them"),
        "Each entry has the digest of what refers to the image, and its artifactType, so that nobody has to fetch all.",
    )
    yield Ask(
        room.step(
            "Bills of materials only", "GET", f"{referrers}?artifactType=application/vnd.example.sbom", spec="end-12b"
        ),
        "The list can be filtered by type. We ask for a type that is not there.",
        header("OCI-Filters-Applied", "artifactType", "application/vnd.example.sbom", "0"),
        "It names the filter that was applied. A registry may ignore filters; without this header the client has to "
        "filter "
        "by itself.",
    )
    yield Fault("subject-not-processed")
    yield Ask(
        room.step("What refers to it?", "GET", referrers, spec="end-12a"),
        "Now the registry plays one without referrers, as distribution is (the fault subject-not-processed).",
        status(200, 400, 404, 405),
        "404. The way out is a tag: sha256- and the digits of the subject. An index under it lists what refers to "
        "the image.",
    )
    tag = subject.replace(":", "-")
    index = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": OCI_INDEX,
            "manifests": [descriptor(OCI_MANIFEST, signature, artifactType=_KIND)],
        }
    ).encode()
    yield Ask(
        room.put_manifest(_NAME, tag, index, OCI_INDEX),
        "The client writes that index itself.",
        status(200, 201, 400, 404),
        "201. Two clients that do this at the same time can lose each other's entry: that is why registries have the "
        "list.",
    )
    yield Fault("subject-not-processed", on=False)
