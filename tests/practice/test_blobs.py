from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from explorer.model import Slice
from explorer.spec.digests import digest_of
from explorer.wire.server import Outgoing

Ask = Callable[..., Outgoing]

_DATA = b"0123456789"
_DIGEST = digest_of(_DATA)
_TARGET = f"/v2/t/r/blobs/{_DIGEST}"


@pytest.fixture(autouse=True)
def pushed(hold: Callable[[str, bytes], str]) -> None:
    for data in (_DATA, b""):
        hold("t/r", data)


def sent(answer: Outgoing) -> bytes:
    if isinstance(answer.body, Slice):
        part = answer.body
        return Path(part.path).read_bytes()[part.offset : part.offset + part.length]
    assert isinstance(answer.body, bytes)
    return answer.body


def test_a_blob_is_sent_with_its_headers(ask: Ask) -> None:
    answer = ask("GET", _TARGET)
    assert (answer.status, sent(answer)) == (200, _DATA)
    assert [tuple(row)[:2] for row in answer.headers] == [
        ("Accept-Ranges", "bytes"),
        ("Cache-Control", "max-age=31536000"),
        ("Content-Length", "10"),
        ("Content-Type", "application/octet-stream"),
        ("Docker-Content-Digest", _DIGEST),
        ("Docker-Distribution-Api-Version", "registry/2.0"),
        ("Etag", f'"{_DIGEST}"'),
    ]


@pytest.mark.parametrize(
    ("wanted", "part", "content_range"),
    [
        ("bytes=0-0", b"0", "bytes 0-0/10"),
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=7-99", b"789", "bytes 7-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=-99", _DATA, "bytes 0-9/10"),
    ],
)
def test_a_range_is_sent_alone(ask: Ask, wanted: str, part: bytes, content_range: str) -> None:
    answer = ask("GET", _TARGET, Range=wanted)
    assert (answer.status, sent(answer)) == (206, part)
    assert answer.headers.get("Content-Range") == content_range
    assert answer.headers.get("Content-Length") == str(len(part))


def test_a_range_behind_the_end_is_416(ask: Ask) -> None:
    answer = ask("GET", _TARGET, Range="bytes=10-")
    assert (answer.status, sent(answer)) == (416, b"invalid range: failed to overlap\n")
    assert answer.headers.get("Content-Range") == "bytes */10"


@pytest.mark.parametrize("wanted", ["0-4", "bytes=-", "bytes=x", "bytes=4-2"])
def test_what_is_no_range_is_416(ask: Ask, wanted: str) -> None:
    answer = ask("GET", _TARGET, Range=wanted)
    assert (answer.status, sent(answer)) == (416, b"invalid range\n")


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=0-8,3-9"},
        {"Range": "bytes=" + ",".join(["0-0"] * 65)},
        {"Range": "bytes=0-1", "If_Range": '"other"'},
    ],
)
def test_the_whole_is_sent_where_a_part_is_not_possible(ask: Ask, headers: dict[str, str]) -> None:
    assert ask("GET", _TARGET, **headers).status == 200


def test_a_range_of_an_empty_blob_is_the_whole(ask: Ask) -> None:
    assert ask("GET", f"/v2/t/r/blobs/{digest_of(b'')}", Range="bytes=0-").status == 200


def test_what_the_client_has_is_not_sent_again(ask: Ask) -> None:
    assert ask("GET", _TARGET, If_None_Match=f'"x", "{_DIGEST}"').status == 304


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE"])
def test_a_blob_of_another_repository_is_unknown(ask: Ask, method: str) -> None:
    answer = ask(method, f"/v2/other/blobs/{_DIGEST}")
    assert answer.status == 404
    assert json.loads(sent(answer))["errors"][0]["code"] == "BLOB_UNKNOWN"


def test_a_deleted_blob_is_unknown_and_can_be_pushed_again(ask: Ask, hold: Callable[[str, bytes], str]) -> None:
    assert ask("DELETE", _TARGET).status == 202
    assert ask("HEAD", _TARGET).status == 404
    assert ask("DELETE", _TARGET).status == 404
    hold("t/r", _DATA)
    assert ask("HEAD", _TARGET).status == 200


@pytest.mark.parametrize(
    ("digest", "detail"),
    [
        ("sha256:abc", "invalid checksum digest length"),
        (f"sha256:{'A' * 64}", "invalid checksum digest format"),
        ("md5:abc", "unsupported digest algorithm"),
    ],
)
def test_a_path_that_holds_no_digest_is_told_why(ask: Ask, digest: str, detail: str) -> None:
    answer = ask("GET", f"/v2/t/r/blobs/{digest}")
    assert answer.status == 400
    assert json.loads(sent(answer))["errors"][0]["detail"] == detail


def test_several_parts_are_sent_in_one_body(ask: Ask) -> None:
    answer = ask("GET", _TARGET, Range="bytes=0-1, 8-, 99-")
    kind = answer.headers.get("Content-Type") or ""
    boundary = kind.removeprefix("multipart/byteranges; boundary=")
    assert not isinstance(answer.body, Slice)
    body = b"".join(bytes(piece) for piece in answer.body if not isinstance(piece, int))
    head = "Content-Type: application/octet-stream\r\n\r\n"
    assert body.decode() == (
        f"--{boundary}\r\nContent-Range: bytes 0-1/10\r\n{head}01\r\n"
        f"--{boundary}\r\nContent-Range: bytes 8-9/10\r\n{head}89\r\n--{boundary}--\r\n"
    )
    assert (answer.status, answer.headers.get("Content-Length")) == (206, str(len(body)))


def test_what_has_to_match_and_does_not_is_412(ask: Ask) -> None:
    assert ask("GET", _TARGET, If_Match='"other"').status == 412
    assert ask("GET", _TARGET, If_Match=f'"{_DIGEST}"').status == 200
