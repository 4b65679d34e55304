"""What is said of a session besides its bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.insight import Insight
from explorer.jobs import PushJob, open_push
from explorer.model import Exchange, FlowCall, Session
from tests.strategies import exchanges


@pytest.fixture(scope="module")
def pushed(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Return the session of a push of the sample into the built-in registry."""
    bench = open_push(PushJob(recording=str(tmp_path_factory.mktemp("push") / "push.jsonl")))
    try:
        for _ in bench.run():
            pass
        return bench.session
    finally:
        bench.close()


def test_the_exchanges_of_one_blob_are_one_group(pushed: Session) -> None:
    insight = Insight(pushed.call)
    insight.follow(pushed.exchanges)
    groups = [insight.group(one.id) for one in pushed.exchanges]
    assert all(groups)
    labels = [group.label.split("  ")[0] for group in groups if group]
    assert labels == ["layer 1"] * 3 + ["layer 2"] * 3 + ["config"] * 3 + ["manifest"]
    assert len({group.key for group in groups if group}) == 4


def test_verdicts_accounts_and_origins_are_kept_by_exchange(pushed: Session) -> None:
    insight = Insight(pushed.call)
    insight.follow(pushed.exchanges)
    verdict, account = insight.verdict(1), insight.account(2)
    assert verdict is not None
    assert verdict.grade == "as expected"
    assert account is not None
    assert account.is_closed
    assert insight.sources(2)[0].words == "Location of 1"
    assert [use.exchange for use in insight.uses(1)] == [2]


def test_following_in_steps_is_the_same_as_at_once(pushed: Session) -> None:
    one, two = Insight(pushed.call), Insight(pushed.call)
    one.follow(pushed.exchanges)
    for count in range(len(pushed.exchanges) + 1):
        two.follow(pushed.exchanges, count)
    assert [one.sources(id) for id in range(1, 11)] == [two.sources(id) for id in range(1, 11)]
    assert one.count == two.count == len(pushed.exchanges)


def test_nothing_is_said_of_what_is_not_there() -> None:
    insight = Insight(FlowCall("api-check"))
    assert (insight.verdict(1), insight.account(1), insight.group(1)) == (None, None, None)


@given(st.lists(exchanges(), max_size=3))
def test_no_session_is_too_odd(some: list[Exchange]) -> None:
    insight = Insight(FlowCall("x", {"blobs": "odd", "target": "odd"}))
    insight.follow(some)
    assert insight.count == len(some)
    assert [insight.group(index + 1) for index in range(len(some))] or not some
