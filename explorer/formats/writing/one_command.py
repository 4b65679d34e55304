"""One request as one curl command that sends just that, for the clipboard."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from explorer.formats.writing.bodies import as_text, wire
from explorer.formats.writing.shell import quoted
from explorer.model import Body, Header, Request, Slice, Unkept, body_size
from explorer.redact import is_secret

_CURLS_OWN = ("User-Agent", "Accept")
_WITH_BODY = ("POST", "PUT", "PATCH")


def curl_command(request: Request) -> str:
    """Return the command, an option to a line.

    A credential is left for the reader to put into AUTHORIZATION; a body that was not kept, into the file BODY.
    """
    source, data = _body(request.body)
    return source + " \\\n  ".join(("curl --include --globoff --path-as-is", *_options(request, data)))


def _options(request: Request, data: str) -> Iterator[str]:
    yield "--head" if request.method == "HEAD" else f"--request {quoted(wire(request.method))}"
    names = {row.name.lower() for row in request.headers}
    yield from (_header(row) for row in request.headers if not _is_added_by_curl(row, request))
    yield from (f"--header '{name}:'" for name in _CURLS_OWN if name.lower() not in names)
    if body_size(request.body) or request.method in _WITH_BODY:
        if "content-type" not in names:
            yield "--header 'Content-Type:'"
        yield f"--data-binary {data}"
    yield quoted(wire(request.url))


def _header(row: Header) -> str:
    if is_secret(row.name):
        return f'--header "{row.name}: $AUTHORIZATION"'
    return f"--header {quoted(wire(f'{row.name}: {row.value}' if row.value else f'{row.name};'))}"


def _is_added_by_curl(row: Header, request: Request) -> bool:
    true = {"host": request.origin.authority, "content-length": str(body_size(request.body))}
    return true.get(row.name.lower()) == row.value


def _body(body: Body) -> tuple[str, str]:
    """Return what comes before the command, and the value of --data-binary."""
    match body:
        case bytes():
            text = as_text(body)
            if text is not None and not text.startswith("@"):
                return "", quoted(text) if text else "''"
            return f"echo {base64.b64encode(body).decode('ascii')} | base64 -d | ", "@-"
        case Slice():
            path = quoted(body.path)
            return f"tail -c +{body.offset + 1} {path} | head -c {body.length} | ", "@-"
        case Unkept():
            return f"# BODY: a file of {body.size} bytes with the sha256 {body.sha256}\n", '"@$BODY"'
