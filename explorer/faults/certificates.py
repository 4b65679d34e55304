"""Certificates that a client must not accept."""

from __future__ import annotations

from collections.abc import Iterable

from explorer.faults.arguments import choice
from explorer.faults.declared import Passing, Plays, Where, fault
from explorer.faults.switchboard import SwitchedOn
from explorer.wire.server import Outgoing

UNKNOWN_CA, EXPIRED, OTHER_NAME = "unknown-ca", "expired", "other-name"


@fault(
    "tls-unknown-ca",
    plays=Plays.DEPLOYMENT,
    argument=choice("what is wrong with the certificate", UNKNOWN_CA, EXPIRED, OTHER_NAME),
    where=Where.SERVER,
    needs="a registry that speaks TLS: --tls",
)
def tls_unknown_ca(passing: Passing, _wrong: str) -> Outgoing:
    """The connection ends in the handshake: the certificate is of an unknown CA, has expired, or is for another name.

    docker says "x509: certificate signed by unknown authority", curl "unable to get local issuer certificate". A client
    that checks no certificates (`--insecure`, `curl -k`) gets through, and sees nothing of it.
    """
    return passing.on()


def wrong_certificate(on: Iterable[SwitchedOn]) -> str:
    """Return what is to be wrong with the certificate by the faults that are on; empty for nothing."""
    for one in on:
        if one.kind is tls_unknown_ca and one.kind.argument:
            return one.argument if one.argument is not None else one.kind.argument.default
    return ""
