from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import FormatError, InputError
from explorer.practice.access import Users, Wanted
from explorer.practice.access.passwords import apr1, is_password_of
from explorer.practice.access.users import basic_login
from explorer.practice.access.wanted import parse_scopes, scope_of

BCRYPT = "$2b$05$abcdefghijklmnopqrstuuM7E59t/pBLB8x4aZysvBLD.kgRitkEK"  # of "p:w"


def test_a_user_is_known_by_name_and_password() -> None:
    users = Users.of("ann:p:w", "bob:")
    assert users.know("ann", "p:w")
    assert users.know("bob", "")
    assert not users.know("ann", "p")
    assert not users.know("eve", "p:w")


@pytest.mark.parametrize("text", ["ann", ":secret", ""])
def test_a_user_without_name_or_colon_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="NAME:PASSWORD"):
        Users.of(text)


@pytest.mark.parametrize("kept", [BCRYPT, apr1(b"p:w", "abcdefgh"), "{SHA}DRIHHM4AV3Qz8RTwikQAPCo1Kw0="])
def test_a_kept_password_is_checked(kept: str) -> None:
    assert is_password_of(kept, b"p:w")
    assert not is_password_of(kept, b"p:x")
    assert not is_password_of(kept, b"p:w" * 40)


def test_a_broken_bcrypt_is_nobodys_password() -> None:
    assert not is_password_of("$2b$05$short", b"x")


@pytest.mark.parametrize("option", ["-B", "-m", "-s"])
def test_what_htpasswd_writes_is_read(need: Callable[[str], str], tmp_path: Path, option: str) -> None:
    made = subprocess.run(
        [need("htpasswd"), "-nb", option, "ann", "päss word"], capture_output=True, check=True, timeout=60
    )
    (tmp_path / "users").write_bytes(b"# ours\n\n" + made.stdout)
    users = Users().reading(tmp_path / "users")
    assert users.know("ann", "päss word")
    assert users.know("ann", "päss word")
    assert not users.know("ann", "pass word")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"ann\n", "line 1: it is not written NAME:HASH"),
        (b"\nann:plain\n", "line 2: the password of ann"),
        (b"\xff", "read"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_sentence(tmp_path: Path, text: bytes, said: str) -> None:
    (tmp_path / "users").write_bytes(text)
    with pytest.raises(FormatError, match=said):
        Users().reading(tmp_path / "users")


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="cannot be read"):
        Users().reading(tmp_path / "none")


def test_a_user_with_grants_may_do_those_things_only() -> None:
    users = Users.of("ann:a", "bob:b").granting("bob:demo/*:pull,push", "bob:base:pull")
    assert users.may("ann", Wanted("registry", "catalog", "*"))
    assert users.may("bob", Wanted("repository", "demo/app", "push"))
    assert users.may("bob", Wanted("repository", "base", "pull"))
    assert not users.may("bob", Wanted("repository", "base", "push"))
    assert not users.may("bob", Wanted("registry", "catalog", "*"))


@pytest.mark.parametrize("text", ["ann", "ann:demo", "ann:demo:", ":demo:pull", "eve:demo:pull"])
def test_a_grant_that_cannot_be_used_is_a_sentence(text: str) -> None:
    with pytest.raises(InputError, match="grant"):
        Users.of("ann:a").granting(text)


@pytest.mark.parametrize("header", ["", "Bearer x", "Basic", "Basic ###", "Basic YW5u"])
def test_what_is_no_basic_login_is_none(header: str) -> None:
    assert basic_login(header) is None


def test_scopes_are_read_as_the_specification_writes_them() -> None:
    scopes = [
        "repository:a/b:pull,push repository:host:5000/c:pull",
        "repository(plugin):d:pull",
        "junk",
        ":x:y",
        "a::b",
    ]
    assert parse_scopes(scopes) == (
        Wanted("repository", "a/b", "pull"),
        Wanted("repository", "a/b", "push"),
        Wanted("repository", "host:5000/c", "pull"),
        Wanted("repository", "d", "pull"),
    )


@given(st.lists(st.text()))
def test_any_scope_is_read_without_an_error(values: list[str]) -> None:
    parse_scopes(values)


@given(st.lists(st.builds(Wanted, st.just("repository"), st.sampled_from("abc"), st.sampled_from(["pull", "push"]))))
def test_a_scope_reads_back_as_what_it_was_made_of(wanted: list[Wanted]) -> None:
    assert set(parse_scopes([scope_of(wanted)])) == set(wanted)
