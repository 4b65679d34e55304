"""The ladder: who takes part, which values travel, and that no text of the wire can break a drawing of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from explorer.formats.session import read_session
from explorer.ladder import Ladder, as_mermaid, as_svg, as_text, ladder_of
from explorer.model import Exchange, Headers, Origin, Request, Response
from tests.scripted import answer
from tests.strategies import exchanges as any_exchange

SESSION = Path(__file__).parents[2] / "sessions" / "second-question-mark.jsonl"
HOME = Origin("https", "registry.test", 443)
AUTH = Origin("https", "auth.test", 443)
STORE = Origin("https", "store.test", 443)
HOSTILE = "<script>alert(1)</script>\x1b]52;c;aGk=\x07 `x` [b]bold[/b] %%{init}%% ; end\u202e -->> & \" '"


def pull() -> tuple[Exchange, ...]:
    """Return a pull that meets a token service and a storage."""
    asked: tuple[tuple[Origin, str, Headers, Response], ...] = (
        (
            HOME,
            "/v2/t/r/blobs/sha256:1",
            Headers(),
            answer(401, ("WWW-Authenticate", 'Bearer realm="https://auth.test/token"')),
        ),
        (AUTH, "/token", Headers(), answer(200, body=b'{"token":"abcdefgh-the-token"}')),
        (
            HOME,
            "/v2/t/r/blobs/sha256:1",
            Headers.of(("Authorization", "Bearer abcdefgh-the-token")),
            answer(307, ("Location", "https://store.test/bucket/blob?X-Amz-Signature=abc")),
        ),
        (STORE, "/bucket/blob?X-Amz-Signature=abc", Headers(), answer(200, body=b"bytes")),
    )
    return tuple(
        Exchange(id, id - 1, "", Request("GET", origin, target, headers), Request("GET", origin, target, headers), got)
        for id, (origin, target, headers, got) in enumerate(asked, start=1)
    )


def drawn(ladder: Ladder) -> tuple[str, str, str]:
    return as_text(ladder), as_svg(ladder), as_mermaid(ladder)


def test_each_party_has_a_lane() -> None:
    ladder = ladder_of(pull())
    assert [lane.name for lane in ladder.lanes] == ["client", "registry", "token service", "storage"]
    assert [rung.lane for rung in ladder.rungs] == [1, 2, 1, 3]


def test_a_value_travels_from_the_answer_that_gave_it_to_the_request_that_carries_it() -> None:
    ladder = ladder_of(pull())
    token = next(letter for letter in ladder.letters if letter.words == "token of 2")
    assert token.sign in ladder.rungs[1].gives
    assert token.sign in ladder.rungs[2].carries


def test_the_second_question_mark_is_to_be_seen() -> None:
    session = read_session(SESSION).session
    text = as_text(ladder_of(session.exchanges, session.call))
    assert "?_state=…?digest=…" in text
    assert "?_state=…&digest=…" in text
    assert "~" in next(line for line in text.splitlines() if "?digest=…" in line)


@pytest.mark.parametrize("index", range(3))
def test_every_drawing_names_every_exchange(index: int) -> None:
    session = read_session(SESSION).session
    picture = drawn(ladder_of(session.exchanges, session.call))[index]
    assert picture.count("PATCH blobs/uploads/") >= 3
    assert "404 Not Found" in picture


def hostile() -> tuple[Exchange, ...]:
    target = "/v2/" + HOSTILE.encode("utf-8").decode("latin-1")
    request = Request("GET", HOME, target)
    response = Response(200, HOSTILE.encode("utf-8").decode("latin-1"), "HTTP/1.1")
    return (Exchange(1, 0, HOSTILE, request, request, response),)


def test_hostile_text_stays_text_in_svg() -> None:
    root = ElementTree.fromstring(as_svg(ladder_of(hostile())))
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "title", "style", "rect", "line", "polygon", "text", "tspan", "g"}
    assert "alert(1)" in "".join(root.itertext())


def test_hostile_text_stays_on_its_line_in_mermaid() -> None:
    lines = as_mermaid(ladder_of(hostile())).splitlines()
    assert all(line.lstrip().startswith(("sequenceDiagram", "participant ", "p0", "p1", "Note")) for line in lines)
    messages = [line.split(": ", 1)[1] for line in lines if ": " in line]
    assert not any(sign in message for message in messages for sign in ("<", "%%", "\x1b", "`", "\u202e", '"'))


@given(any_exchange(id=1))
@settings(max_examples=100)
def test_any_exchange_can_be_drawn(exchange: Exchange) -> None:
    text, svg, mermaid = drawn(ladder_of((exchange, replace(exchange, id=2))))
    ElementTree.fromstring(svg)
    assert all(line.isprintable() for picture in (text, mermaid) for line in picture.split("\n"))


def test_a_ladder_without_exchanges_is_drawn() -> None:
    assert all(drawn(ladder_of(())))


def test_no_line_is_much_wider_than_was_asked_for() -> None:
    session = read_session(SESSION).session
    assert all(len(line) <= 110 for line in as_text(ladder_of(session.exchanges, session.call), 100).splitlines())
