"""No exchange, however strange, makes a rule fail."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.diagnoses import before_sending, diagnose
from explorer.formats.findings import findings_to_json
from explorer.model import Exchange, Header, Headers
from explorer.plain.findings import findings_lines
from explorer.recognition import recognise
from tests.diagnoses.talking import DIGEST, in_a_row, session_of
from tests.strategies import exchanges, latin

NAMES = [
    "Content-Type",
    "Content-Length",
    "Content-Range",
    "Range",
    "Location",
    "WWW-Authenticate",
    "Authorization",
    "Docker-Content-Digest",
    "Docker-Upload-Uuid",
    "Accept",
    "Expect",
    "Transfer-Encoding",
    "Link",
    "Server",
    "Retry-After",
    "Docker-Distribution-Api-Version",
    "Age",
]
VALUES = [
    "0-4",
    "bytes 0-4/5",
    "-",
    "99999999999999999999",
    "http://[::1",
    "https,http://x",
    'Bearer realm="http://[x"',
]
VALUES += [
    "application/vnd.oci.image.manifest.v1+json",
    f"/v2/a/blobs/uploads/x?_state=a%3D&digest={DIGEST}",
    "Bearer eyJ.eyJ9.",
]
TARGETS = [
    "/v2/",
    "/v2/a/b/blobs/uploads/",
    "/v2/a/blobs/uploads/x?_state=abc?digest=sha256:1",
    "/v2/A//manifests/x:y",
    "?",
    "",
]
TARGETS += [
    f"/v2/a/blobs/{DIGEST}",
    "/v2/a/manifests/v1",
    "/token?service=x&scope=y",
    "/v2/a/tags/list?n=-1",
    f"//[?digest={DIGEST}",
]
BODIES = [
    b"",
    b"[]",
    b"{}",
    b'{"errors":[{"code":"BLOB_UPLOAD_INVALID","detail":212}]}',
    b'{"errors":[1,{"detail":[]}]}',
]
BODIES += [
    b'{"errors":[{"code":"MANIFEST_BLOB_UNKNOWN","detail":"sha256:x"}]}',
    b'{"layers":[{"digest":1}],"config":[]}',
    b"<html>",
]
BODIES += [
    b'{"schemaVersion":2,"layers":[{"digest":"sha256:a","size":-1,"urls":[3]}],"config":{"digest":"x"},"manifests":3}'
]
STATUSES = [
    200,
    201,
    202,
    204,
    301,
    307,
    400,
    401,
    403,
    404,
    405,
    411,
    413,
    416,
    417,
    429,
    499,
    500,
    502,
    503,
    504,
    999,
]
rows = st.lists(st.builds(Header, st.sampled_from(NAMES), st.sampled_from(VALUES) | latin), max_size=6)


@st.composite
def likely_exchanges(draw: st.DrawFn) -> Exchange:
    """Make an exchange that looks like one of this API."""
    made = draw(exchanges(id=1))
    request = replace(
        made.request,
        method=draw(st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])),
        target=draw(st.sampled_from(TARGETS) | latin),
        headers=Headers(tuple(draw(rows))),
        body=draw(st.sampled_from(BODIES)),
    )
    answer = made.response
    if answer:
        status, body = draw(st.sampled_from(STATUSES)), draw(st.sampled_from(BODIES))
        answer = replace(answer, status=status, headers=Headers(tuple(draw(rows))), body=body)
    return replace(made, request=request, response=answer)


@settings(max_examples=50)
@given(st.lists(exchanges(id=1) | likely_exchanges(), max_size=5))
def test_anything_can_be_diagnosed(made: list[Exchange]) -> None:
    row = in_a_row(*made)
    found = diagnose(session_of(row), everything=True)
    assert all(finding.what and finding.cause for finding in found)
    findings_to_json(found, recognise(row), row)
    list(findings_lines(found, {exchange.id: exchange.request for exchange in row}))


@settings(max_examples=50)
@given(st.lists(likely_exchanges(), max_size=4), likely_exchanges())
def test_anything_can_be_warned_of(made: list[Exchange], next_one: Exchange) -> None:
    before_sending(next_one.request, in_a_row(*made))
