"""A copy between registries that each want a login of their own: each gets its own, and no other."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from explorer.credentials import Given
from explorer.errors import InputError
from explorer.jobs import CopyJob, PushJob, open_copy, open_push
from explorer.practice import Access, BasicAccess, PracticeRegistry, TokenAccess, Users
from explorer.state import State
from explorer.stepping import Blocked, Done

ACCESS: list[Callable[[str], Access]] = [
    lambda pair: BasicAccess(Users.of(pair)),
    lambda pair: TokenAccess(Users.of(pair)),
]


def copied(folder: Path, one: PracticeRegistry, other: PracticeRegistry, user: str, from_user: str) -> State:
    source = f"{one.origin.authority}/src/app:v1"
    job = PushJob(target=source, recording=str(folder / "push"), login=Given("ann:apple"))
    pushing = open_push(job)
    for _ in pushing.run():
        pass
    pushing.close()
    login = Given(user, source_user=from_user)
    target = f"{other.origin.authority}/dst/app"
    workbench = open_copy(CopyJob(source, target, recording=str(folder / "copy"), login=login))
    for _ in workbench.run():
        pass
    workbench.close()
    return workbench.state


@pytest.mark.parametrize("first", ACCESS)
@pytest.mark.parametrize("second", ACCESS)
def test_each_registry_gets_its_own_login(
    tmp_path: Path, first: Callable[[str], Access], second: Callable[[str], Access]
) -> None:
    with (
        PracticeRegistry(access=first("ann:apple")) as one,
        PracticeRegistry(access=second("bob:banana")) as other,
    ):
        state = copied(tmp_path, one, other, "bob:banana", "ann:apple")
        secret = {one.origin.port: "bob:banana", other.origin.port: "ann:apple"}  # that of the other side
    assert isinstance(state.outcome, Done), state.outcome
    for exchange in state.exchanges:
        never = base64.b64encode(secret[exchange.request.origin.port].encode())
        assert never not in exchange.sent_head


def test_a_login_for_the_source_alone_does_not_open_the_target(tmp_path: Path) -> None:
    access = BasicAccess(Users.of("bob:banana"))
    with PracticeRegistry(access=BasicAccess(Users.of("ann:apple"))) as one, PracticeRegistry(access=access) as other:
        state = copied(tmp_path, one, other, "", "ann:apple")
    assert isinstance(state.outcome, Blocked)
    assert "401" in state.outcome.sentence


def test_a_login_for_the_source_makes_no_sense_within_a_registry(tmp_path: Path) -> None:
    job = CopyJob("localhost:5000/a:v1", "localhost:5000/b:v1", login=Given("", source_user="ann:apple"))
    with pytest.raises(InputError, match="both sides are one"):
        open_copy(job)
    assert list(tmp_path.iterdir()) == []
