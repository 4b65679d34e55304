"""Token services: the practice registry's own, and one that docker-registry 2.8 trusts."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from explorer.credentials import Given
from explorer.flows import flow_named
from explorer.flows.push_blob import Shape
from explorer.jobs import PullJob, PushJob, open_flow, open_pull, open_push, open_recording
from explorer.practice import PracticeRegistry, TokenAccess, Users
from explorer.state import State
from explorer.stepping import Blocked, Done
from explorer.workbench import Workbench
from tests.layouts import blobs_of
from tests.real.conftest import Skopeo, serve_registry
from tests.real.token_service import ISSUER, LOGIN, SERVICE, TokenService, listening

USERS = Users.of(LOGIN)
SECRET = base64.b64encode(LOGIN.encode()).decode()


@pytest.fixture(autouse=True)
def nobody_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no login of whoever runs the tests be found."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("DOCKER_CONFIG", "REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)


def through(workbench: Workbench) -> State:
    """Send everything and return how it stands."""
    for _ in workbench.run():
        pass
    workbench.close()
    return workbench.state


def pushed(where: str, folder: Path, given: Given, **more: object) -> State:
    """Push the sample and return how it stands."""
    job = PushJob(target=f"{where}/a/b:v1", recording=str(folder / "a.jsonl"), login=given, **more)  # type: ignore[arg-type]  # fields of it
    return through(open_push(job))


def pulled(where: str, folder: Path, given: Given) -> State:
    """Pull what was pushed and return how it stands."""
    recording = str(folder / "b.jsonl")
    return through(open_pull(PullJob(f"{where}/a/b:v1", str(folder / "back"), recording=recording, login=given)))


def asked(state: State) -> list[str]:
    """Return what each exchange was, in short."""
    return [f"{one.request.method} {one.request.target.partition('?')[0]} {one.status}" for one in state.exchanges]


@dataclass
class Clock:
    """A clock that stands still until it is set."""

    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_a_token_is_got_in_sight_for_a_push_and_a_pull(skopeo: Skopeo, tmp_path: Path) -> None:
    with PracticeRegistry(access=TokenAccess(USERS)) as registry:
        where = registry.origin.authority
        state = pushed(where, tmp_path, Given(LOGIN))
        assert isinstance(state.outcome, Done), state.outcome
        assert asked(state)[:3] == [
            "POST /v2/a/b/blobs/uploads/ 401",
            "GET /token 200",
            "POST /v2/a/b/blobs/uploads/ 202",
        ]
        assert isinstance(pulled(where, tmp_path, Given(LOGIN)).outcome, Done)
        skopeo.copy(f"docker://{where}/a/b:v1", f"oci:{tmp_path}/theirs:v1", "--src-creds", LOGIN)
    assert blobs_of(tmp_path / "back") == blobs_of(tmp_path / "theirs")


@pytest.mark.parametrize("given", [Given(LOGIN, oauth2=True), Given(LOGIN)])
def test_no_secret_is_in_any_byte_of_a_recording_and_it_opens_where_it_was_left(tmp_path: Path, given: Given) -> None:
    with PracticeRegistry(access=TokenAccess(USERS)) as registry:
        state = pushed(registry.origin.authority, tmp_path, given)
        tokens = [json.loads(_bytes(one.response))["access_token"] for one in state.exchanges if "token" in one.title]
    assert asked(state)[1] == f"{'POST' if given.oauth2 else 'GET'} /token 200"
    recorded = (tmp_path / "a.jsonl").read_text()
    for secret in (SECRET, "p:w", "p%3Aw", *tokens):
        assert secret not in recorded
    opened = open_recording(str(tmp_path / "a.jsonl")).workbench
    assert isinstance(opened.state.outcome, Done)
    opened.close()


def _bytes(answer: object) -> bytes:
    body = getattr(answer, "body", b"")
    assert isinstance(body, bytes)
    return body


def test_a_token_that_runs_out_within_an_upload_is_replaced_and_the_same_request_sent_again(tmp_path: Path) -> None:
    clock = Clock()
    with PracticeRegistry(access=TokenAccess(USERS, life=60, clock=clock)) as registry:
        job = PushJob(
            target=f"{registry.origin.authority}/a/b:v1",
            recording=str(tmp_path / "a.jsonl"),
            login=Given(LOGIN),
            shape=Shape.CHUNKED,
            chunk_size=64,
        )
        workbench = open_push(job)
        for _ in range(4):
            workbench.send()
        clock.now += 100
        state = through(workbench)
    assert isinstance(state.outcome, Done), state.outcome
    refused = [one for one in state.exchanges[1:] if one.status == 401]
    assert [one.request.method for one in refused] == ["PATCH"]
    at = refused[0].id
    assert [one.request.method for one in state.exchanges[at : at + 2]] == ["GET", "PATCH"]
    again = state.exchanges[at + 1].request
    assert (again.target, again.body) == (refused[0].request.target, refused[0].request.body)


def test_a_login_is_held_back_from_a_realm_of_another_origin_until_it_is_trusted(tmp_path: Path) -> None:
    with PracticeRegistry(access=TokenAccess(USERS), realm_port=0) as registry:
        where = registry.origin.authority
        state = pushed(where, tmp_path, Given(LOGIN))
        assert isinstance(state.outcome, Blocked)
        assert SECRET not in repr([one.request.headers for one in state.exchanges])
        realm = str(state.exchanges[1].request.origin)
        assert realm != str(registry.origin)
        assert f"--trust {realm}" in state.outcome.sentence
        (tmp_path / "a.jsonl").unlink()
        assert isinstance(pushed(where, tmp_path, Given(LOGIN, trusted=(realm,))).outcome, Done)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (Given("ann:wrong"), "did not take the login of 'ann' from --user"),
        (Given(), "asked without credentials"),
        (Given(token="abc"), "did not take the token from --token (invalid_token)"),
    ],
)
def test_a_login_that_is_refused_is_a_sentence_that_says_whose(tmp_path: Path, given: Given, words: str) -> None:
    with PracticeRegistry(access=TokenAccess(USERS)) as registry:
        state = pushed(registry.origin.authority, tmp_path, given)
    assert isinstance(state.outcome, Blocked)
    assert words in state.outcome.sentence
    assert state.status == 1


def opened_upload(where: str, folder: Path, given: Given) -> str:
    """Open an upload and return its Location."""
    kind, recording = flow_named("open-upload"), str(folder / "open.jsonl")
    state = through(open_flow(kind, {"target": f"{where}/a/b"}, recording=recording, login=given))
    answer = state.exchanges[-1].response
    assert answer
    return answer.headers.get("Location") or ""


def cancelled(location: str, folder: Path, given: Given) -> State:
    """Cancel an upload and return how it stands."""
    kind, recording = flow_named("cancel-upload"), str(folder / "cancel.jsonl")
    return through(open_flow(kind, {"location": location}, recording=recording, login=given))


def scopes_asked(state: State) -> list[str]:
    """Return the scope of each visit to the token service."""
    return [one.request.target.partition("scope=")[2] for one in state.exchanges if "scope=" in one.request.target]


def test_an_upload_is_cancelled_with_a_token_for_deleting(tmp_path: Path) -> None:
    with PracticeRegistry(access=TokenAccess(USERS)) as registry:
        state = cancelled(opened_upload(registry.origin.authority, tmp_path, Given(LOGIN)), tmp_path, Given(LOGIN))
    assert isinstance(state.outcome, Done), state.outcome
    assert [one.status for one in state.exchanges] == [401, 200, 204]
    assert scopes_asked(state) == ["repository:a/b:delete"]


def test_who_may_not_delete_is_told_when_cancelling(tmp_path: Path) -> None:
    users = Users.of(LOGIN).granting("ann:*:pull,push")
    with PracticeRegistry(access=TokenAccess(users)) as registry:
        state = cancelled(opened_upload(registry.origin.authority, tmp_path, Given(LOGIN)), tmp_path, Given(LOGIN))
    assert isinstance(state.outcome, Blocked)
    assert "Not granted: repository:a/b:delete" in state.outcome.sentence


def test_a_push_that_cancels_an_upload_on_its_way_widens_its_token(tmp_path: Path) -> None:
    with PracticeRegistry(access=TokenAccess(USERS)) as registry:
        state = pushed(registry.origin.authority, tmp_path, Given(LOGIN), like="regctl", mount_from="a/none")
    assert isinstance(state.outcome, Done), state.outcome
    assert [one.status for one in state.exchanges if one.request.method == "DELETE"] == [401, 204, 204, 204]


def test_a_right_that_is_missing_is_named(tmp_path: Path) -> None:
    users = Users.of(LOGIN).granting("ann:*:pull")
    with PracticeRegistry(access=TokenAccess(users)) as registry:
        state = pushed(registry.origin.authority, tmp_path, Given(LOGIN))
    assert isinstance(state.outcome, Blocked)
    assert "Not granted: repository:a/b:push" in state.outcome.sentence
    assert [one.status for one in state.exchanges] == [401, 200, 401]


def test_a_helper_is_asked_when_the_401_has_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docker = tmp_path / "home" / ".docker"
    docker.mkdir(parents=True)
    program = tmp_path / "docker-credential-mine"
    program.write_text('#!/bin/sh\necho x >> "$RUNS"\necho \'{"Username":"ann","Secret":"p:w"}\'\n')
    program.chmod(0o755)
    monkeypatch.setenv("RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with PracticeRegistry(access=TokenAccess(USERS)) as registry:
        where = registry.origin.authority
        (docker / "config.json").write_text(json.dumps({"credHelpers": {where: "mine"}}))
        workbench = open_push(PushJob(target=f"{where}/a/b:v1", recording=str(tmp_path / "a.jsonl")))
        assert not (tmp_path / "runs").exists()
        workbench.send()
        pending = workbench.state.pending
        assert pending is not None
        assert "the login of 'ann' from the credential helper docker-credential-mine" in pending.why
        assert isinstance(through(workbench).outcome, Done)
    assert (tmp_path / "runs").read_text() == "x\n"
    opened = open_recording(str(tmp_path / "a.jsonl")).workbench
    assert isinstance(opened.state.outcome, Done)
    opened.close()
    assert (tmp_path / "runs").read_text() == "x\n"


@pytest.fixture
def service(tmp_path: Path) -> TokenService:
    return TokenService(tmp_path)


@pytest.fixture
def realm(service: TokenService) -> Iterator[str]:
    with listening(service) as realm:
        yield realm


@pytest.fixture
def tokened(service: TokenService, realm: str, tmp_path: Path) -> Iterator[str]:
    """Return host:port of a docker-registry that wants a token of the service."""
    more = (
        f"auth: {{token: {{realm: '{realm}', service: {SERVICE}, issuer: {ISSUER}, "
        f"rootcertbundle: {service.certificate}}}}}"
    )
    yield from serve_registry(tmp_path / "tokened", more)


def test_docker_registry_lets_an_upload_be_cancelled_with_a_token_for_deleting(
    tokened: str, realm: str, tmp_path: Path
) -> None:
    given = Given(LOGIN, trusted=(realm.removesuffix("/token"),))
    state = cancelled(opened_upload(tokened, tmp_path, given), tmp_path, given)
    assert isinstance(state.outcome, Done), state.outcome
    assert scopes_asked(state) == ["repository:a/b:delete"]


@pytest.mark.parametrize("oauth2", [False, True])
def test_docker_registry_takes_a_push_and_a_pull_with_tokens(
    tokened: str, realm: str, service: TokenService, tmp_path: Path, oauth2: bool
) -> None:
    given = Given(LOGIN, trusted=(realm.removesuffix("/token"),), oauth2=oauth2)
    state = pushed(tokened, tmp_path, given)
    assert isinstance(state.outcome, Done), state.outcome
    assert [one.status for one in state.exchanges][:3] == [401, 200, 202]
    assert isinstance(pulled(tokened, tmp_path, given).outcome, Done)
    assert {method for method, _ in service.asked} == {"POST" if oauth2 else "GET"}
