"""What a recording keeps of an exchange: everything but its credentials.

Found by place: headers that carry credentials, what the raw heads say in the same lines, user info and signatures in
URLs and in the page of a redirect, the tokens that a token service answers, the forms that it is asked with, and the
login of a call. A masked value keeps its scheme and a short mark.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from urllib.parse import quote, unquote, unquote_plus

from explorer.model import ClientSide, Exchange, Header, Headers, Request, Response
from explorer.redact.marks import is_a_name, mark, mask
from explorer.redact.packing import is_packed, packed_again, unpack
from explorer.redact.urls import without_url_secrets

SECRET_HEADERS = (
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "x-registry-auth",
    "x-auth-token",
    "x-api-key",
    "private-token",
    "job-token",
    "deploy-token",
    "x-jfrog-art-api",
    "x-vault-token",
    "x-amz-security-token",
)
"""Names of the headers whose values are masked, in lower case."""

SECRET_FIELDS = ("token", "access_token", "refresh_token", "id_token")
"""Names of what is masked in the JSON of a token service."""

LOGIN_FIELDS = ("password", "refresh_token", "client_secret", "identitytoken", "registrytoken")
"""Names of what is masked in the JSON that a token service is asked with."""

_CONTENTS = ("base64", "text")  # of a body, which stays byte for byte
_FORM = re.compile(rb"((?:^|&)(?:password|refresh_token|access_token|client_secret)=)([^&]*)")
_NAMES = frozenset(SECRET_HEADERS)
_SECRET_NAMES = tuple(name.encode("ascii") for name in SECRET_HEADERS)
_LINE = re.compile(rb"(?m)^([^\n:]+:[ \t]*)((?:[^\n]*[^\r\n])?)((?:\r?\n[ \t]+[^\n]*[^\r\n])*)")


def without_secrets(headers: Headers) -> Headers:
    """Return headers whose credentials are cut to their schemes, to compare what is masked with what is not."""
    return Headers(tuple(Header(n, v.partition(" ")[0] if is_secret(n) and " " in v else v, g) for n, v, g in headers))


def is_secret(name: str) -> bool:
    """Say whether a header of that name carries a credential."""
    return name.strip().lower() in _NAMES


def is_secret_field(name: str) -> bool:
    """Say whether a header, a field of a form or of a token service's answer carries a credential by its name."""
    return is_secret(name) or name.strip().lower() in (*SECRET_FIELDS, *LOGIN_FIELDS)


def masked_headers(headers: Headers) -> Headers:
    """Return headers with every credential masked, and what goes on in folded lines after one."""
    if all(not is_secret(name) and _url(value) == value for name, value, _ in headers.rows):
        return headers
    rows: list[Header] = []
    is_within = False
    for name, value, gap in headers:
        is_folded = name[:1] in (" ", "\t")
        is_within = is_secret(name) or (is_within and is_folded)
        if is_within and is_folded:
            rows.append(Header(f" {mask(name + value)}", "", ""))
        else:
            rows.append(Header(name, mask(value) if is_within else _url(value), gap))
    return headers if tuple(rows) == headers.rows else Headers(tuple(rows))


def masked_head(raw: bytes) -> bytes:
    """Return a raw head with every credential masked, folded lines with the one that they belong to."""
    lower = raw.lower()
    for name in _SECRET_NAMES:
        if name in lower:
            raw = _LINE.sub(_masked_line, raw)
            break
    return _url(raw.decode("latin-1")).encode("latin-1") if b"?" in raw or b"@" in raw else raw


def _masked_line(found: re.Match[bytes]) -> bytes:
    name = found[1].decode("latin-1").partition(":")[0]
    value = (found[2] + found[3]).decode("latin-1")
    return found[1] + mask(value).encode("latin-1") if is_secret(name) else found[0]


def _url(text: str) -> str:
    """Return a text with the secrets of its URLs masked; an upload's address stays, it is needed to go on."""
    if "?" not in text and "@" not in text and "#" not in text:
        return text
    return without_url_secrets(text, _quoted_mark, segments=False)


def _quoted_mark(_: str, secret: str) -> str:
    return secret if is_a_name(unquote(secret)) else quote(mark(secret))


def masked(exchange: Exchange) -> Exchange:
    """Return an exchange with every credential masked, as it may be written to a file."""
    request = masked_request(exchange.request)
    proposed = request if exchange.proposed is exchange.request else masked_request(exchange.proposed)
    response = _response(exchange.response) if exchange.response else None
    heads = masked_head(exchange.sent_head), masked_head(exchange.received_head)
    is_as_it_was = request is exchange.request and proposed is exchange.proposed and response is exchange.response
    is_bare = not exchange.client and not exchange.notes
    if is_bare and is_as_it_was and heads == (exchange.sent_head, exchange.received_head):
        return exchange
    return replace(
        exchange,
        request=request,
        proposed=proposed,
        response=response,
        sent_head=heads[0],
        sent_sha256="" if request.body != exchange.request.body else exchange.sent_sha256,
        received_head=heads[1],
        client=_client(exchange.client) if exchange.client else None,
        notes=tuple(replace(note, words=_line(note.words), value=_line(note.value)) for note in exchange.notes),
    )


def _line(text: str) -> str:
    """Return a text that somebody typed or logged with the credentials in it masked."""
    from explorer.redact.lines import without_line_secrets  # late: few exchanges have notes, and its patterns are many

    return without_line_secrets(text, lambda _, secret: mark(secret), segments=False)


def _client(side: ClientSide) -> ClientSide:
    return replace(side, sent_head=masked_head(side.sent_head), received_head=masked_head(side.received_head))


def masked_request(request: Request) -> Request:
    """Return a request with every credential masked: in its target, its headers, and the form or JSON of a login."""
    body = request.body
    if isinstance(body, bytes) and "form-urlencoded" in (request.headers.get("Content-Type") or "").lower():
        body = _FORM.sub(_form_value, body)
    elif isinstance(body, bytes):
        body = _without_tokens(body, LOGIN_FIELDS)
    target, headers = _url(request.target), masked_headers(request.headers)
    if (target, body) == (request.target, request.body) and headers is request.headers:
        return request
    return replace(request, target=target, headers=headers, body=body)


def _form_value(found: re.Match[bytes]) -> bytes:
    return found[1] + quote(mask(unquote_plus(found[2].decode("latin-1")))).encode("ascii")


def _response(response: Response) -> Response:
    body = response.body
    if isinstance(body, bytes):
        body = _without_tokens(body)
        if 300 <= response.status < 400:
            body = _without_location(body, response.headers.get("Location") or "")
    headers = masked_headers(response.headers)
    if body == response.body and headers is response.headers:
        return response
    return replace(response, headers=headers, body=body)


def _without_location(body: bytes, location: str) -> bytes:
    """Return the page of a redirect with the secrets masked of the address that it repeats, as a link or in plain."""
    masked_one = _url(location)
    if masked_one == location:
        return body
    if is_packed(body):
        content = unpack(body)
        changed = content if content is None else _without_location(content, location)
        return body if changed is None or changed == content else packed_again(changed, 0, body)
    for old, new in ((location, masked_one), (location.replace("&", "&amp;"), masked_one.replace("&", "&amp;"))):
        body = body.replace(old.encode("latin-1", "replace"), new.encode("latin-1", "replace"))
    return body


def _without_tokens(body: bytes, fields: tuple[str, ...] = SECRET_FIELDS) -> bytes:
    """Return a token service's JSON without its secrets; all other bytes stay, where the tokens are plain strings."""
    if is_packed(body):
        content = unpack(body)
        changed = content if content is None else _without_tokens(content, fields)
        return body if changed is None or changed == content else packed_again(changed, 0, body)
    for secret in _tokens_in(body, fields).values():
        value = re.compile(rb'(:\s*)"%s"' % re.escape(secret.encode(errors="replace")))
        body = value.sub(rb'\1"%s"' % mask(secret).encode("latin-1"), body)
    left = {name: mask(secret) for name, secret in _tokens_in(body, fields).items() if not is_a_name(secret)}
    return json.dumps(json.loads(body) | left).encode("ascii") if left else body


def _tokens_in(body: bytes, fields: tuple[str, ...]) -> dict[str, str]:
    """Return the secrets of a token service's JSON by their names; a body that is none has none."""
    if body.lstrip()[:1] != b"{":
        return {}
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return {name: value[name] for name in fields if isinstance(value.get(name), str) and value[name]}


def masked_arguments(arguments: dict[str, object]) -> dict[str, object]:
    """Return the arguments of a call without the secrets of its login and of its URLs, as they are in its exchanges."""
    masked_ones = {name: _argument(name, value) for name, value in arguments.items()}
    login = arguments.get("login")
    if not isinstance(login, dict):
        return masked_ones
    secrets_masked = {name: mask(login[name]) if login.get(name) else "" for name in ("basic", "token", "refresh")}
    return {**masked_ones, "login": {**login, **secrets_masked}}


def _argument(name: str, value: object) -> object:
    match value:
        case str() if name not in _CONTENTS:
            return _url(value)
        case list():
            return [_argument(name, item) for item in value]
        case dict():
            return {key: _argument(key, inner) for key, inner in value.items()}
        case _:
            return value
