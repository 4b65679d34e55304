"""Failures that no registry here can be brought to, as exchanges of the form that they have elsewhere."""

from __future__ import annotations

import json

import pytest

from explorer.model import Exchange, Failure
from explorer.recognition import recognise
from tests.diagnoses.talking import DATA, DIGEST, found, in_a_row, lower_case, made_up, names

UPLOAD = "/v2/a/b/blobs/uploads/4f"
OPEN = "/v2/a/b/blobs/uploads/"
CLOSE = f"{UPLOAD}?digest={DIGEST}"
JSON = ("Content-Type", "application/json; charset=utf-8")
BEARER = ("WWW-Authenticate", 'Bearer realm="https://auth.test/token",service="s",scope="repository:a/b:pull,push"')
KIND = ("Content-Type", "application/vnd.oci.image.manifest.v1+json")
FIRST = ("Content-Type", "application/vnd.docker.distribution.manifest.v1+prettyjws")
TEN = ("Content-Length", "10")
GOOGLE = "/artifacts-uploads/namespaces/p/repositories/r/uploads/AX"
IMMUTABLE = "The image tag already exists and cannot be overwritten because the repository is immutable."
TWO_LOGINS = b"<?xml?><Error><Message>Only one auth mechanism allowed</Message></Error>"
NEXT_ELSEWHERE = '<https://evil.test/v2/a/tags/list?n=1>; rel="next"'
FULL = "will exceed the configured upper limit of 1 GiB"


def error(code: str, message: str = "", detail: object = None) -> bytes:
    """Return an error body."""
    return json.dumps({"errors": [{"code": code, "message": message, "detail": detail}]}).encode()


def opened(location: str) -> Exchange:
    """Return a POST that was answered with a Location."""
    return made_up("POST", OPEN, status=202, answer=[("Location", location)])


def broke(kind: str, sentence: str, method: str = "GET", target: str = "/v2/") -> Exchange:
    """Return a request that was not answered."""
    return made_up(method, target, error=Failure(kind, sentence))


def page(name: str, status: int) -> bytes:
    """Return a proxy's own page."""
    return f"<html>\r\n<head><title>{status}</title></head>\r\n<hr><center>{name}</center>\r\n</html>".encode()


CASES: tuple[tuple[str, list[Exchange]], ...] = (
    ("tls-unknown-ca", [broke("tls", "certificate verify failed: self-signed certificate in certificate chain")]),
    ("tls-expired", [broke("tls", "certificate verify failed: certificate has expired")]),
    ("tls-name-mismatch", [broke("tls", "certificate verify failed: Hostname mismatch")]),
    ("tls-client-certificate", [broke("tls", "x requires a client certificate: add --client-cert FILE")]),
    ("tls-failed", [broke("tls", "TLS with x failed: NO_SHARED_CIPHER.")]),
    ("https-to-http-port", [broke("tls", "that port speaks plain http")]),
    ("host-unreachable", [broke("unreachable", "The host cannot be found")]),
    ("not-http", [broke("not-http", "answered with something that is not HTTP: 'SSH-2.0'")]),
    ("timed-out", [broke("timeout", "took the connection, but then no more came")]),
    ("http2-stream-reset", [broke("closed", "http2: server sent GOAWAY and closed the connection", "PUT", CLOSE)]),
    ("expect-100-stall", [made_up("PUT", CLOSE, ("Expect", "100-continue"), body=DATA, status=417)]),
    ("gateway-timeout", [made_up("PUT", CLOSE, status=504, answer=[("Server", "nginx")], says=page("nginx", 504))]),
    ("cdn-413", [made_up("PUT", CLOSE, status=413, answer=[("Server", "cloudflare")], says=page("cloudflare", 413))]),
    ("registry-413", [made_up("PUT", CLOSE, status=413, says=error("REQUEST_ENTITY_TOO_LARGE"))]),
    ("location-http-behind-tls", [opened("http://registry.test/v2/a/b/blobs/uploads/4f?_state=x")]),
    ("location-internal-host", [opened("https://registry:5000/v2/a/b/blobs/uploads/4f?_state=x")]),
    ("location-malformed-scheme", [opened("https,http://registry.test/v2/a/b/blobs/uploads/4f")]),
    (
        "token-invalid",
        [
            made_up(
                "GET",
                OPEN,
                ("Authorization", "Bearer x"),
                status=401,
                answer=[(BEARER[0], BEARER[1] + ',error="invalid_token"')],
            )
        ],
    ),
    ("auth-scheme-mismatch", [made_up("GET", OPEN, ("Authorization", "Basic eDp5"), status=401, answer=[BEARER])]),
    ("proxy-strips-authorization", [made_up("GET", OPEN, ("Authorization", "Bearer x"), status=401, answer=[BEARER])]),
    (
        "login-refused",
        [
            made_up(
                "GET",
                "/v2/",
                ("Authorization", "Basic eDp5"),
                status=401,
                answer=[("WWW-Authenticate", 'Basic realm="r"')],
            )
        ],
    ),
    (
        "harbor-scheme-switch",
        [
            made_up(
                "GET",
                "/v2/",
                ("Authorization", "Bearer x"),
                status=401,
                answer=[("WWW-Authenticate", 'Basic realm="harbor"')],
            )
        ],
    ),
    ("denied", [made_up("POST", OPEN, status=403, says=error("DENIED", "requested access to the resource is denied"))]),
    ("length-said-twice", [made_up("PUT", CLOSE, TEN, ("Transfer-Encoding", "chunked"), body=DATA, status=400)]),
    (
        "content-length-long",
        [
            made_up(
                "PUT",
                CLOSE,
                ("Content-Length", "99"),
                body=DATA,
                error=Failure("timeout", "took the connection, but then no more came"),
            )
        ],
    ),
    (
        "content-length-short",
        [made_up("PUT", CLOSE, ("Content-Length", "4"), body=DATA, status=400, says=error("DIGEST_INVALID"))],
    ),
    ("content-length-absent", [made_up("PUT", CLOSE, body=DATA, status=400, says=error("DIGEST_INVALID"))]),
    ("mount-without-source", [made_up("POST", f"{OPEN}?from=c", status=405)]),
    ("tag-immutable", [made_up("PUT", "/v2/a/manifests/v1", KIND, status=400, says=error("TAG_INVALID", IMMUTABLE))]),
    (
        "tag-invalid",
        [
            made_up(
                "PUT",
                "/v2/a/manifests/v1",
                KIND,
                status=400,
                says=error("TAG_INVALID", "manifest tag did not match URI"),
            )
        ],
    ),
    (
        "schema1-refused",
        [
            made_up(
                "PUT",
                "/v2/a/manifests/v1",
                FIRST,
                ("Content-Length", "33"),
                body=b'{"schemaVersion":1,"fsLayers":[]}',
                status=400,
                says=error("MANIFEST_INVALID"),
            )
        ],
    ),
    (
        "page-number-invalid",
        [made_up("GET", "/v2/a/tags/list?n=99999", status=400, says=error("PAGINATION_NUMBER_INVALID"))],
    ),
    (
        "nexus-missing-upload",
        [made_up("PUT", CLOSE, status=400, answer=[("Server", "Nexus/3.70 (OSS)")], says=error("BLOB_UPLOAD_INVALID"))],
    ),
    ("chunk-too-large-416", [made_up("PATCH", UPLOAD, TEN, body=DATA, status=416, says=b"body exceeds 4.00 MiB")]),
    ("chunked-unsupported", [made_up("PATCH", GOOGLE, ("Content-Range", "0-9"), TEN, body=DATA, status=400)]),
    (
        "content-range-with-unit",
        [
            made_up(
                "PATCH",
                f"{UPLOAD}?_nouploadcache=false",
                ("Content-Range", "bytes 0-9/*"),
                TEN,
                body=DATA,
                status=400,
                says=error("RANGE_INVALID"),
            )
        ],
    ),
    (
        "storage-error",
        [made_up("PUT", CLOSE, status=500, says=error("UNKNOWN", "unknown error", {"DriverName": "s3aws"}))],
    ),
    ("quota-exceeded", [made_up("PUT", CLOSE, status=403, says=error("DENIED", FULL))]),
    ("read-only", [made_up("POST", OPEN, status=403, says=error("DENIED", "The system is in read only mode."))]),
    (
        "s3-two-auth",
        [made_up("GET", "/b?X-Amz-Signature=1", ("Authorization", "Bearer x"), status=400, says=TWO_LOGINS)],
    ),
    (
        "leads-inside",
        [made_up("GET", f"/v2/a/blobs/{DIGEST}", status=307, answer=[("Location", "http://169.254.169.254/latest")])],
    ),
    (
        "link-elsewhere",
        [made_up("GET", "/v2/a/tags/list", status=200, answer=[("Link", NEXT_ELSEWHERE)], says=b'{"tags":[]}')],
    ),
    (
        "rate-limited",
        [
            made_up(
                "GET",
                "/v2/a/manifests/v1",
                status=429,
                answer=[("Retry-After", "60")],
                says=b"Too Many Requests (HAP429).",
            )
        ],
    ),
    ("unsupported", [made_up("GET", "/v2/_catalog", status=405, says=error("UNSUPPORTED"))]),
    (
        "repo-must-exist",
        [
            made_up(
                "POST", OPEN, status=404, says=error("NAME_UNKNOWN", "The repository with name 'a/b' does not exist")
            )
        ],
    ),
    ("upload-unknown", [made_up("PUT", CLOSE, status=404, says=error("BLOB_UPLOAD_UNKNOWN"))]),
    (
        "unknown-blob-after-push",
        in_a_row(
            opened(UPLOAD),
            made_up("PUT", CLOSE, TEN, body=DATA, status=201),
            made_up("HEAD", f"/v2/a/b/blobs/{DIGEST}", status=404),
        ),
    ),
)


@pytest.mark.parametrize(("rule", "exchanges"), CASES, ids=[rule for rule, _ in CASES])
def test_it_is_named_first(rule: str, exchanges: list[Exchange]) -> None:
    assert names(exchanges)[:1] == [rule]


@pytest.mark.parametrize(("rule", "exchanges"), CASES, ids=[rule for rule, _ in CASES])
def test_header_names_in_lower_case_make_no_difference(rule: str, exchanges: list[Exchange]) -> None:
    assert names(list(map(lower_case, exchanges)))[:1] == [rule]


HEADERS_OF = [
    ("Harbor", [("WWW-Authenticate", 'Basic realm="harbor"')]),
    ("GHCR", [("X-GitHub-Request-Id", "A:B")]),
    ("GitLab", [("Gitlab-Container-Registry-Version", "4.1")]),
    ("Artifactory", [("X-JFrog-Version", "Artifactory/7.77")]),
    ("Nexus", [("Server", "Nexus/3.70.0-03 (OSS)")]),
    ("Quay", [("Range", "bytes=0--1")]),
    ("ACR", [("Location", "/v2/a/blobs/uploads/x?_nouploadcache=false&_state=y")]),
    ("GAR", [("Location", "/artifacts-uploads/namespaces/p/repositories/r/uploads/x")]),
]


@pytest.mark.parametrize(("name", "answer"), HEADERS_OF)
def test_a_registry_is_recognised_by_what_it_says(name: str, answer: list[tuple[str, str]]) -> None:
    party = recognise([made_up("POST", OPEN, status=202, answer=answer)]).registry
    assert (party.name, bool(party.evidence)) == (name, True)


@pytest.mark.parametrize(
    ("name", "agent"),
    [
        ("docker", "docker/24.0.6 go/go1.20.7 UpstreamClient(Docker-Client/24.0.6)"),
        ("containerd", "containerd/1.7.2"),
        ("crane", "crane/0.19.0 go-containerregistry/0.19.0"),
        ("skopeo", "skopeo/1.9.3"),
        ("oras", "oras/1.3.0"),
        ("regctl", "regclient/regctl (v0.6.0)"),
        ("curl", "curl/8.5.0"),
    ],
)
def test_a_client_is_recognised_by_its_agent(name: str, agent: str) -> None:
    assert recognise([made_up("GET", "/v2/", ("User-Agent", agent), status=200)]).client.name == name


def test_what_the_source_does_not_tell_is_not_taken_for_absent() -> None:
    unknown = ("request.headers", "request.authorization", "request.body", "response.headers", "response.body")
    quiet = made_up("PUT", "/v2/a/manifests/v1", status=400, basis="inferred", unknown=unknown)
    assert names([quiet]) == ["unexplained-refusal"]
    silent = made_up("POST", OPEN, status=202, basis="inferred", unknown=unknown)
    assert names([silent]) == []


def test_credentials_never_stand_in_a_finding() -> None:
    secret = "Bearer hunter2hunter2"
    row = [made_up("GET", OPEN, ("Authorization", secret), status=401, answer=[BEARER])]
    assert "hunter2" not in "".join(f"{f.what}{f.proof}{f.fix}{f.cause}" for f in found(row, everything=True))


def test_a_realm_that_is_not_to_be_trusted_is_said_beside_the_challenge() -> None:
    challenge = ("WWW-Authenticate", 'Bearer realm="http://169.254.169.254/token",service="s"')
    assert "realm-not-trustworthy" in names([made_up("GET", "/v2/", status=401, answer=[challenge])])
