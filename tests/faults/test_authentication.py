"""What clients see of logins, tokens and token services that fail."""

from __future__ import annotations

import pytest

from tests.faults.conftest import DATA, DIGEST, OCTETS, Seen, With

BEARER = {"Authorization": "Bearer abc"}


def challenge(seen: Seen) -> str:
    assert seen.status == 401
    return seen.headers["www-authenticate"]


def test_token_invalid_refuses_a_good_token(faulty: With) -> None:
    talk = faulty("token-invalid", auth=True)
    seen = talk.ask("POST", "/v2/t/r/blobs/uploads/", b"", talk.token())
    assert 'error="invalid_token"' in challenge(seen)
    assert f'realm="{talk.origin}/token"' in challenge(seen)
    assert [one["Action"] for one in talk.error(seen)["detail"]] == ["pull", "push"]  # type: ignore[attr-defined]  # JSON


def test_token_expired_mid_upload_refuses_the_token_of_the_post(faulty: With) -> None:
    talk = faulty("token-expired-mid-upload", auth=True)
    old, new = talk.token(), talk.token()
    opened = talk.ask("POST", "/v2/t/r/blobs/uploads/", b"", old)
    sent = talk.ask("PATCH", opened.location, DATA, OCTETS | old)
    assert (opened.status, sent.status) == (202, 202)
    closing = f"{sent.location}&digest={DIGEST}"
    assert 'error="invalid_token"' in challenge(talk.ask("PUT", closing, b"", OCTETS | old))
    assert talk.ask("PUT", closing, b"", OCTETS | new).status == 201


def test_body_not_replayable_says_401_after_the_body(faulty: With) -> None:
    talk = faulty("body-not-replayable")
    opened = talk.open().location
    assert 'error="invalid_token"' in challenge(talk.patch(opened))
    assert talk.patch(opened).status == 202


def test_insufficient_scope_names_what_is_missing(faulty: With) -> None:
    talk = faulty("insufficient-scope", auth=True)
    seen = talk.ask("POST", "/v2/t/r/blobs/uploads/", b"", talk.token())
    assert 'scope="repository:t/r:pull,push",error="insufficient_scope"' in challenge(seen)
    assert talk.ask("GET", "/v2/", b"", talk.token()).status == 200


@pytest.mark.parametrize(
    ("whose", "said"),
    [
        ("ghcr", "permission_denied: write_package"),
        ("ghcr-unlinked", "installation not allowed to Write organization package"),
        ("hub", "requested access to the resource is denied"),
    ],
)
def test_denied_is_403_without_a_challenge(faulty: With, whose: str, said: str) -> None:
    talk = faulty(f"denied={whose}")
    seen = talk.open()
    assert (seen.status, "www-authenticate" in seen.headers) == (403, False)
    assert talk.error(seen) == {"code": "DENIED", "message": said}


def test_head_403_has_no_body_and_a_get_says_why(faulty: With) -> None:
    talk = faulty("head-403-no-body")
    head = talk.ask("HEAD", f"/v2/t/r/blobs/{DIGEST}")
    assert (head.status, head.body) == (403, b"")
    assert talk.error(talk.ask("GET", f"/v2/t/r/blobs/{DIGEST}"))["code"] == "DENIED"


def test_proxy_strips_authorization_makes_everybody_anonymous(faulty: With) -> None:
    talk = faulty("proxy-strips-authorization", auth=True)
    seen = talk.ask("POST", "/v2/t/r/blobs/uploads/", b"", talk.token())
    assert "error=" not in challenge(seen)


def test_duplicate_authorization_comes_first(faulty: With) -> None:
    talk = faulty("duplicate-authorization", auth=True)
    assert "error=" not in challenge(talk.ask("GET", "/v2/", b"", talk.token()))


def test_proxy_does_auth_with_nginxs_page(faulty: With) -> None:
    talk = faulty("proxy-does-auth")
    seen = talk.ask("GET", "/v2/")
    assert challenge(seen) == 'Basic realm="Registry"'
    assert "docker-distribution-api-version" not in seen.headers
    assert b"<center>nginx/" in seen.body
    assert talk.ask("GET", "/v2/", b"", {"Authorization": "Basic YTpi"}).status == 200


def test_harbor_scheme_switch_answers_bearer_with_basic(faulty: With) -> None:
    talk = faulty("harbor-scheme-switch", auth=True)
    assert challenge(talk.ask("GET", "/v2/")).startswith("Bearer ")
    seen = talk.ask("GET", "/v2/", b"", talk.token())
    assert challenge(seen) == 'Basic realm="harbor"'
    assert "detail" not in talk.error(seen)


@pytest.mark.parametrize("auth", [False, True])
def test_realm_unreachable_names_a_host_that_nobody_knows(faulty: With, auth: bool) -> None:
    seen = faulty("realm-unreachable", auth=auth).open()
    assert 'realm="http://auth.internal.invalid:5001/token"' in challenge(seen)


@pytest.mark.parametrize(("granted", "status"), [("pull", 200), ("none", 401)])
def test_scope_partly_granted_gives_a_token_that_is_too_small(faulty: With, granted: str, status: int) -> None:
    talk = faulty(f"scope-partly-granted={granted}", auth=True)
    token = talk.token()
    seen = talk.ask("POST", "/v2/t/r/blobs/uploads/", b"", token)
    assert 'error="insufficient_scope"' in challenge(seen)
    assert (talk.ask("GET", "/v2/t/r/tags/list", b"", token).status == 401) == (status == 401)


def test_scope_partly_granted_reads_forms_too(faulty: With) -> None:
    talk = faulty("scope-partly-granted", auth=True)
    form = b"grant_type=password&username=ann&password=secret&service=practice-registry&client_id=x"
    form += b"&scope=repository%3At%2Fr%3Apull%2Cpush"
    seen = talk.ask("POST", "/token", form, {"Content-Type": "application/x-www-form-urlencoded"})
    assert seen.status == 200
    assert b'"scope":"repository:t/r:pull"' in seen.body.replace(b" ", b"")


@pytest.mark.parametrize(("what", "begins"), [("html", b"<!doctype"), ("empty", b""), ("no-token", b'{"details"')])
def test_token_body_unusable(faulty: With, what: str, begins: bytes) -> None:
    seen = faulty(f"token-body-unusable={what}", auth=True).ask("GET", "/token?service=x&scope=repository:t/r:pull")
    assert seen.status == 200
    assert seen.body.startswith(begins)
    assert b'"token"' not in seen.body


def test_a_challenge_of_a_registry_without_a_login_names_this_host(faulty: With) -> None:
    talk = faulty("insufficient-scope")
    assert f'realm="http://{talk.origin.authority}/token"' in challenge(talk.open())


def test_what_needs_a_login_leaves_anonymous_clients_alone(faulty: With) -> None:
    talk = faulty("token-invalid", "duplicate-authorization", "harbor-scheme-switch", "token-expired-mid-upload")
    assert talk.push().status == 201
    assert 'error="invalid_token"' in challenge(talk.ask("GET", "/v2/t/r/tags/list", b"", BEARER))
