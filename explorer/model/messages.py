"""Where a request goes, the request, and the answer."""

from __future__ import annotations

import re
from dataclasses import field

from explorer.frozen import frozen
from explorer.model.bodies import Body
from explorer.model.headers import Headers

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


@frozen
class Origin:
    """Where a connection goes and whom a credential belongs to: scheme, host (no brackets, lower case) and port."""

    scheme: str
    host: str
    port: int
    authority: str = field(init=False, repr=False, compare=False)
    """The value of a Host header: host, and port unless it is the scheme's own."""
    _text: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        host = f"[{self.host}]" if ":" in self.host else self.host
        authority = host if self.port == default_port(self.scheme) else f"{host}:{self.port}"
        object.__setattr__(self, "authority", authority)
        object.__setattr__(self, "_text", f"{self.scheme}://{authority}")

    def __str__(self) -> str:
        return self._text


def default_port(scheme: str) -> int:
    """Return the port that a scheme uses where none is named."""
    return 443 if scheme == "https" else 80


@frozen
class Request:
    """What is to be sent: `target` is the text between the method and the version, exactly as typed."""

    method: str
    origin: Origin
    target: str
    headers: Headers = Headers()
    body: Body = b""

    @property
    def url(self) -> str:
        """Origin and target, joined as they stand."""
        return str(self.origin) + self.target

    @property
    def is_http(self) -> bool:
        """Whether the method is one at all (RFC 9110, 5.6.2); else what was sent was something else, TLS perhaps."""
        return _TOKEN.fullmatch(self.method) is not None

    def head(self) -> bytes:
        """Return the request line and the header lines, exactly as they go on the wire (HTTP/1.1)."""
        lines = [f"{self.method} {self.target} HTTP/1.1", *(f"{n}:{gap}{v}" for n, v, gap in self.headers)]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@frozen
class Response:
    """The final answer: status (100–999), reason, version ("HTTP/1.1"), headers and body as received."""

    status: int
    reason: str
    version: str
    headers: Headers = Headers()
    body: Body = b""  # a slice where it was saved in a file
    trailers: Headers = Headers()

    def with_body(self, body: Body) -> Response:
        """Return the same answer with another body."""
        return Response(self.status, self.reason, self.version, self.headers, body, self.trailers)

    @property
    def status_text(self) -> str:
        """The status, and the reason where there is one; HTTP/2 has none."""
        return f"{self.status} {self.reason}".rstrip()
