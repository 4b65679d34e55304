"""Error bodies are read whatever they are."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.spec.errors import RegistryError, parse_errors

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("detail", "shown"),
    [
        ("null", ""),
        ('"text"', "text"),
        ("212", "212"),
        ("{}", "{}"),
        ('[{"Name":"t/r"}]', '[{"Name": "t/r"}]'),
        ("0", "0"),
    ],
)
def test_a_detail_of_any_kind_is_text(detail: str, shown: str) -> None:
    body = f'{{"errors":[{{"code":"A","message":"b","detail":{detail}}}]}}\n'
    assert parse_errors(body.encode()) == (RegistryError("A", "b", shown),)


def test_every_error_of_a_body_is_there_in_order() -> None:
    body = b'{"errors":[{"code":"UNKNOWN"},{"code":"UNKNOWN"},{"code":"MANIFEST_BLOB_UNKNOWN"}]}'
    assert [error.code for error in parse_errors(body)] == ["UNKNOWN", "UNKNOWN", "MANIFEST_BLOB_UNKNOWN"]


def test_a_bare_error_without_the_list_is_read() -> None:
    assert parse_errors(b'{"code":"UNAUTHORIZED","message":"who?"}') == (RegistryError("UNAUTHORIZED", "who?", ""),)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"7", b'"x"', b'{"errors":{}}', b'{"errors":[1,"x"]}', b"{}", b"\xff\xfe\x00"]
)
def test_what_is_no_error_body_has_no_errors(body: bytes) -> None:
    assert parse_errors(body) == ()


@pytest.mark.parametrize("depth", [*range(100, 1000, 50), 5000, 100_000])
@pytest.mark.parametrize("key", ["code", "detail"])
def test_a_body_nested_deep_is_read_or_passed_over(depth: int, key: str) -> None:
    body = f'{{"errors":[{{"{key}":{"[" * depth}{"]" * depth}}}]}}'
    assert len(parse_errors(body.encode())) <= 1


@given(st.binary())
def test_any_bytes_are_read_without_an_exception(body: bytes) -> None:
    assert isinstance(parse_errors(body), tuple)


@given(st.fixed_dictionaries({"errors": json_values | st.lists(st.dictionaries(st.text(), json_values), max_size=3)}))
def test_any_json_is_read_into_text(value: object) -> None:
    errors = parse_errors(json.dumps(value).encode())
    assert all(isinstance(text, str) for error in errors for text in (error.code, error.message, error.detail))
