"""Whether a replay went as it was recorded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from explorer.compare import compare_sessions
from explorer.model import Exchange, Request
from explorer.plain.replaying import difference_lines, went_as_recorded
from tests.scripted import ORIGIN, answer

ASKED = Request("GET", ORIGIN, "/v2/")
RECORDED = Exchange(1, 0, "check", ASKED, ASKED, answer(200))


@pytest.mark.parametrize(
    ("recorded", "now", "is_as_recorded"),
    [
        (RECORDED, RECORDED, True),
        (RECORDED, replace(RECORDED, response=answer(200, ("Server", "other"))), True),
        (RECORDED, replace(RECORDED, response=answer(404)), False),
        (RECORDED, replace(RECORDED, response=None), False),
        (replace(RECORDED, response=None, unknown=("response.status",)), RECORDED, True),
        (replace(RECORDED, response=None, unknown=("response.status",)), replace(RECORDED, response=None), False),
    ],
)
def test_statuses_decide(recorded: Exchange, now: Exchange, *, is_as_recorded: bool) -> None:
    assert went_as_recorded(compare_sessions((recorded,), (now,))) is is_as_recorded


def test_an_exchange_that_did_not_come_is_named() -> None:
    comparison = compare_sessions((RECORDED,), ())
    assert not went_as_recorded(comparison)
    assert any(line.startswith("only recorded: 1  GET") for line in difference_lines(comparison))
