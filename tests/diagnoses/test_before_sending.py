"""Warnings before a request is sent: what would fail, and nothing else."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest

from explorer.diagnoses import before_sending
from explorer.jobs import PushJob, open_push
from explorer.model import Headers, Request
from explorer.spec.digests import digest_of
from explorer.spec.media_types import OCI_MANIFEST
from tests.diagnoses.conftest import With
from tests.diagnoses.talking import DATA, DIGEST, ORIGIN, Talk, made_up
from tests.diagnoses.test_faults import CONFIG, blobs, manifest


def request(method: str, target: str, *headers: tuple[str, str], body: bytes = b"") -> Request:
    return Request(method, ORIGIN, target, Headers.of(*headers), body)


def warned(asked: Request, talk: Talk | None = None) -> list[str]:
    found = before_sending(asked, talk.exchanges if talk else ())
    return [finding.rule for finding in found if finding.certainty != "hint"]


def put_of(body: bytes, talk: Talk) -> Request:
    rows = Headers.of(("Content-Type", OCI_MANIFEST), ("Content-Length", str(len(body))))
    return Request("PUT", talk.origin, "/v2/t/r/manifests/v1", rows, body)


def test_a_second_question_mark() -> None:
    assert warned(request("PUT", f"/v2/a/blobs/uploads/x?_state=abcd?digest={DIGEST}")) == ["second-question-mark"]


def test_a_question_mark_after_a_variable_of_a_script() -> None:
    for variable in ("$LOC", "${LOC}", "{{location}}", "/$LOC"):
        assert warned(request("PUT", f"{variable}?digest={DIGEST}")) == ["question-mark-after-variable"]
        assert warned(request("PUT", f"{variable}&digest={DIGEST}")) == []
        assert warned(request("GET", f"{variable}?digest={DIGEST}")) == []


def test_a_folder_s_name_for_a_digest_after_a_variable() -> None:
    assert warned(request("PUT", "$LOC?digest=sha256:layer")) == ["digest-unparsable", "question-mark-after-variable"]


def test_a_digest_that_is_not_of_these_bytes(practice: With) -> None:
    talk = practice()
    opened = talk.at(talk.open()).removeprefix(str(talk.origin))
    rows = Headers.of(("Content-Type", "application/octet-stream"), ("Content-Length", "10"))
    asked = Request("PUT", talk.origin, f"{opened}&digest={digest_of(b'else')}", rows, DATA)
    (finding,) = before_sending(asked, talk.exchanges)
    assert finding.rule == "digest-mismatch"
    assert finding.edit is not None
    assert finding.edit.request.target == f"{opened}&digest={DIGEST}"
    assert warned(finding.edit.request, talk) == []


def test_a_stale_location(practice: With) -> None:
    talk = practice()
    opened = talk.at(talk.open())
    talk.patch(opened)
    asked = replace(talk.exchanges[-1].request, body=b"x", headers=Headers.of(("Content-Length", "1")))
    assert warned(asked, talk) == ["stale-location"]


def test_an_upload_that_is_finished_and_nothing_else_of_it(practice: With) -> None:
    talk = practice()
    opened = talk.at(talk.open())
    talk.put(talk.at(talk.patch(opened)))
    patched, closed = talk.exchanges[-2:]
    assert closed.status == 201
    empty = Headers.of(("Content-Length", "0"))
    (finding,) = before_sending(replace(closed.request, headers=empty), talk.exchanges)
    assert (finding.rule, finding.what) == ("upload-gone", f"the upload was finished by exchange {closed.id}")
    assert "upload-gone" in warned(patched.request, talk)


def test_a_length_that_disagrees() -> None:
    asked = request("PATCH", "/v2/a/blobs/uploads/x", ("Content-Length", "4"), body=DATA)
    assert warned(asked) == ["content-length-short"]


def test_a_manifest_that_names_unknown_blobs_or_wrong_sizes(practice: With) -> None:
    talk = practice()
    talk.push(CONFIG)
    assert warned(put_of(manifest(), talk), talk) == ["names-what-is-not-there"]
    talk.push()
    assert warned(put_of(manifest(), talk), talk) == []
    layer = json.loads(manifest())["layers"][0] | {"size": 11}
    assert warned(put_of(manifest(layers=[layer]), talk), talk) == ["wrong-descriptor-size"]


def test_a_type_that_the_bytes_contradict(practice: With) -> None:
    talk = practice()
    blobs(talk)
    layer = json.loads(manifest())["layers"][0]
    gzipped = layer | {"mediaType": layer["mediaType"] + "+gzip"}
    assert warned(put_of(manifest(layers=[gzipped]), talk), talk) == ["type-against-bytes"]


def test_http_after_https() -> None:
    secure = made_up("GET", "/v2/", status=200)
    plain = replace(request("GET", "/v2/"), origin=replace(ORIGIN, scheme="http", port=80))
    assert [finding.rule for finding in before_sending(plain, [secure])] == ["http-after-https"]


def bearer(claims: dict[str, object]) -> tuple[str, str]:
    part = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return "Authorization", f"Bearer eyJhbGciOiJub25lIn0.{part}.c2ln"


@pytest.mark.parametrize(("at", "warnings"), [(0.0, []), (1050.0, []), (1070.0, ["token-expired"])])
def test_a_token_that_has_expired_by_its_own_words(at: float, warnings: list[str]) -> None:
    asked = request("GET", "/v2/", bearer({"exp": 1060}))
    earlier = made_up("GET", "/v2/", status=200, started=1000.0)
    assert [finding.rule for finding in before_sending(asked, [earlier], at=at)] == warnings


@pytest.mark.parametrize(("life", "at", "warnings"), [(60, 1050.0, []), (60, 1070.0, ["token-expired"]), (0, 1e9, [])])
def test_a_token_that_has_expired_by_the_words_of_its_service(life: int, at: float, warnings: list[str]) -> None:
    opaque = ("Authorization", "Bearer opaque")
    says = json.dumps({"token": "opaque", **({"expires_in": life} if life else {})}).encode()
    row = [
        made_up("GET", "/token?service=s&scope=repository:a:pull", status=200, says=says, started=1000.0),
        made_up("GET", "/v2/a/tags/list", opaque, status=200, started=1001.0, id=2),
    ]
    asked = request("GET", "/v2/a/tags/list", opaque)
    assert [finding.rule for finding in before_sending(asked, row, at=at)] == warnings


def test_no_step_of_a_push_is_warned_of() -> None:
    bench = open_push(PushJob())
    try:
        while bench.state.pending:
            assert before_sending(bench.state.pending.request, bench.state.exchanges) == ()
            bench.send()
    finally:
        bench.close()


def test_a_length_that_is_said_twice() -> None:
    twice = request("PUT", "/v2/t/r/blobs/uploads/4f?digest=" + DIGEST, *(("Content-Length", "10"),) * 2, body=DATA)
    (finding,) = before_sending(twice)
    assert (finding.rule, finding.certainty) == ("length-said-twice", "likely")
    assert finding.edit is not None
    assert finding.edit.request.headers.all("Content-Length") == ("10",)
