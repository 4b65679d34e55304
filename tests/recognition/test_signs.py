"""What was seen before is not looked at again, and what is recognised is the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.formats.importing import import_file
from explorer.model import Exchange, Headers, Response
from explorer.recognition.clients import CLIENTS
from explorer.recognition.proxies import PROXIES
from explorer.recognition.registries import REGISTRIES
from explorer.recognition.signs import Sign, Tally, user_agent
from tests.strategies import exchanges

SESSIONS = sorted((Path(__file__).parents[2] / "sessions").glob("*.jsonl"))
KINDS = pytest.mark.parametrize("signs", [REGISTRIES, CLIENTS, PROXIES], ids=["registries", "clients", "proxies"])
NAMES = st.sampled_from(
    ["Server", "Via", "Location", "WWW-Authenticate", "Docker-Distribution-Api-Version", "X-Varnish"]
)
VALUES = st.sampled_from(
    [
        "nginx/1.2",
        "1.1 varnish, squid",
        "",
        "a",
        "/artifacts-uploads/1",
        'Basic realm="harbor"',
        "registry/2.0",
        "cloudflare",
    ]
)
ANSWERS = st.builds(
    lambda status, rows, page: Response(status, "", "HTTP/1.1", Headers.of(*rows), page),
    st.sampled_from([200, 401, 502]),
    st.lists(st.tuples(NAMES, VALUES), max_size=4),
    st.sampled_from([b"", b"<center>nginx</center>", b"no healthy upstream"]),
)


def alike(signs: tuple[Sign, ...], seen: list[Exchange]) -> bool:
    """Say whether signs tell the same as those that are looked for in every exchange."""
    one, other = Tally(signs), Tally(tuple(replace(sign, part=None) for sign in signs))
    for exchange in seen:
        one.feed(exchange)
        other.feed(exchange)
    return (one.best, one.names()) == (other.best, other.names())


@KINDS
def test_recordings_tell_the_same(signs: tuple[Sign, ...]) -> None:
    assert alike(signs, [exchange for path in SESSIONS for exchange in import_file(path).session.exchanges])


@KINDS
@given(one=exchanges(), answers=st.lists(ANSWERS, max_size=12))
def test_any_answers_tell_the_same(signs: tuple[Sign, ...], one: Exchange, answers: list[Response]) -> None:
    assert alike(signs, [replace(one, id=id, response=answer) for id, answer in enumerate(answers, start=1)])


def test_a_client_is_looked_at_once_for_the_same_user_agent() -> None:
    looked: list[int] = []
    tally = Tally((Sign("curl", "decides", noting(looked), part=user_agent),))
    session = import_file(SESSIONS[0]).session
    for exchange in session.exchanges:
        tally.feed(exchange)
    assert len(looked) == len({user_agent(exchange) for exchange in session.exchanges} - {""})


def noting(looked: list[int]) -> Callable[[Exchange], str]:
    """Return what looks at an exchange, and notes that it did."""

    def look(exchange: Exchange) -> str:
        looked.append(exchange.id)
        return "it is"

    return look
