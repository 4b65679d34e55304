"""Thin evidence: an answer alone, one exchange alone, a registry's log, an access log."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.diagnoses.families.digest_reasons import _names_folder
from explorer.diagnoses.logged import logged_errors
from explorer.jobs.diagnosing import diagnose_file
from explorer.model import Exchange, Finding
from explorer.model.notes import Note
from tests.diagnoses.talking import DIGEST, found, in_a_row, made_up, names

ID = "4f51bd99-d5c8-44bf-b82f-d31a31135f83"
HEX = DIGEST.removeprefix("sha256:")


def state(name: str = "a/b", uuid: str = ID, offset: int = 0) -> str:
    told = {"Name": name, "UUID": uuid, "Offset": offset, "StartedAt": "2026-11-23T09:38:23.380527737Z"}
    return base64.urlsafe_b64encode(bytes(32) + json.dumps(told).encode()).decode().replace("=", "%3D")


def error(code: str, detail: object = None) -> bytes:
    told = {"code": code, "message": "said", "detail": detail}
    return json.dumps({"errors": [told if detail is not ... else {"code": code, "message": "said"}]}).encode()


def put(query: str, detail: object = None, code: str = "BLOB_UPLOAD_INVALID") -> Exchange:
    target = f"/v2/a/b/blobs/uploads/{ID}?{query}digest={DIGEST}"
    return made_up("PUT", target, ("Content-Length", "0"), status=404, says=error(code, detail))


def logged(exchange: Exchange, *notes: Note) -> Exchange:
    assert exchange.response
    answer = replace(exchange.response, body=b"")
    return replace(exchange, response=answer, basis="inferred", unknown=("response.body",), notes=notes)


def told(tmp_path: Path, text: str) -> tuple[Finding, ...]:
    path = tmp_path / "paste.txt"
    path.write_text(text)
    return diagnose_file(str(path)).findings


def test_a_refusal_without_detail_of_a_token_that_fits_is_an_older_location() -> None:
    (finding,) = found([put(f"_state={state()}&")])
    assert (finding.rule, finding.certainty) == ("stale-location", "likely")
    assert finding.otherwise
    assert finding.experiment


@pytest.mark.parametrize(
    "exchange",
    [
        put(f"_state={state()}&", {}),
        put(f"_state={state(name='x/y')}&"),
        put(f"_state={state(uuid='other')}&"),
        put(f"_state={state()}&", code="BLOB_UPLOAD_UNKNOWN"),
    ],
)
def test_other_refusals_are_no_older_location(exchange: Exchange) -> None:
    assert "stale-location" not in names([exchange])


def test_a_token_that_is_cut_short_in_the_paste_is_an_older_location_where_no_detail_says_else() -> None:
    assert names([put("_state=abcd...&")]) == ["stale-location"]
    assert "stale-location" not in names([put("_state=abcd...&", {})])
    assert "stale-location" not in names([put("_state=abcd&")])


@pytest.mark.parametrize("detail", [{}, "invalid secret"])
def test_a_url_without_state_is_told_by_the_detail_alone(detail: object) -> None:
    assert names([put("", detail)]) == ["state-dropped"]
    assert "state-dropped" not in names([put("", 7)])
    assert "state-dropped" not in names([put(f"_state={state()}&", detail)])


def test_what_a_log_says_of_an_answer_is_used_as_its_error() -> None:
    offset = Note("server-said", "The registry's log says: x.", "upload resumed at wrong offest: 12 != 0")
    offset = replace(offset, words=f"The registry's log says: {offset.value}.")
    code = Note("server-said", "The registry's log says: blob upload invalid, said.", "blob upload invalid")
    exchange = logged(put(f"_state={state()}&"), offset, code)
    assert [one.code for one in logged_errors(exchange)] == ["BLOB_UPLOAD_INVALID"]
    (finding,) = found([exchange])
    assert (finding.rule, finding.certainty) == ("stale-location", "decides")
    assert "12 != 0" in finding.proof


def test_a_log_that_says_nothing_gives_no_errors() -> None:
    assert logged_errors(logged(put(""))) == ()


@pytest.mark.parametrize(
    ("line", "is_folder"),
    [
        (f"{HEX}/layer.tar", True),
        (f"drwxr-xr-x  {HEX}", True),
        (f"/docker/registry/v2/blobs/sha256/{HEX[:2]}/{HEX}/data", False),
        (f"_layers/sha256/{HEX}/link", False),
        (f'digest={DIGEST}"', False),
    ],
)
def test_a_folder_is_told_from_a_path_of_the_storage(line: str, is_folder: bool) -> None:
    assert _names_folder(line, HEX) is is_folder


@pytest.mark.parametrize(
    ("code", "detail", "rule"),
    [
        ("BLOB_UPLOAD_INVALID", 212, "second-question-mark"),
        ("BLOB_UPLOAD_INVALID", "illegal base64 data at input byte 212", "second-question-mark"),
        ("BLOB_UPLOAD_INVALID", "invalid secret", "replica-secret-mismatch"),
        ("BLOB_UPLOAD_INVALID", ..., "stale-location"),
        ("DIGEST_INVALID", "digest parsing failed", "digest-unparsable"),
        ("DIGEST_INVALID", "digest missing", "digest-missing"),
        ("MANIFEST_BLOB_UNKNOWN", DIGEST, "manifest-blob-unknown"),
    ],
)
@pytest.mark.parametrize("head", ["HTTP/1.1 400 Bad Request\nContent-Type: application/json\n\n"])
def test_an_answer_without_its_request_is_told_by_its_detail(
    tmp_path: Path, code: str, detail: object, rule: str, head: str
) -> None:
    assert told(tmp_path, head + error(code, detail).decode())[0].rule == rule


def test_an_answer_alone_that_went_well_is_nothing(tmp_path: Path) -> None:
    assert told(tmp_path, "HTTP/1.1 202 Accepted\nContent-Length: 0\n\n") == ()


def test_401_without_a_challenge_is_told() -> None:
    path = "/v2/a/b/blobs/uploads/"
    exchange = made_up("POST", path, status=401)
    assert names([exchange]) == ["auth-required"]
    opened = made_up("POST", path, status=202, answer=[("Location", f"{path}4f"), ("Range", "0-0")])
    assert names(in_a_row(exchange, opened)) == []


def test_the_first_leg_in_an_access_log_is_nothing() -> None:
    asked = replace(made_up("GET", "/v2/", status=401), basis="inferred", unknown=("request.headers", "response.body"))
    assert names([asked]) == []


def test_a_manifest_that_cannot_be_written_in_the_old_form_is_a_matter_of_accept() -> None:
    asked = made_up("GET", "/v2/a/b/manifests/v1", ("Accept", "*/*"), status=400, says=error("MANIFEST_INVALID"))
    assert names([asked]) == ["accept-missing"]
    assert "accept-missing" not in names([replace(asked, request=replace(asked.request, method="PUT"))])
