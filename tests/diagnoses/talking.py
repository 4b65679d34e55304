"""Conversations that really happen, as exchanges: a client that follows nothing, retries nothing and adds nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from explorer.diagnoses import diagnose
from explorer.model import (
    Body,
    Exchange,
    Failure,
    Finding,
    FlowCall,
    Header,
    Headers,
    Origin,
    Request,
    Response,
    Session,
    Timings,
    body_size,
)
from explorer.spec.digests import digest_of
from explorer.spec.locations import append_query, resolve
from explorer.spec.references import parse_origin
from explorer.wire.client import Client
from explorer.wire.options import ConnectionOptions, Timeouts

DATA = b"0123456789"
DIGEST = digest_of(DATA)
OCTETS = ("Content-Type", "application/octet-stream")
PATIENCE = Timeouts(5.0, 5.0, 5.0)


class Talk:
    """A client whose exchanges are kept. Targets may be whole URLs; a Location is resolved as it should be."""

    def __init__(self, origin: Origin, options: ConnectionOptions | None = None) -> None:
        self.origin = origin
        self.exchanges: list[Exchange] = []
        self._client = Client(options or ConnectionOptions(timeouts=PATIENCE))

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def ask(
        self, method: str, target: str, *headers: tuple[str, str], body: Body = b"", framed: bool = True
    ) -> Exchange:
        """Send a request; a body gets a true Content-Length where it is `framed` and has none."""
        origin, path = self._where(target)
        rows = [("Host", origin.authority), ("User-Agent", "curl/7.88.1"), *headers]
        is_framed = {name.lower() for name, _ in headers} & {"content-length", "transfer-encoding"}
        if framed and (body or method in ("POST", "PUT", "PATCH")) and not is_framed:
            rows.append(("Content-Length", str(body_size(body))))
        return self.send(Request(method, origin, path, Headers.of(*rows), body))

    def send(self, request: Request) -> Exchange:
        """Send a request as it stands."""
        sent = self._client.send(request)
        exchange = Exchange(
            id=len(self.exchanges) + 1,
            after=len(self.exchanges),
            title="",
            proposed=request,
            request=request,
            response=sent.response,
            error=sent.error,
            sent_head=sent.sent_head,
            received_head=sent.received_head,
            sent_size=sent.sent_size,
            sent_sha256=sent.sent_sha256,
            timings=sent.timings,
            connection=sent.connection,
        )
        self.exchanges.append(exchange)
        return exchange

    def _where(self, target: str) -> tuple[Origin, str]:
        if not target.startswith(("http://", "https://")):
            return self.origin, target
        scheme, _, rest = target.partition("://")
        authority, slash, path = rest.partition("/")
        return parse_origin(authority, scheme, plain_http=True), f"{slash}{path}" or "/"

    def open(self, name: str = "t/r", query: str = "") -> Exchange:
        """Open an upload."""
        return self.ask("POST", f"/v2/{name}/blobs/uploads/{query}")

    def at(self, exchange: Exchange) -> str:
        """Return where an exchange's Location leads."""
        assert exchange.response is not None
        origin, target = resolve(exchange.request, exchange.response.headers.get("Location"))
        return f"{origin}{target}"

    def patch(self, where: str, data: bytes = DATA, *headers: tuple[str, str]) -> Exchange:
        """Send bytes."""
        return self.ask("PATCH", where, OCTETS, *headers, body=data)

    def put(self, where: str, data: bytes = b"", digest: str = DIGEST, *headers: tuple[str, str]) -> Exchange:
        """Close an upload."""
        named = {name.lower() for name, _ in headers}
        kind = () if "content-type" in named else (OCTETS,)
        return self.ask("PUT", append_query(where, f"digest={digest}"), *kind, *headers, body=data)

    def push(self, data: bytes = DATA, name: str = "t/r") -> Exchange:
        """Push a blob: POST, PATCH, PUT."""
        sent = self.patch(self.at(self.open(name)), data)
        return self.put(self.at(sent), digest=digest_of(data))

    def put_manifest(self, body: bytes, kind: str, reference: str = "v1", name: str = "t/r") -> Exchange:
        """Put a manifest."""
        return self.ask("PUT", f"/v2/{name}/manifests/{reference}", ("Content-Type", kind), body=body)


def session_of(exchanges: Iterable[Exchange]) -> Session:
    """Return exchanges as a session."""
    return Session("test", 0.0, FlowCall("test"), tuple(exchanges))


def found(
    talk: Talk | Sequence[Exchange], *, everything: bool = False, notes: tuple[str, ...] = ()
) -> tuple[Finding, ...]:
    """Return what is found wrong with a conversation."""
    exchanges = talk.exchanges if isinstance(talk, Talk) else talk
    return diagnose(session_of(exchanges), everything=everything, notes=notes)


def names(talk: Talk | Sequence[Exchange], *, everything: bool = False, notes: tuple[str, ...] = ()) -> list[str]:
    """Return the names of what is found, in order."""
    return [finding.rule for finding in found(talk, everything=everything, notes=notes)]


ORIGIN = Origin("https", "registry.test", 443)


def made_up(
    method: str,
    target: str,
    *headers: tuple[str, str],
    body: Body = b"",
    status: int = 0,
    answer: Sequence[tuple[str, str]] = (),
    says: bytes = b"",
    error: Failure | None = None,
    origin: Origin = ORIGIN,
    id: int = 1,
    basis: str = "observed",
    unknown: tuple[str, ...] = (),
    started: float = 0.0,
) -> Exchange:
    """Return an exchange as it would have been with a registry that cannot be run here."""
    request = Request(method, origin, target, Headers.of(*headers), body)
    response = Response(status, "", "HTTP/1.1", Headers.of(*answer), says) if status else None
    return Exchange(
        id, id - 1, "", request, request, response, error, basis=basis, unknown=unknown, timings=Timings(started)
    )


def in_a_row(*exchanges: Exchange) -> list[Exchange]:
    """Return exchanges numbered from 1."""
    return [replace(exchange, id=number, after=number - 1) for number, exchange in enumerate(exchanges, start=1)]


def lower_case(exchange: Exchange) -> Exchange:
    """Return an exchange with the names of its headers as HTTP/2 has them."""
    answer = exchange.response
    return replace(
        exchange,
        request=replace(exchange.request, headers=_lower(exchange.request.headers)),
        response=replace(answer, headers=_lower(answer.headers)) if answer else None,
    )


def _lower(headers: Headers) -> Headers:
    return Headers(tuple(Header(row.name.lower(), row.value, row.gap) for row in headers))
