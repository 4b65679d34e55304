"""Through a SOCKS5 proxy, and through one that is spoken to in TLS: what goes out to it, and what it answers."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.model import Origin
from explorer.wire.client import Client
from explorer.wire.options import ConnectionOptions, Timeouts
from explorer.wire.sent import Sent
from tests.wire.authority import Authority
from tests.wire.loopback import GET, OK, PATIENCE, Loopback, Manner, Talk, answering

FAR = Origin("http", "registry.test", 5000)
SHORT = Timeouts(0.5, 0.5, 0.5)
DONE = b"\x05\x00\x00\x01\x7f\x00\x00\x01\x13\x88"


def exactly(talk: Talk, size: int) -> bytes:
    """Take so many bytes that the client sent."""
    data = b""
    while len(data) < size:
        more = talk.socket.recv(size - len(data))
        if not more:
            raise EOFError
        data += more
    return data


class Socks:
    """A SOCKS5 proxy that is the registry itself; keeps what it was asked for and what came after that."""

    def __init__(self, method: bytes = b"\x05\x00", answer: bytes = DONE, login: bytes = b"\x01\x00") -> None:
        self._method, self._answer, self._login = method, answer, login
        self.methods = self.pair = self.address = self.inside = b""

    def __call__(self, talk: Talk) -> None:
        _, count = exactly(talk, 2)
        self.methods = exactly(talk, count)
        talk.say(self._method)
        if self._method == b"\x05\x02":
            size = exactly(talk, 2)[1]
            self.pair = exactly(talk, size) + b":"
            self.pair += exactly(talk, exactly(talk, 1)[0])
            talk.say(self._login)
        if exactly(talk, 4)[3] == 3:
            self.address = exactly(talk, exactly(talk, 1)[0]) + b" " + exactly(talk, 2)
        else:
            self.address = exactly(talk, 4) + exactly(talk, 2)
        talk.say(self._answer)
        inside = Talk(talk.socket)
        answering(OK)(inside)
        self.inside = bytes(inside.got)


def through(
    manner: Manner, kind: str = "socks5h", login: str = "", origin: Origin = FAR, timeouts: Timeouts | None = None
) -> Sent:
    """Send a request through a proxy of a kind."""
    with Loopback(manner) as proxy:
        address = f"{kind}://{login}{proxy.origin.authority}"
        with closing(Client(ConnectionOptions(proxy=address, timeouts=timeouts or Timeouts()))) as client:
            return client.send(replace(GET, origin=origin))


def test_a_connection_is_asked_for_by_name_and_what_goes_through_is_as_it_is_without() -> None:
    proxy = Socks()
    came = through(proxy)
    assert came.error is None
    assert proxy.methods == b"\x00"
    assert proxy.address == b"registry.test \x13\x88"
    assert proxy.inside == came.sent_head == GET.head()
    assert came.connection.proxy.endswith(", a connection by SOCKS5")


def test_a_name_that_is_looked_up_here_goes_as_an_address() -> None:
    proxy = Socks()
    assert through(proxy, "socks5", origin=Origin("http", "127.0.0.1", 5000)).error is None
    assert proxy.address == b"\x7f\x00\x00\x01\x13\x88"


def test_a_name_that_is_not_found_here_says_who_could_look_it_up() -> None:
    came = through(Socks(), "socks5", origin=Origin("http", "nowhere.invalid", 5000))
    assert came.error is not None
    assert "socks5h://" in came.error.sentence


def test_a_login_goes_to_the_proxy_alone() -> None:
    proxy = Socks(b"\x05\x02")
    came = through(proxy, login="us%40er:pa%3Ass@")
    assert came.error is None
    assert proxy.methods == b"\x00\x02"
    assert proxy.pair == b"us@er:pa:ss"
    assert b"Proxy-Authorization" not in came.sent_head
    assert "pa" not in came.connection.proxy


def saying(answer: bytes) -> Manner:
    """Return a proxy that takes the greeting, says something, and ends."""

    def talk(talk: Talk) -> None:
        talk.read()
        talk.say(answer)
        talk.end()

    return talk


@pytest.mark.parametrize(
    ("proxy", "login", "words"),
    [
        (Socks(b"\x05\xff"), "", "wants a user name and a password"),
        (Socks(b"\x05\x02"), "", "wants a user name and a password"),
        (Socks(b"\x05\x02", login=b"\x01\x01"), "u:p@", "did not take the user name and the password"),
        (Socks(b"\x05\x01"), "", "a kind of login that is not known here"),
        (Socks(answer=b"\x05\x05\x00\x01"), "", "the connection was refused there"),
        (Socks(answer=b"\x05\x63\x00\x01"), "", "has the number 99"),
        (saying(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "", "not SOCKS5"),
        (saying(b"\x05"), "", "is it a SOCKS5 proxy?"),
        (saying(b""), "", "is it a SOCKS5 proxy?"),
    ],
)
def test_a_connection_that_is_not_made_is_a_sentence(proxy: Callable[[Talk], None], login: str, words: str) -> None:
    came = through(proxy, login=login)
    assert came.error is not None
    assert came.error.kind == "unreachable"
    assert words in came.error.sentence
    assert came.sent_head == b""


def test_a_proxy_that_says_nothing_is_a_sentence() -> None:
    came = through(Talk.wait, timeouts=SHORT)
    assert came.error is not None
    assert "gave no answer" in came.error.sentence


@pytest.mark.parametrize("login", ["", "user:secret@"])
def test_tls_to_a_proxy_has_the_tls_of_the_registry_within(tmp_path: Path, login: str) -> None:
    authority = Authority(tmp_path)
    outer, inner = authority.sign("proxy").server(), authority.sign("registry").server()
    inside: list[bytes] = []

    def proxy(talk: Talk) -> None:
        talk.request()
        talk.say(b"HTTP/1.1 200 OK\r\n\r\n")
        with Loopback(answering(OK), tls=inner) as registry:
            relay(talk, registry)
        inside.append(registry.received[0])

    with Loopback(proxy, tls=outer) as server:
        address = f"https://{login}127.0.0.1:{server.origin.port}"
        options = ConnectionOptions(ca=str(authority.ca), proxy=address, http="1.1")
        with closing(Client(options)) as client:
            came = client.send(replace(GET, origin=Origin("https", "registry.test", 443)))
    assert came.error is None, came.error
    assert inside == [came.sent_head]
    assert (b"Proxy-Authorization: Basic" in server.received[0]) == bool(login)
    assert came.connection.tls
    assert "CN=registry" in came.connection.certificate


def relay(talk: Talk, registry: Loopback) -> None:
    """Pass bytes on in both directions until the client has ended; in one thread, since a socket in TLS is for one."""
    with socket.create_connection(("127.0.0.1", registry.origin.port), PATIENCE) as onward:
        ends = {talk.socket: onward, onward: talk.socket}
        while ends:
            is_held = isinstance(talk.socket, ssl.SSLSocket) and talk.socket.pending()
            for one in [talk.socket] if is_held else select.select([*ends], [], [], PATIENCE)[0]:
                with contextlib.suppress(ConnectionError):  # either may go away when it has heard enough
                    if data := one.recv(1 << 16):
                        ends[one].sendall(data)
                        continue
                if one is talk.socket:
                    return
                del ends[one]


def test_a_proxy_whose_certificate_is_not_trusted_is_named(tmp_path: Path) -> None:
    tls = Authority(tmp_path).sign("proxy").server()
    with (
        Loopback(answering(OK), tls=tls) as server,
        closing(Client(ConnectionOptions(proxy=str(server.origin)))) as client,
    ):
        came = client.send(replace(GET, origin=FAR))
    assert came.error is not None
    assert f"The proxy {server.origin} cannot be reached" in came.error.sentence
    assert "certificate" in came.error.sentence.lower()
