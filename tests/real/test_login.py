"""A docker-registry that wants a user and a password."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.credentials import Given
from explorer.flows import flow_named
from explorer.jobs import PullJob, PushJob, open_flow, open_pull, open_push, open_recording
from explorer.state import State
from explorer.stepping import Blocked, Done
from tests.layouts import blobs_of
from tests.real.conftest import Skopeo, serve_registry

# bcrypt of "p:w" with the cost 5
HASH = "$2b$05$abcdefghijklmnopqrstuuM7E59t/pBLB8x4aZysvBLD.kgRitkEK"


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[str]:
    """Return host:port of a docker-registry that knows the user ann with the password p:w."""
    (tmp_path / "htpasswd").write_text(f"ann:{HASH}\n")
    more = f"auth: {{htpasswd: {{realm: here, path: {tmp_path}/htpasswd}}}}"
    yield from serve_registry(tmp_path / "guarded", more)


def pushed(where: str, folder: Path, user: str) -> State:
    """Push the sample with a login and return how it stands."""
    job = PushJob(target=f"{where}/a/b:v1", recording=str(folder / "a.jsonl"), login=Given(user))
    workbench = open_push(job)
    for _ in workbench.run():
        pass
    workbench.close()
    return workbench.state


def pulled(where: str, folder: Path, user: str) -> State:
    """Pull the sample with a login and return how it stands."""
    login = Given(user, anonymous=not user)
    job = PullJob(f"{where}/a/b:v1", str(folder / "ours"), recording=str(folder / "pull.jsonl"), login=login)
    workbench = open_pull(job)
    for _ in workbench.run():
        pass
    workbench.close()
    return workbench.state


def test_a_push_with_a_login_goes_through_and_skopeo_pulls(guarded: str, skopeo: Skopeo, tmp_path: Path) -> None:
    state = pushed(guarded, tmp_path, "ann:p:w")
    assert isinstance(state.outcome, Done)
    assert [exchange.status for exchange in state.exchanges][:2] == [401, 202]
    skopeo.copy(f"docker://{guarded}/a/b:v1", f"dir:{tmp_path}/back", "--src-creds", "ann:p:w")


def test_what_was_pushed_is_pulled_with_the_login_and_is_what_skopeo_pulls(
    guarded: str, skopeo: Skopeo, tmp_path: Path
) -> None:
    pushed(guarded, tmp_path, "ann:p:w")
    state = pulled(guarded, tmp_path, "ann:p:w")
    assert isinstance(state.outcome, Done), state.outcome
    assert [exchange.status for exchange in state.exchanges] == [401, 200, 200, 200, 200]
    source = ("--src-creds", "ann:p:w")
    skopeo.copy(f"docker://{guarded}/a/b:v1", f"oci:{tmp_path}/theirs:v1", *source, "--preserve-digests")
    assert blobs_of(tmp_path / "ours") == blobs_of(tmp_path / "theirs")


@pytest.mark.parametrize("user", ["", "ann:wrong"])
def test_without_the_right_login_nothing_is_pulled_and_nothing_left(guarded: str, tmp_path: Path, user: str) -> None:
    pushed(guarded, tmp_path, "ann:p:w")
    state = pulled(guarded, tmp_path, user)
    assert isinstance(state.outcome, Blocked)
    assert state.status == 1
    assert not (tmp_path / "ours").exists()


@pytest.mark.parametrize(
    ("given", "statuses", "words"),
    [
        (Given(anonymous=True), [401], "a registry that wants credentials"),
        (Given("ann:p:w"), [401, 200], "a registry"),
        (Given("ann:wrong"), [401, 401], "did not take the user and the password from --user"),
        (Given(token="abc"), [401], "wants a name and a password"),
    ],
)
def test_a_login_can_be_tried_by_itself(
    guarded: str, tmp_path: Path, given: Given, statuses: list[int], words: str
) -> None:
    kind, recording = flow_named("api-check"), str(tmp_path / "check.jsonl")
    workbench = open_flow(kind, {"target": f"{guarded}/a/b"}, recording=recording, login=given)
    for _ in workbench.run():
        pass
    workbench.close()
    outcome = workbench.state.outcome
    assert [exchange.status for exchange in workbench.state.exchanges] == statuses
    assert isinstance(outcome, Done) == (given.anonymous or given.user == "ann:p:w")
    assert isinstance(outcome, Done | Blocked)
    assert words in (str(outcome.result) if isinstance(outcome, Done) else outcome.sentence)


def test_a_wrong_password_is_a_sentence(guarded: str, tmp_path: Path) -> None:
    state = pushed(guarded, tmp_path, "ann:wrong")
    assert isinstance(state.outcome, Blocked)
    assert "did not take the user and the password" in state.outcome.sentence
    assert state.status == 1


def test_no_password_is_in_any_byte_of_the_recording(guarded: str, tmp_path: Path) -> None:
    pushed(guarded, tmp_path, "ann:p:w")
    recorded = (tmp_path / "a.jsonl").read_bytes()
    assert b"YW5uOnA6dw==" not in recorded
    assert b"p:w" not in recorded


def test_a_recording_with_a_login_opens_where_it_was_left(guarded: str, tmp_path: Path) -> None:
    pushed(guarded, tmp_path, "ann:p:w")
    opened = open_recording(str(tmp_path / "a.jsonl")).workbench
    assert isinstance(opened.state.outcome, Done)
    opened.close()


def test_a_recording_is_replayed_with_a_login_given_anew(guarded: str, tmp_path: Path) -> None:
    pushed(guarded, tmp_path, "ann:p:w")
    opened = open_recording(str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl"), Given("ann:p:w")).workbench
    opened.stand_after(1)
    assert opened.send().exchanges[-1].status == 202
    opened.close()
