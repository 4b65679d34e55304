from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from explorer.decoders.upload_state import state_of
from explorer.model import wire_text
from explorer.spec.digests import digest_of
from explorer.wire.server import Outgoing

Ask = Callable[..., Outgoing]
Told = list[tuple[str, object]]

_HOST = "http://reg:5000"
_BYTES = "application/octet-stream"


def location(answer: Outgoing) -> str:
    return (answer.headers.get("Location") or "").removeprefix(_HOST)


def told(answer: Outgoing) -> Told:
    """Return code and detail of each error; the detail is None where it is missing."""
    assert isinstance(answer.body, bytes)
    return [(error["code"], error.get("detail")) for error in json.loads(answer.body)["errors"]]


@pytest.fixture
def opened(ask: Ask) -> str:
    return location(ask("POST", "/v2/t/r/blobs/uploads/"))


def test_an_upload_opens_with_a_signed_location(ask: Ask) -> None:
    answer = ask("POST", "/v2/t/r/blobs/uploads/")
    state = state_of(location(answer))
    assert answer.status == 202
    assert state is not None
    assert (state.name, state.offset) == ("t/r", 0)
    assert location(answer).startswith(f"/v2/t/r/blobs/uploads/{state.uuid}?_state=")
    assert answer.headers.get("Range") == "0-0"
    assert answer.headers.get("Docker-Upload-UUID") == state.uuid
    assert answer.headers.get("Docker-Distribution-Api-Version") == "registry/2.0"
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", state.uuid)
    assert "." in state.started_at


def test_a_blob_goes_up_in_chunks(ask: Ask, opened: str) -> None:
    first = ask("PATCH", opened, b"hello", Content_Range="0-4", Content_Type=_BYTES)
    second = ask("PATCH", location(first), b" world", Content_Range="5-10")
    digest = digest_of(b"hello world!")
    done = ask("PUT", f"{location(second)}&digest={digest}", b"!")
    assert [first.status, second.status, done.status] == [202, 202, 201]
    assert [first.headers.get("Range"), second.headers.get("Range")] == ["0-4", "0-10"]
    assert done.headers.get("Docker-Content-Digest") == digest
    assert location(done) == f"/v2/t/r/blobs/{digest}"
    later = state_of(location(first))
    assert later is not None
    assert "." not in later.started_at


def test_a_single_post_opens_an_upload_and_leaves_the_body(ask: Ask) -> None:
    answer = ask("POST", f"/v2/t/r/blobs/uploads/?digest={digest_of(b'hello')}", b"hello")
    assert (answer.status, answer.headers.get("Range")) == (202, "0-0")


@pytest.mark.parametrize("announced", ["", "?digest-algorithm=sha512"])
def test_a_sha512_upload_is_closed(ask: Ask, announced: str) -> None:
    opened = location(ask("POST", f"/v2/t/r/blobs/uploads/{announced}"))
    closed = ask("PUT", f"{opened}&digest={digest_of(b'hello', 'sha512')}", b"hello")
    assert (closed.status, closed.headers.get("Docker-Content-Digest")) == (201, digest_of(b"hello"))
    seen = ask("HEAD", f"/v2/t/r/blobs/{digest_of(b'hello', 'sha512')}")
    assert (seen.status, seen.headers.get("Docker-Content-Digest")) == (200, digest_of(b"hello"))


def test_the_status_mints_a_fresh_token_with_an_old_one_or_none(ask: Ask, opened: str) -> None:
    ask("PATCH", opened, b"hello")
    for target in (opened, opened.partition("?")[0], opened + "junk"):
        answer = ask("GET", target)
        state = state_of(location(answer))
        assert answer.status == 204
        assert answer.headers.get("Range") == "0-4"
        assert state is not None
        assert state.offset == 5
        assert ask("HEAD", target).status == 204


def test_an_old_location_is_416(ask: Ask, opened: str) -> None:
    ask("PATCH", opened, b"hello")
    answer = ask("PATCH", opened, b"hello")
    assert (answer.status, told(answer)) == (416, [("RANGE_INVALID", None)])


def test_a_second_question_mark_is_named_at_the_end_of_the_token(ask: Ask, opened: str) -> None:
    token_length = len(opened.partition("_state=")[2].replace("%3D", "="))
    answer = ask("PUT", f"{opened}?digest={digest_of(b'')}")
    assert answer.status == 404
    assert told(answer) == [("BLOB_UPLOAD_INVALID", f"illegal base64 data at input byte {token_length}")]


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE", "POST"])
def test_a_location_without_its_state_has_an_invalid_secret(ask: Ask, opened: str, method: str) -> None:
    answer = ask(method, opened.partition("?")[0])
    assert (answer.status, told(answer)) == (404, [("BLOB_UPLOAD_INVALID", "invalid secret")])


def test_another_repository_or_upload_is_refused_without_detail(ask: Ask, opened: str) -> None:
    other = location(ask("POST", "/v2/t/r/blobs/uploads/"))
    swapped = other.partition("?")[0] + "?" + opened.partition("?")[2]
    for target in (opened.replace("/t/r/", "/t/other/"), swapped):
        answer = ask("PATCH", target, b"x")
        assert (answer.status, told(answer)) == (404, [("BLOB_UPLOAD_INVALID", None)])


def test_a_cancelled_upload_is_unknown(ask: Ask, opened: str) -> None:
    assert ask("DELETE", opened).status == 204
    for method in ("PATCH", "PUT", "GET", "DELETE"):
        answer = ask(method, opened)
        assert (answer.status, told(answer)) == (404, [("BLOB_UPLOAD_UNKNOWN", "blob upload unknown")])


@pytest.mark.parametrize(
    ("content_range", "status", "error"),
    [
        ("bytes 0-4", 500, ("UNKNOWN", 'strconv.ParseInt: parsing "bytes 0": invalid syntax')),
        ("0-4/5", 500, ("UNKNOWN", 'strconv.ParseInt: parsing "4/5": invalid syntax')),
        ("junk", 500, ("UNKNOWN", "invalid content range format, junk")),
        (f"0-{'9' * 50}", 500, ("UNKNOWN", f'strconv.ParseInt: parsing "{"9" * 50}": value out of range')),
        ("1-5", 416, ("RANGE_INVALID", None)),
        ("5-0", 416, ("RANGE_INVALID", None)),
        ("0-5", 400, ("SIZE_INVALID", None)),
    ],
)
def test_a_content_range_is_checked(ask: Ask, opened: str, content_range: str, status: int, error: object) -> None:
    answer = ask("PATCH", opened, b"hello", Content_Range=content_range)
    assert (answer.status, told(answer)) == (status, [error])
    assert ask("GET", opened).headers.get("Range") == "0-0"


def test_a_patch_of_another_type_is_refused(ask: Ask, opened: str) -> None:
    answer = ask("PATCH", opened, b"hello", Content_Type=f"{_BYTES}; charset=x")
    assert (answer.status, told(answer)) == (500, [("UNKNOWN", "bad Content-Type")])


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("", "digest missing"),
        ("&digest=sha256:ABC", "digest parsing failed"),
        ("&digest=md5:x", "digest parsing failed"),
    ],
)
def test_a_digest_that_is_missing_or_none_leaves_the_upload(ask: Ask, opened: str, query: str, detail: str) -> None:
    answer = ask("PUT", opened + query, b"hello")
    assert (answer.status, told(answer)) == (400, [("DIGEST_INVALID", detail)])
    assert ask("PUT", f"{opened}&digest={digest_of(b'hello')}", b"hello").status == 201


def test_a_wrong_digest_leaves_the_bytes_and_a_fresh_location_recovers(ask: Ask, opened: str) -> None:
    wrong = digest_of(b"other")
    answer = ask("PUT", f"{opened}&digest={wrong}", b"hello")
    said = f"invalid digest for referenced layer: {wrong}, content does not match digest"
    assert (answer.status, told(answer)) == (400, [("DIGEST_INVALID", said)])
    right = f"&digest={digest_of(b'hello')}"
    assert ask("PUT", opened + right).status == 416
    assert ask("PUT", location(ask("GET", opened)) + right).status == 201


def test_the_first_digest_wins_and_the_order_is_free(ask: Ask, opened: str) -> None:
    path, _, state = opened.partition("?")
    target = f"{path}?digest={digest_of(b'hello')}&{state}&digest={digest_of(b'x')}"
    assert ask("PUT", target, b"hello").status == 201


def test_a_body_that_is_declared_a_form_is_eaten(ask: Ask, opened: str) -> None:
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = ask("PUT", f"{opened}&digest={digest_of(b'hello')}", b"hello", Content_Type=kind)
        assert answer.status == 400
    assert ask("PUT", f"{opened}&digest={digest_of(b'hello')}", b"hello", Content_Type=_BYTES).status == 201


def test_a_blob_is_mounted_from_another_repository(ask: Ask, hold: Callable[[str, bytes], str]) -> None:
    digest = hold("a", b"hello")
    answer = ask("POST", f"/v2/b/blobs/uploads/?mount={digest}&from=a")
    assert (answer.status, location(answer)) == (201, f"/v2/b/blobs/{digest}")
    assert ask("HEAD", f"/v2/b/blobs/{digest}").status == 200


@pytest.mark.parametrize("source", ["&from=none", "", "&from=..%2F..", "&from=A"])
def test_a_mount_that_is_not_done_opens_an_upload(ask: Ask, source: str) -> None:
    answer = ask("POST", f"/v2/b/blobs/uploads/?mount={digest_of(b'hello')}{source}")
    assert answer.status == 202
    assert state_of(location(answer)) is not None


def test_a_post_to_an_upload_opens_another(ask: Ask, opened: str) -> None:
    answer = ask("POST", opened)
    assert answer.status == 202
    assert location(answer).partition("?")[0] != opened.partition("?")[0]


@pytest.mark.parametrize("method", ["GET", "PATCH", "PUT", "DELETE"])
def test_the_place_of_all_uploads_is_none(ask: Ask, method: str) -> None:
    answer = ask(method, "/v2/t/r/blobs/uploads/")
    assert (answer.status, told(answer)) == (404, [("BLOB_UPLOAD_UNKNOWN", None)])


@pytest.mark.parametrize("id", ["..", "%2e%2e", "x", "0" * 36, wire_text("é")])
def test_an_id_that_is_none_leads_nowhere(ask: Ask, id: str) -> None:
    assert ask("GET", f"/v2/t/r/blobs/uploads/{id}").status in (301, 404)


def test_a_proxy_in_front_names_scheme_and_host(ask: Ask) -> None:
    answer = ask("POST", "/v2/a/blobs/uploads/", X_Forwarded_Proto="https", X_Forwarded_Host="pub:1, in:2")
    assert (answer.headers.get("Location") or "").startswith("https://pub:1/v2/a/")
    answer = ask("POST", "/v2/a/blobs/uploads/", Forwarded='for=1.1.1.1;proto=https;host="pub:2"')
    assert (answer.headers.get("Location") or "").startswith("https://pub:2/v2/a/")
