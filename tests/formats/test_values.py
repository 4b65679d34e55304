"""The nouns as JSON, and back, byte for byte."""

from __future__ import annotations

import json
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import InputError
from explorer.formats.exchange_values import exchange_from_json, exchange_to_json
from explorer.formats.values import (
    INLINE,
    blob_from_json,
    blob_to_json,
    body_from_json,
    body_to_json,
    bytes_to_json,
    manifest_from_json,
    manifest_to_json,
    origin_from_text,
)
from explorer.model import Blob, Body, Exchange, Manifest, Origin, Slice, Unkept, sha256_of
from tests.strategies import bodies, exchanges

WHOLE = {
    "id": 1,
    "after": 0,
    "title": "t",
    "request": {"method": "GET", "origin": "http://localhost", "target": "/", "headers": [], "body": {"text": ""}},
    "sent_head": "",
    "received_head": "",
    "sent_body": {"size": 0, "sha256": ""},
    "timings": {},
    "connection": {},
}


@given(exchanges())
def test_an_exchange_comes_back_as_it_was(exchange: Exchange) -> None:
    assert exchange_from_json(msgspec.json.decode(msgspec.json.encode(exchange_to_json(exchange)))) == exchange


@given(exchanges())
def test_an_exchange_is_json_that_any_reader_reads(exchange: Exchange) -> None:
    assert exchange_from_json(json.loads(msgspec.json.encode(exchange_to_json(exchange)))) == exchange


@given(bodies)
def test_a_body_comes_back_as_it_was(body: Body) -> None:
    assert body_from_json(body_to_json(body)) == body


@given(st.binary() | st.text().map(str.encode))
def test_bytes_come_back_as_they_were(data: bytes) -> None:
    assert body_from_json(bytes_to_json(data)) == data


@pytest.mark.parametrize(("size", "kept"), [(INLINE, True), (INLINE + 1, False)])
def test_large_bodies_are_kept_by_size_and_sha256(size: int, kept: bool) -> None:
    data = bytes(size)
    expected = data if kept else Unkept(size, sha256_of(data), "typed")
    assert body_from_json(body_to_json(data, "typed")) == expected


def test_a_relative_path_is_written_whole() -> None:
    assert body_to_json(Slice("layer.tar", 0, 1))["file"].startswith("/")


@pytest.mark.parametrize("body", [bytes(INLINE + 1), b"\xff", Slice("/layer.tar", 512, 3, "ab", "words")])
def test_a_blob_comes_back_with_its_bytes(body: bytes | Slice) -> None:
    blob = Blob("sha256:ab", "type", body, "name")
    assert blob_from_json(blob_to_json(blob)) == blob


@given(st.binary())
def test_a_manifest_comes_back_with_its_exact_bytes(data: bytes) -> None:
    manifest = Manifest("sha256:ab", "type", data)
    assert manifest_from_json(manifest_to_json(manifest)) == manifest


@pytest.mark.parametrize("origin", [Origin("http", "localhost", 80), Origin("https", "::1", 5000)])
def test_an_origin_comes_back(origin: Origin) -> None:
    assert origin_from_text(str(origin)) == origin


@pytest.mark.parametrize("text", ["localhost", "ftp://a", "http://", "http://a b", "://a"])
def test_a_text_that_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises((ValueError, InputError)):
        origin_from_text(text)


LATER = {
    "later": 1,
    "timings": {"later": 2},
    "connection": {"later": [3]},
    "request": {**WHOLE["request"], "later": 4, "body": {"text": "", "later": {"a": 5}}},  # type: ignore[dict-item]
}


def test_fields_of_a_later_version_change_nothing_else() -> None:
    exchange = exchange_from_json({**WHOLE, **LATER})
    assert replace(exchange, extra={}) == exchange_from_json(WHOLE)


def test_fields_of_a_later_version_survive_a_rewrite() -> None:
    written = exchange_to_json(exchange_from_json({**WHOLE, **LATER}))
    assert written["later"] == 1
    assert written["timings"]["later"] == 2
    assert written["connection"]["later"] == [3]
    assert written["request"]["later"] == 4
    assert written["request"]["body"] == {"text": "", "later": {"a": 5}}


@pytest.mark.parametrize(
    "change",
    [
        {"id": "1"},
        {"id": True},
        {"id": -1},
        {"after": 0.5},
        {"title": None, "request": None},
        {"request": {}},
        {"sent_head": "→"},
        {"sent_head": 5},
        {"timings": {"finished": "soon"}},
        {"timings": {"started": [1]}},
        {"timings": 5},
        {"connection": []},
        {"error": ["closed"]},
        {"error": 5},
        {"response": {"status": "200"}},
        {"request": {**WHOLE["request"], "headers": [["A"]]}},  # type: ignore[dict-item]  # a deliberate mistake
        {"request": {**WHOLE["request"], "headers": [["A", "→"]]}},  # type: ignore[dict-item]
        {"request": {**WHOLE["request"], "body": {"base64": "%%"}}},  # type: ignore[dict-item]
        {"request": {**WHOLE["request"], "body": {"file": "/x", "offset": -1, "length": 1}}},  # type: ignore[dict-item]
        {"request": {**WHOLE["request"], "body": {}}},  # type: ignore[dict-item]
    ],
)
def test_what_is_no_exchange_is_refused(change: dict[str, object]) -> None:
    with pytest.raises((ValueError, LookupError, TypeError, AttributeError)):
        exchange_from_json({**WHOLE, **change})


def test_an_unedited_request_is_written_once() -> None:
    exchange = exchange_from_json(WHOLE)
    assert exchange_to_json(exchange)["proposed"] is None
    edited = replace(exchange, request=replace(exchange.request, target="/other"))
    assert exchange_from_json(exchange_to_json(edited)).is_edited
