"""Certificates: why TLS did not come about."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen

_UNKNOWN = (
    "self-signed certificate",
    "self signed certificate",
    "unable to get local issuer",
    "unable to verify the first certificate",
    "signed by unknown authority",
    "The CA that signed it is not known",
)
_EXPIRED = ("certificate has expired", "Its time is over", "certificate is not yet valid", "Its time has not begun")
_NAMES = (
    "hostname mismatch",
    "ip address mismatch",
    "certificate for another name",
    "doesn't contain any ip sans",
    "certificate is valid for",
    "relies on legacy common name",
    "no alternative certificate subject name",
)
_CLIENT = (
    "requires a client certificate",
    "did not accept the client certificate",
    "certificate required",
    "tlsv13 alert certificate required",
    "No required SSL certificate was sent",
)


@rule(
    "tls-unknown-ca",
    "decides",
    fix="Give the CA's certificate: --ca FILE here and --cacert for curl; /etc/docker/certs.d/HOST:PORT/ca.crt "
    "for docker, "
    "/etc/containers/certs.d/HOST:PORT/ca.crt for skopeo, podman and buildah; SSL_CERT_FILE for crane, oras and "
    "regctl.",
    sources=("observed with distribution 3",),
)
def tls_unknown_ca(seen: Seen) -> Iterator[Found]:
    """The certificate was signed by a CA that this client does not know, or by itself.

    Skipping the check would hide whoever stands in between; giving the CA's certificate to the client does not.
    """
    if _failed_in_tls(seen) and seen.says(*_UNKNOWN):
        yield Found("the certificate's CA is not known here", _sentence(seen), (seen.at_failure,), key=_where(seen))


@rule(
    "tls-expired",
    "decides",
    who="registry",
    fix="Renew the certificate where TLS ends (the proxy or http.tls of the registry); check this machine's "
    "clock, too.",
)
def tls_expired(seen: Seen) -> Iterator[Found]:
    """The certificate's time is over, or has not begun: it has to be renewed, or one of the clocks is wrong."""
    if _failed_in_tls(seen) and seen.says(*_EXPIRED):
        yield Found("the certificate is out of its time", _sentence(seen), (seen.at_failure,), key=_where(seen))


@rule(
    "tls-name-mismatch",
    "decides",
    fix="Use a name that the certificate has, or have the certificate made for this one (as a subject alternative "
    "name; "
    "addresses need an IP entry).",
)
def tls_name_mismatch(seen: Seen) -> Iterator[Found]:
    """The certificate is for another name than the one that was asked for.

    Go takes only subject alternative names; a certificate with nothing but a common name suits curl and not docker.
    """
    if _failed_in_tls(seen) and seen.says(*_NAMES):
        yield Found("the certificate is for another name", _sentence(seen), (seen.at_failure,), key=_where(seen))


@rule(
    "tls-client-certificate",
    "decides",
    fix="Show a client certificate: --client-cert and --client-key here; client.cert and client.key in "
    "certs.d/HOST:PORT "
    "for docker, skopeo and podman; --cert and --key for curl.",
)
def tls_client_certificate(seen: Seen) -> Iterator[Found]:
    """The server asks for the client's certificate, and got none, or one that it does not accept."""
    if (_failed_in_tls(seen) or seen.status == 400) and seen.says(*_CLIENT):
        place = seen.at_failure if seen.exchange.error else seen.at_body()
        yield Found("a client certificate is required", _sentence(seen), (place,), key=_where(seen))


@rule(
    "tls-failed",
    "hint",
    who="network",
    fix="See what `openssl s_client -connect HOST:PORT -servername HOST` says, and whether a proxy cuts in.",
)
def tls_failed(seen: Seen) -> Iterator[Found]:
    """The TLS handshake failed, and neither side said which part of it: versions, ciphers, or something in between."""
    known = (*_UNKNOWN, *_EXPIRED, *_NAMES, *_CLIENT, "plain http")
    if _failed_in_tls(seen) and not seen.says(*known):
        yield Found("the TLS handshake failed", _sentence(seen), (seen.at_failure,), key=_where(seen))


def _failed_in_tls(seen: Seen) -> bool:
    error = seen.exchange.error
    return error is not None and (error.kind == "tls" or "certificate" in error.sentence or "x509" in error.sentence)


def _sentence(seen: Seen) -> str:
    return seen.exchange.error.sentence if seen.exchange.error else f"the answer was {seen.status}"


def _where(seen: Seen) -> str:
    return str(seen.request.origin)
