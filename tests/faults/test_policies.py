"""What clients see of limits, modes and rules of a registry."""

from __future__ import annotations

import json
import socket

import pytest

from explorer.spec.digests import digest_of
from tests.faults.conftest import DATA, DIGEST, MANIFEST, Talk, With


def test_rate_limited_lets_so_many_through_and_names_a_time(faulty: With) -> None:
    talk = faulty("rate-limited=2")
    first = talk.ask("GET", "/v2/")
    assert (first.status, first.headers["ratelimit-remaining"]) == (200, "1;w=60")
    talk.ask("GET", "/v2/")
    seen = talk.ask("GET", "/v2/")
    assert (seen.status, talk.error(seen)["code"]) == (429, "TOOMANYREQUESTS")
    assert 1 <= int(seen.headers["retry-after"]) <= 60


def raw(talk: Talk, request: bytes) -> bytes:
    """Return the bytes that a request is answered with."""
    with socket.create_connection((talk.origin.host, talk.origin.port), timeout=10) as sock:
        sock.sendall(request)
        received = b""
        while more := sock.recv(65536):
            received += more
        return received


def test_rate_limited_abuse_has_bare_line_feeds(faulty: With) -> None:
    received = raw(faulty("rate-limited-abuse=all"), b"GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"\r" not in received
    assert received.startswith(b"HTTP/1.1 429 Too Many Requests\n")
    assert b"Retry-After: 60\n" in received
    assert received.endswith(b"\n\nToo Many Requests (HAP429).\n")


@pytest.mark.parametrize(
    ("fault", "status", "code", "said"),
    [
        ("quota-exceeded", 403, "DENIED", "will exceed the configured upper limit of"),
        ("quota-exceeded=quay", 403, "DENIED", "Quota has been exceeded on namespace"),
        ("quota-exceeded=zot", 429, "TOOMANYREQUESTS", "limit"),
        ("read-only=quay", 405, "DENIED", "'is_readonly': True"),
        ("read-only=harbor", 403, "DENIED", "system is in read only mode"),
        ("read-only=503", 503, "UNAVAILABLE", "unavailable"),
        ("pushes-disabled", 405, "METHOD NOT ALLOWED", "Pushes to the registry are currently disabled"),
        ("pull-through-cache", 405, "UNSUPPORTED", "unsupported"),
        ("pull-through-cache=harbor", 403, "DENIED", "can not push artifact to a proxy project: t"),
        ("repo-must-exist", 404, "NAME_UNKNOWN", "The repository with name 't/r' does not exist"),
        ("repo-must-exist=harbor", 404, "NOT_FOUND", "project t not found"),
        ("health-503", 503, "UNAVAILABLE", "health"),
    ],
)
def test_opening_an_upload_is_refused(faulty: With, fault: str, status: int, code: str, said: str) -> None:
    talk = faulty(fault)
    seen = talk.open()
    assert (seen.status, talk.error(seen)["code"]) == (status, code)
    assert said.lower() in str(talk.error(seen)).lower()


@pytest.mark.parametrize(
    "fault", ["quota-exceeded", "read-only", "pushes-disabled", "pull-through-cache", "repo-must-exist"]
)
def test_reading_goes_on_where_writing_is_refused(faulty: With, fault: str) -> None:
    talk = faulty()
    talk.push()
    talk.push_manifest()
    talk.registry.faults.switch_on(fault)
    assert talk.ask("GET", "/v2/t/r/tags/list").status == 200
    assert talk.ask("GET", f"/v2/t/r/blobs/{DIGEST}").body == DATA


def test_read_only_distribution_names_what_is_allowed(faulty: With) -> None:
    seen = faulty("read-only").open()
    assert (seen.status, seen.headers["allow"], seen.body) == (405, "GET, HEAD", b"Method not allowed\n")


def test_a_cache_has_no_uploads_to_tell_of(faulty: With) -> None:
    talk = faulty("pull-through-cache")
    seen = talk.ask("GET", "/v2/t/r/blobs/uploads/x")
    assert (seen.status, talk.error(seen)["detail"]) == (500, "operation unsupported")


def test_layer_too_large_says_both_sizes(faulty: With) -> None:
    talk = faulty("layer-too-large=2k")
    seen = talk.patch(talk.open().location, bytes(5 * 1024))
    assert seen.status == 400
    assert talk.error(seen)["message"] == "Uploaded blob of 5.00 KiB is larger than 2.00 KiB allowed by this registry"
    assert talk.push().status == 201


def test_delete_disabled(faulty: With) -> None:
    talk = faulty("delete-disabled")
    talk.push()
    seen = talk.ask("DELETE", f"/v2/t/r/blobs/{DIGEST}")
    assert (seen.status, talk.error(seen)["code"]) == (405, "UNSUPPORTED")
    assert talk.ask("DELETE", talk.open().location).status == 204


def test_tag_delete_unsupported_deletes_by_digest_only(faulty: With) -> None:
    talk = faulty("tag-delete-unsupported")
    talk.push()
    talk.push_manifest()
    seen = talk.ask("DELETE", "/v2/t/r/manifests/v1")
    assert (seen.status, talk.error(seen)["code"]) == (400, "DIGEST_INVALID")
    assert talk.ask("DELETE", f"/v2/t/r/manifests/{digest_of(MANIFEST)}").status == 202


def test_policy_blocked_is_for_pulls(faulty: With) -> None:
    talk = faulty("policy-blocked")
    talk.push()
    assert talk.push_manifest().status == 201
    seen = talk.ask("GET", "/v2/t/r/manifests/v1")
    assert (seen.status, talk.error(seen)["code"]) == (412, "PROJECTPOLICYVIOLATION")


@pytest.mark.parametrize(("what", "said"), [("no-space", "no space left on device"), ("s3", "s3aws")])
def test_storage_error_names_the_driver(faulty: With, what: str, said: str) -> None:
    talk = faulty(f"storage-error={what}")
    seen = talk.patch(talk.open().location)
    assert (seen.status, talk.error(seen)["code"]) == (500, "UNKNOWN")
    assert "DriverName" in json.dumps(talk.error(seen))
    assert said in json.dumps(talk.error(seen))
