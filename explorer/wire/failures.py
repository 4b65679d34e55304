"""Errors of the network as sentences that name what was found, where, what was expected and what to do."""

from __future__ import annotations

import ssl

import httpcore
import httpx

from explorer.model import Failure, Origin
from explorer.wire.connecting import chain, no_name, not_in_time, tls_sentence, unreachable_sentence
from explorer.wire.malformed import Malformed

_SHOWN = 60


class NotHttp2(httpcore.RemoteProtocolError):
    """Say that the other side speaks no HTTP/2."""


def failure_of(
    error: Exception, origin: Origin, received: bytes, way: str = "", *, shows: bool = False, version: str = ""
) -> Failure:
    """Return what an error of the client means.

    `received` is what had come from the other side by then; `way` says how the origin was to be reached, where that is
    not by its name; `shows` is whether there was a client certificate to show; `version` is
    HTTP/2 where that was spoken.
    """
    causes = tuple(chain(error))
    if isinstance(error, httpx.ProxyError):
        return Failure("unreachable", f"{origin} cannot be reached. {error}")
    secure = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if isinstance(secure, ssl.SSLEOFError | ssl.SSLZeroReturnError) and not isinstance(error, httpx.ConnectError):
        secure = None
    if secure is not None:
        return Failure("tls", tls_sentence(secure, f"{origin}{way}", origin.host, shows=shows))
    if isinstance(error, httpx.ConnectTimeout):
        return not_in_time(origin, way)
    if isinstance(error, httpx.TimeoutException):
        return Failure("timeout", f"{origin} took the connection, but then no more came or went in time.")
    if isinstance(error, httpx.InvalidURL):
        return Failure("unreachable", no_name(origin))
    if isinstance(error, httpx.ConnectError):
        return Failure("unreachable", unreachable_sentence(causes, origin, way))
    if any(isinstance(cause, NotHttp2) for cause in causes):
        return Failure("not-http", f"{origin} was to speak HTTP/2, but {error}.")
    if version:
        return Failure("closed", f"The exchange with {origin} broke off, over {version}: {error}.")
    if received:
        return _bad_answer(error, origin, received)
    return Failure("closed", f"{origin} closed the connection without a byte of an answer{_reset(causes)}.")


def _bad_answer(error: Exception, origin: Origin, received: bytes) -> Failure:
    shown = repr(received[:_SHOWN])[1:]
    if received[:2] in (b"\x15\x03", b"\x16\x03"):
        return Failure(
            "not-http",
            f"{origin} was asked in plain http and answered in TLS ({shown}). Write https:// before the target.",
        )
    if received.startswith(b"HTTP/"):
        happened = "is malformed" if any(isinstance(cause, Malformed) for cause in chain(error)) else "broke off"
        return Failure("closed", f"The answer of {origin} {happened}: {error}.")
    return Failure(
        "not-http", f"{origin} answered with something that is not HTTP: {shown}. Is this a registry's port?"
    )


def _reset(causes: tuple[BaseException, ...]) -> str:
    return " (it was reset)" if any(isinstance(cause, ConnectionResetError) for cause in causes) else ""
