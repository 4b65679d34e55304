"""When a login is looked up, for whom, and what the flow is told."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from explorer.credentials import AskingWire, Given, Logins
from explorer.credentials.finding import PASSWORD, TOKEN, USER
from explorer.errors import InputError, Stuck
from explorer.flows.login import Login
from explorer.model import Headers, Origin, Request
from explorer.spec.references import parse_target
from tests.scripted import ScriptedWire, answer

TARGET = parse_target("reg.example/a/b:v1")
OTHER = parse_target("other.example/c:v1")
HOME = TARGET.origin
NOWHERE = Path("/nowhere")


NOTHING = Given()


def logins(given: Given = NOTHING, environ: dict[str, str] | None = None, home: Path = NOWHERE) -> Logins:
    return Logins([TARGET, OTHER], given, environ or {}, home)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home in which docker has logins for every registry here, and notes each time a helper is run."""
    folder = tmp_path / ".docker"
    folder.mkdir()
    auth = base64.b64encode(b"kept:secret").decode()
    auths = {host: {"auth": auth} for host in ("other.example", "stranger.example")}
    config = {"auths": auths, "credHelpers": {"reg.example": "mine"}}
    (folder / "config.json").write_text(json.dumps(config))
    program = tmp_path / "docker-credential-mine"
    program.write_text(f'#!/bin/sh\necho run >> {tmp_path}/runs\necho \'{{"Username":"ann","Secret":"s"}}\'\n')
    program.chmod(0o755)
    return tmp_path


def found_in(home: Path) -> Logins:
    return logins(environ={"PATH": f"{home}:/usr/bin:/bin"}, home=home)


def get(wire: AskingWire, origin: Origin) -> None:
    wire.send(Request("GET", origin, "/v2/", Headers()))


def test_nothing_given_is_no_login() -> None:
    assert logins().known(HOME) is None


@pytest.mark.parametrize(
    ("given", "environ", "source"),
    [
        (Given("ann:p:w"), {}, "--user"),
        (Given("ann"), {PASSWORD: "p:w"}, f"--user, with {PASSWORD}"),
        (Given(), {USER: "ann", PASSWORD: "p:w"}, f"{USER}, with {PASSWORD}"),
    ],
)
def test_what_is_said_is_known_at_once_with_its_source(given: Given, environ: dict[str, str], source: str) -> None:
    login = logins(given, environ).known(HOME)
    assert login
    assert (login.pair, login.source) == (("ann", "p:w"), source)
    assert login.words == f"the login of 'ann' from {source}"


def test_what_is_said_is_for_the_first_registry_alone() -> None:
    known = logins(Given("a:b", trusted=("https://auth.example/",)))
    login = known.known(HOME)
    assert login
    assert (login.origin, login.trusted) == ("https://reg.example", ("https://auth.example",))
    assert known.known(OTHER.origin) is None


@pytest.mark.parametrize(
    ("given", "environ", "said"),
    [
        (Given("ann"), {}, PASSWORD),
        (Given("ann:x", "t"), {}, "one of them"),
        (Given(token="a b"), {}, "no token has"),
        (Given(), {TOKEN: "a\nb"}, "no token has"),
        (Given("a:b", trusted=("auth",)), {}, "takes an origin"),
        (Given("a:b", trusted=("https://",)), {}, "takes an origin"),
        (Given("a:b", trusted=("https://me:pw@auth",)), {}, "what was given, with a name or a password in it, is none"),
    ],
)
def test_what_cannot_be_a_login_is_a_sentence_without_a_secret(
    given: Given, environ: dict[str, str], said: str
) -> None:
    with pytest.raises(InputError, match=said) as raised:
        logins(given, environ)
    assert ":x" not in raised.value.sentence


def test_a_helper_is_run_when_a_401_has_come_and_not_before(home: Path) -> None:
    known = found_in(home)
    answers = iter((answer(200), answer(401)))
    wire = AskingWire(ScriptedWire(lambda _: next(answers)), known)
    get(wire, HOME)
    assert not (home / "runs").exists()
    assert known.known(HOME) is None
    get(wire, HOME)
    assert (home / "runs").read_text() == "run\n"
    login = known.known(HOME)
    assert login
    assert login.words == "the login of 'ann' from the credential helper docker-credential-mine"


def test_each_registry_of_the_conversation_has_its_own_login(home: Path) -> None:
    known = found_in(home)
    get(AskingWire(ScriptedWire(lambda _: answer(401)), known), OTHER.origin)
    assert known.known(HOME) is None
    login = known.known(OTHER.origin)
    assert login
    assert (login.origin, login.user) == ("https://other.example", "kept")


def test_a_login_for_a_place_that_the_conversation_was_led_to_is_not_looked_up(home: Path) -> None:
    known = found_in(home)
    stranger = Origin("https", "stranger.example", 443)
    get(AskingWire(ScriptedWire(lambda _: answer(401)), known), stranger)
    assert known.known(stranger) is None


@pytest.mark.parametrize("given", [Given("bob:x"), Given(anonymous=True)])
def test_files_and_helpers_are_left_alone_where_a_login_was_said_or_none_is_wanted(home: Path, given: Given) -> None:
    known = logins(given, {"PATH": str(home)}, home)
    get(AskingWire(ScriptedWire(lambda _: answer(401)), known), HOME)
    login = known.known(HOME)
    assert (login.user if login else "") == given.user.partition(":")[0]
    assert not (home / "runs").exists()


def test_a_helper_that_fails_is_a_sentence_for_the_flow_and_is_tried_again_at_the_next_401(home: Path) -> None:
    known = found_in(home)
    program = home / "docker-credential-mine"
    good = program.read_text()
    program.write_text("#!/bin/sh\necho secret\nexit 3\n")
    wire = AskingWire(ScriptedWire(lambda _: answer(401)), known)
    get(wire, HOME)
    with pytest.raises(Stuck, match="failed with status 3") as raised:
        known.known(HOME)
    assert "secret" not in raised.value.sentence
    program.write_text(good)
    get(wire, HOME)
    assert known.known(HOME)


def test_an_identity_token_is_no_password(home: Path) -> None:
    (home / "docker-credential-mine").write_text('#!/bin/sh\necho \'{"Username":"<token>","Secret":"identity"}\'\n')
    known = found_in(home)
    known.look_up(HOME)
    login = known.known(HOME)
    assert login
    assert (login.basic, login.refresh) == ("", "identity")


def test_the_login_that_a_recording_shows_stands_in_until_one_is_known() -> None:
    shown = Login(str(HOME), basic="[masked 01234567]")
    known = Logins([TARGET], Given(), {}, NOWHERE, {HOME: shown})
    assert known.known(HOME) == shown
    assert Logins([TARGET], Given("a:b"), {}, NOWHERE, {HOME: shown}).known(HOME) != shown


def test_no_secret_is_in_a_repr() -> None:
    login = logins(Given("ann:s3cret")).known(HOME)
    assert "s3cret" not in repr(Given("ann:s3cret"))
    assert login
    assert login.basic not in repr(login)


def test_a_login_for_one_registry_is_for_no_other() -> None:
    assert logins(Given("a:b", only_for=str(HOME))).known(HOME)
    other = logins(Given("a:b", only_for="https://elsewhere.example"))
    assert (other.known(HOME), other.known(OTHER.origin)) == (None, None)
    login = logins(Given("a:b", only_for=str(OTHER.origin), source="the form")).known(OTHER.origin)
    assert login
    assert login.source == "the form"
