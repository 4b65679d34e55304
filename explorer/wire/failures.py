"""Errors of the network as sentences that name what was found, where, what was expected and what to do."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import httpx

from explorer.model import Failure, Origin

_SHOWN = 60


_EXPIRED, _NOT_YET = 10, 9
_OTHER_NAME = (62, 64)  # a host's name, an address
_UNKNOWN_CA = (2, 18, 19, 20, 21)
"""Verification results as OpenSSL numbers them (x509_vfy.h)."""


def failure_of(error: Exception, origin: Origin, received: bytes, way: str = "", *, shows: bool = False) -> Failure:
    """Return what an error of the client means.

    `received` is what had come from the other side by then; `way` says how the origin was to be reached, where that is
    not by its name; `shows` is whether there was a client certificate to show.
    """
    causes = tuple(_chain(error))
    if isinstance(error, httpx.ProxyError):
        return Failure("unreachable", f"{origin} cannot be reached. {error}")
    secure = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if isinstance(secure, ssl.SSLEOFError | ssl.SSLZeroReturnError) and not isinstance(error, httpx.ConnectError):
        secure = None
    if secure is not None:
        return Failure("tls", _tls(secure, f"{origin}{way}", origin.host, shows=shows))
    if isinstance(error, httpx.ConnectTimeout):
        return Failure(
            "timeout", f"{origin}{way} did not take a connection in time. Is the address right, and reachable?"
        )
    if isinstance(error, httpx.TimeoutException):
        return Failure("timeout", f"{origin} took the connection, but then no more came or went in time.")
    if isinstance(error, httpx.ConnectError | httpx.InvalidURL):
        return Failure("unreachable", _unreachable(causes, origin, way))
    if received:
        return _bad_answer(error, origin, received)
    return Failure("closed", f"{origin} closed the connection without a byte of an answer{_reset(causes)}.")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _tls(error: ssl.SSLError, where: str, host: str, *, shows: bool) -> str:
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
    front = f"The certificate of {where} was not accepted: {error.verify_message}."
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


def _unreachable(causes: tuple[BaseException, ...], origin: Origin, way: str) -> str:
    where = f"{origin}{way}"
    for cause in causes:
        if isinstance(cause, UnicodeError | httpx.InvalidURL):
            return f"'{origin.host}' of {origin} is no name or address that can be looked up."
        if isinstance(cause, socket.gaierror):
            return f"The host '{origin.host}' of {origin} cannot be found: {cause.strerror}. Is the name right?"
        if isinstance(cause, ConnectionRefusedError):
            return f"Nothing listens at {where}: the connection was refused. Is the registry running, the port right?"
    reason = next(
        (cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror), "no reason given"
    )
    return f"{where} cannot be reached: {reason}."


def _bad_answer(error: Exception, origin: Origin, received: bytes) -> Failure:
    shown = repr(received[:_SHOWN])[1:]
    if received[:2] in (b"\x15\x03", b"\x16\x03"):
        return Failure(
            "not-http",
            f"{origin} was asked in plain http and answered in TLS ({shown}). Write https:// before the target.",
        )
    if received.startswith(b"HTTP/"):
        return Failure("closed", f"The answer of {origin} broke off or is malformed: {error}.")
    return Failure(
        "not-http", f"{origin} answered with something that is not HTTP: {shown}. Is this a registry's port?"
    )


def _reset(causes: tuple[BaseException, ...]) -> str:
    return " (it was reset)" if any(isinstance(cause, ConnectionResetError) for cause in causes) else ""
