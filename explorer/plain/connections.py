"""The connection of an exchange in words: where to and by which way, TLS, the other side's certificate, the phases."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.model import Exchange, Timings

AS_LISTS = "HTTP/2: lists of headers in frames, as they are below; there is no head in bytes"


def connection_lines(exchange: Exchange) -> Iterator[str]:
    """Yield what is known of the connection of an exchange; what TLS agreed upon, only where it is new."""
    connection = exchange.connection
    if connection.peer:
        manner = "Connection kept to" if connection.reused else "Connected to"
        yield f"{manner} {connection.peer} ({exchange.request.origin})"
    if connection.proxy:
        yield f"Through {connection.proxy}"
    if connection.tls and not connection.reused:
        agreed = f", ALPN {connection.alpn}" if connection.alpn else ", no ALPN"
        yield f"{connection.tls}, {connection.cipher}{agreed}"
        if connection.certificate:
            yield f"Certificate: {connection.certificate}"
    if connection.version == "HTTP/2":
        yield AS_LISTS


def phases_text(timings: Timings) -> str:
    """Return how long it took from the beginning to each phase that was reached."""
    phases = (
        ("connected", timings.connected),
        ("sent", timings.sent),
        ("first byte", timings.first_byte),
        ("through", timings.finished),
    )
    return "  ".join(f"{name} {seconds * 1000:.1f} ms" for name, seconds in phases if seconds is not None)
