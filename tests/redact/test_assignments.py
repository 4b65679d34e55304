"""Secrets that stand beside a name or in a command are found by that, and words of sentences are none."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote

import pytest

from explorer.model import Exchange, FlowCall, Headers, Note, Origin, Request, Session
from explorer.redact.lines import without_line_secrets
from explorer.redact.sessions import redact

SECRET = "pl4ntedS3cretValue7"
PAIR = base64.b64encode(f"alice:{SECRET}".encode()).decode()
SIGNED = f"https://b.s3.test/d?X-Amz-Algorithm=AWS4&X-Amz-Date=1&X-Amz-Signature={SECRET}"

GIVEN_AWAY = [
    f"REGISTRY_PASS={SECRET} ./push.sh",
    f"export DOCKER_PW={SECRET}",
    f"export registry_password={SECRET}",
    f"x; password={SECRET} curl https://r.test",
    f"REGISTRY_AUTH={PAIR}",
    f"REGISTRY_CREDENTIALS=alice:{SECRET}",
    f"$env:REGISTRY_PASSWORD = '{SECRET}'",
    f'$token = "{SECRET}"',
    f"set -x TOKEN {SECRET}",
    f"::add-mask::{SECRET}",
    f"http:\n  secret: {SECRET}\n",
    f"  s3:\n    secretkey: {SECRET}\n",
    f"CI_JOB_TOKEN: {SECRET}",
    f"X-Docker-Token: {SECRET}",
    f'level=debug msg="x" password="{SECRET}"',
    f"{{'username': 'alice', 'password': '{SECRET}'}}",
    f"{{Username:alice Password:{SECRET} Auth: Email:}}",
    f'AuthConfig{{Username:"alice", Password:"{SECRET}"}}',
    f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={SECRET}==;EndpointSuffix=x",
    f'user = "alice:{SECRET}"',
    f"--user alice:{SECRET}",
    f"oauth2-bearer = {SECRET}",
    f'cert = "me.pem:{SECRET}"',
    f"pass = {SECRET}",
    f"curl -sSLu alice:{SECRET} https://r.test",
    f"curl -x alice:{SECRET}@proxy:3128 https://r.test",
    f"curl -b 'sid={SECRET}' https://r.test",
    f"http -a alice:{SECRET} https://r.test",
    f"wget --http-password={SECRET} https://r.test",
    f"skopeo copy --dest-password {SECRET} a b",
    f"echo {SECRET} | docker login -u alice --password-stdin r.test",
    f"docker login -u alice --password-stdin r.test <<< '{SECRET}'",
    f"echo -n 'alice:{SECRET}' | base64",
    f"htpasswd -Bbn alice {SECRET}",
    f"htpasswd -b /etc/htpasswd alice {SECRET}",
    f"Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/s3, SignedHeaders=host, Signature={SECRET}",
    f'> Authorization: Digest username="alice", realm="x", uri="/", response="{SECRET}"',
    f"Authorization: AWS AKIAIOSFODNN7EXAMPLE:{SECRET}",
    f"Authorization: SharedKey account:{SECRET}",
    f"Authorization: token {SECRET}",
    f'http.Header{{"Authorization":[]string{{"Bearer {SECRET}"}}}}',
    f"https://alice:p@{SECRET}@r.test/v2/",
    f"https://alice:a/{SECRET}@r.test/v2/",
]

IS_NO_SECRET = [
    "the token expired, and the password was wrong",
    "token: the first of them is used",
    "Token: expired",
    "authorization failed: authentication required",
    'Bearer realm="https://auth.test/token",service="r",scope="repository:a/token:pull,push",error="invalid_token"',
    "registry.test:5000/demo/secret:v1.2.3@sha256:" + "a" * 64,
    "https://registry.test:5000/v2/app@sha256:" + "a" * 64 + "/x",
    '{"errors":[{"code":"UNAUTHORIZED","message":"invalid token: it has expired","detail":null}]}',
    "docker run -u 1000:1000 -p 5000:5000 registry:2",
    "docker login --password-stdin registry.test",
    "echo hello | base64",
    "practice --auth token --token-life 10s",
    'auth: "basic"',
    "compass: north",
    '$ curl -H "Authorization: Bearer $TOKEN" https://r.test/v2/',
    "password=<hidden> token=*** secret=$SECRET",
    "helm push x --pass-credentials https://r.test/charts",
    "set -e",
    "git@github.com:demo/app.git",
]


def masked(text: str) -> tuple[str, list[str]]:
    """Return a text without its secrets, and these."""
    found: list[str] = []

    def give(kind: str, secret: str) -> str:
        found.append(secret)
        return f"masked-{kind}-1"

    return without_line_secrets(text, give), found


@pytest.mark.parametrize("text", GIVEN_AWAY)
def test_a_secret_is_told_by_what_stands_beside_it(text: str) -> None:
    assert SECRET in text or PAIR in text
    changed, _ = masked(text)
    assert SECRET not in changed
    assert PAIR not in changed


@pytest.mark.parametrize("text", IS_NO_SECRET)
def test_what_only_sounds_like_one_is_left(text: str) -> None:
    assert masked(text) == (text, [])


def share(text: str) -> str:
    request = Request("POST", Origin("https", "r.test", 443), "/v2/", Headers.of(("X-A", "b")), text.encode())
    exchange = Exchange(1, 0, "", request, request, notes=(Note("said", text, text),))
    shared = redact(Session("m", 1.0, FlowCall(""), (exchange,))).session.exchanges[0]
    assert isinstance(shared.request.body, bytes)
    return shared.request.body.decode() + shared.notes[0].value


IN_SOMETHING = {
    "JSON of Go": lambda text: json.dumps({"detail": text}).replace("&", "\\u0026"),
    "JSON in JSON in JSON": lambda text: json.dumps(json.dumps(json.dumps(text))),
    "HTML": lambda text: f'<a href="{html.escape(text)}">Moved</a>',
    "a query": lambda text: f"https://r.test/?next={quote(quote(text, safe=''), safe='')}",
    "base64": lambda text: f"data: {base64.b64encode(text.encode()).decode()}",
    "base64 in base64": lambda text: base64.b64encode(base64.b64encode(text.encode())).decode(),
    "hex of base64": lambda text: f"x {base64.b64encode(text.encode()).decode()}",
}
PLACES = [
    SIGNED,
    f"https://alice:{SECRET}@r.test/",
    f'{{"auths":{{"r":{{"auth":"{PAIR}"}}}}}}',
    f"curl -u 'a:{SECRET}'",
]


@pytest.mark.parametrize("way", IN_SOMETHING)
@pytest.mark.parametrize("place", PLACES, ids=["signed", "user info", "docker's file", "command"])
def test_a_place_is_seen_through_what_it_is_wrapped_in(way: str, place: str) -> None:
    wrapped = IN_SOMETHING[way](place)
    changed = share(wrapped)
    assert changed != wrapped * 2
    for piece in (SECRET, PAIR, *(base64.b64encode(b"\0" * at + SECRET.encode()).decode()[4:-4] for at in range(3))):
        assert piece not in changed


@pytest.mark.parametrize("way", IN_SOMETHING)
def test_a_place_without_a_secret_stays_in_what_it_is_wrapped_in(way: str) -> None:
    wrapped = IN_SOMETHING[way]("https://r.test/v2/demo/app/manifests/v1?n=1&last=a")
    assert share(wrapped) == wrapped * 2


@pytest.mark.parametrize(("value", "is_masked"), [(PAIR, True), (base64.b64encode(b"just words").decode(), False)])
def test_a_header_that_is_nothing_but_a_login_in_base64_is_masked(value: str, *, is_masked: bool) -> None:
    request = Request("GET", Origin("https", "r.test", 443), "/v2/", Headers.of(("X-Upstream", value)))
    exchange = Exchange(1, 0, "", request, request)
    shared = redact(Session("m", 1.0, FlowCall(""), (exchange,))).session.exchanges[0]
    assert (shared.request.headers.get("X-Upstream") != value) == is_masked


def test_what_looks_secret_is_listed_wherever_it_stands() -> None:
    words = [f"Zx{number}kQ9vLm3Tn8Rw2Yp7Bc5" for number in range(4)]
    request = Request("GET", Origin("https", "r.test", 443), "/v2/", Headers())
    exchange = Exchange(1, 0, words[0], request, request, notes=(Note("x", words[1], ""),), extra={"a": [words[2]]})
    listed = redact(Session("m", 1.0, FlowCall("", {"y": words[3]}), (exchange,))).suspects
    assert [suspect.text for suspect in listed] == words


def test_a_digest_in_a_path_is_not_listed() -> None:
    request = Request("GET", Origin("https", "r.test", 443), f"/blobs/sha256/{'0123456789abcdef' * 4}/data", Headers())
    assert redact(Session("m", 1.0, FlowCall(""), (Exchange(1, 0, "", request, request),))).suspects == ()
