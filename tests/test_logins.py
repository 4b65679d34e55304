"""What a user gives to log in with."""

from __future__ import annotations

import base64

import pytest

from explorer.errors import InputError
from explorer.flows.authenticated import Login
from explorer.logins import PASSWORD, TOKEN, USER, Given, login_for
from explorer.model import Origin

HOME = Origin("https", "reg.example", 443)


def basic(login: Login | None) -> str:
    """Return the name and the password of a login."""
    assert login
    return base64.b64decode(login.basic).decode()


def test_nothing_given_is_no_login() -> None:
    assert login_for(HOME, Given(), {}) is None


@pytest.mark.parametrize(
    ("given", "environ"),
    [
        (Given("ann:p:w"), {}),
        (Given("ann"), {PASSWORD: "p:w"}),
        (Given(), {USER: "ann", PASSWORD: "p:w"}),
    ],
)
def test_a_user_comes_from_the_option_or_the_environment(given: Given, environ: dict[str, str]) -> None:
    assert basic(login_for(HOME, given, environ)) == "ann:p:w"


def test_a_login_belongs_to_its_registry() -> None:
    login = login_for(HOME, Given("a:b", trusted=("https://auth.example/",)), {})
    assert login
    assert (login.origin, login.trusted) == ("https://reg.example", ("https://auth.example",))


@pytest.mark.parametrize(
    ("given", "environ", "said"),
    [
        (Given("ann"), {}, PASSWORD),
        (Given("ann:x", "t"), {}, "one of them"),
        (Given(token="a b"), {}, "no token has"),
        (Given(), {TOKEN: "a\nb"}, "no token has"),
        (Given("a:b", trusted=("auth",)), {}, "takes an origin"),
    ],
)
def test_what_cannot_be_a_login_is_a_sentence_without_a_secret(
    given: Given, environ: dict[str, str], said: str
) -> None:
    with pytest.raises(InputError, match=said) as raised:
        login_for(HOME, given, environ)
    assert ":x" not in raised.value.sentence
