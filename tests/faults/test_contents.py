"""What clients see of bytes that are altered on their way, of manifests that are refused, of pulls that go wrong."""

from __future__ import annotations

import http.client
import json

import pytest

from explorer.spec.digests import digest_of
from tests.faults.conftest import DATA, DIGEST, MANIFEST, OCTETS, With

BLOB = f"/v2/t/r/blobs/{DIGEST}"
OCI = {"Accept": "application/vnd.oci.image.manifest.v1+json"}


def test_digest_mismatch_though_the_client_was_right(faulty: With) -> None:
    talk = faulty("digest-mismatch")
    seen = talk.push()
    error = talk.error(seen)
    assert (seen.status, error["code"]) == (400, "DIGEST_INVALID")
    assert "content does not match digest" in str(error["detail"])


def test_wrong_digest_header_names_something_else(faulty: With) -> None:
    seen = faulty("wrong-digest-header").push()
    assert seen.status == 201
    assert seen.headers["docker-content-digest"] not in ("", DIGEST)


def test_manifest_digest_mismatch_by_digest_and_another_digest_by_tag(faulty: With) -> None:
    talk = faulty("manifest-digest-mismatch", like="distribution-3")
    talk.push()
    by_digest = talk.push_manifest(digest_of(MANIFEST))
    assert (by_digest.status, "detail" in talk.error(by_digest)) == (400, False)
    by_tag = talk.push_manifest("v1")
    assert by_tag.status == 201
    assert by_tag.headers["docker-content-digest"] != digest_of(MANIFEST)


def test_content_type_changed_takes_the_type_away(faulty: With) -> None:
    talk = faulty("content-type-changed")
    talk.push()
    error = talk.error(talk.push_manifest())
    assert error["code"] == "MANIFEST_INVALID"
    assert "unsupported manifest media type" in str(error["detail"])


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("application/octet-stream;charset=utf-8", 500, "UNKNOWN"),
        ("application/x-www-form-urlencoded", 400, "DIGEST_INVALID"),
    ],
)
def test_content_type_changed_spoils_uploads(faulty: With, kind: str, status: int, code: str) -> None:
    talk = faulty(f"content-type-changed={kind}", like="distribution-3")
    opened = talk.open().location
    seen = talk.patch(opened) if status == 500 else talk.put(opened, DATA)
    assert (seen.status, talk.error(seen)["code"]) == (status, code)


def test_accept_missing_hides_the_manifest(faulty: With) -> None:
    talk = faulty("accept-missing", like="distribution-3")
    talk.push()
    talk.push_manifest()
    seen = talk.ask("GET", "/v2/t/r/manifests/v1", b"", OCI)
    assert (seen.status, talk.error(seen)["code"]) == (404, "MANIFEST_UNKNOWN")
    assert "accept header does not support OCI manifests" in str(talk.error(seen))


def test_manifest_blob_unknown_names_each_digest(faulty: With) -> None:
    talk = faulty("manifest-blob-unknown")
    talk.push()
    seen = talk.push_manifest()
    errors = json.loads(seen.body)["errors"]
    assert seen.status == 400
    assert [(one["code"], one["detail"]) for one in errors] == [("MANIFEST_BLOB_UNKNOWN", DIGEST)] * 2


def test_index_child_unknown_names_the_child(faulty: With) -> None:
    talk = faulty("manifest-blob-unknown")
    index = json.dumps({"schemaVersion": 2, "manifests": [{"digest": digest_of(MANIFEST)}]}).encode()
    seen = talk.push_manifest("v1", index, **{"Content-Type": "application/vnd.oci.image.index.v1+json"})
    assert talk.error(seen)["detail"] == digest_of(MANIFEST)


def test_manifest_too_big(faulty: With) -> None:
    talk = faulty("manifest-too-big=100")
    talk.push()
    seen = talk.push_manifest()
    assert (seen.status, talk.error(seen)["detail"]) == (400, "http: request body too large")


def test_oci_needs_mediatype(faulty: With) -> None:
    talk = faulty("oci-needs-mediatype")
    talk.push()
    fields = json.loads(MANIFEST)
    assert talk.push_manifest().status == 201
    del fields["mediaType"]
    seen = talk.push_manifest("v1", json.dumps(fields).encode())
    assert (seen.status, talk.error(seen)["code"]) == (405, "UNSUPPORTED")
    assert "Invalid JSON syntax" in str(talk.error(seen)["message"])


def test_foreign_layer_url(faulty: With) -> None:
    talk = faulty("foreign-layer-url")
    talk.push()
    fields = json.loads(MANIFEST)
    fields["layers"][0]["urls"] = ["https://elsewhere.test/layer"]
    seen = talk.push_manifest("v1", json.dumps(fields).encode())
    errors = json.loads(seen.body)["errors"]
    assert seen.status == 500
    assert [one["detail"] for one in errors] == ["invalid URL on layer", DIGEST]


def test_subject_not_processed(faulty: With) -> None:
    talk = faulty("subject-not-processed")
    talk.push()
    subject = {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": DIGEST, "size": 1}
    seen = talk.push_manifest("v1", json.dumps({**json.loads(MANIFEST), "subject": subject}).encode())
    assert (seen.status, "oci-subject" in seen.headers) == (201, False)
    assert talk.ask("GET", f"/v2/t/r/referrers/{DIGEST}").status == 404


@pytest.mark.parametrize(
    ("whose", "status", "said"),
    [
        ("ecr", 400, "cannot be overwritten because the repository is immutable"),
        ("quay", 409, "TAG_IMMUTABLE"),
        ("harbor", 412, "configured as immutable"),
    ],
)
def test_tag_immutable_refuses_the_second_push(faulty: With, whose: str, status: int, said: str) -> None:
    talk = faulty(f"tag-immutable={whose}")
    talk.push()
    assert talk.push_manifest().status == 201
    seen = talk.push_manifest()
    assert (seen.status, said in str(talk.error(seen))) == (status, True)
    assert talk.push_manifest(digest_of(MANIFEST)).status == 201


def test_truncated_blob_promises_more_than_comes(faulty: With) -> None:
    talk = faulty("truncated-blob=4")
    talk.push()
    with pytest.raises(http.client.IncompleteRead) as cut:
        talk.ask("GET", BLOB)
    assert (cut.value.partial, cut.value.expected) == (DATA[:4], 6)


def test_corrupt_blob_has_the_right_length_and_another_digest(faulty: With) -> None:
    talk = faulty("corrupt-blob")
    talk.push()
    seen = talk.ask("GET", BLOB)
    assert (seen.status, seen.headers["content-length"], seen.body[:-1]) == (200, "10", DATA[:-1])
    assert digest_of(seen.body) != DIGEST


def test_html_instead_of_json(faulty: With) -> None:
    seen = faulty("html-instead-of-json").ask("GET", "/v2/")
    assert (seen.status, seen.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert seen.body.startswith(b"<")


def test_empty_body(faulty: With) -> None:
    seen = faulty("empty-body").ask("GET", "/v2/")
    assert (seen.status, seen.headers["content-length"], seen.body) == (200, "0", b"")


def test_wrong_content_type(faulty: With) -> None:
    talk = faulty("wrong-content-type")
    talk.push()
    talk.push_manifest()
    seen = talk.ask("GET", "/v2/t/r/manifests/v1", b"", OCI)
    assert (seen.status, seen.headers["content-type"], seen.body) == (200, "text/plain", MANIFEST)


def test_bytes_that_are_not_a_manifest_reach_the_registry(faulty: With) -> None:
    talk = faulty("manifest-digest-mismatch", "manifest-blob-unknown", "oci-needs-mediatype", "foreign-layer-url")
    seen = talk.push_manifest("v1", b"\xff\x00[")
    assert (seen.status, talk.error(seen)["code"]) == (400, "MANIFEST_INVALID")
    assert talk.ask("PUT", "/v2/t/r/manifests/v1", b"", OCTETS).status == 400
