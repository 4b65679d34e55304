"""TLS on a server's side: which certificate is shown is asked anew for each connection.

A client that speaks plain http to the port gets the answer of a Go server, and so sees what it sees of real ones.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

from explorer.errors import FormatError
from explorer.frozen import frozen

PLAIN_TEXT = b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
"""What Go says to plain http at a port that speaks TLS."""

_HANDSHAKE = 0x16
_FAREWELL_SECONDS = 1.0


@frozen
class Certificate:
    """A certificate, with those between it and its CA, and its key: files in PEM."""

    file: Path
    key: Path


class ServerTls:
    """Makes connections of clients secure. Safe to use from several threads."""

    def __init__(self, shown: Callable[[], Certificate]) -> None:
        """Take what says which certificate is shown; raises FormatError where the present one cannot be."""
        self._shown = shown
        self._contexts: dict[Certificate, ssl.SSLContext] = {}
        self._context()

    def begin(self, sock: socket.socket, seconds: float) -> ssl.SSLSocket | None:
        """Return a second, secure socket of a connection; None where the client speaks plain http, and was told so.

        The handshake is waited for so long. Raises OSError where there is none, as with a client that does not trust.
        """
        sock.settimeout(seconds)
        first = sock.recv(1, socket.MSG_PEEK)
        if first and first[0] != _HANDSHAKE:
            sock.recv(64 * 1024)
            sock.sendall(PLAIN_TEXT)
            sock.shutdown(socket.SHUT_WR)
            return None
        # The socket that was given stays what a stop can end: the secure one would take it over.
        own = sock.dup()
        try:
            own.settimeout(seconds)
            return self._context().wrap_socket(own, server_side=True)
        except BaseException:
            own.close()
            raise

    def _context(self) -> ssl.SSLContext:
        certificate = self._shown()
        if certificate not in self._contexts:
            self._contexts[certificate] = _context_of(certificate)
        return self._contexts[certificate]


def _context_of(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sslsocket_class = _Secure
    context.set_alpn_protocols(["http/1.1"])
    for file in (certificate.file, certificate.key):
        try:
            file.open("rb").close()
        except OSError as bad:
            raise FormatError(file, f"the certificate or its key cannot be read: {bad.strerror}.") from bad
    try:
        context.load_cert_chain(certificate.file, certificate.key, password=lambda: _refuse(certificate.key))
    except ssl.SSLError as bad:
        why = "they do not belong together" if bad.reason == "KEY_VALUES_MISMATCH" else "PEM was expected of both"
        raise FormatError(
            certificate.file, f"it cannot be shown with the key {certificate.key} as a certificate: {why}."
        ) from bad
    return context


def _refuse(key: Path) -> str:
    raise FormatError(key, "the key has a passphrase, and none can be given here: write it without.")


class _Secure(ssl.SSLSocket):
    """A secure socket whose end is said in TLS, too."""

    def shutdown(self, how: int, /) -> None:
        """Tell the other side that no more comes, wait a moment for its end, and end the direction."""
        with contextlib.suppress(OSError, ValueError):
            self.settimeout(_FAREWELL_SECONDS)
            self.unwrap()
        super().shutdown(how)
