"""A session that is shared: without secrets, and still in agreement with itself."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.decoders.upload_state import state_of
from explorer.flows import build
from explorer.formats.values import Json
from explorer.model import Exchange, FlowCall, Headers, Origin, Request, Response, Session, sha256_of
from explorer.redact.naming import Choices
from explorer.redact.sessions import Redacted, redact
from explorer.redact.suspects import suspects_in
from explorer.stepping import Diverged, Walk
from tests.scripted import answer, exchange_of
from tests.strategies import exchanges as any_exchange

PASSWORD = "correct-horse-7"
TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSIsImp0aSI6IjEyMyJ9.c2lnbmF0dXJlLW9mLWl0"
HOST = "registry.corp.example"
MAC = bytes(range(200, 232))
UPLOAD = "01a207ba-66b8-7ece-86d5-0e6d866e25d7"
STATE_JSON = f'{{"Name":"team/secret-app","UUID":"{UPLOAD}","Offset":0,"StartedAt":"2026-11-23T09:26:26Z"}}'.encode()
STATE = base64.urlsafe_b64encode(MAC + STATE_JSON).decode().replace("=", "%3D")
BASIC = base64.b64encode(f"alice:{PASSWORD}".encode()).decode()


def call() -> FlowCall:
    arguments: Json = {
        "target": f"https://{HOST}/team/secret-app:v1",
        "login": {
            "origin": f"https://{HOST}",
            "basic": BASIC,
            "token": "",
            "refresh": "",
            "trusted": [f"https://auth.{HOST}"],
        },
    }
    return FlowCall("open-upload", arguments)


ANSWERS = (
    answer(
        401,
        (
            "WWW-Authenticate",
            f'Bearer realm="https://auth.{HOST}/token?account=alice",service="{HOST}",scope="repository:team/secret-app:pull,push"',
        ),
    ),
    answer(
        200,
        ("Content-Type", "application/json"),
        body=json.dumps({"token": TOKEN, "note": f"for alice:{PASSWORD}"}).encode(),
    ),
    answer(
        202,
        (
            "Location",
            f"https://{HOST}/v2/team/secret-app/blobs/uploads/01a207ba-66b8-7ece-86d5-0e6d866e25d7?_state={STATE}",
        ),
    ),
)


def session() -> Session:
    """Return a conversation with a login, a token service and an upload."""
    walk = Walk(build(call()))
    exchanges: list[Exchange] = []
    for response in ANSWERS:
        step = walk.outcome
        exchange = exchange_of(step, response, id=len(exchanges) + 1, after=len(exchanges))  # type: ignore[arg-type]  # a step
        head = (
            f"HTTP/1.1 {response.status} Fine\r\n" + "".join(f"{n}: {v}\r\n" for n, v, _ in response.headers) + "\r\n"
        )
        exchanges.append(replace(exchange, sent_head=exchange.request.head(), received_head=head.encode()))
        walk.feed(exchange)
    return Session("test", 0, call(), tuple(exchanges))


def everything(redacted: Redacted) -> str:
    return repr(redacted.session)


def test_what_was_found_by_place_is_gone_everywhere() -> None:
    shown = everything(redact(session()))
    assert PASSWORD not in shown
    assert TOKEN not in shown
    assert BASIC not in shown
    assert "alice:" not in shown


def test_the_same_secret_has_the_same_name_everywhere() -> None:
    exchanges = redact(session()).session.exchanges
    body = json.loads(bytes(exchanges[1].response.body))  # type: ignore[arg-type, union-attr]  # it is bytes
    assert exchanges[2].request.headers.get("Authorization") == f"Bearer {body['token']}"
    assert exchanges[2].sent_head == exchanges[2].request.head()


@pytest.mark.parametrize(
    "choices", [Choices(), Choices.of(["all"]), Choices.of(["hosts"]), Choices.of(["repositories"])]
)
def test_the_flow_still_agrees_step_by_step(choices: Choices) -> None:
    shared = redact(session(), choices).session
    outcome = Walk(build(shared.call), shared.exchanges).outcome
    assert not isinstance(outcome, Diverged)


def test_the_state_keeps_what_it_says_and_loses_its_mac() -> None:
    location = redact(session()).session.exchanges[2].response.headers.get("Location")  # type: ignore[union-attr]
    state = state_of(location or "")
    assert state is not None
    assert (state.name, state.offset) == ("team/secret-app", 0)
    assert state.mac != MAC


def test_hosts_and_repositories_are_masked_by_choice_and_lengths_stay() -> None:
    shared = redact(session(), Choices.of(["hosts", "repositories", "users"]))
    shown = everything(shared)
    assert not any(word in shown for word in (HOST, "corp", "secret-app", "alice"))
    location = shared.session.exchanges[2].response.headers.get("Location") or ""  # type: ignore[union-attr]
    state = state_of(location)
    assert state is not None
    assert len(state.name) == len("team/secret-app")
    assert len(location.partition("_state=")[2]) == len(STATE)


def test_hosts_of_the_same_house_are_masked_and_others_are_not() -> None:
    request = Request("GET", Origin("https", HOST, 443), "/v2/", Headers.of(("Host", HOST)))
    headers = Headers.of(
        ("Via", "1.1 proxy7.corp.example, 2 edge.other.test"), ("Set-Cookie", "a=bcdefgh; Domain=.sso.test")
    )
    body = b"ask build3.corp.example or scorp.example; type application/vnd.docker.distribution.manifest.v2+json"
    one = Exchange(1, 0, "", request, request, Response(200, "OK", "HTTP/1.1", headers, body))
    shared = redact(Session("m", 1.0, FlowCall(""), (one,)), Choices.of(("hosts",))).session.exchanges[0].response
    assert shared
    written = f"{shared.headers} {shared.body!r}"
    for name in ("proxy7", "build3", " corp.example", ".corp.example", "edge.other", "sso.test"):
        assert name not in written
    assert "scorp.example" in written
    assert "vnd.docker.distribution.manifest.v2+json" in written


def test_hosts_stay_where_it_was_not_chosen() -> None:
    assert HOST in everything(redact(session()))


def test_a_manifest_that_changes_gets_its_new_digest_everywhere() -> None:
    origin = Origin("https", HOST, 443)
    child = json.dumps({"annotations": {"source": f"https://{HOST}/a", "p": PASSWORD}}).encode()
    index = json.dumps({"manifests": [{"digest": f"sha256:{sha256_of(child)}", "size": len(child)}]}).encode()
    login = Request("GET", origin, "/v2/", Headers.of(("Authorization", f"Basic {BASIC}")))
    put = Request("PUT", origin, f"/v2/t/r/manifests/sha256:{sha256_of(child)}", body=child)
    root = Request("PUT", origin, f"/v2/t/r/manifests/sha256:{sha256_of(index)}", body=index)
    exchanges = tuple(Exchange(n, n - 1, "", r, r) for n, r in enumerate((login, put, root), start=1))
    shared = redact(Session("", 0, FlowCall("f"), exchanges), Choices.of(["hosts"])).session.exchanges
    new_child, new_index = bytes(shared[1].request.body), bytes(shared[2].request.body)  # type: ignore[arg-type]
    assert (new_child != child, len(new_child)) == (True, len(child))
    assert json.loads(new_index)["manifests"][0] == {"digest": f"sha256:{sha256_of(new_child)}", "size": len(child)}
    assert shared[1].request.target.endswith(sha256_of(new_child))
    assert shared[2].request.target.endswith(sha256_of(new_index))


def test_lengths_follow_a_body_that_changes() -> None:
    body = gzip.compress(json.dumps({"access_token": TOKEN}).encode())
    length = str(len(body))
    asked = Request("GET", Origin("https", HOST, 443), "/token")
    response = Response(
        200, "OK", "HTTP/1.1", Headers.of(("Content-Encoding", "gzip"), ("Content-Length", length)), body
    )
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\ncontent-length:  {length}\r\n\r\n".encode()
    one = Exchange(1, 0, "", asked, asked, response, received_head=head)
    shared = redact(Session("", 0, FlowCall("f"), (one,))).session.exchanges[0]
    assert shared.response is not None
    new = bytes(shared.response.body)  # type: ignore[arg-type]  # it is bytes
    assert json.loads(gzip.decompress(new)) == {"access_token": "masked-token-1"}
    assert shared.response.headers.get("Content-Length") == str(len(new))
    assert shared.received_head.endswith(f"content-length:  {len(new)}\r\n\r\n".encode())


@pytest.mark.parametrize("choices", [Choices(), Choices.of(["all"])])
def test_redacting_twice_changes_nothing_more(choices: Choices) -> None:
    once = redact(session(), choices)
    assert redact(once.session, choices).session == once.session


def test_what_looks_secret_is_listed_and_can_be_hidden() -> None:
    key = "AKx9Qm2LrT7vBz4WnY8pKd3H"
    one = replace(
        session().exchanges[0], title="x", request=Request("GET", Origin("https", HOST, 443), f"/v2/?hint={key}")
    )
    first = redact(Session("", 0, FlowCall("f"), (one,)))
    (suspect,) = first.suspects
    assert suspect.text == key
    second = redact(Session("", 0, FlowCall("f"), (one,)), hide=[suspect.id])
    assert key not in everything(second)
    assert second.suspects == ()


@pytest.mark.parametrize(
    "word",
    [
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
        "masked-token-1masked-token-1",
        "Docker-Distribution-Api-Version",
        "2026-11-23T09:26:26.232970948Z",
        "this-is-a-long-lower-case-name",
        "registry-explorer",
        "?digest=sha256%3Acae7c96895e12e5a1f3c3a52b1a3a0b6e1f8f8f3d2c1b0a99887766554433221",
        "01a207ba-66b8-7ece-86d5-0e6d866e25d7",
    ],
)
def test_ordinary_words_do_not_look_secret(word: str) -> None:
    assert suspects_in([("x", word)]) == ()


@given(any_exchange(id=1))
@settings(max_examples=60)
def test_any_exchange_can_be_redacted(exchange: Exchange) -> None:
    redact(Session("", 0, FlowCall("f", {"target": "http://x/y"}), (exchange,)), Choices.of(["all"]))


@given(
    st.recursive(
        st.text() | st.none() | st.integers(), lambda i: st.lists(i) | st.dictionaries(st.text(), i), max_leaves=8
    )
)
@settings(max_examples=60)
def test_any_arguments_can_be_redacted(value: object) -> None:
    redact(Session("", 0, FlowCall("f", {"target": "http://x/y", "odd": value})))
