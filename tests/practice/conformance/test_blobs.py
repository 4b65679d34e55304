"""Every way to push a blob, in both algorithms, and then HEAD, GET, parts, DELETE."""

from __future__ import annotations

import random

import pytest

from explorer.spec.digests import digest_of
from tests.practice.conformance.client import (
    LEAST_CHUNK,
    OCTETS,
    WAYS,
    Client,
    in_chunks,
    post_only,
    post_put,
    stream,
    with_digest,
)

ALGORITHMS = pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
PUSHES = pytest.mark.parametrize("way", WAYS)


def chance(algorithm: str, size: int = LEAST_CHUNK * 3 - 5) -> tuple[bytes, str]:
    data = random.randbytes(size)
    return data, digest_of(data, algorithm)


@ALGORITHMS
def test_a_blob_that_was_not_pushed_is_404(client: Client, algorithm: str) -> None:
    assert [client.blob(method, chance(algorithm)[1]).status for method in ("GET", "HEAD", "DELETE")] == [404] * 3


@ALGORITHMS
@PUSHES
@pytest.mark.parametrize("size", [512, LEAST_CHUNK * 3 - 5])
def test_a_pushed_blob_is_there_until_it_is_deleted(client: Client, algorithm: str, way: str, size: int) -> None:
    data, digest = chance(algorithm, size)
    pushed = WAYS[way](client, data, digest)
    assert (pushed.status, pushed.get("Docker-Content-Digest")) == (201, digest)
    assert client.ask("GET", client.followed(client.path("blobs/uploads/"), pushed)).body == data
    client.has(digest, data)
    assert client.blob("DELETE", digest).status == 202
    assert client.blob("HEAD", digest).status == 404


@ALGORITHMS
@PUSHES
def test_a_blob_that_is_not_what_its_digest_says_is_400(client: Client, algorithm: str, way: str) -> None:
    data, digest = chance(algorithm)
    assert WAYS[way](client, data + b"oh no", digest).status == 400
    assert client.blob("HEAD", digest).status == 404


@ALGORITHMS
@pytest.mark.parametrize("data", [b"", b"{}"], ids=["empty", "emptyJSON"])
@pytest.mark.parametrize("way", ["post only", "post and put", "stream"])
def test_well_known_content_goes_both_ways(client: Client, algorithm: str, data: bytes, way: str) -> None:
    digest = digest_of(data, algorithm)
    assert WAYS[way](client, data, digest).status == 201
    client.has(digest, data)
    assert client.blob("DELETE", digest).status == 202


@ALGORITHMS
@pytest.mark.parametrize("source", ["&from={other}", ""], ids=["named", "anonymous"])
def test_a_blob_is_mounted(client: Client, algorithm: str, source: str) -> None:
    data, digest = chance(algorithm)
    assert post_put(client, data, digest, client.other).status == 201
    target = client.path(f"blobs/uploads/?mount={digest}{source.format(other=client.other)}")
    mounted = client.ask("POST", target, Content_Length="0")
    assert (mounted.status, mounted.get("Docker-Content-Digest")) == (201, digest)
    assert client.ask("GET", client.followed(target, mounted)).body == data
    client.has(digest, data)
    assert [client.blob("DELETE", digest, name).status for name in ("", client.other)] == [202, 202]


@ALGORITHMS
@pytest.mark.parametrize("source", ["&from=conformance/repo2", ""], ids=["named", "anonymous"])
def test_mounting_what_is_nowhere_opens_an_upload(client: Client, algorithm: str, source: str) -> None:
    data, digest = chance(algorithm)
    location = client.begin(f"?mount={digest}{source}")
    assert client.ask("PUT", with_digest(location, digest), data, Content_Type=OCTETS).status == 201


@ALGORITHMS
def test_mounting_what_was_deleted_opens_an_upload(client: Client, algorithm: str) -> None:
    data, digest = chance(algorithm)
    post_only(client, data, digest, client.other)
    client.blob("DELETE", digest, client.other)
    client.begin(f"?mount={digest}")


def test_a_cancelled_upload_is_gone(client: Client) -> None:
    location = client.begin()
    assert client.ask("DELETE", location, Content_Length="0").status == 204
    gone = [client.ask(method, location).status for method in ("GET", "DELETE", "PATCH")]
    assert gone == [404, 404, 404]


@ALGORITHMS
def test_an_upload_is_announced_for_an_algorithm(client: Client, algorithm: str) -> None:
    data, digest = chance(algorithm)
    location = client.begin(f"?digest-algorithm={algorithm}")
    assert client.ask("PUT", with_digest(location, digest), data, Content_Type=OCTETS).status == 201


def test_an_algorithm_that_is_not_known_is_400(client: Client) -> None:
    assert client.ask("POST", client.path("blobs/uploads/?digest-algorithm=md5")).status == 400


@ALGORITHMS
@pytest.mark.parametrize(
    ("wanted", "begin", "end"),
    [("500-1499", 500, 1500), ("500-", 500, 2048), ("-500", 1548, 2048), ("2000-5000", 2000, 2048)],
)
def test_a_part_of_a_blob_is_sent(client: Client, algorithm: str, wanted: str, begin: int, end: int) -> None:
    data, digest = chance(algorithm, 2048)
    stream(client, data, digest)
    sent = client.blob("GET", digest, Range=f"bytes={wanted}")
    assert (sent.status, sent.body) == (206, data[begin:end])
    assert sent.get("Content-Length") == str(end - begin)
    assert sent.get("Content-Range") == f"bytes {begin}-{end - 1}/2048"


@pytest.mark.parametrize("wanted", ["500-0", "5000-10000"])
def test_a_part_that_cannot_be_is_416(client: Client, wanted: str) -> None:
    data, digest = chance("sha256", 2048)
    in_chunks(client, data, digest)
    refused = client.blob("GET", digest, Range=f"bytes={wanted}")
    assert (refused.status, refused.get("Content-Range")) == (416, "bytes */2048")


def test_the_status_of_an_upload_is_told_by_get_and_head(client: Client) -> None:
    location = client.begin()
    sent = client.ask("PATCH", location, b"hello", Content_Type=OCTETS)
    for method in ("GET", "HEAD"):
        told = client.ask(method, client.followed(location, sent))
        assert (told.status, told.get("Range"), told.body) == (204, "0-4", b"")
        assert told.get("Location")


def test_a_refused_chunk_says_where_the_upload_stands_and_leaves_it_there(client: Client) -> None:
    location = client.begin()
    sent = client.ask("PATCH", location, b"hello", Content_Type=OCTETS, Content_Range="0-4")
    location = client.followed(location, sent)
    refused = client.ask("PATCH", location, b"x" * 5, Content_Type=OCTETS, Content_Range="7-11")
    assert (refused.status, refused.get("Range")) == (416, "0-4")
    going_on = client.followed(location, refused)
    assert client.ask("PATCH", going_on, b" world", Content_Type=OCTETS, Content_Range="5-10").get("Range") == "0-10"
