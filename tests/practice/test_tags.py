from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from explorer.practice import Store
from explorer.practice.store import StoredManifest
from explorer.spec.digests import digest_of
from explorer.spec.media_types import OCI_MANIFEST
from explorer.wire.server import Outgoing

Ask = Callable[..., Outgoing]


@pytest.fixture(autouse=True)
def tagged(store: Store) -> None:
    manifest = StoredManifest(digest_of(b"{}"), OCI_MANIFEST, b"{}")
    for name in ("a", "a/b", "c"):
        store.put_manifest(name, manifest)
    for tag in ("b", "B", "a", "c"):
        store.put_tag("a", tag, manifest.digest)


def read(answer: Outgoing) -> object:
    assert isinstance(answer.body, bytes)
    return json.loads(answer.body)


def test_tags_are_listed_by_their_bytes(ask: Ask) -> None:
    answer = ask("GET", "/v2/a/tags/list")
    assert read(answer) == {"name": "a", "tags": ["B", "a", "b", "c"]}
    assert answer.headers.get("Link") is None


def test_pages_of_tags_are_linked(ask: Ask) -> None:
    target, seen = "/v2/a/tags/list?n=3", []
    while target:
        answer = ask("GET", target)
        seen.append(answer.body)
        link = answer.headers.get("Link") or ""
        target = link.partition(">")[0].removeprefix("<")
    assert seen == [b'{"name":"a","tags":["B","a","b"]}\n', b'{"name":"a","tags":["c"]}\n']
    assert ask("GET", "/v2/a/tags/list?n=3").headers.get("Link") == '</v2/a/tags/list?last=b&n=3>; rel="next"'


@pytest.mark.parametrize("query", ["n=0", "last=B&n=0"])
def test_no_tags_are_listed_where_none_are_asked_for(ask: Ask, query: str) -> None:
    answer = ask("GET", f"/v2/a/tags/list?{query}")
    assert read(answer) == {"name": "a", "tags": []}
    assert answer.headers.get("Link") is None


@pytest.mark.parametrize("target", ["/v2/a/tags/list", "/v2/_catalog"])
@pytest.mark.parametrize("n", ["-1", "x", "1.5"])
def test_a_number_that_is_none_is_refused(ask: Ask, target: str, n: str) -> None:
    answer = ask("GET", f"{target}?n={n}")
    assert answer.status == 400
    assert isinstance(answer.body, bytes)
    assert b"PAGINATION_NUMBER_INVALID" in answer.body


def test_a_repository_without_tags_is_unknown(ask: Ask) -> None:
    answer = ask("GET", "/v2/c/tags/list")
    assert answer.status == 404
    assert isinstance(answer.body, bytes)
    assert b'"detail":{"name":"c"}' in answer.body


def test_repositories_are_listed_in_pages(ask: Ask) -> None:
    assert read(ask("GET", "/v2/_catalog")) == {"repositories": ["a", "a/b", "c"]}
    answer = ask("GET", "/v2/_catalog?n=2")
    assert read(answer) == {"repositories": ["a", "a/b"]}
    assert answer.headers.get("Link") == '</v2/_catalog?last=a%2Fb&n=2>; rel="next"'
    assert read(ask("GET", "/v2/_catalog?last=a%2Fb&n=2")) == {"repositories": ["c"]}


def test_too_many_repositories_are_refused(ask: Ask) -> None:
    assert ask("GET", "/v2/_catalog?n=1001").status == 400
