"""Secrets of URLs are found by the names of their parameters, also in a URL within a URL."""

from __future__ import annotations

import pytest

from explorer.redact.urls import SIGNED_KEYS, without_url_secrets

PLAIN = "/v2/a/blobs/uploads/1?_state=abc&digest=sha256:00&codes=1#part"


def shown(text: str) -> str:
    return without_url_secrets(text, lambda kind, _: f"[{kind}]")


@pytest.mark.parametrize("mark", ["?", "#", "?a=b&"])
@pytest.mark.parametrize(("key", "kind"), SIGNED_KEYS.items())
def test_every_key_that_holds_a_secret_is_known_in_any_case(key: str, kind: str, mark: str) -> None:
    assert shown(f"/a{mark}{key}=s1") == f"/a{mark}{key}=[{kind}]"
    assert shown(f"/a{mark}{key.upper()}=s1") == f"/a{mark}{key.upper()}=[{kind}]"


def test_the_code_that_a_login_comes_back_with_is_a_secret_beside_its_state() -> None:
    assert shown("/back?code=s1&state=x") == "/back?code=[token]&state=x"
    assert shown("/back?code=s1") == "/back?code=s1"


def test_the_address_of_an_upload_stays() -> None:
    assert shown(PLAIN) == PLAIN


def test_a_url_within_a_url_keeps_its_letters_of_other_alphabets() -> None:
    assert shown("/?u=http%3A%2F%2Fb%2Fд%3Ftoken%3Ds1") == "/?u=http%3A%2F%2Fb%2Fд%3Ftoken%3D%5Btoken%5D"
