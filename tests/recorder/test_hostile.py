"""Clients and upstreams that say anything: all of it goes through, is recorded, and harms nobody else."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.recorder.recording import Recorded, recording

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
CLEAN = b"GET /clean HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
SECONDS = 10.0

names = st.sampled_from(
    [
        b"Host",
        b"Content-Length",
        b"Transfer-Encoding",
        b"Expect",
        b"Location",
        b"Link",
        b"WWW-Authenticate",
        b"X",
        b"x ",
    ]
)
values = st.sampled_from(
    [
        *(b"3", b"-1", b"3, 3", b"99999999999999999999", b"chunked", b"gzip", b"100-continue", b"", b"http://["),
        *(b"//a@b:x/", b"http://s.test/a?b=%ff#c", b'Bearer realm="http://a.test/t', b"<http://a>;<b"),
        *(b"\xff\xfe", b"a\rb"),
    ]
) | st.binary(max_size=12).map(lambda data: data.replace(b"\n", b""))
lines = st.tuples(names, st.sampled_from([b": ", b":", b" :"]), values).map(b"".join)
ends = st.sampled_from([b"\r\n", b"\n"])
bodies = st.sampled_from([b"", b"abc", b"3\r\nabc\r\n0\r\n\r\n", b"zz\r\n", b"0\r\nT: v\r\n\r\n"]) | st.binary(
    max_size=30
)


def heads(first: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """Make heads of a first line and any headers."""

    def head(first: bytes, rows: list[bytes], end: bytes) -> bytes:
        return end.join([first, *rows]) + end + end

    return st.builds(head, first, st.lists(lines, max_size=4), ends)


requests = heads(st.sampled_from([b"GET / HTTP/1.1", b"PUT /a b HTTP/1.0", b"POST http://x/ HTTP/1.1", b"G T", b"\0"]))
answers = heads(
    st.sampled_from([b"HTTP/1.1 200 OK", b"HTTP/1.0 404", b"HTTP/1.1 100 C", b"HTTP/1.1 204 N", b"SSH-2", b"HTTP/1.1"])
)
from_clients = st.lists(requests | bodies, min_size=1, max_size=4).map(b"".join)
from_upstreams = st.lists(answers | bodies, max_size=4).map(b"".join)


class Upstream:
    """Says given bytes as soon as something has come, then ends; what comes for /clean is answered properly."""

    def __init__(self) -> None:
        self.says = b""
        self.got: list[bytearray] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def authority(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.listener.getsockname()[1]}"

    def close(self) -> None:
        """Listen no more."""
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self._thread.join(SECONDS)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        got = bytearray()
        self.got.append(got)
        connection.settimeout(SECONDS)
        with connection, contextlib.suppress(OSError):
            got += connection.recv(1 << 16)
            connection.sendall(OK if got.startswith(b"GET /clean") else self.says)
            connection.shutdown(socket.SHUT_WR)
            while more := connection.recv(1 << 16):
                got += more


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    """Return an upstream for all examples of a test."""
    there = Upstream()
    yield there
    there.close()


@pytest.fixture(scope="module", params=[False, True], ids=["rewriting", "verbatim"])
def recorded(request: pytest.FixtureRequest, upstream: Upstream) -> Iterator[Recorded]:
    """Return a recorder for all examples of a test."""
    with recording(upstream.authority, is_verbatim=request.param) as there:
        yield there


def call(recorded: Recorded, raw: bytes) -> bytes:
    """Say bytes and no more, and return all that is heard."""
    host, _, port = recorded.address.rpartition(":")
    heard = b""
    with socket.create_connection((host, int(port)), SECONDS) as caller, contextlib.suppress(ConnectionError):
        caller.sendall(raw)
        caller.shutdown(socket.SHUT_WR)
        while more := caller.recv(1 << 16):
            heard += more
    return heard


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=from_clients, answered=from_upstreams)
def test_whatever_both_say_the_next_client_is_served(
    recorded: Recorded, upstream: Upstream, said: bytes, answered: bytes
) -> None:
    upstream.says = answered
    call(recorded, said)
    assert call(recorded, CLEAN) == OK


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answered=from_upstreams)
def test_verbatim_a_client_hears_exactly_what_was_said(recorded: Recorded, upstream: Upstream, answered: bytes) -> None:
    if not recorded.verbatim:
        return
    upstream.says = answered
    assert call(recorded, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") == answered


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rest=from_clients)
def test_verbatim_an_upstream_gets_a_beginning_of_what_was_said(
    recorded: Recorded, upstream: Upstream, rest: bytes
) -> None:
    if not recorded.verbatim:
        return
    upstream.says = OK
    before = len(upstream.got)
    said = b"PUT /x HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + rest
    call(recorded, said)
    assert all(said.startswith(bytes(got)) for got in upstream.got[before : before + 1])
