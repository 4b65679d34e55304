"""Through a proxy: what goes out to it, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.errors import InputError
from explorer.model import Headers, Origin, Request
from explorer.redact import masked_head
from explorer.wire.client import Client
from explorer.wire.options import ConnectionOptions, Timeouts
from explorer.wire.sent import Sent
from tests.ports import free_port
from tests.wire.authority import Authority
from tests.wire.loopback import GET, OK, Loopback, Manner, Talk, answering

FAR = Origin("https", "registry.test", 443)
FAR_HTTP = Origin("http", "registry.test", 5000)
SHORT = Timeouts(0.5, 0.5, 0.5)


def through(
    manner: Manner, request: Request, login: str = "", options: ConnectionOptions | None = None
) -> tuple[Sent, bytes]:
    """Send a request through a proxy; return what came of it, and what the proxy got."""
    with Loopback(manner) as proxy:
        options = replace(options or ConnectionOptions(), proxy=f"http://{login}{proxy.origin.authority}")
        with closing(Client(options)) as client:
            came = client.send(request)
    return came, b"".join(proxy.received)


def test_http_through_a_proxy_names_the_origin_and_says_so() -> None:
    came, got = through(answering(OK), replace(GET, origin=FAR_HTTP))
    assert got == came.sent_head == b"GET http://registry.test:5000/v2/ HTTP/1.1\r\nHost: registry.test\r\n\r\n"
    assert came.connection.proxy == f"http://{came.connection.peer}, the target sent in absolute form"


def test_the_login_of_a_proxy_is_in_the_head_that_went_out_and_masked_in_what_is_kept() -> None:
    came, got = through(answering(OK), replace(GET, origin=FAR_HTTP), "user:secret@")
    assert got == came.sent_head
    assert got.endswith(b"\r\nProxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n\r\n")
    assert b"dXNlcjpzZWNyZXQ" not in masked_head(came.sent_head)


@pytest.mark.parametrize("target", ["http://elsewhere.test/v2/", "*"])
def test_a_target_that_is_no_path_goes_through_a_proxy_as_typed(target: str) -> None:
    _, got = through(answering(OK), Request("GET", FAR_HTTP, target, Headers()))
    assert got == f"GET {target} HTTP/1.1\r\n\r\n".encode()


def test_a_body_goes_through_a_proxy() -> None:
    headers = Headers.of(("Host", "h"), ("Content-Length", "5"))
    came, got = through(answering(OK, body=5), Request("PUT", FAR_HTTP, "/u", headers, b"12345"))
    assert got == came.sent_head + b"12345"


@pytest.mark.parametrize("login", ["", "user:secret@"])
def test_https_goes_through_a_tunnel_as_it_is_without(tmp_path: Path, login: str) -> None:
    authority = Authority(tmp_path)
    tls = authority.sign("registry").server()
    inside: list[Talk] = []

    def tunnel(talk: Talk) -> None:
        talk.request()
        talk.say(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 Connection established\r\nVia: p\r\n\r\n")
        with tls.wrap_socket(talk.socket, server_side=True) as secure:
            inside.append(Talk(secure))
            answering(OK)(inside[0])

    came, got = through(tunnel, replace(GET, origin=FAR), login, ConnectionOptions(ca=str(authority.ca)))
    named = "Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n" if login else ""
    assert got == f"CONNECT registry.test:443 HTTP/1.1\r\nHost: registry.test:443\r\n{named}\r\n".encode()
    assert bytes(inside[0].got) == came.sent_head == GET.head()
    assert came.connection.proxy.endswith(", a tunnel by CONNECT")
    assert came.connection.tls


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "wants a user name and a password"),
        (
            b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
            "refused a tunnel to registry.test:443: 403 Forbidden",
        ),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "is it a proxy?"),
        (b"", "answered nothing"),
        (b"HTTP/1.1 200", "is it a proxy?"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000, "is it a proxy?"),
    ],
)
def test_a_tunnel_that_is_refused_is_a_sentence(answer: bytes, words: str) -> None:
    came, _ = through(answering(answer), replace(GET, origin=FAR))
    assert came.error is not None
    assert came.error.kind == "unreachable"
    assert came.error.sentence.startswith("https://registry.test cannot be reached. The proxy http://127.0.0.1:")
    assert words in came.error.sentence
    assert came.sent_head == b""


def silent(talk: Talk) -> None:
    talk.request()
    talk.wait()


def resetting(talk: Talk) -> None:
    talk.request()
    talk.reset()


@pytest.mark.parametrize("manner", [silent, resetting])
def test_a_proxy_without_an_answer_is_a_sentence(manner: Callable[[Talk], None]) -> None:
    came, _ = through(manner, replace(GET, origin=FAR), options=ConnectionOptions(timeouts=SHORT))
    assert came.error is not None
    assert "gave no answer when it was asked for a tunnel" in came.error.sentence


@pytest.mark.parametrize("origin", [FAR, FAR_HTTP])
def test_a_proxy_that_nobody_is_at_is_named_instead_of_the_registry(origin: Origin) -> None:
    port = free_port()
    with closing(Client(ConnectionOptions(proxy=f"http://127.0.0.1:{port}"))) as client:
        came = client.send(replace(GET, origin=origin))
    assert came.error is not None
    assert f"The proxy http://127.0.0.1:{port} cannot be reached: " in came.error.sentence


def test_a_proxy_of_the_environment_that_cannot_be_used_is_named_and_nothing_is_sent() -> None:
    with (
        closing(Client(environ={"ALL_PROXY": "socks4://p:1080"})) as client,
        pytest.raises(InputError, match="ALL_PROXY"),
    ):
        client.send(replace(GET, origin=FAR))
