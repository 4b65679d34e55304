"""The one funnel that keeps secrets out of whatever is written.

Found by place: headers that carry credentials, and what the raw heads say in the same lines. A masked value keeps its
scheme and a short mark, the same for the same secret within one run of the program, so that equal secrets can be
recognised; the mark is keyed with a random number, so that nothing can be tried against it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import replace

from explorer.model import Exchange, Header, Headers, Request, Response

SECRET_HEADERS = ("authorization", "proxy-authorization", "cookie", "set-cookie", "x-registry-auth")
"""Names of the headers whose values are masked, in lower case."""

_KEY = secrets.token_bytes(16)
_SCHEME = re.compile(r"(Basic|Bearer|Digest|Negotiate) +", re.IGNORECASE)
_MASKED = re.compile(r"\[masked [0-9a-f]{8}\]")
_LINE = re.compile(rb"(?m)^([^\r\n:]+:[ \t]*)([^\r\n]*)")


def mask(value: str) -> str:
    """Return what stands in the place of a secret: its scheme, where it has one, and a mark."""
    scheme = _SCHEME.match(value)
    front = scheme[0] if scheme else ""
    secret = value[len(front) :]
    if not secret or _MASKED.fullmatch(secret):
        return value
    mark = hmac.new(_KEY, secret.encode("latin-1", "replace"), hashlib.sha256).hexdigest()[:8]
    return f"{front}[masked {mark}]"


def is_secret(name: str) -> bool:
    """Say whether a header of that name carries a credential."""
    return name.strip().lower() in SECRET_HEADERS


def masked_headers(headers: Headers) -> Headers:
    """Return headers with every credential masked."""
    return Headers(tuple(Header(n, mask(v), g) if is_secret(n) else Header(n, v, g) for n, v, g in headers))


def masked_head(raw: bytes) -> bytes:
    """Return a raw head with every credential masked."""

    def line(found: re.Match[bytes]) -> bytes:
        name = found[1].decode("latin-1").partition(":")[0]
        return found[1] + mask(found[2].decode("latin-1")).encode("latin-1") if is_secret(name) else found[0]

    return _LINE.sub(line, raw)


def masked(exchange: Exchange) -> Exchange:
    """Return an exchange with every credential masked, as it may be written to a file."""
    return replace(
        exchange,
        request=_request(exchange.request),
        proposed=_request(exchange.proposed),
        response=_response(exchange.response) if exchange.response else None,
        sent_head=masked_head(exchange.sent_head),
        received_head=masked_head(exchange.received_head),
    )


def _request(request: Request) -> Request:
    return replace(request, headers=masked_headers(request.headers))


def _response(response: Response) -> Response:
    return replace(response, headers=masked_headers(response.headers))
