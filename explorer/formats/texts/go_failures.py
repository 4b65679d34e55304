"""What Go's network code says where no answer came, as the kind of failure that it is."""

from __future__ import annotations

_SIGNS = (
    ("tls", ("tls:", "x509", "http response to https", "certificate")),
    ("unreachable", ("dial tcp", "no such host", "connection refused", "no route to host")),
    ("timeout", ("timeout", "deadline exceeded")),
    ("not-http", ("malformed http",)),
    ("closed", ("eof", "reset by peer", "broken pipe", "redirects")),
)


def kind_of(words: str) -> str:
    """Return the kind of a failure that a client written in Go tells in these words; `unreachable` for all others."""
    folded = words.lower()
    return next((kind for kind, signs in _SIGNS if any(sign in folded for sign in signs)), "unreachable")
