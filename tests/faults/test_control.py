"""Faults are switched over HTTP, where that is wanted, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from explorer.faults import faults
from explorer.practice import PracticeRegistry
from tests.faults.conftest import Seen, Talk, With


@pytest.fixture
def talk() -> Iterator[Talk]:
    with PracticeRegistry(with_control=True) as registry:
        yield Talk(registry)


def on(seen: Seen) -> list[str]:
    assert seen.status == 200
    listed = json.loads(seen.body)["on"]
    assert isinstance(listed, list)
    return listed


def test_it_is_off_unless_it_is_wanted(faulty: With) -> None:
    talk = faulty()
    assert talk.ask("GET", "/faults").status == 404
    assert talk.ask("PUT", "/faults/bad-gateway").status == 404
    assert talk.ask("GET", "/v2/").status == 200


def test_it_lists_every_fault(talk: Talk) -> None:
    listed = json.loads(talk.ask("GET", "/faults").body)["faults"]
    assert [one["name"] for one in listed] == list(faults())


def test_a_fault_is_switched_on_and_off(talk: Talk) -> None:
    assert on(talk.ask("PUT", "/faults/bad-gateway")) == ["bad-gateway"]
    assert talk.ask("GET", "/v2/").status == 502
    assert on(talk.ask("DELETE", "/faults/bad-gateway")) == []
    assert talk.ask("GET", "/v2/").status == 200


def test_an_argument_is_a_parameter(talk: Talk) -> None:
    assert on(talk.ask("PUT", "/faults/nginx-413?argument=9")) == ["nginx-413=9"]
    assert talk.patch(talk.open().location).status == 413


def test_all_are_switched_off_at_once(talk: Talk) -> None:
    talk.ask("PUT", "/faults/bad-gateway")
    talk.ask("PUT", "/faults/delete-disabled")
    assert on(talk.ask("DELETE", "/faults")) == []


@pytest.mark.parametrize(
    ("method", "target", "status", "said"),
    [
        ("PUT", "/faults/bad-gatway", 400, "Did you mean bad-gateway"),
        ("PUT", "/faults/nginx-413?argument=x", 400, "is no size"),
        ("DELETE", "/faults/bad-gateway", 404, "is not on"),
        ("POST", "/faults", 405, "does nothing here"),
        ("PUT", "/faults", 405, "does nothing here"),
        ("PUT", "/faults/%ff%00", 400, "There is no fault"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(talk: Talk, method: str, target: str, status: int, said: str) -> None:
    seen = talk.ask(method, target)
    assert seen.status == status
    assert said in json.loads(seen.body)["error"]


def test_a_page_of_another_site_may_not_switch(talk: Talk) -> None:
    assert talk.ask("PUT", "/faults/bad-gateway", b"", {"Origin": "https://evil.test"}).status == 403
    assert talk.ask("GET", "/v2/").status == 200


def test_a_page_of_this_host_may(talk: Talk) -> None:
    assert talk.ask("PUT", "/faults/bad-gateway", b"", {"Origin": str(talk.origin)}).status == 200
