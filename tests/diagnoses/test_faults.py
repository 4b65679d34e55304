"""Every fault of the practice registry is diagnosed by its name, or by that of the failure that it reproduces."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from contextlib import suppress

import pytest

from explorer.errors import Stuck
from explorer.faults import faults
from explorer.spec.digests import digest_of
from explorer.spec.media_types import OCI_CONFIG, OCI_LAYER, OCI_MANIFEST
from tests.diagnoses.conftest import With
from tests.diagnoses.talking import DATA, DIGEST, OCTETS, Talk, names

BLOB = f"/v2/t/r/blobs/{DIGEST}"
CONFIG = b'{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}'
CHUNKED = ("Transfer-Encoding", "chunked")


def manifest(**more: object) -> bytes:
    """Return a manifest of the two blobs that `image` pushes."""
    config = {"mediaType": OCI_CONFIG, "digest": digest_of(CONFIG), "size": len(CONFIG)}
    layer = {"mediaType": OCI_LAYER, "digest": DIGEST, "size": len(DATA)}
    return json.dumps({"schemaVersion": 2, "config": config, "layers": [layer]} | more, indent=1).encode()


def image(talk: Talk) -> None:
    """Push an image, and pull it again."""
    talk.push(CONFIG)
    talk.push()
    talk.put_manifest(manifest(mediaType=OCI_MANIFEST), OCI_MANIFEST)
    talk.ask("GET", "/v2/t/r/manifests/v1", ("Accept", OCI_MANIFEST))
    talk.ask("GET", BLOB)


def blobs(talk: Talk) -> None:
    talk.push(CONFIG)
    talk.push()


def redirected(talk: Talk, method: str = "GET", *headers: tuple[str, str]) -> None:
    talk.push()
    talk.ask(method, talk.at(talk.ask("GET", BLOB)), *headers)


def status(talk: Talk) -> None:
    opened = talk.at(talk.open())
    talk.ask("GET", opened)


def token(talk: Talk, scope: str = "repository:t/r:pull,push") -> tuple[str, str]:
    basic = base64.b64encode(b"ann:secret").decode()
    talk.ask("GET", "/v2/")
    path = f"/token?service=practice-registry&scope={scope}"
    answer = talk.ask("GET", path, ("Authorization", f"Basic {basic}")).response
    assert answer is not None
    assert isinstance(answer.body, bytes)
    with suppress(ValueError, KeyError):
        return "Authorization", f"Bearer {json.loads(answer.body)['token']}"
    return "Authorization", "Bearer none"


def logged_in(talk: Talk) -> None:
    talk.ask("POST", "/v2/t/r/blobs/uploads/", token(talk))


def expired(talk: Talk) -> None:
    login = token(talk)
    sent = talk.patch(talk.at(talk.ask("POST", "/v2/t/r/blobs/uploads/", login)), DATA, login)
    talk.put(talk.at(sent), b"", DIGEST, login)


def chunks(talk: Talk) -> None:
    first = talk.patch(talk.at(talk.open()), DATA[:5])
    talk.patch(talk.at(first), DATA[5:])


def post_as_get(talk: Talk) -> None:
    talk.ask("GET", talk.at(talk.open()))


def patch_as_get(talk: Talk) -> None:
    opened = talk.at(talk.open())
    talk.ask("GET", talk.at(talk.patch(opened)))
    talk.put(opened)
    talk.ask("HEAD", BLOB)


def cached(talk: Talk) -> None:
    talk.ask("HEAD", BLOB)
    talk.push()
    talk.ask("HEAD", BLOB)


def deleted(what: str) -> Callable[[Talk], None]:
    def way(talk: Talk) -> None:
        image(talk)
        talk.ask("DELETE", what)

    return way


def tagged_twice(talk: Talk) -> None:
    image(talk)
    talk.put_manifest(manifest(mediaType=OCI_MANIFEST, annotations={"a": "b"}), OCI_MANIFEST)


def with_subject(talk: Talk) -> None:
    blobs(talk)
    subject = {"mediaType": OCI_MANIFEST, "digest": DIGEST, "size": 10}
    talk.put_manifest(manifest(mediaType=OCI_MANIFEST, subject=subject), OCI_MANIFEST)


def foreign(talk: Talk) -> None:
    kind = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
    talk.push(CONFIG)
    layer = {"mediaType": kind, "digest": DIGEST, "size": len(DATA), "urls": ["https://example.test/x"]}
    talk.put_manifest(manifest(mediaType=OCI_MANIFEST, layers=[layer]), OCI_MANIFEST)


def without_type(talk: Talk) -> None:
    blobs(talk)
    talk.put_manifest(manifest(), OCI_MANIFEST)


def by_digest(talk: Talk) -> None:
    blobs(talk)
    body = manifest(mediaType=OCI_MANIFEST)
    talk.put_manifest(body, OCI_MANIFEST, digest_of(body))


WAYS: dict[str, Callable[[Talk], object]] = {
    "storage-redirect": image,
    "caching-proxy-stale-404": cached,
    "expect-100-stall": lambda talk: talk.patch(talk.at(talk.open()), DATA, ("Expect", "100-continue")),
    "length-required-411": lambda talk: talk.patch(talk.at(talk.open()), DATA, CHUNKED),
    "zot-chunked-put-ignored": lambda talk: talk.put(talk.at(talk.open()), DATA, DIGEST, CHUNKED),
    "manifest-digest-mismatch": by_digest,
    "patch-became-get-unknown-blob": patch_as_get,
    "post-became-get": post_as_get,
    "path-prefix-lost": lambda talk: talk.patch(talk.at(talk.ask("POST", "/registry/v2/t/r/blobs/uploads/"))),
    "acr-416-on-put": lambda talk: talk.put(talk.at(talk.open()), DATA),
    "body-not-replayable": lambda talk: talk.patch(talk.at(talk.open()), DATA, CHUNKED),
    "cancel-needs-delete": lambda talk: talk.ask("DELETE", talk.at(talk.open())),
    "chunk-too-small": chunks,
    "range-not-advancing": chunks,
    "chunked-unsupported": lambda talk: talk.patch(talk.at(talk.open()), DATA[:5], ("Content-Range", "0-4")),
    "delete-disabled": deleted(BLOB),
    "tag-delete-unsupported": deleted("/v2/t/r/manifests/v1"),
    "empty-blob-quirk": lambda talk: talk.push(b""),
    "foreign-layer-url": foreign,
    "harbor-scheme-switch": logged_in,
    "head-403-no-body": lambda talk: talk.ask("HEAD", BLOB),
    "mount-needs-source-scope": lambda talk: talk.open(query=f"?mount={DIGEST}&from=other/r"),
    "mount-not-done": lambda talk: talk.open(query=f"?mount={DIGEST}&from=other/r"),
    "oci-needs-mediatype": without_type,
    "relative-location": lambda talk: talk.ask("PATCH", "http:/" + talk.at(talk.open()).removeprefix(str(talk.origin))),
    "sha512-renamed": lambda talk: talk.put(talk.at(talk.open()), DATA, digest_of(DATA, "sha512")),
    "single-post-202": lambda talk: talk.ask("POST", f"/v2/t/r/blobs/uploads/?digest={DIGEST}", OCTETS, body=DATA),
    "status-unsupported": status,
    "subject-not-processed": with_subject,
    "tag-immutable": tagged_twice,
    "upload-gone": cached,
    "token-invalid": logged_in,
    "token-expired-mid-upload": expired,
    "insufficient-scope": logged_in,
    "scope-partly-granted": logged_in,
    "token-body-unusable": token,
    "proxy-strips-authorization": logged_in,
    "duplicate-authorization": logged_in,
    "s3-two-auth": lambda talk: redirected(talk, "GET", ("Authorization", "Bearer abc")),
    "azure-two-auth": lambda talk: redirected(talk, "GET", ("Authorization", "Bearer abc")),
    "head-on-get-signature": lambda talk: redirected(talk, "HEAD"),
    "signed-url-expired": redirected,
    "storage-host-unreachable": redirected,
    "realm-unreachable": lambda talk: (
        talk.ask("GET", "http://auth.internal.invalid:5001/token?service=x") if talk.open() else None
    ),
}
"""How a client comes upon a fault; the others show when an image is pushed and pulled."""

ARGUMENTS = {
    "nginx-413": "9",
    "cdn-413": "9",
    "layer-too-large": "9",
    "manifest-too-big": "100",
    "chunk-too-small": "6",
    "chunk-too-large-416": "9",
    "late-answers": "2600ms",
    "gateway-timeout": "10ms",
    "request-cut": "4",
    "answer-cut": "20",
    "truncated-blob": "4",
    "client-closed-499": "4",
}
"""What a fault is given, so that small bodies and little time suffice."""

AUTH = {
    "token-invalid",
    "token-expired-mid-upload",
    "insufficient-scope",
    "scope-partly-granted",
    "token-body-unusable",
}
AUTH |= {"proxy-strips-authorization", "harbor-scheme-switch", "duplicate-authorization"}

BY_ANOTHER_NAME = {
    "answer-cut": "answer-cut-off",
    "truncated-blob": "answer-cut-off",
    "late-answers": "slow-answer",
    "corrupt-blob": "content-not-its-digest",
    "wrong-content-type": "wrong-content-type-answered",
    "double-slash": "uploads-no-trailing-slash",  # from outside, one cannot tell what the proxy does to the path
    "duplicate-authorization": "proxy-strips-authorization",  # the second field is added behind what is seen
}
"""What a fault is called where its own name is that of what is done, and not of what is seen."""

NOTHING_WRONG = {
    "tls-unknown-ca": "it shows over TLS alone: tests/practice/test_tls.py",
    "storage-redirect": "a redirect to storage is the normal course",
    "slow-answers": "as slow as a slow network; it takes seconds to see",
    "slow-uploads": "as slow as a slow network; it takes seconds to see",
}
"""Faults that are none, that a test has no time for, or that show elsewhere."""


@pytest.mark.parametrize("name", [name for name in faults() if name not in NOTHING_WRONG])
def test_a_fault_is_diagnosed_by_name(practice: With, name: str) -> None:
    kind = faults()[name]
    argument = ARGUMENTS.get(name)
    talk = practice(f"{name}={argument}" if argument else name, auth=name in AUTH)
    with suppress(Stuck, AssertionError):
        WAYS.get(name, image)(talk)
    right = {name, *kind.reproduces, BY_ANOTHER_NAME.get(name, name)}
    assert right & set(names(talk, everything=True)), names(talk, everything=True)


def test_each_exception_is_a_fault() -> None:
    assert set(NOTHING_WRONG) | set(BY_ANOTHER_NAME) | set(ARGUMENTS) | set(WAYS) <= set(faults())


def test_a_redirect_to_storage_is_no_finding(practice: With) -> None:
    talk = practice("storage-redirect")
    image(talk)
    assert names(talk) == []
