"""Where a credential is found, in which order, and what helpers may do wrong."""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.credentials import Credential
from explorer.credentials.finding import PASSWORD, TOKEN, USER, kept_credential, said_credential
from explorer.credentials.helpers import ask_helper
from explorer.errors import FormatError, InputError
from explorer.model import Origin

FAR = Origin("https", "registry.test", 443)
HUB = Origin("https", "registry-1.docker.io", 443)
NOWHERE = Path("/nowhere")
Helper = Callable[..., dict[str, str]]


def find(environ: dict[str, str] | None = None, home: Path = NOWHERE, origin: Origin = FAR) -> Credential | None:
    return kept_credential(origin, "team/app", environ=environ or {}, home=home)


def login(name: str, key: str = "registry.test") -> str:
    return json.dumps({"auths": {key: {"auth": base64.b64encode(f"{name}:secret".encode()).decode()}}})


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def said(user: str | None = None, token: str | None = None, environ: dict[str, str] | None = None) -> Credential | None:
    return said_credential(user or "", token or "", environ or {})


@pytest.mark.parametrize(
    ("user", "token", "environ", "wanted"),
    [
        ("me:pass", None, {}, Credential("me", "pass", source="--user")),
        ("me:a:b", None, {PASSWORD: "no"}, Credential("me", "a:b", source="--user")),
        ("me:", None, {PASSWORD: "no"}, Credential("me", "", source="--user")),
        ("me", None, {PASSWORD: "yes"}, Credential("me", "yes", source=f"--user, with {PASSWORD}")),
        (None, "abc", {}, Credential("", "", token="abc", source="--token")),
        (None, None, {USER: "me", PASSWORD: "x"}, Credential("me", "x", source=f"{USER}, with {PASSWORD}")),
        (None, None, {TOKEN: "abc"}, Credential("", "", token="abc", source=TOKEN)),
        ("me:pass", None, {TOKEN: "abc", USER: "you"}, Credential("me", "pass", source="--user")),
        (None, "abc", {USER: "you"}, Credential("", "", token="abc", source="--token")),
        (None, None, {PASSWORD: "alone"}, None),
        ("", "", {}, None),
    ],
)
def test_what_was_said_is_taken(
    user: str | None, token: str | None, environ: dict[str, str], wanted: Credential | None
) -> None:
    assert said(user, token, environ) == wanted


@pytest.mark.parametrize(
    ("user", "token", "environ", "words"),
    [
        ("me", None, {}, f"has no password: set {PASSWORD}"),
        (":secret", None, {}, "has no name"),
        ("me:secret", "secret", {}, "both given"),
        (None, None, {USER: "me:secret", TOKEN: "secret"}, "both given"),
        (None, "secret\n", {}, "signs in it"),
        (None, '"secret" x', {}, "signs in it"),
        (None, "sécret-secret", {}, "signs in it"),
    ],
)
def test_what_cannot_be_used_is_a_sentence_without_a_secret(
    user: str | None, token: str | None, environ: dict[str, str], words: str
) -> None:
    with pytest.raises(InputError, match=words) as bad:
        said(user, token, environ)
    assert "secret" not in bad.value.sentence


def test_no_secret_is_in_a_repr() -> None:
    assert "secret" not in repr(Credential("me", "secret", "secret", "secret", "--user"))


def test_without_any_file_there_is_no_credential(tmp_path: Path) -> None:
    assert find(home=tmp_path) is None


@pytest.mark.parametrize(
    ("variable", "folder", "file"),
    [
        ("", "", ".docker/config.json"),
        ("", "", ".config/containers/auth.json"),
        ("DOCKER_CONFIG", "d", "d/config.json"),
        ("REGISTRY_AUTH_FILE", "f.json", "f.json"),
        ("XDG_RUNTIME_DIR", "run", "run/containers/auth.json"),
        ("XDG_CONFIG_HOME", "conf", "conf/containers/auth.json"),
    ],
)
def test_a_login_is_found_where_clients_keep_it(tmp_path: Path, variable: str, folder: str, file: str) -> None:
    path = written(tmp_path / file, login("me"))
    environ = {variable: str(tmp_path / folder)} if variable else {}
    assert find(environ, tmp_path) == Credential("me", "secret", source=str(path))


@pytest.mark.parametrize(
    ("variable", "file"),
    [("DOCKER_CONFIG", ".docker/config.json"), ("REGISTRY_AUTH_FILE", ".config/containers/auth.json")],
)
def test_a_file_that_is_named_stands_in_the_place_of_the_usual_one(tmp_path: Path, variable: str, file: str) -> None:
    written(tmp_path / file, login("me"))
    assert find({variable: str(tmp_path / "none")}, tmp_path) is None


def test_docker_is_asked_before_podman(tmp_path: Path) -> None:
    written(tmp_path / ".docker" / "config.json", login("docker"))
    written(tmp_path / ".config" / "containers" / "auth.json", login("podman"))
    found = find({}, tmp_path)
    assert found is not None
    assert found.source == f"{tmp_path}/.docker/config.json"


def test_podman_is_asked_where_docker_has_nothing(tmp_path: Path) -> None:
    written(tmp_path / ".docker" / "config.json", login("docker", "other.test"))
    written(tmp_path / ".config" / "containers" / "auth.json", login("podman", "registry.test/team"))
    found = find(home=tmp_path)
    assert found is not None
    assert found.username == "podman"


def test_a_broken_file_is_a_sentence(tmp_path: Path) -> None:
    path = written(tmp_path / ".docker" / "config.json", "{secret")
    with pytest.raises(FormatError, match=r"config\.json, line 1: this is no JSON object") as bad:
        find(home=tmp_path)
    assert (bad.value.path, "secret" in bad.value.sentence) == (str(path), False)


@pytest.fixture
def helper(tmp_path: Path) -> Helper:
    """Return what makes a helper of a shell script; the environment in which it is found comes back."""

    def make(script: str, name: str = "mine") -> dict[str, str]:
        program = written(tmp_path / "bin" / f"docker-credential-{name}", f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        return {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "OUT": str(tmp_path)}

    return make


def answer(username: str, secret: str) -> str:
    return f"printf '%s' '{json.dumps({'ServerURL': 'x', 'Username': username, 'Secret': secret})}'"


@pytest.mark.parametrize(
    ("username", "secret", "wanted"),
    [
        ("me", "a:b", Credential("me", "a:b", source="the credential helper docker-credential-mine")),
        ("<token>", "i", Credential("", "", "i", source="the credential helper docker-credential-mine")),
        ("", "", None),
        ("<token>", "", None),
    ],
)
def test_a_helper_has_a_password_or_an_identity_token(
    helper: Helper, username: str, secret: str, wanted: Credential | None
) -> None:
    assert ask_helper("mine", "registry.test", helper(answer(username, secret))) == wanted


@pytest.mark.parametrize(
    ("config", "origin", "server"),
    [
        ({"credHelpers": {"registry.test": "mine"}}, FAR, "registry.test"),
        ({"credsStore": "mine"}, Origin("http", "registry.test", 5000), "registry.test:5000"),
        ({"credHelpers": {"docker.io": "mine"}}, HUB, "https://index.docker.io/v1/"),
    ],
)
def test_a_helper_is_asked_for_the_server_on_its_standard_input(
    helper: Helper, tmp_path: Path, config: dict[str, object], origin: Origin, server: str
) -> None:
    environ = helper(f'echo "$@" > "$OUT/words"; cat > "$OUT/asked"; {answer("me", "x")}')
    written(tmp_path / ".docker" / "config.json", json.dumps(config))
    assert find(environ, tmp_path, origin) is not None
    assert ((tmp_path / "words").read_text(), (tmp_path / "asked").read_text()) == ("get\n", f"{server}\n")


@pytest.mark.parametrize("words", ["credentials not found in native keychain", "Credentials not found"])
def test_a_helper_without_the_login_gives_way_to_the_file(helper: Helper, tmp_path: Path, words: str) -> None:
    config = json.loads(login("me")) | {"credsStore": "mine"}
    written(tmp_path / ".docker" / "config.json", json.dumps(config))
    found = find(helper(f"echo '{words}'; exit 1"), tmp_path)
    assert found is not None
    assert found.username == "me"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo secret; echo secret >&2; exit 3", "docker-credential-mine failed with status 3"),
        ("kill -9 $$", "failed with status -9"),
        ("echo secret", "something that is no credential"),
        ("true", "something that is no credential"),
        ('echo \'{"Username": 5, "Secret": "secret"}\'', "something that is no credential"),
        ('echo \'{"Username": "secret"}\'', "something that is no credential"),
        ("echo '[\"secret\"]'", "something that is no credential"),
        ("yes secret", "more than 1048576 bytes"),
    ],
)
def test_a_helper_of_no_use_is_a_sentence_without_what_it_said(helper: Helper, script: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as bad:
        ask_helper("mine", "registry.test", helper(script))
    assert "docker-credential-mine" in bad.value.sentence
    assert "secret" not in bad.value.sentence


@pytest.mark.parametrize(
    "script", ["sleep 60", "sleep 60 & exit 0", "exec >&-; sleep 60", "cat; cat /dev/zero & sleep 60"]
)
def test_a_helper_that_hangs_is_ended(helper: Helper, script: str) -> None:
    began = time.monotonic()
    with pytest.raises(InputError, match="docker-credential-mine"):
        ask_helper("mine", "registry.test", helper(script), seconds=0.5)
    assert time.monotonic() - began < 5


def test_a_helper_that_hangs_leaves_nothing_behind(helper: Helper, tmp_path: Path) -> None:
    environ = helper('sleep 60 & echo $! > "$OUT/child"; wait')
    with pytest.raises(InputError, match=r"within 0\.5 s"):
        ask_helper("mine", "registry.test", environ, seconds=0.5)
    child = Path("/proc") / (tmp_path / "child").read_text().strip() / "stat"
    time.sleep(0.2)
    assert not child.exists() or ") Z " in child.read_text()


@pytest.mark.parametrize("path", ["", "{tmp}/empty", "bin"])
def test_a_helper_that_is_not_installed_is_named(helper: Helper, tmp_path: Path, path: str) -> None:
    environ = {**helper("true", "other"), "PATH": path.format(tmp=tmp_path)}
    with pytest.raises(InputError, match="docker-credential-mine is not installed"):
        ask_helper("mine", "registry.test", environ)


def test_a_helper_by_a_relative_way_is_not_run(helper: Helper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    helper(answer("me", "x"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="not installed"):
        ask_helper("mine", "registry.test", {"PATH": "bin"})


def test_a_helper_that_is_no_program_is_a_sentence(helper: Helper, tmp_path: Path) -> None:
    environ = helper("true")
    (tmp_path / "bin" / "docker-credential-mine").write_bytes(b"\x7fELF nothing")
    with pytest.raises(InputError, match="docker-credential-mine cannot be run"):
        ask_helper("mine", "registry.test", environ)


@pytest.mark.parametrize("name", ["", "../mine", "a b", "a;b", "a\n", "mine$(id)", "a\0", "ä"])
def test_a_helper_with_an_odd_name_is_not_run(name: str) -> None:
    with pytest.raises(InputError, match="cannot be run"):
        ask_helper(name, "registry.test", dict(os.environ))


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_user_and_token_are_taken_or_a_sentence(user: str, token: str) -> None:
    try:
        found = said(user, token, {PASSWORD: "x"})
    except InputError:
        return
    assert (found is None) == (not user and not token)
