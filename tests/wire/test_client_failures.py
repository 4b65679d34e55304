"""What can fail on the way is a sentence in the exchange, and never an exception."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.model import Failure, Headers, Origin, Request
from explorer.wire.client import Client
from explorer.wire.options import ConnectionOptions, Timeouts
from explorer.wire.sent import Sent
from tests.wire.loopback import GET, OK, Loopback, Manner, Talk, answering, exchange

SHORT = Timeouts(connect=2.0, write=0.5, read=0.3)


def failure(came: Sent) -> Failure:
    assert came.error is not None
    assert came.error.sentence.endswith((".", "?"))
    return came.error


def closing_at_once(talk: Talk) -> None:
    talk.request()
    talk.end()


def resetting(talk: Talk) -> None:
    talk.request()
    talk.reset()


def silent(talk: Talk) -> None:
    talk.request()
    talk.wait()


@pytest.mark.parametrize(
    ("raw", "status", "head"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf", 200, b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"),
        (
            b"HTTP/1.1 202 Fine\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha",
            202,
            b"HTTP/1.1 202 Fine\r\nTransfer-Encoding: chunked\r\n\r\n",
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Le", 0, b"HTTP/1.1 200 OK\r\nContent-Le"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", 0, b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 40", 0, b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 40"),
    ],
)
def test_an_answer_that_breaks_off_keeps_what_came(raw: bytes, status: int, head: bytes) -> None:
    came, _ = exchange(GET, answering(raw))
    assert failure(came).kind == "closed"
    assert (came.response.status if came.response else 0, came.received_head) == (status, head)


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n12345",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n12",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
    ],
)
def test_a_malformed_answer_is_a_sentence(raw: bytes) -> None:
    came, _ = exchange(GET, answering(raw))
    assert failure(came).kind in ("closed", "not-http")


@pytest.mark.parametrize("manner", [closing_at_once, resetting])
def test_no_answer_at_all_is_told_as_that(manner: Manner) -> None:
    came, _ = exchange(GET, manner)
    assert failure(came).kind == "closed"
    assert "without a byte of an answer" in failure(came).sentence


@pytest.mark.parametrize(
    "raw", [b"SSH-2.0-OpenSSH_9.2\r\n", b"\x00\x01\x02\x03" * 20, b"220 mail ready\r\n", b"\n\n\n"]
)
def test_what_is_not_http_is_shown(raw: bytes) -> None:
    came, _ = exchange(GET, answering(raw))
    assert failure(came).kind == "not-http"
    assert repr(raw[:10])[2:-1] in failure(came).sentence
    assert came.received_head == raw


def test_tls_on_a_port_asked_in_plain_http_is_recognised() -> None:
    came, _ = exchange(GET, answering(b"\x15\x03\x01\x00\x02\x02\x16"))
    assert failure(came).kind == "not-http"
    assert "https://" in failure(came).sentence


def test_plain_http_on_a_port_asked_for_tls_is_recognised() -> None:
    def talk(talk: Talk) -> None:
        talk.read()
        talk.say(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        talk.end()

    with Loopback(talk) as server, closing(Client()) as client:
        came = client.send(replace(GET, origin=replace(server.origin, scheme="https")))
    assert failure(came).kind == "tls"
    assert "plain http" in failure(came).sentence


def test_a_refused_port_is_told_as_that() -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        origin = Origin("http", "127.0.0.1", unheard.getsockname()[1])
        with closing(Client()) as client:
            came = client.send(replace(GET, origin=origin))
    assert failure(came).kind == "unreachable"
    assert f"Nothing listens at {origin}" in failure(came).sentence
    assert (came.sent_head, came.sent_size) == (b"", 0)


@pytest.mark.parametrize("host", ["registry.invalid", "_a.invalid", "x" * 63 + ".invalid"])
def test_an_unknown_host_is_told_as_that(host: str) -> None:
    with closing(Client()) as client:
        came = client.send(replace(GET, origin=Origin("http", host, 80)))
    assert failure(came).kind == "unreachable"
    assert host in failure(came).sentence


@pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".invalid", "", ":::", "é.invalid"])
def test_a_host_that_cannot_be_is_a_sentence(host: str) -> None:
    with closing(Client()) as client:
        came = client.send(replace(GET, origin=Origin("http", host, 80)))
    assert failure(came).kind == "unreachable"


def test_an_answer_that_does_not_come_in_time_is_a_timeout() -> None:
    came, _ = exchange(GET, silent, timeouts=SHORT)
    assert failure(came).kind == "timeout"


def test_an_answer_that_stalls_is_a_timeout_with_its_head() -> None:
    def talk(talk: Talk) -> None:
        talk.request()
        talk.say(OK[:-2])
        talk.wait()

    came, _ = exchange(GET, talk, timeouts=SHORT)
    assert failure(came).kind == "timeout"
    assert came.response is not None
    assert came.response.status == 200


def test_a_body_that_nobody_takes_is_a_timeout() -> None:
    def talk(talk: Talk) -> None:
        talk.until(b"\r\n\r\n")
        over.wait(5)

    over = threading.Event()
    body = bytes(64 * 1024 * 1024)
    with Loopback(talk) as server, closing(Client(ConnectionOptions(timeouts=SHORT))) as client:
        came = client.send(Request("PUT", server.origin, "/", Headers(), body))
        over.set()
    assert failure(came).kind == "timeout"
    assert came.sent_size < len(body)


def test_the_client_goes_on_after_a_failure() -> None:
    with Loopback(closing_at_once, answering(OK)) as server, closing(Client()) as client:
        came = [client.send(replace(GET, origin=server.origin)) for _ in range(2)]
    assert [one.error is None for one in came] == [False, True]


def test_a_stop_ends_the_wait_for_an_answer() -> None:
    with Loopback(silent) as server, closing(Client()) as client:
        threading.Timer(0.2, client.stop).start()
        started = time.monotonic()
        came = client.send(replace(GET, origin=server.origin))
    assert failure(came).kind == "stopped"
    assert time.monotonic() - started < 5


def test_a_stop_ends_a_body_under_way() -> None:
    def talk(talk: Talk) -> None:
        talk.until(b"\r\n\r\n")
        client.stop()
        talk.wait()

    body = bytes(64 * 1024 * 1024)
    with Loopback(talk) as server, closing(Client()) as client:
        came = client.send(Request("PUT", server.origin, "/", Headers(), body))
    assert failure(came).kind == "stopped"
    assert came.sent_size < len(body)


def test_a_stop_in_progress_ends_the_exchange() -> None:
    with Loopback(silent) as server, closing(Client()) as client:
        came = client.send(Request("PUT", server.origin, "/", Headers(), bytes(10**6)), lambda *_: client.stop())
    assert failure(came).kind == "stopped"


def test_a_stop_while_nothing_is_sent_does_nothing() -> None:
    with Loopback(answering(OK)) as server, closing(Client()) as client:
        client.stop()
        assert client.send(replace(GET, origin=server.origin)).error is None


def test_a_stop_while_the_connection_is_made_keeps_the_request_back() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        with closing(Client(ConnectionOptions(timeouts=Timeouts(connect=1.5)))) as client:
            threading.Timer(0.3, client.stop).start()
            came = client.send(replace(GET, origin=Origin("http", *full.getsockname())))
        for filler in fillers:
            filler.close()
    assert failure(came).kind == "stopped"
    assert came.sent_head == b""


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A server's side of TLS, with a certificate that nobody has signed but itself."""
    folder: Path = tmp_path_factory.mktemp("tls")
    made = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(
        [*made.split(), "-keyout", "key.pem", "-out", "cert.pem"], cwd=folder, check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def test_a_certificate_that_nobody_knows_is_not_accepted(tls: ssl.SSLContext) -> None:
    with Loopback(answering(OK), tls=tls) as server, closing(Client()) as client:
        came = client.send(replace(GET, origin=server.origin))
    assert failure(came).kind == "tls"
    assert f"certificate of {server.origin} was not accepted: self-signed" in failure(came).sentence
    assert (came.sent_head, server.received) == (b"", [])


def test_nothing_is_sent_over_tls_before_the_certificate_is_accepted(tls: ssl.SSLContext) -> None:
    with Loopback(answering(OK), tls=tls) as server, closing(Client()) as client:
        client.send(replace(GET, origin=server.origin, headers=Headers.of(("Authorization", "Basic secret"))))
    assert server.received == []
