"""Why a connection could not be made, as sentences; nothing of the client is needed for them."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

from explorer.model import Failure, Origin

_EXPIRED, _NOT_YET = 10, 9
_OTHER_NAME = (62, 64)  # a host's name, an address
_UNKNOWN_CA = (2, 18, 19, 20, 21)
"""Verification results as OpenSSL numbers them (x509_vfy.h)."""


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it came from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def not_in_time(origin: Origin, way: str) -> Failure:
    """Return that no connection was taken in time."""
    return Failure("timeout", f"{origin}{way} did not take a connection in time. Is the address right, and reachable?")


def no_name(origin: Origin) -> str:
    """Return that a host is none that can be looked up."""
    return f"'{origin.host}' of {origin} is no name or address that can be looked up."


def tls_sentence(error: ssl.SSLError, where: str, host: str, *, shows: bool) -> str:
    """Return how TLS failed; `shows` is whether there was a client certificate to show."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate(error, where, host)
    if error.reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE"):
        return (
            f"{where} was asked for TLS and answered with something else: that port speaks plain http. "
            "Write http:// before the target, or add --plain-http."
        )
    # Older servers in Go call a missing certificate a bad one.
    is_missing = error.reason == "SSLV3_ALERT_BAD_CERTIFICATE" and not shows
    if is_missing or error.reason == "TLSV13_ALERT_CERTIFICATE_REQUIRED":
        return f"{where} requires a client certificate: add --client-cert FILE and --client-key FILE."
    if error.reason == "SSLV3_ALERT_HANDSHAKE_FAILURE":
        return (
            f"{where} refused the TLS handshake without saying why; where it requires a client certificate, "
            "add --client-cert FILE and --client-key FILE."
        )
    if error.reason in _CLIENT_ALERTS:
        return f"{where} did not accept the client certificate: {_CLIENT_ALERTS[error.reason]}."
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return f"{where} closed the connection in the middle of the TLS handshake."
    return f"TLS with {where} failed: {error.reason or error}."


_CLIENT_ALERTS = {
    "TLSV1_ALERT_UNKNOWN_CA": "it does not know the CA that signed it",
    "SSLV3_ALERT_BAD_CERTIFICATE": "it calls it bad",
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": "it has expired",
    "SSLV3_ALERT_CERTIFICATE_REVOKED": "it was revoked",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": "it does not know it",
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE": "it is of a kind that it does not take",
    "TLSV1_ALERT_ACCESS_DENIED": "it may not come in with it",
}


def _certificate(error: ssl.SSLCertVerificationError, where: str, host: str) -> str:
    front = f"The certificate of {where} was not accepted: {error.verify_message.rstrip('.')}."
    code = error.verify_code
    if code == _EXPIRED:
        return f"{front} Its time is over: the registry needs a new one (or this machine's clock is wrong)."
    if code == _NOT_YET:
        return f"{front} Its time has not begun: is this machine's clock right?"
    if code in _OTHER_NAME:
        return (
            f"{front} It is a certificate for another name than {host}: use a name that it has "
            "(--resolve HOST:PORT:ADDRESS dials an address under that name)."
        )
    if code in _UNKNOWN_CA:
        return (
            f"{front} The CA that signed it is not known here: give its certificate with --ca FILE, "
            "or put it into a certs.d folder."
        )
    return front


def unreachable_sentence(causes: tuple[BaseException, ...], origin: Origin, way: str) -> str:
    """Return why there is no connection; `way` says how the origin was to be reached, where that is not by its name."""
    where = f"{origin}{way}"
    for cause in causes:
        if isinstance(cause, UnicodeError):
            return no_name(origin)
        if isinstance(cause, socket.gaierror):
            return f"The host '{origin.host}' of {origin} cannot be found: {cause.strerror}. Is the name right?"
        if isinstance(cause, ConnectionRefusedError):
            return f"Nothing listens at {where}: the connection was refused. Is the registry running, the port right?"
    reason = next(
        (cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror), "no reason given"
    )
    return f"{where} cannot be reached: {reason}."
