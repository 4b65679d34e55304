"""One entry of a HAR as an exchange: of browsers, of mitmproxy and other proxies, and the program's own."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import datetime
from functools import lru_cache
from typing import Any

from explorer.formats.drafts import Draft, body_of_size, split_url
from explorer.formats.exchange_values import exchange_from_json
from explorer.formats.links import Links
from explorer.formats.settling import settle
from explorer.formats.values import Json
from explorer.model import Connection, Exchange, Failure, Header, Headers, Response, Timings, Unkept, wire_text

COMPLETE = ("mitmproxy", "registry-explorer", "charles proxy", "fiddler", "burp suite")
"""Makers of HAR that leave no credentials out, in lower case."""

_SHORT = 100  # a header value of fewer characters is remembered


def own_exchange(entry: Json) -> Exchange:
    """Return the exchange of an entry that this program wrote, with all that it keeps beside HAR."""
    value: Json = {**entry["_explorer"], "title": str(entry.get("comment", ""))}
    request = entry["request"]
    if "method" not in value["request"]:
        value["request"] = {
            **value["request"],
            "method": wire_text(request["method"]),
            "headers": [[row.name, row.value] for row in _headers(request.get("headers"))],
            "body": _body_json(request.get("postData") or {}),
        }
    response = entry["response"]
    if "response" not in value and response.get("status"):
        value["response"] = {
            "status": response["status"],
            "reason": wire_text(response["statusText"]),
            "version": wire_text(response["httpVersion"]),
            "headers": [[row.name, row.value] for row in _headers(response.get("headers"))],
            "body": _body_json(response.get("content") or {}),
        }
    return exchange_from_json(value)


def _body_json(content: Json) -> Json:
    text = str(content.get("text", ""))
    return {"base64": text} if "base64" in (content.get("encoding"), content.get("_encoding")) else {"text": text}


def entry_draft(number: int, entry: Json, maker: str, links: Links) -> Draft:
    """Return the draft of an entry; raises ValueError, KeyError or TypeError where it is none."""
    request, response = entry["request"], entry.get("response") or {"status": 0}
    draft = Draft(number, _text(request["method"]))
    url = _text(request["url"])
    scheme = url.partition(":")[0].lower() if ":" in url else ""
    if scheme in _NO_HTTP:
        raise ValueError(f"it is of {scheme}:, which no registry speaks")
    draft.origin, draft.target = split_url(_SOCKET.sub("http", url))
    draft.headers = [row for row in _headers(request.get("headers")) if not row.name.startswith(":")]
    draft.timings = _timings(entry)
    draft.connection = _connection(entry, draft)
    if maker.lower() not in COMPLETE and not draft.header("authorization"):
        draft.unknown.add("request.authorization")
    _take_request_body(draft, request)
    _take_response(draft, response)
    settle(draft, links, {})
    return draft


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is no text")
    return wire_text(value)


def _headers(rows: object) -> list[Header]:
    """Return header lines; some makers write a pair where an object with name and value is due."""
    if not isinstance(rows, list):
        return []
    try:
        return [
            _header(row["name"], row["value"])
            if len(row["value"]) < _SHORT
            else Header(wire_text(row["name"]), wire_text(row["value"]))
            for row in rows
        ]
    except (TypeError, KeyError, AttributeError):
        return _odd_headers(rows)


def _odd_headers(rows: list[Any]) -> list[Header]:
    found = []
    for row in rows:
        if isinstance(row, dict) and "name" in row:
            name, value = row["name"], row.get("value", "")
            if isinstance(name, str) and isinstance(value, str) and len(value) < _SHORT:
                found.append(_header(name, value))
            else:
                found.append(Header(_text(name), wire_text(str(value))))
        elif isinstance(row, list) and len(row) == 2:
            found.append(Header(_text(row[0]), wire_text(str(row[1]))))
    return found


@lru_cache(4096)
def _header(name: str, value: str) -> Header:
    """Return a short header line; most come again and again."""
    return Header(wire_text(name), wire_text(value))


def _take_request_body(draft: Draft, request: Json) -> None:
    data = request.get("postData")
    size = _number(request.get("bodySize"))
    if not isinstance(data, dict):
        if size > 0:
            draft.body = body_of_size(size, "not in the HAR")
            draft.unknown.add("request.body")
        return
    text = data.get("text")
    if isinstance(data.get("_body"), dict) and not text:
        draft.body = _reference(data["_body"])
    elif isinstance(text, str) and (text or not size > 0):
        draft.body = _decoded(text, data)
    elif data.get("params"):
        pairs = (f"{row.get('name', '')}={row.get('value', '')}" for row in data["params"] if isinstance(row, dict))
        draft.body = "&".join(pairs).encode("utf-8", "replace")
        draft.note("guessed", "The body is put together from the parameters that the HAR names.", "request.body")
    else:
        draft.body = body_of_size(max(size, 0), "not in the HAR")
        draft.unknown.add("request.body")


_NO_HTTP = ("data", "blob", "file", "about", "chrome-extension", "moz-extension", "javascript")
_SOCKET = re.compile(r"^ws(?=s?://)", re.IGNORECASE)
_FAILURES = (
    (
        re.compile(r"(?i)REFUSED|NAME_NOT_RESOLVED|UNREACHABLE|no route|resolv|CONNECTION_FAILED"),
        "unreachable",
    ),
    (re.compile(r"(?i)CERT|SSL|TLS"), "tls"),
    (re.compile(r"(?i)TIMED_?\s?OUT|timeout"), "timeout"),
    (re.compile(r"(?i)ABORTED|client disconnect|cancel"), "stopped"),
    (re.compile(r"(?i)RESET|EMPTY_RESPONSE|CONNECTION_CLOSED|HTTP2|disconnect|closed|broken pipe|eof\b"), "closed"),
)
"""What Chromium (net/base/net_error_list.h), Firefox and mitmproxy say, and the kind of failure that it is."""


def _take_response(draft: Draft, response: Json) -> None:
    status = response["status"]
    if isinstance(status, str) and status.isascii() and status.isdigit() and len(status) < 4:
        status = int(status)
    if not isinstance(status, int) or isinstance(status, bool):
        raise TypeError(f"{status!r:.40} is no status")
    if status == 0:
        _take_failure(draft, str(response.get("_error") or response.get("comment") or ""))
        return
    if not 100 <= status <= 999:
        raise ValueError(f"{status} is no status")
    headers = Headers(tuple([row for row in _headers(response.get("headers")) if not row.name.startswith(":")]))
    version = wire_text(str(response.get("httpVersion") or "HTTP/1.1"))
    reason = wire_text(str(response.get("statusText", "")))
    content = response.get("content")
    if not isinstance(content, dict):
        draft.answered(Response(status, reason, version, headers))
        return
    body: bytes | Unkept = b""
    text, size = content.get("text"), _number(content.get("size"))
    if isinstance(text, str) and text:
        body = _decoded(text, content)
        if headers.get("Content-Encoding"):
            draft.note("guessed", "The body is shown without its Content-Encoding, as the HAR has it.", "response.body")
    elif isinstance(content.get("_body"), dict):
        body = _reference(content["_body"])
    elif size > 0 and draft.method != "HEAD":
        body = Unkept(size, "", "not in the HAR")
        draft.unknown.add("response.body")
    draft.answered(Response(status, reason, version, headers, body))
    if not size > 0 and "text" in content:
        draft.unknown.discard("response.body")


def _take_failure(draft: Draft, why: str) -> None:
    """Take that there is no answer; a browser has none either where it kept one from the page, or sent nothing."""
    draft.basis = "inferred"
    kind = next((kind for words, kind in _FAILURES if words.search(why)), "")
    if kind:
        draft.error = Failure(kind, f"No answer: {why}")
    else:
        said = f" ({why})" if why else ""
        words = f"The source has no answer{said}: the connection failed, or the browser gave none out, or sent nothing."
        draft.note("guessed", words, "response.status")


def _decoded(text: str, content: Json) -> bytes:
    if "base64" in (content.get("encoding"), content.get("_encoding")):
        try:
            return base64.b64decode(text, validate=False)
        except (binascii.Error, ValueError) as bad:
            raise ValueError("its body is no base64") from bad
    return text.encode("utf-8", "surrogatepass")


def _reference(about: Json) -> Unkept:
    return Unkept(max(0, _number(about.get("size"))), str(about.get("sha256") or ""), str(about.get("file") or ""))


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e18 else -1


_PHASES = ("blocked", "dns", "connect", "send", "wait", "receive")


def _timings(entry: Json) -> Timings:
    started = str(entry.get("startedDateTime", ""))
    try:
        begin = datetime.fromisoformat(started.replace("Z", "+00:00")).timestamp()
    except (ValueError, OverflowError):
        begin = 0.0
    parts = entry.get("timings")
    if not isinstance(parts, dict):
        return Timings(begin)
    blocked, dns, connect, send, wait, receive = [_seconds(parts.get(phase)) for phase in _PHASES]
    connected = blocked + dns + connect
    sent = connected + send
    first = sent + wait
    has_connected = _number(parts.get("connect")) > 0
    return Timings(begin, connected if has_connected else None, sent, first, first + receive)


def _seconds(value: Any) -> float:
    is_number = type(value) is float or type(value) is int  # which a bool is not
    return float(value) / 1000 if is_number and 0 < value < 1e12 else 0.0


def _connection(entry: Json, draft: Draft) -> Connection:
    address = str(entry.get("serverIPAddress") or "")
    port = draft.origin.port if draft.origin else 0
    host = f"[{address.strip('[]')}]" if ":" in address else address
    return Connection(local=str(entry.get("connection") or ""), peer=f"{host}:{port}" if address else "")
