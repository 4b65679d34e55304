"""Rules that need several exchanges, or speak of what went well: for each, what matches and what does not."""

from __future__ import annotations

import base64
import gzip
import json

import pytest

from explorer.diagnoses import before_sending
from explorer.model import Exchange, Headers, Origin, Request
from explorer.spec.digests import digest_of
from explorer.spec.media_types import OCI_MANIFEST
from tests.diagnoses.talking import DATA, DIGEST, ORIGIN, in_a_row, made_up, names

OPEN = "/v2/a/b/blobs/uploads/"
UPLOAD = f"{OPEN}4f"
CLOSE = f"{UPLOAD}?digest={DIGEST}"
KIND = ("Content-Type", OCI_MANIFEST)
LINES = json.dumps({"schemaVersion": 2, "layers": []}, indent=3).encode()
FLAT = json.dumps({"schemaVersion": 2, "layers": []}, separators=(",", ":")).encode()


def error(code: str) -> bytes:
    return json.dumps({"errors": [{"code": code}]}).encode()


def length(data: bytes) -> tuple[str, str]:
    return "Content-Length", str(len(data))


def opened(range: str = "0-0") -> Exchange:
    return made_up("POST", OPEN, status=202, answer=[("Location", UPLOAD), ("Range", range)])


def patched(data: bytes, range: str, *headers: tuple[str, str]) -> Exchange:
    answer = [("Location", UPLOAD), ("Range", range)]
    return made_up("PATCH", UPLOAD, length(data), *headers, body=data, status=202, answer=answer)


def put(body: bytes, reference: str, status: int, *headers: tuple[str, str]) -> Exchange:
    said = b"" if status < 300 else error("DIGEST_INVALID")
    return made_up(
        "PUT", f"/v2/a/b/manifests/{reference}", KIND, length(body), *headers, body=body, status=status, says=said
    )


def closed(data: bytes, digest: str, status: int) -> Exchange:
    said = b"" if status < 300 else error("DIGEST_INVALID")
    return made_up("PUT", f"{UPLOAD}?digest={digest}", length(data), body=data, status=status, says=said)


MIXED = json.dumps(
    {
        "mediaType": OCI_MANIFEST,
        "layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar", "digest": DIGEST}],
    }
)
BOTH = json.dumps({"layers": [], "manifests": []})
LOGIN = ("Authorization", "Bearer abc")
BLOB = f"/v2/a/b/blobs/{DIGEST}"
AWAY = "https://elsewhere.test/x"
THERE = made_up("GET", BLOB, LOGIN, status=307, answer=[("Location", AWAY)])
TWICE = gzip.compress(DATA, 9)

CASES: tuple[tuple[str, list[Exchange], list[Exchange]], ...] = (
    (
        "upload-redirected",
        [made_up("POST", OPEN, status=302, answer=[("Location", f"https://elsewhere.test{OPEN}")])],
        [made_up("POST", OPEN, status=302, answer=[("Location", AWAY)])],
    ),
    (
        "token-service-refused",
        [made_up("GET", "/token?service=s", status=500, says=b"{}")],
        [made_up("GET", "/token?service=s", status=200, says=b'{"token":"x"}')],
    ),
    (
        "put-range-ignored",
        [opened(), made_up("PUT", CLOSE, length(DATA), ("Content-Range", "5-14"), body=DATA, status=201)],
        [opened(), made_up("PUT", CLOSE, length(DATA), ("Content-Range", "0-9"), body=DATA, status=201)],
    ),
    ("chunk-without-range", [opened(), patched(DATA, "0-9"), patched(DATA, "0-19")], [opened(), patched(DATA, "0-9")]),
    ("range-behind", [opened(), patched(DATA, "0-4")], [opened(), patched(DATA, "0-9")]),
    (
        "range-not-advancing",
        [opened(), patched(DATA, "0-9"), patched(DATA, "0-9")],
        [opened(), patched(DATA, "0-9"), patched(DATA, "0-19")],
    ),
    (
        "recompressed-layer",
        [
            made_up("HEAD", f"/v2/c/blobs/{digest_of(b'old')}", status=200),
            opened(),
            closed(TWICE, digest_of(b"old"), 400),
        ],
        [opened(), closed(TWICE, digest_of(TWICE), 201)],
    ),
    ("json-written-anew", [put(FLAT, digest_of(LINES), 400)], [put(FLAT, digest_of(FLAT), 201)]),
    ("layer-media-type", [put(MIXED.encode(), "v1", 201)], [put(FLAT, "v1", 201)]),
    ("manifest-and-index", [put(BOTH.encode(), "v1", 201)], [put(FLAT, "v1", 201)]),
    (
        "blob-size-wrong",
        [opened(), closed(DATA, DIGEST, 201), made_up("HEAD", BLOB, status=200, answer=[("Content-Length", "9")])],
        [opened(), closed(DATA, DIGEST, 201), made_up("HEAD", BLOB, status=200, answer=[("Content-Length", "10")])],
    ),
    ("range-not-of-the-form", [opened("five")], [opened()]),
    (
        "credentials-elsewhere",
        [
            made_up("GET", "/v2/", LOGIN, status=200),
            THERE,
            made_up("GET", "/x", LOGIN, status=200, origin=Origin("https", "elsewhere.test", 443)),
        ],
        [made_up("GET", "/v2/", LOGIN, status=200), THERE],
    ),
    (
        "commands-in-text",
        [made_up("GET", "/v2/", status=200, answer=[("Server", "a\x1b[2J")])],
        [made_up("GET", "/v2/", status=200, answer=[("Server", "a")])],
    ),
    (
        "secret-in-url",
        [made_up("GET", "http://u:p@host/v2/", status=200)],
        [made_up("GET", "http://host/v2/", status=200)],
    ),
    (
        "empty-answer",
        [made_up("GET", "/v2/_catalog", status=500)],
        [made_up("GET", "/v2/_catalog", status=500, says=error("UNKNOWN"))],
    ),
    (
        "wrong-type-of-error",
        [made_up("GET", "/v2/_catalog", status=500, says=error("UNKNOWN"), answer=[("Content-Type", "text/plain")])],
        [
            made_up(
                "GET", "/v2/_catalog", status=500, says=error("UNKNOWN"), answer=[("Content-Type", "application/json")]
            )
        ],
    ),
)


@pytest.mark.parametrize(("rule", "matching", "other"), CASES, ids=[rule for rule, _, _ in CASES])
def test_a_rule_matches_what_it_is_for(rule: str, matching: list[Exchange], other: list[Exchange]) -> None:
    assert rule in names(in_a_row(*matching), everything=True)
    assert rule not in names(in_a_row(*other), everything=True)


def test_line_ends_that_curl_left_out() -> None:
    flat = LINES.replace(b"\n", b"")
    row = [put(flat, digest_of(LINES), 400, ("User-Agent", "curl/8.5.0"))]
    notes = ("$ curl -X PUT -d @manifest.json https://registry.test/v2/a/b/manifests/" + digest_of(LINES),)
    assert "curl-d-strips-newlines" in names(row, notes=notes)


def token(expires: int) -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"exp": expires}).encode()).decode().rstrip("=")
    return f"Bearer eyJhbGciOiJub25lIn0.{claims}.x"


@pytest.mark.parametrize(("expires", "is_over"), [(900, True), (1100, False)])
def test_a_token_that_says_that_it_is_over(expires: int, is_over: bool) -> None:
    earlier = made_up("GET", "/v2/", status=200, started=1000.0)
    asked = Request("GET", ORIGIN, "/v2/a/tags/list", Headers.of(("Authorization", token(expires))))
    assert [finding.rule for finding in before_sending(asked, [earlier])] == (["token-expired"] if is_over else [])
