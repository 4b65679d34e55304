"""A Hurl file that has the conversation again: each Location is captured, each status asserted.

Run it with `hurl --variable registry=http://localhost:5000 FILE`; `--secret login=…` and the like where it says so.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from urllib.parse import quote

from explorer.formats.exporters import Material, Writer
from explorer.formats.writing.bodies import as_text, wire
from explorer.formats.writing.derived import Derived, Plan, Secret, plan_of
from explorer.formats.writing.shell_bodies import Need, needs_of
from explorer.model import Exchange, Header, Request, body_size
from explorer.visible import visible

_ESCAPES = {"\\": "\\\\", "#": "\\#", "\t": "\\t", "\r": "\\r", "\n": "\\n", "`": "\\`"}
# What Hurl takes in a URL, which knows no escapes, and in the name of a header (its parsers url.rs and key_string.rs).
_NOT_IN_A_URL = re.compile(r"[^\w:/.\-?=&%*,@~+!$'();\[\]]", re.ASCII)
_NOT_IN_A_NAME = re.compile(r"[^\w.@$-]", re.ASCII)
_NOT_IN_A_FILE = re.compile(r"([#;{} \\])")
_METHOD = re.compile(r"[A-Z]+")


def write(material: Material) -> Iterator[str]:
    """Yield the file, entry by entry."""
    plan = plan_of(material.session.exchanges, material.chosen, material.session.call)
    for line in _beginning(material, plan):
        yield f"# {line}\n"
    for step in plan.steps:
        yield "\n"
        yield from (f"{line}\n" for line in _entry(step, plan, needs_of(step.exchange, material.files)))


def _beginning(material: Material, plan: Plan) -> Iterator[str]:
    many = "1 request" if len(plan.steps) == 1 else f"{len(plan.steps)} requests"
    yield f"{many}, made of a session of {visible(material.session.made_with)}."
    yield from map(visible, (*material.remarks, *plan.said))
    asked = "".join(f" --secret {name.lower()}=…" for name in plan.names)
    root = f" --file-root {material.files}" if material.files else ""
    yield f"hurl --variable registry={plan.home or 'http://localhost:5000'}{asked}{root} FILE"
    if "LOGIN" in plan.names:
        yield "login is user:password in base64."
    if any(step.address.location_of and not step.address.verbatim for step in plan.steps):
        yield "'&' or '?' before what is appended to a Location is as it was needed when this was recorded."


def _entry(step: Derived, plan: Plan, need: Need) -> Iterator[str]:
    exchange = step.exchange
    yield f"# {exchange.id}. {visible(exchange.title)}"
    if exchange.basis != "observed":
        yield f"# This exchange is {exchange.basis}."
    if not _METHOD.fullmatch(exchange.request.method):
        yield f"# It is left out: Hurl has no method '{visible(exchange.request.method)}'."
        return
    url = _url(step, plan)
    if _NOT_IN_A_URL.search(wire(_written(step))):
        yield "# What Hurl cannot write in a URL is percent-encoded here, and was not when this was recorded."
    yield f"{exchange.request.method} {url}"
    for header, secret in step.headers():
        if not _is_hurls_own(header, exchange.request):
            value = _secret(secret) if secret else _escaped(wire(header.value))
            yield f"{_name(wire(header.name))}: {value}"
    yield from _body(exchange, need)
    is_known = exchange.status and not exchange.error and exchange.basis != "made up"
    yield f"HTTP {exchange.status if is_known else '*'}"
    yield from _captures(exchange, plan)


def _written(step: Derived) -> str:
    """Return what of an address is written as it stands."""
    return step.address.rest if step.address.location_of else step.address.target


def _url(step: Derived, plan: Plan) -> str:
    address = step.address
    text = _in_url(wire(_written(step)))
    if address.location_of:
        # Hurl cannot resolve a relative address, so the registry's is put before it.
        front = "{{registry}}" if address.is_relative else ""
        return f"{front}{{{{location_{address.location_of}}}}}{text}"
    return f"{{{{registry}}}}{text}" if address.origin == plan.home else f"{address.origin}{text}"


def _in_url(text: str) -> str:
    return _NOT_IN_A_URL.sub(lambda found: quote(found[0].encode("utf-8", "surrogateescape"), safe=""), text)


def _name(name: str) -> str:
    return _NOT_IN_A_NAME.sub(lambda found: _in_hex(found[0]), name)


def _captures(exchange: Exchange, plan: Plan) -> Iterator[str]:
    lines = [f'location_{exchange.id}: header "Location"'] if exchange.id in plan.locations else []
    lines += [f'token_{id}: jsonpath "$.{field}"' for id, field in sorted(plan.tokens) if id == exchange.id]
    if lines:
        yield "[Captures]"
        yield from lines


def _is_hurls_own(header: Header, request: Request) -> bool:
    name = header.name.lower()
    return (name == "host" and header.value == request.origin.authority) or (
        name == "content-length" and header.value == str(body_size(request.body)) != "0"
    )


def _secret(secret: Secret) -> str:
    if secret.token_of:
        return f"{secret.front}{{{{token_{secret.token_of}}}}}"
    return f"{secret.front}{{{{{secret.name.lower()}}}}}"


def _escaped(text: str) -> str:
    """Return a text as Hurl has it in the value of a header or between backticks: no escape stands for a brace."""
    signs = []
    for at, sign in enumerate(text):
        is_edge = sign == " " and at in (0, len(text) - 1)
        begins_a_template = text[at : at + 2] == "{{"
        is_odd = begins_a_template or sign < " " or sign == "\x7f" or "\udc80" <= sign <= "\udcff"
        signs.append(_ESCAPES.get(sign) or (_in_hex(sign) if is_edge or is_odd else sign))
    return "".join(signs)


def _in_hex(sign: str) -> str:
    number = ord(sign) - 0xDC00 if "\udc80" <= sign <= "\udcff" else ord(sign)
    return f"\\u{{{number:x}}}"


def _body(exchange: Exchange, need: Need) -> Iterator[str]:
    body = exchange.request.body
    if need.missing:
        yield f"# The body has to be put into this file: {need.missing}"
        yield f"file,body-{exchange.id}.bin;"
    elif need.file and need.is_whole:
        yield f"file,{_file(need.file)};"
    elif need.file:
        yield f"# {need.length} bytes from byte {need.offset} of {need.file} have to be put into this file:"
        yield f"file,body-{exchange.id}.bin;"
    elif isinstance(body, bytes) and body:
        text = as_text(body)
        one_line = text is not None and "\n" not in text
        yield f"`{_escaped(text or '')}`" if one_line else f"base64,{base64.b64encode(body).decode('ascii')};"


def _file(name: str) -> str:
    return _NOT_IN_A_FILE.sub(r"\\\1", name)


HURL = Writer("hurl", "a Hurl file with captures", ".hurl", write)
