"""Sockets as httpcore wants them, which a stop from another thread ends at any time: while a name is looked up, a
connection or TLS is made, bytes leave or come. What has come can be looked at before it is taken, over TLS, too.
"""

from __future__ import annotations

import os
import queue
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpcore

_SLICE_SECONDS = 0.05
"""So long a stop may go unnoticed while there is no socket to end."""

_LOOK_SECONDS = 0.2
"""So long a write waits before it is looked whether an answer has come meanwhile."""

_BLOCK = 64 * 1024
MOST_AHEAD = 128 * 1024
"""So many bytes are looked at before they are taken, at most."""


class Stopper:
    """A stop that may come from any thread: it ends what waits on the socket that is watched."""

    def __init__(self) -> None:
        self.is_stopped = False
        self._socket: socket.socket | None = None

    def watch(self, sock: socket.socket | None) -> None:
        """Take the socket that a stop has to end."""
        self._socket = sock
        if self.is_stopped:
            self._end()

    def stop(self) -> None:
        """Stop."""
        self.is_stopped = True
        self._end()

    def check(self) -> None:
        """Raise ReadError where a stop has come."""
        if self.is_stopped:
            raise httpcore.ReadError("stopped")

    def _end(self) -> None:
        if sock := self._socket:
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


def connect(host: str, port: int, seconds: float, stopper: Stopper) -> socket.socket:
    """Return a connection to a host; each of its addresses is tried. Raises OSError, and UnicodeError for odd names."""
    until = time.monotonic() + seconds
    addresses = list(_addresses(host, port, until, stopper))
    failed: OSError = OSError("the host has no address")
    for number, (family, kind, protocol, _, address) in enumerate(addresses):
        share = (until - time.monotonic()) / (len(addresses) - number)
        sock = socket.socket(family, kind, protocol)
        try:
            _connect(sock, address, share, stopper)
            with suppress(OSError):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
        except OSError as bad:
            sock.close()
            failed = bad
        except BaseException:
            sock.close()
            raise
    raise failed


def connect_unix(path: str, seconds: float, stopper: Stopper) -> socket.socket:
    """Return a connection to a unix socket; raises OSError."""
    Path(path).stat()
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _connect(sock, path, seconds, stopper)
    except BaseException:
        sock.close()
        raise
    return sock


def _connect(sock: socket.socket, address: Any, seconds: float, stopper: Stopper) -> None:
    sock.setblocking(False)
    until = time.monotonic() + seconds
    with suppress(BlockingIOError):
        sock.connect(address)
    while not _is_ready(sock, to_write=True, seconds=min(_SLICE_SECONDS, max(0.0, until - time.monotonic()))):
        stopper.check()
        if time.monotonic() >= until:
            raise TimeoutError("the connection was not taken in time")
    if number := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        raise OSError(number, os.strerror(number))


def _addresses(host: str, port: int, until: float, stopper: Stopper) -> Iterator[tuple[Any, ...]]:
    """Yield the addresses of a host. A resolver cannot be interrupted, so it is left behind where it takes too long."""
    host.encode("idna")
    found: queue.Queue[list[tuple[Any, ...]] | OSError] = queue.Queue()

    def look_up() -> None:
        try:
            found.put(list(socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)))
        except OSError as bad:
            found.put(bad)

    threading.Thread(target=look_up, name="resolver", daemon=True).start()
    while True:
        try:
            answer = found.get(timeout=_SLICE_SECONDS)
        except queue.Empty:
            stopper.check()
            if time.monotonic() >= until:
                raise TimeoutError("the name was not found in time") from None
            continue
        if isinstance(answer, OSError):
            raise answer
        yield from answer
        return


def _is_ready(sock: socket.socket, *, to_write: bool, seconds: float) -> bool:
    """Say whether a socket can be read or written, or has failed; raises OSError, and ValueError for one closed."""
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(sock, select.POLLOUT if to_write else select.POLLIN)
        return bool(poll.poll(seconds * 1000))
    wanted = ([], [sock], [sock]) if to_write else ([sock], [], [])
    return any(select.select(*wanted, seconds))


class Peekable(httpcore.NetworkStream):
    """A stream whose bytes can be looked at before they are taken; `ahead` holds them."""

    def __init__(self) -> None:
        self.ahead = bytearray()
        self.has_answer: Callable[[], bool] | None = None
        """Asked while a write waits: where it says yes, the write is given up, as nobody wants the rest."""
        self._failed: OSError | None = None
        self._is_ended = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Take what has come, or wait for it; none at the end."""
        if self.ahead:
            data = bytes(self.ahead[:max_bytes])
            del self.ahead[:max_bytes]
            return data
        if self._is_ended:
            return b""
        try:
            if self._failed:
                raise self._failed
            return self._receive(max_bytes, timeout)
        except TimeoutError as bad:
            raise httpcore.ReadTimeout(str(bad)) from bad
        except OSError as bad:
            raise httpcore.ReadError(str(bad)) from bad

    def look_ahead(self, seconds: float = 0.0) -> bool:
        """Say whether bytes can be taken, or the end has come; waits up to `seconds` where there are none."""
        until = time.monotonic() + (0.0 if self.ahead else seconds)
        while not (self._is_ended or self._failed) and len(self.ahead) < MOST_AHEAD:
            try:
                data = self._receive(_BLOCK, max(0.0, until - time.monotonic()))
            except (TimeoutError, BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                break
            except OSError as bad:
                self._failed = bad
                break
            self.ahead += data
            self._is_ended = not data
            until = 0.0
        return bool(self.ahead or self._is_ended or self._failed)

    def watched_by(self, stopper: Stopper) -> None:
        """Let the stop of another exchange end what waits here."""
        raise NotImplementedError

    def _receive(self, most: int, timeout: float | None) -> bytes:
        """Receive up to so many bytes; raises OSError, TimeoutError where none came in time."""
        raise NotImplementedError


class SocketStream(Peekable):
    """A connection, plain or in TLS."""

    def __init__(self, sock: socket.socket, stopper: Stopper) -> None:
        super().__init__()
        self._socket = sock
        self._stopper = stopper
        stopper.watch(sock)

    def watched_by(self, stopper: Stopper) -> None:
        """Let the stop of another exchange end what waits here."""
        self._stopper = stopper
        stopper.watch(self._socket)

    def _receive(self, most: int, timeout: float | None) -> bytes:
        if timeout == 0.0 and not isinstance(self._socket, ssl.SSLSocket) and not self._is_readable():
            raise BlockingIOError
        self._socket.settimeout(timeout)
        return self._socket.recv(most)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all bytes."""
        left = memoryview(buffer)
        began = time.monotonic()
        try:
            while left:
                self._socket.settimeout(_LOOK_SECONDS if timeout is None else min(timeout, _LOOK_SECONDS))
                try:
                    left = left[self._socket.send(left) :]
                except TimeoutError:
                    if self.has_answer and self.has_answer():
                        raise httpcore.WriteError("the answer came before the body was through") from None
                    if timeout is not None and time.monotonic() - began >= timeout:
                        raise
                else:
                    began = time.monotonic()
        except TimeoutError as bad:
            raise httpcore.WriteTimeout(str(bad)) from bad
        except OSError as bad:
            raise httpcore.WriteError(str(bad)) from bad

    def close(self) -> None:
        """Close the connection."""
        with suppress(OSError):
            self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Peekable:
        """Go on in TLS, within the TLS of a proxy where there is one."""
        from explorer.wire.nested_tls import NestedTls

        if isinstance(self._socket, ssl.SSLSocket):
            return NestedTls(self, ssl_context, server_hostname, timeout)
        try:
            secure = ssl_context.wrap_socket(
                self._socket, server_hostname=server_hostname, do_handshake_on_connect=False
            )
            self._socket = secure
            self._stopper.watch(secure)
            secure.settimeout(timeout)
            secure.do_handshake()
        except TimeoutError as bad:
            self.close()
            raise httpcore.ConnectTimeout(str(bad)) from bad
        except (OSError, ValueError) as bad:
            self.close()
            raise httpcore.ConnectError(str(bad)) from bad
        except BaseException:
            self.close()
            raise
        return self

    def get_extra_info(self, info: str) -> Any:
        """Return what is known of the connection, by the names that httpcore has."""
        match info:
            case "ssl_object":
                return self._socket if isinstance(self._socket, ssl.SSLSocket) else None
            case "client_addr":
                return self._socket.getsockname()
            case "server_addr":
                return self._socket.getpeername()
            case "socket":
                return self._socket
            case "is_readable":
                return bool(self.ahead) or self._is_ended or self._is_readable()
            case _:
                return None

    def _is_readable(self) -> bool:
        try:
            return _is_ready(self._socket, to_write=False, seconds=0.0)
        except (OSError, ValueError):
            return True
