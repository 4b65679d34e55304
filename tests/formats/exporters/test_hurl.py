"""Hurl files that Hurl can read: checked by its grammar, since it need not be installed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.formats.exporting import export
from explorer.formats.importing import import_bytes
from explorer.jobs.exporting import ExportJob, prepare
from explorer.model import Exchange, Failure, Header, Headers, Origin, Request, Response
from tests.formats.exporters.conftest import exported, material_of
from tests.formats.hurl_grammar import parse

STORIES = sorted((Path(__file__).parents[3] / "sessions").glob("*.jsonl"))
ORIGIN = Origin("http", "registry.test", 80)


def sent(request: Request, status: int = 201) -> Exchange:
    return Exchange(1, 0, "a step", request, request, Response(status, "", "HTTP/1.1"))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_is_a_file_that_hurl_can_read(path: Path) -> None:
    prepared = prepare(ExportJob(str(path)))
    text = b"".join(export(prepared.material, "hurl")).decode()
    requests = [one for one in prepared.material.chosen if one.request.method.isupper()]
    entries = parse(text)
    assert [entry.method for entry in entries] == [one.request.method for one in requests]
    for entry, one in zip(entries, requests, strict=True):
        assert entry.status in ("*", str(one.status))
        if isinstance(one.request.body, bytes):
            assert entry.body == one.request.body
    kept = {name for entry in entries for name in entry.captures}
    used = {name for name in ("location_1", "location_2", "token_2") if f"{{{{{name}}}}}" in text}
    assert used <= kept


ODD = [
    '{"a": {"b": 1}}',
    "{{registry}}",
    "{{{x}}}",
    "a#b",
    "`tick`",
    "\\d",
    'say "x"',
    " blanks ",
    "tab\there",
    "a\r\nb",
    "é",
]


@pytest.mark.parametrize("text", ODD)
def test_a_text_with_signs_of_its_own_comes_through_as_it_is(text: str) -> None:
    raw = text.encode().decode("latin-1")
    value = raw.replace("\r\n", " ")
    request = Request("PUT", ORIGIN, "/v2/", Headers((Header("X-A", value),)), text.encode())
    file = exported(material_of(sent(request)), "hurl")
    (entry,) = parse(file)
    assert entry.body == text.encode()
    assert entry.headers == [("X-A", value.encode("latin-1").decode())]
    if "{{" not in text:
        again = import_bytes(file.encode(), "x").session.exchanges[0].request
        assert again.body == text.encode()


@pytest.mark.parametrize(
    ("target", "written"),
    [
        ("/v2/a/b?_state=a%3D&x=1", "{{registry}}/v2/a/b?_state=a%3D&x=1"),
        ('/v2/a|b"{{x}}#c', "{{registry}}/v2/a%7Cb%22%7B%7Bx%7D%7D%23c"),
        ("/v2/a b\\c", "{{registry}}/v2/a%20b%5Cc"),
    ],
)
def test_a_url_has_only_what_hurl_takes_and_says_what_was_changed(target: str, written: str) -> None:
    text = exported(material_of(sent(Request("GET", ORIGIN, target))), "hurl")
    assert parse(text)[0].url == written
    assert ("percent-encoded here" in text) == (written != "{{registry}}" + target)


@pytest.mark.parametrize(("method", "is_left_out"), [("PUT", False), ("put", True), ("M-SEARCH", True)])
def test_a_method_that_hurl_has_not_is_left_out_and_said(method: str, *, is_left_out: bool) -> None:
    text = exported(material_of(sent(Request(method, ORIGIN, "/v2/"))), "hurl")
    assert len(parse(text)) == (not is_left_out)
    assert (f"Hurl has no method '{method}'" in text) == is_left_out


def test_a_name_of_a_header_is_escaped_where_it_has_to_be() -> None:
    headers = Headers.of(("X!#$%&'*+-.^_`|~1", "v"))
    (entry,) = parse(exported(material_of(sent(Request("GET", ORIGIN, "/", headers))), "hurl"))
    assert entry.headers == [("X!#$%&'*+-.^_`|~1", "v")]


@given(st.text(min_size=1, max_size=40), st.binary(max_size=60))
def test_any_header_and_any_body_make_a_file_that_hurl_can_read(value: str, body: bytes) -> None:
    raw = value.encode("utf-8", "replace").decode("latin-1").replace("\n", "").replace("\r", "").replace("\0", "")
    request = Request("PATCH", ORIGIN, "/v2/", Headers((Header("X-A", raw),)), body)
    one = Exchange(1, 0, value, request, request, None, Failure("closed", value))
    (entry,) = parse(exported(material_of(one), "hurl"))
    assert (entry.method, entry.body, entry.status) == ("PATCH", body, "*")
