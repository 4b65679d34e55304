"""Exchanges as plain JSON values, and back: what a line of the session file holds.

Fields that this version does not know are kept, wherever they stand in an exchange, and are written again.
Readers raise ValueError, KeyError or TypeError for what is not of their shape.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from explorer.formats.values import (
    Json,
    count,
    latin,
    request_from_json,
    request_to_json,
    response_from_json,
    response_to_json,
)
from explorer.model import ClientSide, Connection, Exchange, Failure, Note, Timings

Shape = dict[str, Any]

_BODY: Shape = dict.fromkeys(("text", "base64", "size", "sha256", "source", "file", "offset", "length"))
_REQUEST: Shape = {"method": None, "origin": None, "target": None, "headers": None, "body": _BODY}
_RESPONSE: Shape = {"status": None, "reason": None, "version": None, "headers": None, "body": _BODY, "trailers": None}
_CONNECTION: Shape = dict.fromkeys(Connection.__match_args__)
_CONNECTION_TEXTS = tuple(name for name in Connection.__match_args__ if name != "reused")
_SHAPE: Shape = {
    **dict.fromkeys(("id", "after", "title", "method", "target", "status", "seconds", "spec", "error")),
    **dict.fromkeys(("sent_head", "received_head", "basis", "unknown", "notes")),
    "request": _REQUEST,
    "proposed": _REQUEST,
    "response": _RESPONSE,
    "sent_body": {"size": None, "sha256": None},
    "timings": dict.fromkeys(Timings.__match_args__),
    "connection": _CONNECTION,
    "client": {"sent_head": None, "received_head": None, "connection": _CONNECTION},
}


def exchange_to_json(exchange: Exchange) -> Json:
    """Return an exchange, what a list of exchanges needs first."""
    request = exchange.request
    same = not exchange.is_edited
    value: Json = {
        "id": exchange.id,
        "after": exchange.after,
        "title": exchange.title,
        "method": request.method,
        "target": request.target,
        "status": exchange.status,
        "seconds": exchange.timings.finished,
        "spec": exchange.spec,
        "error": [exchange.error.kind, exchange.error.sentence] if exchange.error else None,
        "request": request_to_json(request),
        "proposed": None if same else request_to_json(exchange.proposed),
        "response": response_to_json(exchange.response) if exchange.response else None,
        "sent_head": exchange.sent_head.decode("latin-1"),
        "received_head": exchange.received_head.decode("latin-1"),
        "sent_body": {"size": exchange.sent_size, "sha256": exchange.sent_sha256},
        "timings": _timings_to_json(exchange.timings),
        "connection": _connection_to_json(exchange.connection),
    }
    _add_the_unusual(value, exchange)
    return with_extra(value, exchange.extra) if exchange.extra else value


def _add_the_unusual(fields: Json, exchange: Exchange) -> None:
    """Add the fields that most exchanges do not need, where this one does."""
    if exchange.basis != "observed":
        fields["basis"] = exchange.basis
    if exchange.unknown:
        fields["unknown"] = list(exchange.unknown)
    if exchange.notes:
        fields["notes"] = [[note.kind, note.words, note.value] for note in exchange.notes]
    if exchange.client:
        fields["client"] = {
            "sent_head": exchange.client.sent_head.decode("latin-1"),
            "received_head": exchange.client.received_head.decode("latin-1"),
            "connection": _connection_to_json(exchange.client.connection),
        }


def _timings_to_json(timings: Timings) -> Json:
    return {
        "started": timings.started,
        "connected": timings.connected,
        "sent": timings.sent,
        "first_byte": timings.first_byte,
        "finished": timings.finished,
    }


def _connection_to_json(connection: Connection) -> Json:
    return {
        "local": connection.local,
        "peer": connection.peer,
        "reused": connection.reused,
        "tls": connection.tls,
        "cipher": connection.cipher,
        "certificate": connection.certificate,
        "alpn": connection.alpn,
        "proxy": connection.proxy,
        "version": connection.version,
    }


def exchange_from_json(value: Json) -> Exchange:
    """Return the exchange that `exchange_to_json` wrote; fields that this version does not know become `extra`."""
    request = request_from_json(value["request"])
    error = value.get("error")
    return Exchange(
        id=count(value["id"]),
        after=count(value["after"]),
        title=str(value["title"]),
        proposed=request_from_json(value["proposed"]) if value.get("proposed") else request,
        request=request,
        response=response_from_json(value["response"]) if value.get("response") else None,
        error=Failure(str(error[0]), str(error[1])) if error else None,
        sent_head=latin(value["sent_head"]).encode("latin-1"),
        received_head=latin(value["received_head"]).encode("latin-1"),
        sent_size=count(value["sent_body"]["size"]),
        sent_sha256=str(value["sent_body"]["sha256"]),
        timings=_timings_from_json(value["timings"]),
        connection=_connection_from_json(value["connection"]),
        spec=str(value.get("spec", "")),
        basis=str(value.get("basis", "observed")),
        unknown=tuple(str(part) for part in value.get("unknown", ())),
        client=_client_from_json(value["client"]) if value.get("client") else None,
        notes=tuple(Note(*(str(part) for part in note)) for note in value.get("notes", ())),
        extra=extra_of(value, _SHAPE),
    )


def extra_of(value: Json, shape: Shape) -> Json:
    """Return the fields of a value that are not of its shape, those within fields that are included."""
    extra: Json = {}
    for name, part in value.items():
        inner = shape.get(name, shape)
        if inner is None:
            continue
        if inner is shape:  # it has no such field
            extra[name] = part
        elif isinstance(part, dict) and (more := extra_of(part, inner)):
            extra[name] = more
    return extra


def with_extra(value: Json, extra: Json) -> Json:
    """Return a value with the fields that `extra_of` took out of it; what is there already stays."""
    whole = dict(value)
    for name, part in extra.items():
        if name not in whole:
            whole[name] = part
        elif isinstance(whole[name], dict) and isinstance(part, dict):
            whole[name] = with_extra(whole[name], part)
    return whole


def _client_from_json(value: Json) -> ClientSide:
    return ClientSide(
        latin(value["sent_head"]).encode("latin-1"),
        latin(value["received_head"]).encode("latin-1"),
        _connection_from_json(value["connection"]),
    )


def _timings_from_json(value: Json) -> Timings:
    started, *phases = (_seconds(value.get(name)) for name in Timings.__match_args__)
    return Timings(started or 0.0, *phases)


def _seconds(value: object) -> float | None:
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(f"{value!r} is no number of seconds")
    return float(value)


def _connection_from_json(value: Json) -> Connection:
    texts = tuple(str(value.get(name, "")) for name in _CONNECTION_TEXTS)
    return _connection(texts, reused=bool(value.get("reused")))


@lru_cache(256)
def _connection(texts: tuple[str, ...], *, reused: bool) -> Connection:
    """Return a connection; many exchanges have the same one."""
    return Connection(**dict(zip(_CONNECTION_TEXTS, texts, strict=True)), reused=reused)
