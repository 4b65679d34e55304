"""For each rule something that looks much like its failure and is none, or is another: the rule keeps silent."""

from __future__ import annotations

import base64
import json

import pytest

from explorer.diagnoses import rules
from explorer.model import Exchange, Failure
from explorer.spec.digests import digest_of
from explorer.spec.media_types import OCI_INDEX, OCI_MANIFEST
from tests.diagnoses.talking import DATA, DIGEST, in_a_row, made_up, names

OPEN = "/v2/a/b/blobs/uploads/"
UPLOAD = f"{OPEN}4f"
CLOSE = f"{UPLOAD}?digest={DIGEST}"
BLOB = f"/v2/a/b/blobs/{DIGEST}"
TAG = "/v2/a/b/manifests/v1"
KIND = ("Content-Type", OCI_MANIFEST)
OCTETS = ("Content-Type", "application/octet-stream")
TEN = ("Content-Length", "10")
BEARER = ("WWW-Authenticate", 'Bearer realm="https://auth.test/token",service="s",scope="repository:a/b:pull,push"')
BASIC = ("WWW-Authenticate", 'Basic realm="registry"')
API = ("Docker-Distribution-Api-Version", "registry/2.0")
LOGIN = ("Authorization", "Basic eDp5")
TOKEN = ("Authorization", "Bearer x")
CONFIG = {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": DIGEST, "size": 10}
LAYER = {"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": DIGEST, "size": 10}
GOOD = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": CONFIG, "layers": [LAYER]}
INDEX = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [{**CONFIG, "mediaType": OCI_MANIFEST}]}


def error(code: str, message: str = "", detail: object = None) -> bytes:
    return json.dumps({"errors": [{"code": code, "message": message, "detail": detail}]}).encode()


def broke(kind: str, sentence: str, method: str = "GET", target: str = "/v2/") -> Exchange:
    return made_up(method, target, error=Failure(kind, sentence))


def opened(location: str = UPLOAD, *answer: tuple[str, str]) -> Exchange:
    return made_up("POST", OPEN, ("Content-Length", "0"), status=202, answer=[("Location", location), *answer])


def stored(document: object = None, target: str = TAG, status: int = 201, **more: object) -> Exchange:
    body = json.dumps({**GOOD, **more} if document is None else document).encode()
    length = ("Content-Length", str(len(body)))
    kind = ("Content-Type", OCI_INDEX) if document is INDEX else KIND
    answer = [("Location", target), ("Docker-Content-Digest", digest_of(body)), API]
    says = error("MANIFEST_UNKNOWN") if status >= 400 else b""
    return made_up("PUT", target, kind, length, body=body, status=status, answer=answer, says=says)


def patched(*headers: tuple[str, str], status: int = 202, range: str = "0-9") -> Exchange:
    answer = [("Location", UPLOAD), ("Range", range)]
    return made_up("PATCH", UPLOAD, TEN, OCTETS, *headers, body=DATA, status=status, answer=answer)


def closed(status: int = 201, says: bytes = b"", target: str = CLOSE) -> Exchange:
    return made_up("PUT", target, TEN, OCTETS, body=DATA, status=status, says=says, answer=[("Location", BLOB), API])


def empty_close() -> Exchange:
    return made_up("PUT", CLOSE, ("Content-Length", "0"), status=400, says=error("DIGEST_INVALID"))


def moved(location: str, method: str = "GET", target: str = "/v2/") -> Exchange:
    return made_up(method, target, status=301, answer=[("Location", location)])


STATE = base64.urlsafe_b64encode(bytes(32) + b'{"Name":"a/b","UUID":"4f","Offset":0,"StartedAt":""}').decode()
WITH_STATE = f"{UPLOAD}?_state={STATE}"
FITTING = f"{WITH_STATE}&digest={DIGEST}"
PUSHED = (opened(), closed(), stored())
REFUSED_TLS = broke("tls", "certificate verify failed: self-signed certificate")
NEAR: tuple[tuple[str, list[Exchange]], ...] = (
    ("http-to-https-port", [made_up("GET", "/v2/", status=400, says=error("NAME_INVALID"))]),
    ("https-to-http-port", [REFUSED_TLS]),
    ("http2-stream-reset", [broke("closed", "the connection was closed", "PUT", CLOSE)]),
    ("response-dropped", [broke("unreachable", "connection refused")]),
    ("timed-out", [broke("closed", "the connection was closed")]),
    ("host-unreachable", [broke("timeout", "took the connection, but then no more came")]),
    ("not-http", [broke("closed", "the connection was closed")]),
    ("tls-unknown-ca", [broke("tls", "certificate verify failed: certificate has expired")]),
    ("tls-expired", [REFUSED_TLS]),
    ("tls-name-mismatch", [REFUSED_TLS]),
    ("tls-client-certificate", [REFUSED_TLS]),
    ("tls-failed", [REFUSED_TLS]),
    ("client-closed-499", [made_up("PUT", CLOSE, status=400, says=error("DIGEST_INVALID"))]),
    ("gateway-timeout", [made_up("PUT", CLOSE, status=502)]),
    ("bad-gateway", [made_up("PUT", CLOSE, status=500, says=error("UNKNOWN"))]),
    ("verb-blocked", [made_up("DELETE", TAG, status=405, says=error("UNSUPPORTED"), answer=[API])]),
    ("registry-413", [made_up("PUT", CLOSE, status=413, says=b"<html>", answer=[("Server", "nginx")])]),
    ("nginx-413", [made_up("PUT", CLOSE, status=400, answer=[("Server", "nginx")], says=error("SIZE_INVALID"))]),
    ("cdn-413", [made_up("PUT", CLOSE, status=413, answer=[("Server", "nginx")])]),
    ("length-required-411", [closed(400, error("DIGEST_INVALID"))]),
    ("location-missing", [opened()]),
    ("location-malformed-scheme", [opened("https://registry.test" + UPLOAD)]),
    ("location-http-behind-tls", [opened("https://registry.test" + UPLOAD)]),
    ("location-internal-host", [opened("https://registry.test" + UPLOAD)]),
    ("location-wrong-port", [opened("https://registry.test" + UPLOAD)]),
    ("path-prefix-lost", [opened()]),
    ("relative-location-unresolved", in_a_row(opened(), closed())),
    ("registry-proxy-rewrites-path", in_a_row(opened(), closed())),
    ("post-became-get", [made_up("GET", "/v2/a/b/tags/list", status=405, says=error("UNSUPPORTED"))]),
    ("upload-redirected", [made_up("GET", BLOB, status=307, answer=[("Location", "https://s3.test/x")])]),
    ("repo-name-grammar", [made_up("POST", "/v2/a-b/c_d.e--f/blobs/uploads/", status=403, says=error("DENIED"))]),
    ("repo-uppercase", [made_up("POST", OPEN, status=404, says=error("NAME_UNKNOWN"))]),
    ("repo-name-too-long", [made_up("POST", f"/v2/{'a' * 255}/blobs/uploads/", status=403, says=error("DENIED"))]),
    ("tag-grammar", [made_up("GET", "/v2/a/manifests/_x.Y-1", status=404, says=error("MANIFEST_UNKNOWN"))]),
    ("digest-as-tag", [made_up("GET", f"/v2/a/manifests/{DIGEST}", status=404, says=error("MANIFEST_UNKNOWN"))]),
    ("wrong-api-prefix", [made_up("GET", TAG, status=404, says=error("MANIFEST_UNKNOWN"))]),
    ("not-a-registry", [opened()]),
    ("auth-scheme-mismatch", [made_up("GET", TAG, LOGIN, status=401, answer=[BASIC])]),
    ("login-refused", [made_up("GET", "/v2/", status=401, answer=[BASIC])]),
    ("proxy-does-auth", [made_up("GET", "/v2/", status=401, answer=[BASIC, API], says=error("UNAUTHORIZED"))]),
    ("token-service-refused", [made_up("GET", "/token?service=s", LOGIN, status=200, says=b'{"token": "x"}')]),
    ("head-403-no-body", [made_up("GET", BLOB, status=403, says=error("DENIED"))]),
    ("denied", [made_up("GET", BLOB, status=404, says=error("BLOB_UNKNOWN"))]),
    ("body-not-replayable", [closed(400, error("DIGEST_INVALID"))]),
    ("realm-unreachable", [broke("unreachable", "The host cannot be found")]),
    ("realm-not-trustworthy", [made_up("GET", "/v2/", status=401, answer=[BEARER])]),
    ("state-double-encoded", [closed(404, error("BLOB_UPLOAD_INVALID"), f"{UPLOAD}?_state=ab%3D&digest={DIGEST}")]),
    ("state-padding-cut", [closed(404, error("BLOB_UPLOAD_INVALID"), f"{UPLOAD}?_state=abcd&digest={DIGEST}")]),
    ("second-question-mark", [closed(404, error("BLOB_UPLOAD_INVALID"), f"{UPLOAD}?_state=abcd&digest={DIGEST}")]),
    ("question-mark-after-variable", [closed(404, error("BLOB_UPLOAD_INVALID"), f"$LOC?_state=ab&digest={DIGEST}")]),
    ("upload-purged", in_a_row(opened(), closed(404, error("BLOB_UPLOAD_UNKNOWN")))),
    ("upload-gone", in_a_row(opened(), closed(404, error("BLOB_UPLOAD_UNKNOWN")))),
    ("replica-split-storage", [closed(404, error("BLOB_UPLOAD_UNKNOWN"))]),
    ("upload-unknown", [closed(404, error("BLOB_UPLOAD_INVALID"))]),
    ("stale-after-failed-put", in_a_row(opened(), patched(), closed())),
    ("status-unsupported", in_a_row(opened(), made_up("GET", UPLOAD, status=204, answer=[("Range", "0-0")]))),
    ("cancel-needs-delete", [made_up("DELETE", UPLOAD, status=401, answer=[BEARER])]),
    ("mount-not-done", [made_up("POST", f"{OPEN}?mount={DIGEST}&from=c", status=201, answer=[("Location", BLOB)])]),
    ("mount-without-source", [made_up("POST", f"{OPEN}?mount={DIGEST}&from=c", status=201)]),
    ("single-post-202", [made_up("POST", f"{OPEN}?digest={DIGEST}", TEN, body=DATA, status=201)]),
    ("content-range-with-total", [patched(("Content-Range", "0-9"), status=416)]),
    ("content-range-malformed", [patched(("Content-Range", "0-9"), status=416)]),
    ("content-range-off-by-one", [patched(("Content-Range", "0-9"), status=416)]),
    ("chunk-out-of-order", in_a_row(opened(), patched(("Content-Range", "0-9")))),
    ("chunk-without-range", in_a_row(opened(), patched(("Content-Range", "0-9"), status=416))),
    ("put-range-ignored", in_a_row(opened(), patched(), closed())),
    ("patch-content-type", [patched(status=500)]),
    ("ecr-patch-201", in_a_row(opened(), patched())),
    ("range-behind", in_a_row(opened(), patched())),
    ("acr-416-on-put", [closed(400, error("DIGEST_INVALID"))]),
    ("chunk-too-small", [patched(status=416)]),
    ("digest-mismatch", in_a_row(opened(), closed())),
    ("digest-unparsable", [closed(400, error("DIGEST_INVALID"))]),
    ("digest-missing", [closed(400, error("DIGEST_INVALID"))]),
    ("digest-of-uncompressed", [closed(400, error("DIGEST_INVALID"))]),
    ("sha512-renamed", in_a_row(opened(), closed())),
    ("empty-blob-quirk", in_a_row(opened(), closed())),
    ("body-eaten-as-form", in_a_row(opened(), closed(400, error("DIGEST_INVALID")))),
    ("content-length-long", [closed()]),
    ("content-length-short", [closed()]),
    ("content-length-absent", [closed()]),
    ("length-said-twice", [closed()]),
    ("manifest-no-content-type", [stored()]),
    ("manifest-generic-type", [stored(status=400)]),
    ("manifest-type-field-mismatch", [stored(status=400)]),
    ("manifest-vs-index", [stored(INDEX, status=400)]),
    ("manifest-not-json", [stored(status=400)]),
    ("schema1-refused", [stored(status=400)]),
    ("schema-version", [stored(status=400)]),
    ("oci-needs-mediatype", [stored(status=400)]),
    ("tag-invalid", [stored(status=400)]),
    ("bad-digest-inside", [stored(status=400)]),
    ("wrong-descriptor-size", in_a_row(*PUSHED)),
    ("foreign-layer-url", in_a_row(*PUSHED)),
    ("layer-media-type", [stored(status=400)]),
    ("manifest-and-index", [stored(INDEX, status=400)]),
    ("subject-not-processed", [stored()]),
    ("blob-in-other-repo", in_a_row(*PUSHED)),
    ("index-child-unknown", [stored(status=400)]),
    ("names-what-is-not-there", in_a_row(*PUSHED)),
    ("unknown-blob-after-push", in_a_row(opened(), closed(), made_up("HEAD", BLOB, status=200))),
    ("manifest-missing", [made_up("HEAD", TAG, status=200, answer=[KIND, TEN])]),
    ("accept-missing", [made_up("GET", TAG, status=404, says=error("MANIFEST_UNKNOWN", "manifest unknown"))]),
    ("blob-missing", [made_up("HEAD", BLOB, status=404)]),
    ("content-not-its-digest", [made_up("GET", BLOB, status=200, says=DATA, answer=[TEN])]),
    ("wrong-digest-header", [made_up("GET", BLOB, status=200, says=DATA, answer=[("Docker-Content-Digest", DIGEST)])]),
    ("range-not-satisfiable", [made_up("GET", BLOB, ("Range", "bytes=0-4"), status=206, says=DATA[:5])]),
    ("quota-exceeded", [made_up("POST", OPEN, status=403, says=error("DENIED", "no"))]),
    ("rate-limited", [made_up("GET", TAG, status=503)]),
    ("read-only", [made_up("GET", TAG, status=405, says=error("UNSUPPORTED"))]),
    ("delete-disabled", [made_up("DELETE", BLOB, status=404, says=error("BLOB_UNKNOWN"))]),
    ("tag-delete-unsupported", [made_up("DELETE", f"/v2/a/b/manifests/{DIGEST}", status=404)]),
    ("tag-immutable", [stored(status=400)]),
    ("pull-through-cache", [made_up("DELETE", BLOB, status=405, says=error("UNSUPPORTED"))]),
    ("policy-blocked", [made_up("GET", TAG, status=404, says=error("MANIFEST_UNKNOWN"))]),
    ("pushes-disabled", [made_up("POST", OPEN, status=404, says=error("NAME_UNKNOWN"))]),
    ("repo-must-exist", [made_up("POST", OPEN, status=403, says=error("DENIED"))]),
    ("unsupported", [made_up("GET", "/v2/_catalog", status=404, says=error("NAME_UNKNOWN"))]),
    ("storage-error", [made_up("PUT", CLOSE, status=400, says=error("DIGEST_INVALID"))]),
    ("health-503", [made_up("GET", "/v2/", status=500)]),
    ("ghcr-digest-invalid", [closed(400, error("DIGEST_INVALID"))]),
    ("quay-range-prefix", [opened(UPLOAD, ("Range", "0-0"))]),
    ("range-not-of-the-form", [opened(UPLOAD, ("Range", "0-0"))]),
    ("http-after-https", in_a_row(made_up("GET", "/v2/", status=200), made_up("GET", "/v2/", status=200))),
    ("leads-inside", [made_up("GET", BLOB, status=307, answer=[("Location", "https://s3.test/x")])]),
    ("link-elsewhere", [made_up("GET", "/v2/a/tags/list", status=200, answer=[("Link", '</v2/a>; rel="next"')])]),
    ("commands-in-text", [made_up("GET", TAG, status=404, says=error("MANIFEST_UNKNOWN", "tab\tand line\n"))]),
    ("secret-in-url", [made_up("GET", "/token?service=s&scope=x", status=200, says=b"{}")]),
    ("duplicate-authorization", [made_up("GET", TAG, TOKEN, status=403, says=error("DENIED"))]),
    ("empty-answer", [made_up("GET", TAG, status=404, says=error("MANIFEST_UNKNOWN"))]),
    ("html-instead-of-json", [made_up("GET", TAG, status=404, says=error("MANIFEST_UNKNOWN"))]),
    ("wrong-type-of-error", [made_up("GET", TAG, status=404, says=error("X"), answer=[KIND])]),
    ("unexplained-refusal", [made_up("HEAD", BLOB, status=404)]),
    ("answer-cut-off", [broke("unreachable", "connection refused", "GET", BLOB)]),
    ("expect-100-stall", [made_up("PUT", CLOSE, ("Expect", "100-continue"), TEN, body=DATA, status=201)]),
    ("uploads-no-trailing-slash", [made_up("POST", OPEN, status=404, says=error("NAME_UNKNOWN"))]),
    ("wrong-method", [made_up("DELETE", BLOB, status=405, says=error("UNSUPPORTED"))]),
    ("wrong-method", [made_up("POST", OPEN, status=405, says=error("UNSUPPORTED"))]),
    ("wrong-method", [made_up("PUT", BLOB, status=401, answer=[BEARER])]),
    ("wrong-method", [made_up("PUT", "/upload/x", status=405)]),
    ("post-to-upload", [made_up("PATCH", UPLOAD, status=202, answer=[("Location", f"{UPLOAD}?a=b")])]),
    ("length-said-twice", [made_up("PUT", CLOSE, TEN, TEN, status=201)]),
    ("length-said-twice", [made_up("PUT", CLOSE, TEN, TEN, status=404, says=error("BLOB_UPLOAD_UNKNOWN"))]),
    ("double-slash", [made_up("POST", OPEN, status=404, says=error("NAME_UNKNOWN"))]),
    ("patch-became-get-unknown-blob", in_a_row(*PUSHED)),
    ("patch-became-get-unknown-blob", [made_up("PUT", CLOSE, status=204)]),
    (
        "patch-became-get-unknown-blob",
        [made_up("PUT", CLOSE, status=204, answer=[("Docker-Content-Digest", DIGEST), ("Docker-Upload-Uuid", "4f")])],
    ),
    ("auth-required", [made_up("GET", TAG, TOKEN, status=401, answer=[BEARER])]),
    ("proxy-strips-authorization", [made_up("GET", TAG, status=401, answer=[BEARER])]),
    ("harbor-scheme-switch", [made_up("GET", TAG, TOKEN, status=401, answer=[BEARER])]),
    ("token-expired-mid-upload", in_a_row(opened(), made_up("PUT", CLOSE, status=401, answer=[BEARER]))),
    ("token-invalid", [made_up("GET", TAG, status=401, answer=[BEARER])]),
    ("insufficient-scope", [made_up("GET", TAG, status=401, answer=[BEARER])]),
    ("scope-partly-granted", [made_up("GET", "/token?service=s", LOGIN, status=200, says=b'{"token": "x"}')]),
    ("token-expired", [made_up("GET", TAG, TOKEN, status=401, answer=[BEARER])]),
    ("token-body-unusable", [made_up("GET", "/token?service=s", LOGIN, status=200, says=b'{"token": "x"}')]),
    ("state-dropped", in_a_row(opened(), closed(404, error("BLOB_UPLOAD_UNKNOWN")))),
    ("state-wrong-repo", in_a_row(opened(WITH_STATE), closed(404, error("BLOB_UPLOAD_INVALID"), FITTING))),
    ("state-wrong-upload", in_a_row(opened(WITH_STATE), closed(404, error("BLOB_UPLOAD_INVALID"), FITTING))),
    ("replica-secret-mismatch", in_a_row(opened(WITH_STATE), closed(404, error("BLOB_UPLOAD_INVALID"), FITTING))),
    ("stale-location", in_a_row(opened(WITH_STATE), closed(404, error("BLOB_UPLOAD_INVALID", "", {}), FITTING))),
    ("mount-needs-source-scope", [made_up("POST", f"{OPEN}?mount={DIGEST}&from=c", status=202)]),
    ("content-range-with-unit", [patched(("Content-Range", "0-9"), status=416)]),
    ("chunk-too-large-416", [patched(("Content-Range", "0-9"), status=416)]),
    ("range-not-advancing", in_a_row(opened(), patched())),
    ("chunked-unsupported", in_a_row(opened(), patched())),
    ("zot-chunked-put-ignored", in_a_row(opened(), closed())),
    ("digest-is-save-dirname", [closed(400, error("DIGEST_INVALID"))]),
    ("recompressed-layer", in_a_row(opened(), closed())),
    ("curl-d-strips-newlines", [stored()]),
    ("trailing-newline", [stored()]),
    ("json-written-anew", [stored()]),
    ("curl-header-equals-sign", [closed()]),
    ("manifest-too-big", [stored(status=400)]),
    ("manifest-digest-mismatch", [stored(status=400)]),
    ("type-against-bytes", in_a_row(*PUSHED)),
    ("manifest-blob-unknown", [stored(status=404)]),
    ("caching-proxy-stale-404", [made_up("GET", TAG, status=404, says=error("MANIFEST_UNKNOWN"))]),
    ("blob-size-wrong", in_a_row(opened(), closed(), made_up("HEAD", BLOB, status=200, answer=[TEN]))),
    ("wrong-content-type-answered", [made_up("GET", TAG, status=200, answer=[KIND], says=json.dumps(GOOD).encode())]),
    ("layer-too-large", [closed(400, error("DIGEST_INVALID"))]),
    ("page-number-invalid", [made_up("GET", "/v2/a/b/tags/list?n=10", status=404, says=error("NAME_UNKNOWN"))]),
    ("s3-two-auth", [made_up("GET", "/x?X-Amz-Signature=1", status=403, says=b"<Error>AccessDenied</Error>")]),
    ("azure-two-auth", [made_up("GET", "/x?sig=1", status=403, says=b"<Error>AuthenticationFailed</Error>")]),
    ("head-on-get-signature", [made_up("GET", "/x?X-Amz-Signature=1", status=403)]),
    ("signed-url-expired", [made_up("GET", "/x?X-Amz-Signature=1", status=403, says=b"<Error>NoSuchKey</Error>")]),
    ("storage-host-unreachable", [broke("unreachable", "The host cannot be found")]),
    ("nexus-missing-upload", [closed(404, error("BLOB_UPLOAD_UNKNOWN"))]),
    (
        "credentials-elsewhere",
        in_a_row(made_up("GET", "/v2/", LOGIN, status=200), made_up("GET", TAG, LOGIN, status=404)),
    ),
    ("empty-body", [made_up("HEAD", TAG, status=200, answer=[KIND, TEN])]),
    ("slow-answer", [made_up("GET", BLOB, status=200, says=DATA)]),
    ("not-a-registry", [stored()]),
    ("url-malformed", [broke("unsendable", "curl says (26): read error", "PUT", CLOSE)]),
    ("head-too-large", [made_up("PUT", TAG, status=414, says=error("MANIFEST_INVALID"), answer=[API])]),
    ("redirect-loop", in_a_row(moved("http://registry.test"), made_up("GET", "/v2/", status=200))),
    ("redirected-to-a-page", [moved(f"https://mirror.test{OPEN}", "POST", OPEN)]),
    ("redirected-to-a-page", [made_up("GET", BLOB, status=307, answer=[("Location", "https://s3.test/x")])]),
    ("authorization-malformed", [made_up("GET", TAG, TOKEN, status=401, answer=[BEARER])]),
    ("authorization-malformed", [made_up("GET", TAG, LOGIN, status=401, answer=[BASIC])]),
    ("chunk-sent-twice", in_a_row(opened(), patched(), closed(400, error("DIGEST_INVALID")))),
    ("curl-data-without-at", [closed(400, error("DIGEST_INVALID"))]),
    ("no-bytes-sent", in_a_row(opened(), closed(400, error("DIGEST_INVALID")))),
    ("no-bytes-sent", in_a_row(opened(), patched(), empty_close())),
    ("curl-own-content-length", [closed(400, error("DIGEST_INVALID"))]),
    ("curl-head-by-x", [made_up("HEAD", BLOB, status=200, answer=[TEN])]),
    ("tag-grammar", [made_up("GET", "/v2/a/manifests/b/manifests/v1", status=404, says=error("MANIFEST_UNKNOWN"))]),
)


@pytest.mark.parametrize(("rule", "exchanges"), NEAR, ids=[rule for rule, _ in NEAR])
def test_it_keeps_silent(rule: str, exchanges: list[Exchange]) -> None:
    assert rule not in names(exchanges, everything=True)


def test_each_rule_has_a_near_miss() -> None:
    assert {rule for rule, _ in NEAR} == set(rules())


def test_a_whole_push_of_these_pieces_is_nothing() -> None:
    assert names(in_a_row(*PUSHED)) == []
