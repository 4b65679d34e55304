"""What clients see of an object store behind a registry."""

from __future__ import annotations

import re

import pytest

from tests.faults.conftest import DATA, DIGEST, Seen, Talk, With

BLOB = f"/v2/t/r/blobs/{DIGEST}"
LOGIN = {"Authorization": "Bearer abc"}


def redirected(talk: Talk) -> Seen:
    talk.push()
    seen = talk.ask("GET", BLOB)
    assert seen.status == 307
    return seen


def test_storage_redirect_leads_to_the_bytes(faulty: With) -> None:
    talk = faulty("storage-redirect")
    location = redirected(talk).location
    assert "X-Amz-Signature=" in location
    seen = talk.ask("GET", location)
    assert (seen.status, seen.body, seen.headers["server"]) == (200, DATA, "AmazonS3")
    assert "docker-distribution-api-version" not in seen.headers
    part = talk.ask("GET", location, b"", {"Range": "bytes=2-4"})
    assert (part.status, part.body) == (206, DATA[2:5])


def test_storage_redirect_gives_the_bytes_to_those_who_were_let_in(faulty: With) -> None:
    talk = faulty("storage-redirect", auth=True)
    token = talk.token()
    opened = talk.ask("POST", "/v2/t/r/blobs/uploads/", b"", token)
    talk.ask("PUT", f"{opened.location}&digest={DIGEST}", DATA, token)
    assert talk.ask("GET", BLOB).status == 401
    assert talk.ask("GET", talk.ask("GET", BLOB, b"", token).location).body == DATA


def test_an_invented_signature_opens_nothing(faulty: With) -> None:
    talk = faulty("storage-redirect")
    location = redirected(talk).location
    forged = re.sub(r"(Signature=)\w+", r"\g<1>" + "0" * 64, location)
    assert talk.ask("GET", forged).status == 403


def test_a_blob_that_is_not_there_is_not_redirected(faulty: With) -> None:
    talk = faulty("storage-redirect")
    assert talk.ask("GET", BLOB).status == 404
    assert talk.ask("HEAD", BLOB).status == 404


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("s3-two-auth", b"<Code>InvalidArgument</Code><Message>Only one auth mechanism allowed;"),
        ("azure-two-auth", b"<Code>InvalidAuthenticationInfo</Code>"),
    ],
)
def test_two_logins_are_one_too_many(faulty: With, fault: str, said: bytes) -> None:
    talk = faulty(fault)
    location = redirected(talk).location
    seen = talk.ask("GET", location, b"", LOGIN)
    assert (seen.status, seen.headers["content-type"]) == (400, "application/xml")
    assert said in seen.body
    assert talk.ask("GET", location).body == DATA


def test_signed_url_expired(faulty: With) -> None:
    talk = faulty("signed-url-expired")
    seen = talk.ask("GET", redirected(talk).location)
    assert seen.status == 403
    assert b"<Code>AccessDenied</Code><Message>Request has expired</Message>" in seen.body


def test_head_on_get_signature(faulty: With) -> None:
    talk = faulty("head-on-get-signature")
    location = redirected(talk).location
    assert talk.ask("HEAD", location).status == 403
    assert talk.ask("GET", location).body == DATA


def test_storage_host_unreachable(faulty: With) -> None:
    assert redirected(faulty("storage-host-unreachable")).location.startswith("http://minio.internal.invalid:9000/")


def test_a_corrupt_blob_is_corrupt_behind_a_redirect(faulty: With) -> None:
    talk = faulty("storage-redirect", "corrupt-blob")
    seen = talk.ask("GET", redirected(talk).location)
    assert (seen.status, seen.body[:-1], seen.body == DATA) == (200, DATA[:-1], False)
