"""A token service that cannot be reached, grants too little, or answers with what is no token."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qsl, quote, unquote, unquote_plus, urlencode

from explorer.faults.arguments import choice, text
from explorer.faults.challenges import needed, refused
from explorer.faults.declared import Passing, Plays, Where, fault
from explorer.faults.routing import SITE
from explorer.model import Header, Headers
from explorer.wire.server import BodyReader, Outgoing

_TOKEN = "a token service: --auth token"
_LONGEST_FORM = 64 * 1024
_SCOPE = re.compile(r"(?<=[?&]scope=)[^&]*")
_REALM = re.compile(r'(?<=realm=")[^"]*')


@fault(
    "realm-unreachable",
    plays=Plays.DEPLOYMENT,
    argument=text("REALM", "the address that the challenge names", "http://auth.internal.invalid:5001/token"),
)
def realm_unreachable(passing: Passing, realm: str) -> Outgoing:
    """401 with a realm that cannot be reached from here: the token service goes by a name that is known inside only.

    A registry that asks for no login asks for one then.
    """
    answer = passing.on() if passing.asked.is_v2 and passing.headers.get("Authorization") else None
    if not passing.asked.is_v2:
        return passing.on()
    if answer is None:
        answer = refused(passing, "", *needed(passing))

    def renamed(row: Header) -> Header:
        is_challenge = row.name.lower() == "www-authenticate"
        return row._replace(value=_REALM.sub(lambda _: realm, row.value)) if is_challenge else row

    return replace(answer, headers=Headers(tuple(map(renamed, answer.headers))))


@fault(
    "scope-partly-granted",
    plays=Plays.TOKENS,
    argument=choice("which action is granted", "pull", "push", "none"),
    where=Where.SERVER,
    needs=_TOKEN,
)
def partly_granted(passing: Passing, action: str) -> Outgoing:
    """200 from the token service, yet 401 `insufficient_scope` from the registry: less was granted than asked for."""
    if passing.asked.kind != "token":
        return passing.on()
    kept = "" if action == "none" else action

    def smaller(scopes: str) -> str:
        return " ".join(_only(scope, kept) for scope in scopes.split())

    if passing.incoming.method != "POST":
        target = _SCOPE.sub(lambda found: quote(smaller(unquote_plus(found[0])), safe=":,/"), passing.incoming.target)
        return passing.on(target=target)
    form = parse_qsl(passing.incoming.body.read_all(_LONGEST_FORM).decode("latin-1"), keep_blank_values=True)
    body = urlencode([(name, smaller(value) if name == "scope" else value) for name, value in form]).encode()
    headers = passing.headers.without("Transfer-Encoding").set("Content-Length", str(len(body)))
    return passing.on(headers=headers, body=BodyReader.of(body))


def _only(scope: str, action: str) -> str:
    resource, colon, actions = unquote(scope).rpartition(":")
    return f"{resource}{colon}{action if action in actions.split(',') else ''}"


@fault(
    "token-body-unusable",
    plays=Plays.TOKENS,
    argument=choice("what comes instead of a token", "html", "empty", "no-token"),
    where=Where.SERVER,
    needs=_TOKEN,
)
def token_body(passing: Passing, what: str) -> Outgoing:
    """200 from the token service, but with a page of HTML, an empty body, or JSON that has no token in it."""
    if passing.asked.kind != "token":
        return passing.on()
    passing.swallow()
    if what == "html":
        return Outgoing(200, Headers.of(("Content-Type", "text/html; charset=utf-8")), SITE)
    body = b"" if what == "empty" else b'{"details":"incorrect username or password"}\n'
    return Outgoing(200, Headers.of(("Content-Type", "application/json")), body)
