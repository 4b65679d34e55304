"""What skopeo's log tells of an upload that failed: status and headers as Go prints them."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.formats.importing import import_bytes
from explorer.jobs.diagnosing import diagnose_file

UPLOADS = "http://127.0.0.1:5720/v2/x/y/blobs/uploads/"
STATE = "abcd"
POST = f'time="2026-11-24T08:14:50Z" level=debug msg="POST {UPLOADS}"'
PATCH = f'time="2026-11-24T08:14:50Z" level=debug msg="PATCH {UPLOADS}4f?_state={STATE}"'
DIGEST = "fae8b1087142fbe803305b9b185b34371f9fbea46219e1677f43df40b350c263"
PUT = f'time="2026-11-24T08:14:50Z" level=debug msg="PUT {UPLOADS}4f?_state=efgh&digest=sha256%3A{DIGEST}"'
FATAL = 'time="2026-11-24T08:14:50Z" level=fatal msg="writing blob: uploading layer to x: blob upload unknown"'


def failed(what: str, status: str, *headers: str) -> str:
    """Return the line of a failed upload."""
    printed = ", ".join(headers)
    answer = (
        f'http.Response{{Status:"{status}", StatusCode:{status[:3]}, Proto:"HTTP/1.1", ProtoMajor:1, ProtoMinor:1, '
        f"Header:http.Header{{{printed}}}, Body:(*http.bodyEOFSignal)(0xc0002e1740), ContentLength:119}}"
    )
    escaped = f"Error {what}, response {answer}".replace('"', '\\"')
    return f'time="2026-11-24T08:14:50Z" level=debug msg="{escaped}"'


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ((POST,), "initiating layer upload"),
        ((POST, PATCH), "uploading layer chunked"),
        ((POST, PATCH, PUT), "uploading layer"),
    ],
)
def test_the_answer_belongs_to_the_request_that_failed(lines: tuple[str, ...], what: str) -> None:
    text = "\n".join([*lines, failed(what, "404 Not Found", '"Allow":[]string{"GET, HEAD", "x"}'), FATAL])
    last = import_bytes(text.encode(), "log").session.exchanges[-1]
    assert last.response is not None
    assert (last.request.method, last.status, last.response.reason) == (
        lines[-1].split('msg="')[1].split()[0],
        404,
        "Not Found",
    )
    assert last.response.headers.all("Allow") == ("GET, HEAD", "x")
    assert not {"response.status", "response.headers"} & set(last.unknown)
    assert "response.body" in last.unknown


def test_what_is_no_answer_is_left_alone() -> None:
    text = "\n".join([POST, 'time="x" level=debug msg="Error initiating layer upload, response nothing"'])
    assert import_bytes(text.encode(), "log").session.exchanges[-1].response is None


def rules(tmp_path: Path, *lines: str) -> list[str]:
    (tmp_path / "log").write_text("\n".join(lines))
    return [finding.rule for finding in diagnose_file(str(tmp_path / "log")).findings]


def test_a_registry_that_is_read_only_is_named(tmp_path: Path) -> None:
    answer = failed("initiating layer upload", "405 Method Not Allowed", '"Allow":[]string{"GET, HEAD"}')
    assert rules(tmp_path, POST, answer) == ["read-only"]


def test_a_digest_in_a_query_is_no_folder_s_name(tmp_path: Path) -> None:
    answer = failed("uploading layer", "404 Not Found", '"Content-Type":[]string{"application/json"}')
    assert "digest-is-save-dirname" not in rules(tmp_path, POST, PATCH, PUT, answer, FATAL)


def test_blobs_that_a_manifest_lacks_are_told_from_those_that_an_upload_lost(tmp_path: Path) -> None:
    line = 'time="x" level=fatal msg="writing manifest: uploading manifest v1 to reg.test/x/y: blob unknown"'
    assert rules(tmp_path, POST, PATCH, line) == ["manifest-blob-unknown"]
    (tmp_path / "log").write_text("\n".join([POST, PATCH, line]))
    assert diagnose_file(str(tmp_path / "log")).parties.client.name == "skopeo"


def test_a_put_that_has_the_answer_of_a_status_became_a_get(tmp_path: Path) -> None:
    answer = failed(
        "uploading layer", "204 No Content", '"Docker-Upload-Uuid":[]string{"4f"}', '"Range":[]string{"0-9"}'
    )
    line = 'time="x" level=fatal msg="writing blob: uploading layer to x: received unexpected HTTP status: 204"'
    assert rules(tmp_path, POST, PATCH, PUT, answer, line) == ["patch-became-get-unknown-blob"]


def test_a_connection_that_ended_without_an_answer_is_named(tmp_path: Path) -> None:
    line = f'time="x" level=fatal msg="writing blob: Put \\"{UPLOADS}4f?_state=efgh&digest=sha256%3A{DIGEST}\\": EOF"'
    assert rules(tmp_path, POST, PATCH, PUT, line) == ["response-dropped"]
