"""A shell script of curl commands that has the conversation again.

Each address that came from an answer is captured anew; nothing of the old registry's is needed. It is POSIX sh, needs
curl, sed and base64, and keeps credentials off the command line: logins, tokens, and addresses that may be signed.
"""

from __future__ import annotations

from collections.abc import Iterator

from explorer.formats.exporters import Material, Writer
from explorer.formats.writing.bodies import as_text, wire
from explorer.formats.writing.derived import Derived, Plan, Secret, plan_of
from explorer.formats.writing.shell import comment, here_document, in_double_quotes, quoted
from explorer.formats.writing.shell_bodies import NOTHING, Need, needs_of
from explorer.model import Exchange, Header, Request, body_size
from explorer.visible import visible

_LONGEST_ARGUMENT = 4096

_FUNCTIONS = r"""
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# send NUMBER STATUS METHOD URL [CURL'S OPTIONS]: send a request, and stop where the status is not the one wanted.
send() {
    number=$1 wanted=$2 method=$3 url=$4
    shift 4
    case $method in HEAD) set -- --head "$@" ;; *) set -- --request "$method" "$@" ;; esac
    printf 'url = "%s"\n' "$(printf '%s\n' "$url" | sed 's/[\\"]/\\&/g')" > "$work/url-of-$number"
    status=$(curl --silent --show-error --globoff --path-as-is --http1.1 --output "$work/body-of-$number" \
        --dump-header "$work/head-of-$number" --write-out '%{http_code}' --config "$work/url-of-$number" "$@") || exit 3
    case $url in *[Ss]ignature=* | *[?\&]sig=* | *token=*) url="${url%%\?*}?..." ;; esac
    printf '%s. %s %s: %s\n' "$number" "$method" "$url" "$status" >&2
    if [ "$wanted" != any ] && [ "$status" != "$wanted" ]; then
        printf 'It was %s when this was recorded. The answer says:\n' "$wanted" >&2
        cat "$work/body-of-$number" >&2
        exit 1
    fi
}

# location_of NUMBER URL: the Location of an answer, resolved against the URL that was asked.
location_of() {
    to=$(tr -d '\r' < "$work/head-of-$1" | sed -n 's/^[Ll][Oo][Cc][Aa][Tt][Ii][Oo][Nn]:[[:blank:]]*//p' | tail -n 1)
    origin=$(printf '%s\n' "$2" | sed 's|^\([a-zA-Z]*://[^/?]*\).*|\1|')
    case $to in
        '') printf 'Answer %s has no Location, so there is no address to go on with.\n' "$1" >&2; exit 1 ;;
        [Hh][Tt][Tt][Pp]://* | [Hh][Tt][Tt][Pp][Ss]://*) printf '%s\n' "$to" ;;
        //*) printf '%s:%s\n' "${2%%:*}" "$to" ;;
        /*) printf '%s%s\n' "$origin" "$to" ;;
        \?*) printf '%s%s\n' "${2%%\?*}" "$to" ;;
        *) path=${2%%\?*}; printf '%s/%s\n' "${path%/*}" "$to" ;;
    esac
}

# with_query URL NAME=VALUE: append a parameter, with '&' where the URL has a query already.
with_query() {
    case $1 in *\?*) printf '%s&%s\n' "$1" "$2" ;; *) printf '%s?%s\n' "$1" "$2" ;; esac
}

# value_of NUMBER FIELD: a text of the JSON that was answered.
value_of() {
    tr -d '\r\n' < "$work/body-of-$1" | sed -n 's/.*"'"$2"'"[[:space:]]*:[[:space:]]*"\([^"]*\)".*/\1/p'
}

# part FILE OFFSET LENGTH: that many bytes of a file.
part() {
    tail -c "+$(($2 + 1))" "$1" | head -c "$3"
}
""".strip()


def write(material: Material) -> Iterator[str]:
    """Yield the script, request by request."""
    plan = plan_of(material.session.exchanges, material.chosen, material.session.call)
    needs = {step.exchange.id: need for step in plan.steps if (need := needs_of(step.exchange, material.files))}
    yield from (f"{line}\n" for line in _beginning(material, plan, needs))
    for step in plan.steps:
        yield "\n"
        yield from (f"{line}\n" for line in _step(step, plan, needs.get(step.exchange.id, NOTHING)))
    yield "\necho 'Everything went as it was recorded.' >&2\n"


def _beginning(material: Material, plan: Plan, needs: dict[int, Need]) -> Iterator[str]:
    yield "#!/bin/sh"
    many = "1 request" if len(plan.steps) == 1 else f"{len(plan.steps)} requests"
    yield comment(f"{many}, made of a session of {visible(material.session.made_with)}.")
    for remark in (*material.remarks, *plan.said):
        yield comment(visible(remark))
    yield comment("REGISTRY=http://other:5000 sh THIS-FILE sends them to another registry.")
    yield "set -eu"
    yield "umask 077"
    if plan.home:
        yield f"REGISTRY=${{REGISTRY:-{_default(str(plan.home))}}}"
    if any(need.file for need in needs.values()):
        yield comment("The folder with the files that are sent.")
        yield f"FILES=${{FILES:-{_default(material.files or '.')}}}"
    for name, words in _asked_for(plan):
        yield comment(words)
        yield f': "${{{name}:?{words}}}"'
    for id, need in needs.items():
        if need.missing:
            yield f': "${{BODY_{id}:?the path of a file: {need.missing}}}"'
    yield ""
    yield _FUNCTIONS


def _asked_for(plan: Plan) -> Iterator[tuple[str, str]]:
    words = {
        "LOGIN": "the login as user:password; it is not in this file",
        "TOKEN": "a bearer token; it is not in this file",
        "COOKIE": "the value of the Cookie header; it is not in this file",
        "SECRET": "a credential; it is not in this file",
    }
    for name in plan.names:
        yield name, words[name]


def _default(text: str) -> str:
    return in_double_quotes(text).replace("}", "\\}")


def _step(step: Derived, plan: Plan, need: Need) -> Iterator[str]:
    exchange = step.exchange
    request = exchange.request
    id = exchange.id
    yield comment(f"{id}. {visible(exchange.title)}" + (" (edited)" if exchange.is_edited else ""))
    yield from _doubts(exchange)
    for number, secret in enumerate(step.secrets, start=1):
        yield from _secret_file(secret, request.headers.rows[secret.row].name, f"$work/secret-{id}-{number}")
    url, lines = _url(step, plan)
    yield from lines
    options = [*_headers(step), *_missing_headers(request)]
    body, before = _body(request, need, id)
    yield from before
    words = [f"send {id} {_status(exchange)} {quoted(wire(request.method))} {url}", *options, *body]
    yield " \\\n    ".join(words)
    if id in plan.locations:
        yield f"location_{id}=$(location_of {id} {url})"
    for token_of, field in sorted(plan.tokens):
        if token_of == id:
            yield f"token_{id}=$(value_of {id} {field})"


def _doubts(exchange: Exchange) -> Iterator[str]:
    if exchange.basis != "observed":
        yield comment(f"This exchange is {exchange.basis}.")
    if exchange.unknown:
        yield comment(f"The source does not tell: {', '.join(exchange.unknown)}.")
    if exchange.error:
        yield comment(f"No whole answer came: {visible(exchange.error.sentence)}")


def _status(exchange: Exchange) -> str:
    known = exchange.response is not None and "response.status" not in exchange.unknown and not exchange.error
    known = known and exchange.basis != "made up"
    return f"{exchange.status:03d}" if known and exchange.status else "any"


def _url(step: Derived, plan: Plan) -> tuple[str, list[str]]:
    """Return the word that is the URL, and the lines that have to come before."""
    address = step.address
    if not address.location_of:
        if address.origin == plan.home:
            return f'"$REGISTRY"{quoted(wire(address.target))}', []
        return quoted(f"{address.origin}{wire(address.target)}"), []
    base = f"$location_{address.location_of}"
    if address.is_path:
        base = f"${{location_{address.location_of}%%\\?*}}"
    if not address.rest:
        return f'"{base}"', []
    rest = wire(address.rest)
    if address.verbatim:
        return f'"{base}"{quoted(rest)}', []
    name = f"url_{step.exchange.id}"
    lines = [f'{name}=$(with_query "{base}" {quoted(rest[1:])})']
    return f'"${name}"', lines


def _secret_file(secret: Secret, header: str, path: str) -> list[str]:
    """Return the line that writes a header with a secret into a file, which curl reads it from."""
    front = f"{header}: {secret.front}"
    if secret.token_of:
        return [f'printf \'%s%s\\n\' {quoted(wire(front))} "$token_{secret.token_of}" > "{path}"']
    if secret.name == "LOGIN":
        coded = "$(printf %s \"$LOGIN\" | base64 | tr -d '\\n')"
        return [f'printf \'%s%s\\n\' {quoted(wire(front))} "{coded}" > "{path}"']
    return [f'printf \'%s%s\\n\' {quoted(wire(front))} "${secret.name}" > "{path}"']


def _headers(step: Derived) -> Iterator[str]:
    """Yield the options for the headers, in their order, save what curl writes itself and writes the same."""
    request = step.exchange.request
    number = 0
    for header, secret in step.headers():
        if secret:
            number += 1
            yield f'--header "@$work/secret-{step.exchange.id}-{number}"'
        elif not _is_curls_own(header, request):
            yield f"--header {quoted(_line(header))}"


def _line(header: Header) -> str:
    name, value = wire(header.name), wire(header.value)
    return f"{name}:{header.gap}{value}" if value.strip() else f"{name};"


def _is_curls_own(header: Header, request: Request) -> bool:
    match header.name.lower():
        case "host":
            return header.value == request.origin.authority
        case "content-length":
            chunked = "chunked" in (request.headers.get("Transfer-Encoding") or "").lower()
            return header.value == str(body_size(request.body)) and not chunked
        case _:
            return False


def _missing_headers(request: Request) -> Iterator[str]:
    """Yield the options that take away what curl would add on its own."""
    added = ["Accept", "User-Agent"]
    if body_size(request.body) or request.headers.get("Content-Length") is not None:
        added += ["Content-Type", "Expect"]
    yield from (f"--header '{name}:'" for name in added if request.headers.get(name) is None)


def _body(request: Request, need: Need, id: int) -> tuple[list[str], list[str]]:
    """Return the options for the body, and the lines that have to come before."""
    body = request.body
    if need.missing:
        return [f'--data-binary "@$BODY_{id}"'], []
    if need.file:
        if need.is_whole:
            return [f'--data-binary "@$FILES/{in_double_quotes(need.file)}"'], []
        path = f"$work/body-{id}"
        return [f'--data-binary "@{path}"'], [
            f'part "$FILES/{in_double_quotes(need.file)}" {need.offset} {need.length} > "{path}"'
        ]
    assert isinstance(body, bytes)
    if not body:
        return (["--data-binary ''"] if _sends_a_length(request) else []), []
    text = as_text(body)
    if text is not None and len(body) <= _LONGEST_ARGUMENT:
        return [f"--data-raw {quoted(text)}"], []
    return [f'--data-binary "@$work/body-{id}"'], [*here_document(body, f"$work/body-{id}")]


def _sends_a_length(request: Request) -> bool:
    """Say whether a request without a body says so by its Content-Length, which curl leaves out otherwise."""
    return request.headers.get("Content-Length") is not None and request.method != "HEAD"


CURL = Writer("curl", "a shell script of curl commands that has the conversation again", ".sh", write)
