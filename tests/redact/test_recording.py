"""No credential gets into what is written."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.formats.session import SessionWriter
from explorer.model import Exchange, FlowCall, Headers, Request, Response, Session, sha256_of
from explorer.plain.transcript import exchange_lines, request_lines
from explorer.redact import SECRET_HEADERS, mask, masked, masked_arguments, masked_head, masked_headers
from explorer.wire.heads import read_heads
from tests.scripted import ORIGIN

SECRET = "c3VwZXJzZWNyZXQtdmFsdWU"


@st.composite
def cased(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from(SECRET_HEADERS))
    return "".join(draw(st.sampled_from([sign.upper(), sign])) for sign in name) + draw(
        st.sampled_from(["", " ", "\t"])
    )


values = st.sampled_from(
    [SECRET, f"Bearer {SECRET}", f"basic  {SECRET}", f"a={SECRET}; Path=/", f"Digest x, r={SECRET}", f"Odd {SECRET}"]
)
rows = st.lists(st.tuples(st.sampled_from(["Host", "X-A", "authorization-info"]), st.just("plain")), max_size=3)


@st.composite
def exchanges_with_secrets(draw: st.DrawFn) -> Exchange:
    def headers() -> Headers:
        return Headers.of(*draw(rows), (draw(cased()), draw(values)), *draw(rows), (draw(cased()), draw(values)))

    request = Request("PUT", ORIGIN, "/u", headers())
    response = Response(401, "No", "HTTP/1.1", headers())
    end = draw(st.sampled_from([b"\r\n", b"\n"]))
    answered = b"HTTP/1.1 401 No\r\n" + end.join(f"{n}:{v}".encode() for n, v, _ in response.headers) + end * 2
    proposed = replace(request, headers=headers())
    return Exchange(1, 0, "t", proposed, request, response, sent_head=request.head(), received_head=answered)


@given(exchanges_with_secrets())
@settings(max_examples=50)
def test_no_secret_is_in_any_byte_of_a_session_file(tmp_path: Path, exchange: Exchange) -> None:
    path = tmp_path / str(time.perf_counter_ns())
    writer = SessionWriter(path, Session("", 0, FlowCall("f")))
    writer.append(exchange)
    writer.close()
    assert SECRET.encode() not in path.read_bytes()


@given(exchanges_with_secrets())
@settings(max_examples=50)
def test_no_secret_is_in_a_transcript(exchange: Exchange) -> None:
    assert SECRET not in "\n".join([*exchange_lines(exchange), *request_lines(exchange.request)])


@pytest.mark.parametrize(
    "raw",
    [
        f"HTTP/1.1 200 OK\r\nSet-Cookie: a;\r\n {SECRET}\r\nX: y\r\n\r\n",
        f"HTTP/1.1 200 OK\nSet-Cookie:\n\t{SECRET}\n b\n\n",
        f"HTTP/1.1 200 OK\r\nSet-Cookie: a\rb{SECRET}\r\nX: y\r\n\r\n",
        f"HTTP/1.1 200 OK\r\nX: y\r\nset-cookie:{SECRET}",
        f"HTTP/1.1 100 Go\r\nSet-Cookie: {SECRET}\r\n\r\nHTTP/1.1 200 OK\r\nSET-COOKIE: {SECRET}\r\n\r\n",
    ],
)
def test_no_secret_is_in_a_raw_head_however_it_is_folded(raw: str) -> None:
    shown = masked_head(raw.encode())
    assert SECRET.encode() not in shown
    assert shown.count(b"X: y") == raw.count("X: y")


def test_no_secret_is_in_a_folded_header() -> None:
    (head,) = read_heads(f"HTTP/1.1 200 OK\r\nSet-Cookie: a;\r\n {SECRET}: b\r\nX: y\r\n plain\r\n\r\n".encode())
    shown = masked_headers(head.headers)
    assert SECRET not in str(shown)
    assert "plain" in str(shown)


@given(st.binary())
def test_a_head_without_secrets_stays_byte_for_byte(raw: bytes) -> None:
    if not any(name.encode() in raw.lower() for name in SECRET_HEADERS):
        assert masked_head(raw) == raw


@given(exchanges_with_secrets())
@settings(max_examples=50)
def test_masking_twice_changes_nothing_more(exchange: Exchange) -> None:
    assert masked(masked(exchange)) == masked(exchange)


def test_equal_secrets_are_recognised_and_others_told_apart() -> None:
    assert mask(f"Bearer {SECRET}") == mask(f"Bearer {SECRET}")
    assert mask(f"Bearer {SECRET}") != mask(f"Bearer {SECRET}2")
    assert mask(f"Bearer {SECRET}").startswith("Bearer [masked ")


def answered(body: bytes) -> Exchange:
    asked = Request("GET", ORIGIN, "/token")
    return Exchange(1, 0, "", asked, asked, Response(200, "OK", "HTTP/1.1", body=body))


TOKEN = json.dumps({"token": SECRET, "expires_in": 300}).encode()


@pytest.mark.parametrize(
    "body",
    [
        TOKEN,
        json.dumps({"access_token": SECRET, "refresh_token": SECRET + "x", "id_token": SECRET}, indent=2).encode(),
        TOKEN.replace(SECRET.encode(), b"c3Vw\\u005a" + SECRET[5:].encode()),
        TOKEN.replace(SECRET.encode(), b"a\\/" + SECRET.encode()),
        b"\n " + TOKEN,
    ],
)
def test_no_token_is_left_in_a_token_services_answer(body: bytes) -> None:
    exchange = answered(body)
    response = masked(exchange).response
    assert response is not None
    shown = json.loads(bytes(response.body))  # type: ignore[arg-type]  # it is bytes
    assert not any(SECRET[5:] in str(value) for value in shown.values())


@pytest.mark.parametrize("token", ["t", "token", "\\ud800", '\\"', "\\u0000"])
def test_odd_tokens_leave_json(token: str) -> None:
    body = b'{"token":"' + token.encode() + b'","z":"not it"}'
    exchange = answered(body)
    response = masked(exchange).response
    assert response is not None
    shown = json.loads(bytes(response.body))  # type: ignore[arg-type]  # it is bytes
    assert (shown["token"][:8], shown["z"]) == ("[masked ", "not it")


@given(
    st.binary()
    | st.recursive(st.text() | st.none(), lambda i: st.dictionaries(st.sampled_from(["token", "a"]), i)).map(
        lambda value: json.dumps(value).encode()
    )
)
def test_any_answer_can_be_masked(body: bytes) -> None:
    exchange = answered(body)
    assert masked(exchange).response is not None


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded; charset=a"])
def test_no_password_is_left_in_a_form(kind: str) -> None:
    body = f"grant_type=password&password={SECRET}&username=me".encode()
    request = Request("POST", ORIGIN, "/token", Headers.of(("Content-Type", kind)), body)
    shown = masked(Exchange(1, 0, "", request, request, sent_size=len(body), sent_sha256=sha256_of(body)))
    assert SECRET.encode() not in bytes(shown.request.body)  # type: ignore[arg-type]  # it is bytes
    assert (shown.sent_sha256, b"username=me" in bytes(shown.request.body)) == ("", True)  # type: ignore[arg-type]


def test_the_login_of_a_call_is_masked() -> None:
    basic = base64.b64encode(f"me:{SECRET}".encode()).decode()
    arguments: dict[str, object] = {
        "target": "t",
        "login": {"user": "me", "basic": basic, "token": SECRET, "refresh": ""},
    }
    shown = json.dumps(masked_arguments(arguments))
    assert basic not in shown
    assert SECRET not in shown
    assert masked_arguments({"target": "t"}) == {"target": "t"}


def test_a_recording_has_no_secret_of_a_url_in_the_arguments_of_its_call(tmp_path: Path) -> None:
    secret = "pl4ntedS3cretValue7"
    signed = f"https://store.test/x?X-Amz-Signature={secret}&n=1"
    arguments = {"location": f"http://me:{secret}@r.test/v2/a?_state=b", "list": [{"path": signed}], "n": 1}
    path = tmp_path / "r.jsonl"
    SessionWriter(path, Session("m", 1.0, FlowCall("upload-status", arguments))).close()
    written = path.read_text()
    assert secret not in written
    assert "@r.test/v2/a?_state=b" in written
    assert "&n=1" in written


def test_the_arguments_of_a_call_without_secrets_stay_as_they_are() -> None:
    body = {"text": "see https://me:word@r.test/", "base64": "aHR0cA=="}
    arguments: dict[str, object] = {"target": "http://127.0.0.1:5000/a/b:v1", "body": body, "path": "/tmp/a@b?c"}
    assert masked_arguments(arguments) == arguments


@pytest.mark.parametrize("escape", ["&", "&amp;"], ids=["plain", "link"])
def test_no_signature_is_left_in_the_page_of_a_redirect(escape: str) -> None:
    location = f"https://store.test/x?X-Amz-Date=1&X-Amz-Signature={SECRET}"
    page = f'<a href="{location.replace("&", escape)}">Temporary Redirect</a>.\n\n'.encode()
    hop = replace(answered(b""), response=Response(307, "", "HTTP/1.1", Headers.of(("Location", location)), page))
    shown = masked(hop).response
    assert shown is not None
    assert SECRET not in str(shown)
    assert bytes(shown.body).startswith(b'<a href="https://store.test/x?X-Amz-Date=1')  # type: ignore[arg-type]  # bytes


def test_a_page_that_repeats_nothing_secret_stays() -> None:
    location = "https://store.test/x?page=1"
    page = f'<a href="{location}">Found</a>'.encode()
    hop = replace(answered(b""), response=Response(302, "", "HTTP/1.1", Headers.of(("Location", location)), page))
    assert masked(hop).response == hop.response


def test_a_variable_of_a_file_for_editors_is_no_credential() -> None:
    assert mask("Bearer {{step3.response.body.$.token}}") == "Bearer {{step3.response.body.$.token}}"
    assert mask("Bearer {{x}}y") != "Bearer {{x}}y"
