"""An answer of a server that stops reading ends the sending of a body at once, and not at the write timeout."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from explorer.model import Headers, Origin, Request
from explorer.wire.client import Client
from explorer.wire.options import ConnectionOptions, Timeouts
from tests.wire.authority import Authority
from tests.wire.loopback import NOWHERE, Loopback, Talk

T = TypeVar("T")

SIZE = 64 * 1024 * 1024
PATIENT = Timeouts(30.0, 100_000.0, 100_000.0)
REFUSAL = b"HTTP/1.1 413 Payload Too Large\r\nContent-Length: 4\r\n\r\nmuch"


def upload() -> Request:
    rows = Headers.of(("Host", "registry.test"), ("Content-Length", str(SIZE)))
    return Request("PUT", NOWHERE, "/v2/a/blobs/uploads/x", rows, bytes(SIZE))


@pytest.mark.parametrize("before", [b"", b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"])
@pytest.mark.parametrize("is_secure", [False, True])
def test_an_answer_is_noticed_while_nothing_can_leave(before: bytes, is_secure: bool, tmp_path: Path) -> None:
    over = threading.Event()

    def answer_and_read_no_more(talk: Talk) -> None:
        talk.until(b"\r\n\r\n")
        talk.say(before + REFUSAL)
        over.wait(100)

    tls: ssl.SSLContext | None = Authority(tmp_path).sign("a").server() if is_secure else None
    options = ConnectionOptions(insecure=is_secure, timeouts=PATIENT)
    with Loopback(answer_and_read_no_more, tls=tls) as server, closing(Client(options)) as client:
        came = client.send(replace(upload(), origin=server.origin))
        over.set()
    assert came.response is not None
    assert (came.response.status, came.response.body, came.error) == (413, b"much", None)
    assert came.sent_size < SIZE


def test_it_is_noticed_in_the_tls_that_goes_through_the_tls_of_a_proxy(tmp_path: Path) -> None:
    over = threading.Event()
    tls = Authority(tmp_path).sign("a").server()

    def answer_and_read_no_more(talk: Talk) -> None:
        talk.request()
        talk.say(b"HTTP/1.1 200 Connection established\r\n\r\n")
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        inner = tls.wrap_bio(incoming, outgoing, server_side=True)

        def through(act: Callable[[], T]) -> T:
            while True:
                try:
                    done = act()
                except ssl.SSLWantReadError:
                    talk.say(outgoing.read())
                    incoming.write(talk.socket.recv(1 << 16))
                else:
                    talk.say(outgoing.read())
                    return done

        through(inner.do_handshake)
        through(lambda: inner.read(1 << 14))
        through(lambda: inner.write(REFUSAL))
        over.wait(100)

    with Loopback(answer_and_read_no_more, tls=tls) as proxy:
        options = ConnectionOptions(insecure=True, timeouts=PATIENT, proxy=str(proxy.origin))
        with closing(Client(options)) as client:
            came = client.send(replace(upload(), origin=Origin("https", "registry.test", 443)))
            over.set()
    assert came.response is not None
    assert (came.response.status, came.response.body, came.error) == (413, b"much", None)
    assert came.sent_size < SIZE


def test_an_announcement_alone_ends_nothing() -> None:
    def announce_and_read_on(talk: Talk) -> None:
        end = talk.until(b"\r\n\r\n")
        talk.say(b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n")
        talk.request(SIZE, 0)
        assert len(talk.got) == end + SIZE
        talk.say(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
        talk.end()

    with Loopback(announce_and_read_on) as server, closing(Client()) as client:
        came = client.send(replace(upload(), origin=server.origin))
    assert came.response is not None
    assert (came.response.status, came.sent_size) == (201, SIZE)
