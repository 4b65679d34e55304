"""Every kind of manifest: pushed, listed, looked at, pulled, found by its subject, deleted."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable

import pytest

from explorer.practice import PracticeRegistry
from explorer.spec.digests import digest_of
from explorer.spec.media_types import OCI_INDEX, OCI_MANIFEST
from tests.practice.conformance.client import WAYS, Client, fields
from tests.practice.conformance.data import KINDS, Data


@pytest.fixture(params=KINDS)
def data(request: pytest.FixtureRequest) -> Data:
    made = Data()
    KINDS[request.param](made)
    return made


@pytest.fixture
def client(registry: PracticeRegistry) -> Client:
    return Client(registry.origin, f"conformance/{random.randbytes(8).hex()}")


def type_of(body: bytes) -> str:
    return str(json.loads(body)["mediaType"])


def push(client: Client, data: Data) -> None:
    for number, (digest, blob) in enumerate(data.blobs.items()):
        assert list(WAYS.values())[number % len(WAYS)](client, blob, digest).status == 201
    for digest, body in data.manifests.items():
        tags = [tag for tag, named in data.tags.items() if named == digest] if data.by_parameter else []
        query = "?" + "&".join(f"tag={tag}" for tag in tags) if tags else ""
        answer = client.put_manifest(digest + query, body, type_of(body))
        assert answer.status == 201, answer
        assert answer.get("Docker-Content-Digest") == digest
        assert sorted(answer.headers.get("oci-tag", [])) == sorted(tags)
        subject = json.loads(body).get("subject", {}).get("digest", "")
        assert answer.get("OCI-Subject") == subject
        pulled = client.ask("GET", client.followed("/", answer), Accept=type_of(body))
        assert (pulled.status, pulled.body, pulled.get("Content-Type")) == (200, body, type_of(body))
    for tag, digest in data.tags.items():
        if not data.by_parameter:
            body = data.manifests[digest]
            assert client.put_manifest(tag, body, type_of(body)).get("Docker-Content-Digest") == digest


def test_content_is_pushed_found_pulled_and_deleted(client: Client, data: Data) -> None:
    push(client, data)
    if data.tags:
        assert fields(client.ask("GET", client.path("tags/list")))["tags"] == sorted(data.tags)
    for reference, digest in [*data.tags.items(), *((digest, digest) for digest in data.manifests)]:
        body = data.manifests[digest]
        seen, sent = client.manifest("HEAD", reference), client.manifest("GET", reference)
        assert (seen.status, seen.body, sent.status, sent.body) == (200, b"", 200, body)
        for answer in (seen, sent):
            told = [answer.get(name) for name in ("Docker-Content-Digest", "Content-Type", "Content-Length")]
            assert told == [digest, type_of(body), str(len(body))]
    for digest, blob in data.blobs.items():
        client.has(digest, blob)
    look_for_referrers(client, data)
    delete(client, data)


def look_for_referrers(client: Client, data: Data) -> None:
    for subject, goals in data.referrers.items():
        answer = client.ask("GET", client.path(f"referrers/{subject}"))
        assert (answer.status, answer.get("Content-Type")) == (200, OCI_INDEX)
        assert answer.get("OCI-Filters-Applied") == ""
        assert listed(answer.body) == by_digest(goals)
        for kind in {str(goal["artifactType"]) for goal in goals}:
            query = kind.replace("+", "%2B").replace("/", "%2F")
            answer = client.ask("GET", client.path(f"referrers/{subject}?artifactType={query}"))
            assert answer.get("OCI-Filters-Applied") == "artifactType"
            assert listed(answer.body) == by_digest(goal for goal in goals if goal["artifactType"] == kind)


def listed(body: bytes) -> list[dict[str, object]]:
    index = json.loads(body)
    assert (index["mediaType"], index["schemaVersion"]) == (OCI_INDEX, 2)
    return by_digest(index["manifests"])


def by_digest(descriptors: Iterable[dict[str, object]]) -> list[dict[str, object]]:
    return sorted(descriptors, key=lambda descriptor: str(descriptor["digest"]))


def delete(client: Client, data: Data) -> None:
    for tag in data.tags:
        assert client.manifest("DELETE", tag).status == 202
        assert client.manifest("HEAD", tag).status == 404
    for digest in reversed(data.manifests):
        assert client.manifest("DELETE", digest).status == 202
        assert client.manifest("HEAD", digest).status == 404
    for subject in data.referrers:
        assert fields(client.ask("GET", client.path(f"referrers/{subject}")))["manifests"] == []
    for digest in data.blobs:
        assert client.blob("DELETE", digest).status == 202
        assert client.blob("HEAD", digest).status == 404


def test_a_manifest_that_is_not_what_its_digest_says_is_400(registry: PracticeRegistry) -> None:
    made, client = Data(), Client(registry.origin, "conformance/bad-digest")
    digest = str(made.image()["digest"])
    for named, blob in made.blobs.items():
        WAYS["stream"](client, blob, named)
    assert client.put_manifest(digest, made.manifests[digest] + b"  ").status == 400
    assert client.put_manifest("sha256:baddigeststring", made.manifests[digest]).status == 400
    assert client.manifest("GET", "sha256:baddigeststring").status in (400, 404)
    assert client.put_manifest(digest, made.manifests[digest]).status == 201


def test_what_is_missing_is_404_and_an_empty_list(registry: PracticeRegistry) -> None:
    client = Client(registry.origin, "conformance/none")
    assert client.manifest("GET", digest_of(random.randbytes(9))).status == 404
    assert client.manifest("GET", "missing-tag").status == 404
    assert client.ask("GET", client.path("tags/list")).status == 404
    empty = client.ask("GET", client.path(f"referrers/{digest_of(random.randbytes(9))}"))
    assert (empty.status, empty.get("Content-Type"), fields(empty)["manifests"]) == (200, OCI_INDEX, [])
    assert client.ask("GET", "/v2/").status == 200


def test_tags_are_listed_from_one_on(registry: PracticeRegistry) -> None:
    client = Client(registry.origin, "conformance/tags")
    made = Data()
    digest = str(made.image()["digest"])
    for named, blob in made.blobs.items():
        WAYS["post only"](client, blob, named)
    tags = ["a", "b", "c", "d", "e"]
    for tag in tags:
        client.put_manifest(tag, made.manifests[digest], OCI_MANIFEST)
    assert fields(client.ask("GET", client.path("tags/list?last=b")))["tags"] == ["c", "d", "e"]
    first = client.ask("GET", client.path("tags/list?n=3"))
    assert fields(first)["tags"] == ["a", "b", "c"]
    target = first.get("Link").partition("<")[2].partition(">")[0]
    second = client.ask("GET", target)
    assert (fields(second)["tags"], second.get("Link")) == (["d", "e"], "")
    assert fields(client.ask("GET", client.path("tags/list?n=0")))["tags"] == []
    assert client.ask("GET", client.path("tags/list?n=-1")).status == 400
