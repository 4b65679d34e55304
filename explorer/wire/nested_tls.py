"""TLS within TLS: to a registry, through a proxy that is itself spoken to in TLS."""

from __future__ import annotations

import ssl
from typing import Any

import httpcore

from explorer.wire.sockets import Peekable, Stopper

_BLOCK = 64 * 1024


class NestedTls(Peekable):
    """A connection in TLS that runs within another stream."""

    def __init__(
        self, inner: Peekable, context: ssl.SSLContext, server_hostname: str | None, timeout: float | None
    ) -> None:
        """Make the handshake; raises ConnectError or ConnectTimeout."""
        super().__init__()
        self._inner = inner
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=server_hostname)
        self._is_flushing = False
        inner.has_answer = lambda: bool(self.has_answer and self.has_answer())
        try:
            self._shake_hands(timeout)
        except (httpcore.ReadTimeout, httpcore.WriteTimeout) as bad:
            self.close()
            raise httpcore.ConnectTimeout(str(bad)) from bad
        except (ssl.SSLError, httpcore.NetworkError) as bad:
            self.close()
            raise httpcore.ConnectError(str(bad)) from bad
        except BaseException:
            self.close()
            raise

    def _shake_hands(self, timeout: float | None) -> None:
        while True:
            try:
                self._tls.do_handshake()
                self._flush(timeout)
                return
            except ssl.SSLWantReadError:
                self._flush(timeout)
                self._feed(self._inner.read(_BLOCK, timeout))
            except ssl.SSLError:
                self._flush(timeout)  # the alert that says why
                raise

    def _feed(self, data: bytes) -> None:
        if data:
            self._incoming.write(data)
        else:
            self._incoming.write_eof()

    def _flush(self, timeout: float | None) -> None:
        if self._is_flushing or not self._outgoing.pending:
            return  # what is read while a write waits must put nothing in between
        self._is_flushing = True
        try:
            self._inner.write(self._outgoing.read(), timeout)
        finally:
            self._is_flushing = False

    def _receive(self, most: int, timeout: float | None) -> bytes:
        while True:
            try:
                return self._tls.read(most)
            except ssl.SSLWantReadError:
                self._flush(timeout)
                if timeout == 0.0 and not self._inner.look_ahead():
                    raise
                try:
                    self._feed(self._inner.read(_BLOCK, timeout))
                except httpcore.ReadTimeout as bad:
                    raise TimeoutError(str(bad)) from bad
                except httpcore.ReadError as bad:
                    raise OSError(str(bad)) from bad
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""

    def watched_by(self, stopper: Stopper) -> None:
        """Let the stop of another exchange end what waits here."""
        self._inner.watched_by(stopper)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all bytes."""
        left = memoryview(buffer)
        while left:
            try:
                left = left[self._tls.write(left[:_BLOCK]) :]
            except ssl.SSLError as bad:
                raise httpcore.WriteError(str(bad)) from bad
            self._flush(timeout)

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Refuse: nothing here wants a third TLS."""
        raise NotImplementedError

    def get_extra_info(self, info: str) -> Any:
        """Return what is known of the connection."""
        if info == "ssl_object":
            return self._tls
        if info == "is_readable" and self.ahead:
            return True
        return self._inner.get_extra_info(info)
