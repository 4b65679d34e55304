"""What holds for every kind of export, whatever the session has in it."""

from __future__ import annotations

import json
import re
import subprocess
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from explorer.formats.exporters import Material
from explorer.formats.exporting import writers
from explorer.model import Exchange, Headers, Origin, Request, Response
from explorer.visible import visible
from tests.formats.exporters.conftest import exported, material_of
from tests.strategies import exchanges as any_exchange

KINDS = tuple(writer.name for writer in writers())
HOSTILE = (
    "</pre></details><script>alert(1)</script><img src=http://evil.test/x>\x1b[31m ```` @everyone #1 `$(touch /tmp/x)` "
    "'; touch x; ' \u202e {{secret}}\n### GET http://evil.test/\n```\n"
)


def hostile() -> Exchange:
    """Return an exchange with text that would like to be something else."""
    raw = HOSTILE.encode("utf-8")
    text = raw.decode("latin-1").replace("\n", " ")
    request = Request("PUT", Origin("http", "registry.test", 80), f"/v2/{text}", Headers.of(("X-A", text)), raw)
    response = Response(400, text, "HTTP/1.1", Headers.of(("X-B", text)), raw)
    head = f"HTTP/1.1 400 {text}\r\nX-B: {text}\r\n\r\n".encode("latin-1")
    return Exchange(1, 0, HOSTILE, request, request, response, sent_head=request.head(), received_head=head)


def test_there_are_the_eleven_kinds() -> None:
    assert KINDS == ("curl", "har", "html", "http", "hurl", "ladder", "markdown", "mermaid", "raw", "session", "svg")


@pytest.mark.parametrize("kind", KINDS)
@given(exchange=any_exchange(id=1))
@settings(max_examples=25, deadline=None)
def test_any_exchange_can_be_exported(kind: str, exchange: Exchange) -> None:
    assert exported(material_of(exchange), kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_session_without_exchanges_can_be_exported(kind: str) -> None:
    assert "/v2/" not in exported(material_of(), kind)


@pytest.mark.parametrize("kind", ["html", "ladder", "markdown", "svg", "mermaid"])
def test_what_is_for_people_has_no_control_characters(kind: str) -> None:
    shown = exported(material_of(hostile()), kind)
    assert all(visible(line) == line for line in shown.split("\n"))


class Page(HTMLParser):
    """Collects the tags and the attributes that lead somewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of a tag."""
        self.tags.append(tag)
        self.links += [str(value) for name, value in attrs if name in ("src", "href", "action", "xlink:href")]


def test_the_page_has_no_scripts_and_leads_nowhere() -> None:
    page = Page()
    text = exported(material_of(hostile()), "html")
    page.feed(text)
    assert not {"script", "img", "iframe", "link", "object", "form", "a"} & set(page.tags)
    assert page.links == []
    assert re.findall(r"url\(|@import", text) == []
    assert page.tags.count("details") == 1


def test_no_fence_of_the_report_can_be_broken_out_of() -> None:
    lines = exported(material_of(hostile()), "markdown").split("\n")
    outside: list[str] = []
    fence = ""
    for line in lines:
        if fence:
            fence = "" if line == fence else fence
        elif found := re.match(r"(`{3,})", line):
            fence = found[1]
        else:
            outside.append(line)
    assert fence == ""
    text = "\n".join(outside)
    assert "<script" not in text
    assert "@everyone" not in text
    assert re.findall(r"<(?!/?(?:details|summary|code)>)", text) == []


def test_the_script_is_one_that_a_shell_reads_and_does_not_obey_the_wire() -> None:
    script = exported(material_of(hostile()), "curl")
    done = subprocess.run(
        ["sh", "-n"], input=script.encode("utf-8", "surrogateescape"), check=False, capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, b"")


@given(any_exchange(id=1))
@settings(max_examples=15, deadline=None)
def test_any_script_is_one_that_a_shell_reads(exchange: Exchange) -> None:
    script = exported(material_of(exchange), "curl").replace("\0", "")
    done = subprocess.run(
        ["sh", "-n"], input=script.encode("utf-8", "surrogateescape"), check=False, capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("kind", ["har", "session"])
def test_json_is_json(kind: str, recorded: Material) -> None:
    for line in exported(recorded, kind).split("\n") if kind == "session" else [exported(recorded, kind)]:
        if line:
            json.loads(line)


def test_the_picture_is_xml(recorded: Material) -> None:
    ElementTree.fromstring(exported(recorded, "svg"))


@pytest.mark.parametrize("body", [b"\xff\x00", b"plain text"])
def test_no_remark_stands_in_the_body_of_an_http_file(body: bytes) -> None:
    request = Request("PATCH", Origin("http", "registry.test", 80), "/u", Headers.of(("X-A", "b")), body)
    text = exported(material_of(Exchange(1, 0, "a step", request, request)), "http")
    head, _, rest = text.partition("X-A: b\n\n")
    assert rest.strip() == ("< ./body-1.bin" if body[0] > 127 else "plain text")
    assert ("has to be put into a file" in head) == (body[0] > 127)
