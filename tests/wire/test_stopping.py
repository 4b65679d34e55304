"""A stop ends an exchange wherever it waits, and an answer before the body is through ends the sending."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.model import Headers, Origin, Request
from explorer.wire.client import Client
from explorer.wire.options import ConnectionOptions, Timeouts
from explorer.wire.sent import Sent
from tests.wire.authority import Authority
from tests.wire.loopback import GET, Loopback, Talk

LONG = Timeouts(20, 20, 20)


def stopped(request: Request, when: Callable[[], object], **options: object) -> Sent:
    """Send a request, and stop it when something has happened."""
    with closing(Client(ConnectionOptions(timeouts=LONG, **options))) as client:  # type: ignore[arg-type]  # fields of it

        def stop() -> None:
            when()
            client.stop()

        stopping = threading.Thread(target=stop)
        stopping.start()
        came = client.send(request)
        stopping.join()
    return came


@pytest.fixture
def deaf() -> Iterator[Origin]:
    """Return an origin that takes no connection: its queue is full."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(64):
            caller = stack.enter_context(socket.socket())
            caller.settimeout(0.2)
            try:
                caller.connect(listener.getsockname())
            except TimeoutError:
                break
        else:
            pytest.skip("this system takes every connection")
        yield Origin("http", "127.0.0.1", listener.getsockname()[1])


def test_a_connection_that_is_not_taken_is_stopped(deaf: Origin) -> None:
    waiting = threading.Event()
    came = stopped(replace(GET, origin=deaf), lambda: waiting.wait(0.3))
    assert came.error is not None
    assert came.error.kind == "stopped"


def test_a_connection_that_is_not_taken_ends_in_time(deaf: Origin) -> None:
    with closing(Client(ConnectionOptions(timeouts=Timeouts(0.3, 1, 1)))) as client:
        came = client.send(replace(GET, origin=deaf))
    assert came.error is not None
    assert came.error.kind == "timeout"


@pytest.mark.parametrize("way", ["tls", "socks5h", "http"])
def test_a_handshake_that_hangs_is_stopped(way: str) -> None:
    heard = threading.Event()

    def silent(talk: Talk) -> None:
        talk.read()
        heard.set()
        talk.wait()

    with Loopback(silent) as server:
        here = Origin("https", "127.0.0.1", server.origin.port)
        far = Origin("https", "registry.test", 443)
        proxy = None if way == "tls" else f"{way}://{server.origin.authority}"
        came = stopped(replace(GET, origin=here if way == "tls" else far), lambda: heard.wait(10), proxy=proxy)
    assert came.error is not None
    assert came.error.kind == "stopped"
    assert came.sent_head == b""


@pytest.mark.parametrize("is_secure", [False, True])
def test_an_answer_before_the_body_is_through_ends_the_sending(tmp_path: Path, is_secure: bool) -> None:
    authority = Authority(tmp_path)
    size = 64 * 1024 * 1024

    def refuse(talk: Talk) -> None:
        talk.until(b"\r\n\r\n")
        talk.say(b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nno\n")
        talk.got.clear()
        while talk.read():
            talk.got.clear()

    headers = Headers.of(("Host", "h"), ("Content-Length", str(size)))
    tls = authority.sign("registry").server() if is_secure else None
    options = ConnectionOptions(ca=str(authority.ca), timeouts=LONG)
    with Loopback(refuse, tls=tls) as server, closing(Client(options)) as client:
        came = client.send(Request("PUT", server.origin, "/u", headers, bytes(size)))
    assert came.response is not None
    assert (came.response.status, came.response.body) == (413, b"no\n")
    assert came.sent_size < size
