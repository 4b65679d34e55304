"""Errors of the network as sentences that name what was found, where, what was expected and what to do."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import httpx

from explorer.model import Failure, Origin

_SHOWN = 60


def failure_of(error: Exception, origin: Origin, received: bytes) -> Failure:
    """Return what an error of the client means; `received` is what had come from the other side by then."""
    causes = tuple(_chain(error))
    secure = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if secure is not None:
        return Failure("tls", _tls(secure, origin))
    if isinstance(error, httpx.ConnectTimeout):
        return Failure("timeout", f"{origin} did not take a connection in time. Is the address right, and reachable?")
    if isinstance(error, httpx.TimeoutException):
        return Failure("timeout", f"{origin} took the connection, but then no more came or went in time.")
    if isinstance(error, httpx.ConnectError | httpx.InvalidURL):
        return Failure("unreachable", _unreachable(causes, origin))
    if received:
        return _bad_answer(error, origin, received)
    return Failure("closed", f"{origin} closed the connection without a byte of an answer{_reset(causes)}.")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _tls(error: ssl.SSLError, origin: Origin) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate of {origin} was not accepted: {error.verify_message}."
    if error.reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE"):
        return (
            f"{origin} was asked for TLS and answered with something else: that port speaks plain http. "
            "Write http:// before the target, or add --plain-http."
        )
    return f"TLS with {origin} failed: {error.reason or error}."


def _unreachable(causes: tuple[BaseException, ...], origin: Origin) -> str:
    for cause in causes:
        if isinstance(cause, UnicodeError | httpx.InvalidURL):
            return f"'{origin.host}' of {origin} is no name or address that can be looked up."
        if isinstance(cause, socket.gaierror):
            return f"The host '{origin.host}' of {origin} cannot be found: {cause.strerror}. Is the name right?"
        if isinstance(cause, ConnectionRefusedError):
            return f"Nothing listens at {origin}: the connection was refused. Is the registry running, the port right?"
    reason = next(
        (cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror), "no reason given"
    )
    return f"{origin} cannot be reached: {reason}."


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
