"""Error lines that name a request and its answer, as inferred exchanges: what they do not say is marked as unknown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from http import HTTPStatus

from explorer.errors import InputError
from explorer.model import Exchange, Failure, Headers, Request, Response, wire_text
from explorer.spec.errors import MEANINGS
from explorer.spec.references import parse_origin

_METHODS = r"(?P<method>GET|HEAD|POST|PUT|PATCH|DELETE)"
_URL = r"['\"]?(?P<url>https?://[^\s'\"<>]+?)['\"]?"
_STATUS = r"(?P<status>[1-5]\d\d)"
_SHAPES = (
    re.compile(
        rf"unexpected (?:http )?status(?: code)? from {_METHODS} request to {_URL}:? {_STATUS}\b", re.IGNORECASE
    ),
    re.compile(rf"unexpected (?:http )?status(?: code)? {_METHODS} {_URL}:? {_STATUS}\b", re.IGNORECASE),
    re.compile(rf"\b{_METHODS} {_URL}: unexpected status code {_STATUS}\b", re.IGNORECASE),
    re.compile(
        rf"\b{_METHODS} ['\"]?(?P<url>https?://[^\s'\"<>]+?)['\"]?: (?:response status code )?{_STATUS}\b",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{_METHODS} {_URL}: (?P<code>[A-Z][A-Z_]{{4,40}})\b"),
    re.compile(rf"response status code {_STATUS}: .*?\b{_METHODS} {_URL}"),
    re.compile(rf"(?P<method>Get|Head|Post|Put|Patch|Delete) {_URL}: (?P<failure>.+)"),
)
_STATUS_OF = {
    "UNAUTHORIZED": 401,
    "DENIED": 403,
    "UNSUPPORTED": 405,
    "RANGE_INVALID": 416,
    "TOOMANYREQUESTS": 429,
    "UNKNOWN": 500,
    "BLOB_UNKNOWN": 404,
    "BLOB_UPLOAD_INVALID": 404,
    "BLOB_UPLOAD_UNKNOWN": 404,
    "MANIFEST_UNKNOWN": 404,
    "NAME_UNKNOWN": 404,
}
_HEADS_UNKNOWN = ("request.headers", "request.authorization", "request.body", "response.headers")
_BODY = re.compile(r"\{\s*\"errors\"\s*:\s*\[.*\]\s*\}")


def inferred(lines: Sequence[str]) -> tuple[Exchange, ...]:
    """Return the exchanges that error lines speak of, in their order; each of equal ones once."""
    found: list[Exchange] = []
    seen: set[tuple[str, str, int]] = set()
    for line in lines:
        for exchange in _in_line(line, len(found) + 1):
            key = (exchange.request.method, exchange.request.url, exchange.status)
            if key not in seen:
                seen.add(key)
                found.append(exchange)
    return tuple(found)


def _in_line(line: str, id: int) -> Iterator[Exchange]:
    said = line.replace('\\"', '"')  # a log writes an error's own quotation marks so within its msg="…"
    for shape in _SHAPES:
        matched = shape.search(said)
        if not matched:
            continue
        words = matched.groupdict()
        request = _request(words["method"].upper(), words["url"].rstrip(":,;)"))
        if request is None:
            continue
        if words.get("failure"):
            yield _failed(id, request, words["failure"])
            return
        code = words.get("code") or ""
        status = int(words.get("status") or _STATUS_OF.get(code, 400))
        if code and code not in MEANINGS and code not in _STATUS_OF:
            continue
        body = _body(line, code, said[matched.end() :])
        unknown = (*_HEADS_UNKNOWN, *(() if body else ("response.body",)))
        answer = Response(status, _reason(status), "HTTP/1.1", Headers(), body)
        yield Exchange(id, id - 1, "", request, request, answer, basis="inferred", unknown=unknown)
        return


def _request(method: str, url: str) -> Request | None:
    scheme, _, rest = wire_text(url).partition("://")
    authority = re.split(r"[/?]", rest, maxsplit=1)[0]
    target = rest[len(authority) :]
    try:
        origin = parse_origin(authority.rpartition("@")[2], scheme.lower(), plain_http=True)
    except InputError:
        return None
    return Request(method, origin, target if target.startswith("/") else f"/{target}")


def _failed(id: int, request: Request, words: str) -> Exchange:
    is_tls = "x509" in words or "certificate" in words or "tls:" in words or "HTTPS client" in words
    is_unreachable = any(sign in words for sign in ("dial tcp", "no such host", "connection refused"))
    is_late = any(sign in words for sign in ("timeout", "deadline exceeded"))
    kind = "tls" if is_tls else "unreachable" if is_unreachable else "timeout" if is_late else "closed"
    error = Failure(kind, words.strip()[:300])
    return Exchange(id, id - 1, "", request, request, None, error, basis="inferred", unknown=_HEADS_UNKNOWN)


def _body(line: str, code: str, rest: str) -> bytes:
    whole = _BODY.search(line)
    if whole:
        return whole[0].encode("utf-8", "replace")
    if not code:
        return b""
    message, _, detail = rest.lstrip(": ").partition("; ")
    return json.dumps(
        {"errors": [{"code": code, "message": message.strip()[:300], "detail": detail[:300] or None}]}
    ).encode()


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
