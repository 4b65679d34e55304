"""HAR 1.2, as browsers' developer tools and mitmproxy open it.

What HAR has no place for stands in fields whose names begin with `_`, which readers that do not know them pass over;
`_explorer` of an entry holds what the session file has besides, so that the way back loses nothing.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

from explorer import __version__
from explorer.formats.exchange_values import exchange_to_json
from explorer.formats.exporters import Material, Writer
from explorer.formats.values import Json
from explorer.formats.writing.bodies import as_text, reference, unpacked
from explorer.model import Body, Exchange, Header, Headers, Request, Response, Slice, Timings, Unkept, body_size
from explorer.origins import Origins

HTTP = "HTTP/1.1"
_PHASES = ("blocked", "dns", "connect", "send", "wait", "receive")


def write(material: Material) -> Iterator[str]:
    """Yield the HAR, entry by entry."""
    session = material.session
    log = {
        "version": "1.2",
        "creator": {"name": "registry-explorer", "version": __version__},
        "comment": " ".join(material.remarks),
        "_explorer": {
            "made_with": session.made_with,
            "started": session.started,
            "flow": {"name": session.call.flow, "arguments": session.call.arguments},
            **({"extra": session.extra} if session.extra else {}),
        },
    }
    yield '{"log":' + json.dumps(log)[:-1] + ',"entries":[\n'
    origins = Origins(session.call.arguments)
    chosen = {exchange.id for exchange in material.chosen}
    attempts: dict[int, int] = {}
    joint = ""
    for exchange in session.exchanges:
        sources = origins.add(exchange)
        attempts[exchange.after] = attempts.get(exchange.after, 0) + 1
        if exchange.id not in chosen:
            continue
        derived = [
            {
                "target": source.span.part,
                "role": source.span.role,
                "from": {"entry": source.exchange, "key": source.key},
            }
            for source in sources
            if source.exchange
        ]
        yield joint + json.dumps(_entry(exchange, derived, attempts[exchange.after]))
        joint = ",\n"
    yield "\n]}}\n"


def _entry(exchange: Exchange, derived: list[Json], attempt: int) -> Json:
    timings = _timings(exchange.timings)
    peer = exchange.connection.peer.rpartition(":")[0].strip("[]")
    entry: Json = {
        "startedDateTime": datetime.fromtimestamp(exchange.timings.started, UTC).isoformat(timespec="milliseconds"),
        "time": round(sum(timings[name] for name in _PHASES if timings[name] > 0), 3),
        "request": _request(exchange),
        "response": _response(exchange),
        "cache": {},
        "timings": timings,
        "comment": exchange.title,
    }
    if peer:
        entry["serverIPAddress"] = peer
    if exchange.connection.local:
        entry["connection"] = exchange.connection.local
    if derived:
        entry["_derived"] = derived
    if attempt > 1:
        entry["_attempt"] = attempt
    if exchange.is_edited:
        entry["_edited"] = True
    if exchange.basis == "made up":
        entry["_invented"] = True
    entry["_explorer"] = _beyond(exchange)
    return entry


def _beyond(exchange: Exchange) -> Json:
    """Return what the entry itself does not say."""
    value = exchange_to_json(exchange)
    for name in ("method", "target", "status", "seconds", "title"):
        value.pop(name, None)
    request, response = exchange.request, exchange.response
    if _is_told(f"{request.method}{request.target}", request.headers, request.body, ()):
        value["request"] = {"origin": value["request"]["origin"], "target": value["request"]["target"]}
    if response and _is_told(response.reason, response.headers, response.body, response.trailers.rows):
        value.pop("response")
    return value


def _is_told(line: str, headers: Headers, body: Body, trailers: tuple[Header, ...]) -> bool:
    """Say whether an entry tells a message exactly: ASCII, no odd blanks, the whole body, and nothing coded in it."""
    plain = line.isascii() and all(row.gap == " " and (row.name + row.value).isascii() for row in headers)
    return plain and headers.get("Content-Encoding") is None and isinstance(body, bytes) and not trailers


def _request(exchange: Exchange) -> Json:
    request = exchange.request
    value: Json = {
        "method": request.method,
        "url": request.url,
        "httpVersion": HTTP,
        "cookies": _cookies(request.headers, "Cookie"),
        "headers": _headers(request.headers),
        "queryString": _query(request),
        "headersSize": len(exchange.sent_head) or -1,
        "bodySize": exchange.sent_size if exchange.sent_sha256 else body_size(request.body),
    }
    if body_size(request.body):
        value["postData"] = _post_data(request)
    return value


def _post_data(request: Request) -> Json:
    value: Json = {"mimeType": request.headers.get("Content-Type") or ""}
    match request.body:
        case bytes() as body:
            text = as_text(body)
            if text is not None:
                return value | {"text": text}
            coded = base64.b64encode(body).decode("ascii")
            return value | {"text": coded, "encoding": "base64", "_encoding": "base64"}
        case other:
            # A text has to be there (HAR 1.2, postData); mitmproxy reads no file in which one is missing.
            return value | {"text": ""} | _by_reference(other)


def _by_reference(body: Slice | Unkept) -> Json:
    about: Json = {"size": body_size(body), "sha256": body.sha256}
    if isinstance(body, Slice):
        about |= {"file": body.path, "offset": body.offset, "length": body.length}
    return {"_body": about, "comment": f"Not in this file: {reference(body)}."}


def _response(exchange: Exchange) -> Json:
    response = exchange.response
    if response is None:
        why = exchange.error.sentence if exchange.error else "The source does not tell the answer."
        empty: Json = {"status": 0, "statusText": "", "httpVersion": "", "cookies": [], "headers": []}
        return empty | {
            "content": {"size": 0, "mimeType": "x-unknown"},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
            "_error": why,
            "comment": why,
        }
    heads = exchange.received_head.split(b"\r\n\r\n")[:-2]
    value: Json = {
        "status": response.status,
        "statusText": response.reason,
        "httpVersion": response.version,
        "cookies": _cookies(response.headers, "Set-Cookie"),
        "headers": _headers(response.headers),
        "content": _content(response),
        "redirectURL": response.headers.get("Location") or "",
        "headersSize": len(exchange.received_head) or -1,
        "bodySize": body_size(response.body),
    }
    if heads:
        value["_informational"] = [head.decode("latin-1") for head in heads]
    if response.trailers.rows:
        value["_trailers"] = _headers(response.trailers)
    return value


def _content(response: Response) -> Json:
    value: Json = {"size": body_size(response.body), "mimeType": response.headers.get("Content-Type") or "x-unknown"}
    if not isinstance(response.body, bytes):
        return value | _by_reference(response.body)
    body = unpacked(response.body, response.headers)
    value["size"] = len(body)
    if body != response.body:
        value["compression"] = len(body) - len(response.body)
    text = as_text(body)
    if text is not None:
        return value | {"text": text}
    return value | {"text": base64.b64encode(body).decode("ascii"), "encoding": "base64"}


def _headers(headers: Headers) -> list[Json]:
    return [{"name": row.name, "value": row.value} for row in headers]


def _cookies(headers: Headers, name: str) -> list[Json]:
    cookies = []
    for value in headers.all(name):
        for part in value.split(";") if name == "Cookie" else value.split(";")[:1]:
            key, _, text = part.strip().partition("=")
            cookies.append({"name": key, "value": text})
    return cookies


def _query(request: Request) -> list[Json]:
    query = request.target.partition("?")[2]
    pairs = (part.partition("=") for part in query.split("&") if part)
    return [{"name": unquote_plus(name), "value": unquote_plus(value)} for name, _, value in pairs]


def _timings(timings: Timings) -> dict[str, Any]:
    """Return the phases in milliseconds; -1 where one is not known, save for those that may not be negative."""

    def phase(start: float | None, end: float | None) -> float:
        return round(max(0.0, end - start) * 1000, 3) if start is not None and end is not None else -1

    begin = timings.connected if timings.connected is not None else 0.0
    required = {
        "send": phase(begin, timings.sent),
        "wait": phase(timings.sent, timings.first_byte),
        "receive": phase(timings.first_byte, timings.finished),
    }
    unknown = [name for name, value in required.items() if value < 0]
    told = {name: max(0, value) for name, value in required.items()}
    phases = {"blocked": -1, "dns": -1, "connect": phase(0.0, timings.connected), "ssl": -1, **told}
    return phases | ({"comment": f"Not known, though 0 stands there: {', '.join(unknown)}."} if unknown else {})


HAR = Writer("har", "HAR 1.2, for browsers' developer tools and mitmproxy", ".har", write)
