"""What clients see of upload sessions that get lost, of replicas, of mounts, of chunks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from explorer.decoders.upload_state import state_of
from explorer.spec.digests import digest_of
from tests.faults.conftest import DATA, DIGEST, OCTETS, With


def test_replica_secret_mismatch_refuses_the_newest_location_and_takes_it_again(faulty: With) -> None:
    talk = faulty("replica-secret-mismatch")
    opened = talk.open().location
    assert state_of(opened) is not None
    refused = talk.patch(opened)
    assert (refused.status, talk.error(refused)["detail"]) == (404, "invalid secret")
    assert talk.patch(opened).status == 202


def test_a_push_that_the_second_replica_alone_serves_gets_through(faulty: With) -> None:
    talk = faulty("replica-secret-mismatch")
    talk.ask("GET", "/v2/")
    opened = talk.open()
    talk.ask("GET", "/v2/")
    sent = talk.patch(opened.location)
    talk.ask("GET", "/v2/")
    assert talk.put(sent.location).status == 201


def test_replica_split_storage_does_not_know_the_upload_by_turns(faulty: With) -> None:
    talk = faulty("replica-split-storage")
    opened = talk.open().location
    refused = talk.patch(opened)
    assert (refused.status, talk.error(refused)["code"]) == (404, "BLOB_UPLOAD_UNKNOWN")
    assert talk.patch(opened).status == 202


def test_replica_split_storage_does_not_know_the_blob_by_turns(faulty: With) -> None:
    talk = faulty("replica-split-storage")
    opened = talk.open().location
    talk.ask("GET", "/v2/")
    assert talk.put(opened, DATA).status == 201
    statuses = [talk.ask("HEAD", f"/v2/t/r/blobs/{DIGEST}").status for _ in range(2)]
    assert statuses == [404, 200]


def test_upload_gone_says_404_and_the_blob_is_there(faulty: With) -> None:
    talk = faulty("upload-gone")
    seen = talk.push()
    assert (seen.status, talk.error(seen)["code"]) == (404, "BLOB_UPLOAD_UNKNOWN")
    assert talk.ask("HEAD", f"/v2/t/r/blobs/{DIGEST}").status == 200


def test_upload_purged_ends_an_upload_that_is_eight_days_old(faulty: With) -> None:
    talk = faulty("upload-purged")
    opened = talk.open().location
    state = state_of(opened)
    assert state is not None
    age = datetime.now(UTC) - datetime.fromisoformat(state.started_at)
    assert age > timedelta(days=7)
    sent = talk.patch(opened)
    assert sent.status == 202
    refused = talk.put(sent.location)
    assert (refused.status, talk.error(refused)["code"]) == (404, "BLOB_UPLOAD_UNKNOWN")
    talk.registry.faults.switch_off("upload-purged")
    assert talk.ask("GET", opened).status == 404


def test_cancel_needs_delete_names_the_action(faulty: With) -> None:
    talk = faulty("cancel-needs-delete")
    seen = talk.ask("DELETE", talk.open().location)
    assert seen.status == 401
    assert 'scope="repository:t/r:delete"' in seen.headers["www-authenticate"]
    assert 'error="insufficient_scope"' in seen.headers["www-authenticate"]


def test_mount_not_done_opens_an_upload_instead(faulty: With) -> None:
    talk = faulty("mount-not-done")
    talk.push(name="other/r")
    seen = talk.ask("POST", f"/v2/t/r/blobs/uploads/?mount={DIGEST}&from=other/r")
    assert seen.status == 202
    assert talk.put(seen.location, DATA).status == 201


def test_mount_needs_source_scope_names_both_repositories(faulty: With) -> None:
    talk = faulty("mount-needs-source-scope")
    seen = talk.ask("POST", f"/v2/t/r/blobs/uploads/?mount={DIGEST}&from=other%2Fr")
    assert seen.status == 401
    assert 'scope="repository:t/r:pull,push repository:other/r:pull"' in seen.headers["www-authenticate"]
    assert talk.open().status == 202


@pytest.mark.parametrize("status", [405, 404, 400])
def test_status_unsupported(faulty: With, status: int) -> None:
    talk = faulty(f"status-unsupported={status}")
    opened = talk.open().location
    assert talk.ask("GET", opened).status == status
    assert talk.patch(opened).status == 202


def test_chunk_too_small_shows_when_another_follows(faulty: With) -> None:
    talk = faulty("chunk-too-small=6")
    opened = talk.open()
    assert opened.headers["oci-chunk-min-length"] == "6"
    first = talk.patch(opened.location, DATA[:5])
    assert first.status == 202
    refused = talk.patch(first.location, DATA[5:])
    assert (refused.status, "Layer parts must be at least" in str(talk.error(refused))) == (400, True)


def test_a_last_chunk_may_be_small(faulty: With) -> None:
    talk = faulty("chunk-too-small=6")
    first = talk.patch(talk.open().location, DATA[:6])
    assert talk.put(talk.patch(first.location, DATA[6:]).location).status == 201


def test_chunk_too_large_is_ghcrs_416(faulty: With) -> None:
    talk = faulty("chunk-too-large-416=9")
    opened = talk.open().location
    seen = talk.patch(opened)
    assert (seen.status, talk.error(seen)["code"]) == (416, "REQUESTED_RANGE_NOT_SATISFIABLE")
    assert talk.put(opened, DATA).status == 201


def test_chunk_too_large_names_four_mebibytes(faulty: With) -> None:
    talk = faulty("chunk-too-large-416")
    seen = talk.patch(talk.open().location, bytes(4 * 1024 * 1024 + 1))
    assert "exceeds the maximum permissible limit of 4.00MiB" in str(talk.error(seen)["message"])


def test_ecr_patch_201(faulty: With) -> None:
    talk = faulty("ecr-patch-201")
    sent = talk.patch(talk.open().location)
    assert (sent.status, sent.reason) == (201, "Created")
    assert talk.put(sent.location).status == 201


def test_range_not_advancing_repeats_the_first(faulty: With) -> None:
    talk = faulty("range-not-advancing")
    first = talk.patch(talk.open().location, DATA[:5])
    second = talk.patch(first.location, DATA[5:])
    assert (first.headers["range"], second.headers["range"]) == ("0-4", "0-4")
    assert talk.put(second.location).status == 201


def test_chunked_unsupported_refuses_ranges_and_takes_the_whole(faulty: With) -> None:
    talk = faulty("chunked-unsupported")
    opened = talk.open().location
    seen = talk.patch(opened, DATA[:5], Content_Range="0-4")
    assert (seen.status, talk.error(seen)["code"]) == (405, "UNSUPPORTED")
    assert talk.put(opened, DATA).status == 201


def test_single_post_202_does_not_use_the_body(faulty: With) -> None:
    talk = faulty("single-post-202")
    seen = talk.ask("POST", f"/v2/t/r/blobs/uploads/?digest={DIGEST}", DATA, OCTETS)
    assert (seen.status, seen.headers["range"]) == (202, "0-0")
    assert talk.put(seen.location, DATA).status == 201


def test_acr_416_on_put_is_for_a_put_with_a_body(faulty: With) -> None:
    talk = faulty("acr-416-on-put")
    assert talk.put(talk.open().location, DATA).status == 416
    assert talk.push().status == 201


def test_quay_range_prefix(faulty: With) -> None:
    assert faulty("quay-range-prefix").open().headers["range"] == "bytes=0--1"
    talk = faulty("quay-range-prefix=status")
    opened = talk.open().location
    talk.patch(opened)
    assert talk.ask("GET", opened).headers["range"] == "bytes=0-10"


def test_zot_does_not_read_a_chunked_put(faulty: With) -> None:
    talk = faulty("zot-chunked-put-ignored")
    opened = talk.open().location
    seen = talk.chunked("PUT", f"{opened}&digest={DIGEST}", DATA)
    assert (seen.status, talk.error(seen)["code"]) == (400, "DIGEST_INVALID")
    assert talk.put(opened, DATA).status == 201


def test_empty_blob_quirk(faulty: With) -> None:
    talk = faulty("empty-blob-quirk")
    seen = talk.push(b"")
    assert (seen.status, talk.error(seen)["code"]) == (400, "BLOB_UPLOAD_INVALID")
    assert talk.push().status == 201


def test_sha512_renamed_names_the_sha256(faulty: With) -> None:
    talk = faulty("sha512-renamed")
    seen = talk.put(talk.open().location, DATA, digest_of(DATA, "sha512"))
    assert (seen.status, seen.headers["docker-content-digest"]) == (201, DIGEST)
    assert seen.location.endswith(DIGEST)


def test_ghcr_digest_invalid_has_no_detail(faulty: With) -> None:
    talk = faulty("ghcr-digest-invalid")
    seen = talk.push()
    assert seen.status == 400
    assert talk.error(seen) == {
        "code": "DIGEST_INVALID",
        "message": "provided digest did not match uploaded content",
    }


def test_nexus_missing_upload(faulty: With) -> None:
    talk = faulty("nexus-missing-upload")
    seen = talk.push()
    assert (seen.status, talk.error(seen)["code"]) == (400, "BLOB_UPLOAD_INVALID")
    assert "missing upload with uuid" in str(talk.error(seen))
