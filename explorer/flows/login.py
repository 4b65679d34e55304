"""Whom to be at a registry, as a flow sees it: credentials in the form that goes on the wire, asked for when needed.

A flow does no I/O, so it is given a callable that tells what is known by then. What looks in files and runs helpers
does it when a 401 has come over the wire, before the flow is told of it; a recording that is fed again runs nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from dataclasses import field
from urllib.parse import parse_qs

from explorer.errors import InputError
from explorer.flows.declared import FlowKind, Kind
from explorer.frozen import frozen
from explorer.model import Exchange, FlowCall, Origin, Request
from explorer.spec.references import Target, parse_target


@frozen
class Login:
    """A credential as it goes on the wire, and the origin that it was given for.

    `basic` is the value after "Basic ", `token` one after "Bearer ", `refresh` a refresh or identity token; each may be
    empty. `trusted` are the realms' origins, written scheme://host[:port], that it may go to besides. `posts` is
    whether a token service is asked by POST at first, as OAuth2 has it. `user` and `source` are there to be shown.
    """

    origin: str
    basic: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    refresh: str = field(default="", repr=False)
    trusted: tuple[str, ...] = ()
    posts: bool = False
    user: str = ""
    source: str = ""

    @classmethod
    def of(cls, origin: Origin, username: str, password: str) -> Login:
        """Make a login of a name and a password."""
        return cls(str(origin), basic_value(username, password), user=username)

    def may_go_to(self, origin: Origin) -> bool:
        """Say whether it belongs to an origin, or was said to be trusted with it."""
        return str(origin) in (self.origin, *self.trusted)

    @property
    def words(self) -> str:
        """Whose it is and where it came from; nothing secret."""
        whose = f"the login of '{self.user}'" if self.user else "the token" if self.token else "the login"
        return f"{whose} from {self.source}" if self.source else whose

    @property
    def pair(self) -> tuple[str, str]:
        """The name and the password; where a recording has them masked, the mark is the password."""
        try:
            name, _, password = (
                base64.b64decode(self.basic, validate=True).decode("utf-8", "surrogateescape").partition(":")
            )
        except ValueError:
            return "", self.basic
        return name, password


Ask = Callable[[Origin], Login | None]
"""Tells the login for an origin that is known by now; raises Stuck where there is one that could not be had."""


def nobody(origin: Origin) -> Login | None:
    """Know no login for any origin."""
    del origin
    return None


def basic_value(username: str, password: str) -> str:
    """Return what stands after "Basic " (RFC 7617)."""
    return base64.b64encode(f"{username}:{password}".encode("utf-8", "surrogateescape")).decode("ascii")


def registries_of(kind: FlowKind, call: FlowCall) -> tuple[Target, ...]:
    """Return the targets that a call names itself: the registries whose challenges are answered."""
    names = [argument.name for argument in kind.arguments if argument.kind is Kind.TARGET]
    places = (call.arguments.get(name) for name in ("target", *names, "location"))
    found: dict[Origin, Target] = {}
    for place in places:
        if isinstance(place, str) and (target := _target(place)):
            found.setdefault(target.origin, target)
    return tuple(found.values())


def _target(place: str) -> Target | None:
    try:
        return parse_target(place, plain_http=place.startswith("http:"))
    except InputError:
        pass
    try:  # the address of an upload: only its origin matters
        return parse_target("/".join([*place.split("/")[:3], "any"]), plain_http=place.startswith("http:"))
    except InputError:
        return None


def shown_login(exchanges: Iterable[Exchange], home: Origin) -> Login | None:
    """Return the login that a recording's proposals show for a registry, its secrets masked; None where there is none.

    With it the flow takes the same way through the recording as it did when the login was known.
    """
    basic = token = refresh = ""
    trusted: dict[str, None] = {}
    is_posted: bool | None = None
    answers: list[str] = []
    before: dict[int, Exchange] = {}
    for exchange in exchanges:
        before[exchange.id] = exchange
        asked = exchange.proposed
        named = asked.headers.get("Authorization") or ""
        scheme, _, value = named.partition(" ")
        if exchange.spec not in TOKEN_SPECS:
            if asked.origin == home and scheme == "Basic":
                basic = basic or value
            if asked.origin == home and scheme == "Bearer" and not answers:
                token = token or value
            continue
        answers.append("")
        if _home_of(exchange, before) != home:
            continue
        form = _form(asked)
        is_posted = bool(form) if is_posted is None and (form or value) else is_posted
        basic = basic or (value if scheme == "Basic" else form.get("password", ""))
        refresh = refresh or form.get("refresh_token", "")
        if (value or form) and asked.origin != home:
            trusted[str(asked.origin)] = None
    if not (basic or token or refresh):
        return None
    return Login(str(home), basic, token, refresh, tuple(trusted), bool(is_posted and not refresh))


TOKEN_SPECS = ("token auth", "oauth2")
"""What the steps that ask a token service name as their specification."""


def _home_of(exchange: Exchange, before: dict[int, Exchange]) -> Origin | None:
    """Return the registry whose challenge led to a visit of a token service."""
    while exchange.spec in TOKEN_SPECS:
        if exchange.after not in before:
            return None
        exchange = before[exchange.after]
    return exchange.proposed.origin


def _form(request: Request) -> dict[str, str]:
    if request.method != "POST" or not isinstance(request.body, bytes):
        return {}
    return {name: values[0] for name, values in parse_qs(request.body.decode("latin-1")).items()}
