"""A .http file for the REST client of VS Code and that of JetBrains: a request each, addresses from earlier answers."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.formats.exporters import Material, Writer
from explorer.formats.writing.bodies import as_text, reference, wire
from explorer.formats.writing.derived import Derived, Plan, Secret, plan_of
from explorer.formats.writing.shell_bodies import needs_of
from explorer.model import Header, Request, body_size
from explorer.visible import visible


def write(material: Material) -> Iterator[str]:
    """Yield the file, request by request; what is written in braces comes from the answer that is named there."""
    plan = plan_of(material.session.exchanges, material.chosen, material.session.call)
    for remark in (*material.remarks, *plan.said):
        yield f"# {visible(remark)}\n"
    if plan.home:
        yield f"@registry = {plan.home}\n"
    for name in plan.names:
        coded = " (user:password in base64)" if name == "LOGIN" else ""
        yield f"# The {name.lower()}{coded} is not in this file: put it here.\n@{name.lower()} = \n"
    for step in plan.steps:
        yield "\n"
        yield from (f"{line}\n" for line in _step(step, plan, material.files))


def _step(step: Derived, plan: Plan, files: str) -> Iterator[str]:
    exchange = step.exchange
    yield f"### {exchange.id}. {visible(exchange.title)}"
    yield f"# @name step{exchange.id}"
    yield "# @no-redirect"
    if exchange.basis != "observed":
        yield f"# This exchange is {exchange.basis}."
    elif exchange.status:
        yield f"# It was answered {exchange.status} when this was recorded."
    if step.address.location_of and not step.address.verbatim and step.address.rest:
        yield "# Where the Location has no '?' yet, its first '&' has to be one."
    body = list(_body(step, files)) if body_size(exchange.request.body) else []
    # A remark within a body would be sent.
    yield from body[:-1]
    yield f"{wire(exchange.request.method)} {_url(step, plan)} HTTP/1.1"
    for header, secret in step.headers():
        if not _left_out(header, exchange.request):
            yield f"{wire(header.name)}: {_value(secret) if secret else wire(header.value)}"
    if body:
        yield ""
        yield body[-1]
    yield ""


def _url(step: Derived, plan: Plan) -> str:
    address = step.address
    if address.location_of:
        return f"{{{{step{address.location_of}.response.headers.Location}}}}{wire(address.rest)}"
    if address.origin == plan.home:
        return f"{{{{registry}}}}{wire(address.target)}"
    return f"{address.origin}{wire(address.target)}"


def _left_out(header: Header, request: Request) -> bool:
    name = header.name.lower()
    return (name == "host" and header.value == request.origin.authority) or (
        name == "content-length" and header.value == str(body_size(request.body))
    )


def _value(secret: Secret) -> str:
    if secret.token_of:
        return f"{secret.front}{{{{step{secret.token_of}.response.body.$.{secret.field}}}}}"
    return f"{secret.front}{{{{{secret.name.lower()}}}}}"


def _body(step: Derived, files: str) -> Iterator[str]:
    """Yield what is to be said of a body, and the body last."""
    body = step.exchange.request.body
    text = as_text(body) if isinstance(body, bytes) else None
    need = needs_of(step.exchange, files)
    if text is not None and not _would_be_read(text):
        yield text
    elif need.file and need.is_whole:
        yield f"< {files or '.'}/{need.file}"
    else:
        yield f"# The body has to be put into a file: {visible(reference(body))}"
        yield f"< ./body-{step.exchange.id}.bin"


def _would_be_read(text: str) -> bool:
    """Say whether a line of a body would be taken for something else."""
    return "{{" in text or any(line.startswith(("###", "<", ">")) for line in text.splitlines())


HTTP = Writer("http", "a .http file for editors' REST clients", ".http", write)
