"""A recording answers as a registry does."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.formats.session import read_session
from explorer.jobs import PullJob, PushJob, open_pull, open_push
from explorer.practice.player import Player

SESSIONS = Path(__file__).parents[2] / "sessions"


def player(name: str) -> Player:
    return Player(read_session(SESSIONS / f"{name}.jsonl").session.exchanges)


def test_a_push_goes_through_against_a_recording_of_one(tmp_path: Path) -> None:
    with player("first-push") as playing:
        target = f"{playing.origin.authority}/demo/app:v1"
        workbench = open_push(PushJob(target=target, recording=str(tmp_path / "a.jsonl")))
        for _ in workbench.run():
            pass
        workbench.close()
        assert workbench.state.status == 0
        assert all(exchange.request.origin == playing.origin for exchange in workbench.state.exchanges)


def test_a_refusal_is_played_and_then_what_mended_it(tmp_path: Path) -> None:
    with player("two-replicas") as playing:
        target = f"{playing.origin.authority}/demo/app:v1"
        workbench = open_push(PushJob(target=target, recording=str(tmp_path / "a.jsonl")))
        for _ in workbench.run():
            pass
        workbench.close()
        assert [exchange.status for exchange in workbench.state.exchanges] == [202, 404]


def test_what_the_recording_has_not_is_said(tmp_path: Path) -> None:
    with player("first-push") as playing:
        job = PullJob(
            f"{playing.origin.authority}/other/name:v1", str(tmp_path / "l"), recording=str(tmp_path / "b.jsonl")
        )
        workbench = open_pull(job)
        workbench.send()
        workbench.close()
        (exchange,) = workbench.state.exchanges
        assert exchange.status == 404
        assert b"the recording has no GET /v2/other/name/manifests/v1" in bytes(exchange.response.body)  # type: ignore[union-attr, arg-type]


@pytest.mark.parametrize("name", ["who-are-you", "hostile", "pull"])
def test_any_story_can_be_played(name: str) -> None:
    with player(name) as playing:
        assert playing.origin.port
