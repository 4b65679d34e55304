"""Error lines without the exchanges behind them: the likeliest cause, what else it could be, what to record next."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.diagnoses import rules
from explorer.diagnoses.capture import HOW, capture
from explorer.diagnoses.lines import hear
from explorer.diagnoses.lines.clients import CLIENT_CLUES
from explorer.diagnoses.lines.containers import CONTAINERS_CLUES
from explorer.diagnoses.lines.network import NETWORK_CLUES
from explorer.diagnoses.lines.servers import SERVER_CLUES
from explorer.jobs.diagnosing import diagnose_file

REGISTRY = "https://reg.example"
LINES = [
    ("unknown blob", "patch-became-get-unknown-blob", "docker"),
    ("blob upload unknown", "replica-split-storage", "docker"),
    ("Error parsing HTTP response: invalid character '<' looking for beginning of value", "html-instead-of-json", ""),
    ("denied: requested access to the resource is denied", "denied", "docker"),
    ("unauthorized: authentication required", "auth-required", ""),
    (
        'time="2026-11-23T09:11:11Z" level=fatal msg="writing blob: received unexpected HTTP status: 413 '
        'Request Entity Too Large"',
        "nginx-413",
        "skopeo",
    ),
    (f"Error: PUT {REGISTRY}/v2/a/manifests/v1: MANIFEST_BLOB_UNKNOWN: blob unknown to registry; sha256:ab", "", ""),
    (f"unexpected status from PUT request to {REGISTRY}/v2/a/blobs/uploads/1: 502 Bad Gateway", "bad-gateway", ""),
    (
        f'ERROR: failed to solve: Put "{REGISTRY}/v2/": dial tcp 10.0.0.1:443: connect: connection refused',
        "",
        "buildkit",
    ),
    ("curl: (35) error:0A00010B:SSL routines::wrong version number", "https-to-http-port", "curl"),
    ('Get "https://localhost:5000/v2/": http: server gave HTTP response to HTTPS client', "https-to-http-port", ""),
    ("x509: certificate signed by unknown authority", "tls-unknown-ca", ""),
    ("toomanyrequests: You have reached your pull rate limit", "rate-limited", ""),
    (
        "2024/01/01 10:00:00 [error] 31#31: *1 client intended to send too large body: 1048577 bytes",
        "nginx-413",
        "proxy",
    ),
    ('level=error msg="error resolving upload: invalid secret" http.request.method=PUT', "replica-secret-mismatch", ""),
    ('level=error msg="upload resumed at wrong offest: 5 != 0"', "stale-location", ""),
    ("Error: initiating layer upload to /v2/a/ in reg.example: StatusCode: 404, <html>", "html-instead-of-json", ""),
    ("Error: failed to resolve v1: reg.example/a/b:v1: not found", "manifest-missing", ""),
    (f"ctr: content digest sha256:{'a' * 64}: not found", "blob-missing", "containerd"),
    ("token not to be used after 2026-01-01", "token-expired-mid-upload", ""),
    ("initiating layer upload to /v2/a/ in reg.example:5000: blob upload unknown", "post-became-get", "skopeo"),
    ("initiating layer upload to /v2/a/ in reg.example:5000: unsupported", "pull-through-cache", "skopeo"),
    (
        'level=fatal msg="trying to reuse blob: Requesting bearer token: invalid status code from registry 404"',
        "realm-unreachable",
        "skopeo",
    ),
    (
        'level=fatal msg="pinging container registry reg.example:5000: invalid status code from registry 404"',
        "wrong-api-prefix",
        "",
    ),
    ("Invalid destination name docker://reg.example/a:v+2: invalid reference format", "tag-grammar", ""),
    ("failed to read from destination repository a/b: 503 (Service Unavailable)", "health-503", ""),
    ("uploading layer chunked: StatusCode: 414, <html><head><title>414 Request-URI", "head-too-large", ""),
    ('Get "/v2/": stopped after 10 redirects', "redirect-loop", ""),
    ("invalid reference format: repository name must be lowercase", "repo-uppercase", ""),
]
MEANT = {6: "manifest-blob-unknown", 8: "host-unreachable"}


@pytest.mark.parametrize(("number", "line", "rule", "client"), [(n, *row) for n, row in enumerate(LINES)])
def test_a_line_leads_to_its_likeliest_cause(number: int, line: str, rule: str, client: str) -> None:
    heard = hear(line)
    assert heard.findings[0].rule == (rule or MEANT[number])
    assert client in ("", heard.client)
    assert heard.next


def test_what_else_it_could_be_is_said_with_what_would_tell() -> None:
    (finding,) = hear("blob upload unknown").findings
    assert any(other.startswith("replica-secret-mismatch") for other in finding.otherwise)
    assert "registry-explorer record" in finding.experiment


@pytest.mark.parametrize("line", ["", "hello world", "Pushed", "v1: digest: sha256:ab size: 528", "200 OK"])
def test_a_line_that_says_nothing_is_nothing(line: str) -> None:
    assert not hear(line)


def test_each_clue_speaks_for_rules_that_there_are() -> None:
    named = {rule for row in (*CONTAINERS_CLUES, *CLIENT_CLUES, *SERVER_CLUES, *NETWORK_CLUES) for rule in row[1]}
    assert named <= set(rules())


def test_the_command_for_a_client_is_its_own() -> None:
    assert "skopeo --debug" in capture("skopeo")
    assert capture("nobody") not in HOW.values()


def test_a_file_that_powershell_has_written_is_heard(tmp_path: Path) -> None:
    path = tmp_path / "push.txt"
    path.write_bytes("unknown blob\r\n".encode("utf-16"))
    assert diagnose_file(str(path)).findings[0].rule == "patch-became-get-unknown-blob"


@given(st.text(max_size=400))
def test_any_text_can_be_heard(text: str) -> None:
    hear(text)


def test_a_failure_within_a_log_is_an_exchange_though_its_quotation_marks_are_escaped() -> None:
    realm = "http://auth.example:5001/token?scope=repository%3Aa%3Apull&service=reg"
    failure = rf"Get \"{realm}\": dial tcp 10.0.0.1:5001: connect: connection refused"
    heard = hear(f'time="2026-11-23T09:11:11Z" level=fatal msg="trying to reuse blob at destination: {failure}"')
    assert [exchange.request.url for exchange in heard.exchanges] == [realm]
    assert heard.findings[0].rule == "realm-unreachable"
