"""The token service and the registry that believes it: claims, challenges, scopes, lifetimes."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.model import Headers
from explorer.practice import BasicAccess, Registry, Store, TokenAccess, Users
from explorer.practice.access import Access, claims
from explorer.spec.challenges import parse_challenges
from explorer.spec.digests import digest_of
from explorer.wire.server import BodyReader, Incoming, Outgoing

LOGIN = "Basic " + base64.b64encode(b"ann:secret").decode()
EMPTY = digest_of(b"")


class Desk:
    """A registry with an access, asked without a socket; its clock stands where it is put."""

    def __init__(self, store: Store, access: Callable[[Callable[[], float]], Access]) -> None:
        self.now = 1000.5
        self.registry = Registry(store, access(lambda: self.now))

    def ask(self, method: str, target: str, body: bytes = b"", **headers: str) -> Outgoing:
        pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
        incoming = Incoming(method, target, Headers.of(*pairs), BodyReader.of(body), host="reg:5000")
        return self.registry.handle(incoming)

    def token(self, *scopes: str, login: str = LOGIN, **more: str) -> str:
        query = urlencode([("service", "practice-registry"), *(("scope", scope) for scope in scopes), *more.items()])
        given = fields(self.visit(f"/token?{query}", login))
        assert given["token"] == given["access_token"]
        return str(given["token"])

    def visit(self, target: str, login: str) -> Outgoing:
        return self.ask("GET", target, Authorization=login) if login else self.ask("GET", target)

    def bearing(self, token: str, method: str, target: str) -> Outgoing:
        return self.ask(method, target, Authorization=f"Bearer {token}")

    def form(self, **values: str) -> Outgoing:
        kind = "application/x-www-form-urlencoded"
        return self.ask("POST", "/token", urlencode(values).encode(), Content_Type=kind)


def fields(answer: Outgoing) -> dict[str, object]:
    assert isinstance(answer.body, bytes)
    found = json.loads(answer.body)
    assert isinstance(found, dict)
    return found


def errors(answer: Outgoing) -> list[dict[str, object]]:
    listed = fields(answer)["errors"]
    assert isinstance(listed, list)
    return listed


def challenge(answer: Outgoing) -> dict[str, str]:
    assert answer.status == 401
    return dict(parse_challenges(answer.headers)[0].parameters)


@pytest.fixture
def desk(store: Store) -> Desk:
    users = Users.of("ann:secret", "bob:b").granting("bob:demo:pull")
    return Desk(store, lambda clock: TokenAccess(users, life=10, clock=clock))


@pytest.fixture
def basic(store: Store) -> Desk:
    return Desk(store, lambda _: BasicAccess(Users.of("ann:secret", "bob:b").granting("bob:demo:pull")))


def test_a_request_without_a_token_is_challenged(desk: Desk) -> None:
    answer = desk.ask("POST", "/v2/demo/blobs/uploads/")
    assert answer.headers.get("Www-Authenticate") == (
        'Bearer realm="http://reg:5000/token",service="practice-registry",scope="repository:demo:pull,push"'
    )
    assert answer.headers.get("Docker-Distribution-Api-Version") == "registry/2.0"
    assert errors(answer) == [
        {
            "code": "UNAUTHORIZED",
            "message": "authentication required",
            "detail": [
                {"Type": "repository", "Class": "", "Name": "demo", "Action": "pull"},
                {"Type": "repository", "Class": "", "Name": "demo", "Action": "push"},
            ],
        }
    ]


def test_the_base_is_challenged_without_a_scope(desk: Desk) -> None:
    answer = desk.ask("GET", "/v2/")
    assert "scope" not in challenge(answer)
    assert errors(answer)[0]["detail"] is None
    assert desk.bearing(desk.token(), "GET", "/v2/").status == 200


@pytest.mark.parametrize(
    ("method", "target", "scope"),
    [
        ("GET", "/v2/demo/tags/list", "repository:demo:pull"),
        ("HEAD", f"/v2/demo/blobs/{EMPTY}", "repository:demo:pull"),
        ("PUT", "/v2/demo/manifests/v1", "repository:demo:pull,push"),
        ("DELETE", "/v2/demo/manifests/v1", "repository:demo:delete"),
        ("GET", "/v2/_catalog", "registry:catalog:*"),
        (
            "POST",
            f"/v2/demo/blobs/uploads/?mount={EMPTY}&from=base",
            "repository:demo:pull,push repository:base:pull",
        ),
        ("POST", f"/v2/demo/blobs/uploads/?mount={EMPTY}&from=No%22%0d", "repository:demo:pull,push"),
    ],
)
def test_each_request_names_the_scope_that_it_needs(desk: Desk, method: str, target: str, scope: str) -> None:
    wanted = challenge(desk.ask(method, target))
    assert wanted["scope"] == scope
    assert desk.bearing(desk.token(*scope.split()), method, target).status not in (401, 403)


def test_what_is_no_route_needs_no_token(desk: Desk) -> None:
    assert desk.ask("GET", "/v2/UP/tags/list").status == 400


def test_a_token_for_less_does_not_suffice(desk: Desk) -> None:
    token = desk.token("repository:demo:pull")
    told = challenge(desk.bearing(token, "POST", "/v2/demo/blobs/uploads/"))
    assert told["error"] == "insufficient_scope"
    assert desk.bearing(token, "GET", "/v2/demo/tags/list").status == 404


def test_a_mount_needs_to_pull_from_its_source(desk: Desk) -> None:
    token = desk.token("repository:demo:pull,push")
    told = challenge(desk.bearing(token, "POST", f"/v2/demo/blobs/uploads/?mount={EMPTY}&from=base"))
    assert (told["error"], told["scope"]) == ("insufficient_scope", "repository:demo:pull,push repository:base:pull")


def test_a_token_ends_when_its_life_is_over(desk: Desk) -> None:
    token = desk.token("repository:demo:pull,push")
    desk.now += 9
    assert desk.bearing(token, "POST", "/v2/demo/blobs/uploads/").status == 202
    desk.now += 1
    assert challenge(desk.bearing(token, "POST", "/v2/demo/blobs/uploads/"))["error"] == "invalid_token"


def test_a_leeway_lets_it_live_longer(store: Store) -> None:
    desk = Desk(store, lambda clock: TokenAccess(Users.of("ann:secret"), life=10, leeway=60, clock=clock))
    token = desk.token()
    desk.now += 60
    assert desk.bearing(token, "GET", "/v2/").status == 200
    desk.now += 30
    assert desk.bearing(token, "GET", "/v2/").status == 401


def test_a_token_of_another_service_is_invalid(desk: Desk) -> None:
    given = fields(desk.ask("GET", "/token?service=elsewhere", Authorization=LOGIN))
    assert challenge(desk.bearing(str(given["token"]), "GET", "/v2/"))["error"] == "invalid_token"


@given(st.text(st.characters(min_codepoint=33, max_codepoint=255)))
def test_what_nobody_signed_is_no_token(text: str) -> None:
    assert claims.read(b"secret", text) is None


def test_the_scheme_may_be_written_in_any_case(desk: Desk) -> None:
    assert desk.ask("GET", "/v2/", Authorization=f"bEaReR {desk.token()}").status == 200
    assert "error" not in challenge(desk.ask("GET", "/v2/", Authorization=LOGIN))


def test_a_token_says_what_was_granted(desk: Desk) -> None:
    answer = desk.ask("GET", "/token?service=practice-registry&scope=repository:demo:pull,push", Authorization=LOGIN)
    given = fields(answer)
    said = claims.read(b"x", "a.b.c")
    assert said is None
    assert {name: given[name] for name in ("expires_in", "issued_at")} == {
        "expires_in": 10,
        "issued_at": "1970-01-01T00:16:40Z",
    }
    payload = json.loads(base64.urlsafe_b64decode(str(given["token"]).split(".")[1] + "=="))
    assert payload["access"] == [{"type": "repository", "name": "demo", "actions": ["pull", "push"]}]
    assert (payload["sub"], payload["aud"], payload["exp"]) == ("ann", "practice-registry", 1010)
    assert answer.headers.get("Cache-Control") == "no-store"


def test_only_what_the_grants_allow_is_granted(desk: Desk) -> None:
    login = "Basic " + base64.b64encode(b"bob:b").decode()
    token = desk.token("repository:demo:pull,push", login=login)
    assert desk.bearing(token, "GET", "/v2/demo/tags/list").status == 404
    assert challenge(desk.bearing(token, "POST", "/v2/demo/blobs/uploads/"))["error"] == "insufficient_scope"


@pytest.mark.parametrize("login", ["", "Basic " + base64.b64encode(b"ann:wrong").decode(), "Bearer x"])
def test_strangers_get_no_token(desk: Desk, login: str) -> None:
    answer = desk.visit("/token", login)
    assert answer.status == 401
    assert (answer.headers.get("Www-Authenticate") or "").startswith("Basic realm=")


def test_anybody_may_read_where_that_is_wanted(store: Store) -> None:
    desk = Desk(store, lambda clock: TokenAccess(Users.of("ann:a"), anonymous_pull=True, clock=clock))
    token = desk.token("repository:demo:pull,push", login="")
    assert desk.bearing(token, "GET", "/v2/demo/tags/list").status == 404
    assert desk.bearing(token, "POST", "/v2/demo/blobs/uploads/").status == 401


def test_a_refresh_token_gets_another_token(desk: Desk) -> None:
    given = fields(desk.ask("GET", "/token?service=practice-registry&offline_token=true", Authorization=LOGIN))
    desk.now += 1000
    again = desk.form(
        grant_type="refresh_token",
        service="practice-registry",
        client_id="t",
        scope="repository:demo:pull repository:b:pull",
        refresh_token=str(given["refresh_token"]),
    )
    token = str(fields(again)["access_token"])
    assert fields(again)["scope"] == "repository:demo:pull repository:b:pull"
    assert desk.bearing(token, "GET", "/v2/demo/tags/list").status == 404
    assert desk.bearing(str(given["refresh_token"]), "GET", "/v2/").status == 401


def test_a_password_gets_a_token_by_a_form(desk: Desk) -> None:
    given = fields(
        desk.form(
            grant_type="password",
            service="practice-registry",
            client_id="t",
            username="ann",
            password="secret",
            access_type="offline",
        )
    )
    assert desk.bearing(str(given["access_token"]), "GET", "/v2/").status == 200
    assert given["refresh_token"]
    assert "token" not in given


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password", "username": "ann", "password": "x"}, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant"),
        ({"grant_type": "magic"}, "unsupported_grant_type"),
    ],
)
def test_a_form_that_cannot_be_granted_says_why(desk: Desk, values: dict[str, str], error: str) -> None:
    answer = desk.form(service="practice-registry", client_id="t", **values)
    assert (answer.status, fields(answer)["error"]) == (400, error)


def test_the_token_service_takes_forms_of_a_size(desk: Desk) -> None:
    assert desk.ask("POST", "/token", b"{}", Content_Type="application/json").status == 400
    assert desk.form(grant_type="x" * 70_000).status == 413
    assert desk.ask("DELETE", "/token").status == 405


def test_basic_wants_a_login_with_every_request(basic: Desk) -> None:
    answer = basic.ask("GET", "/v2/demo/tags/list")
    assert answer.headers.get("Www-Authenticate") == 'Basic realm="practice registry"'
    assert errors(answer)[0]["code"] == "UNAUTHORIZED"
    assert basic.ask("GET", "/v2/demo/tags/list", Authorization=LOGIN).status == 404
    assert basic.ask("GET", "/v2/", Authorization="Bearer x").status == 401
    assert basic.ask("GET", "/token").status == 404


def test_basic_denies_what_the_grants_do_not_allow(basic: Desk) -> None:
    bob = "Basic " + base64.b64encode(b"bob:b").decode()
    assert basic.ask("GET", "/v2/demo/tags/list", Authorization=bob).status == 404
    refused = basic.ask("POST", "/v2/demo/blobs/uploads/", Authorization=bob)
    assert (refused.status, errors(refused)[0]["code"]) == (403, "DENIED")


def test_basic_lets_anybody_read_where_that_is_wanted(store: Store) -> None:
    desk = Desk(store, lambda _: BasicAccess(Users.of("ann:a"), anonymous_pull=True))
    base = desk.ask("GET", "/v2/")
    assert (base.status, base.headers.get("Www-Authenticate")) == (200, 'Basic realm="practice registry"')
    assert desk.ask("GET", "/v2/demo/tags/list").status == 404
    assert desk.ask("POST", "/v2/demo/blobs/uploads/").status == 401
