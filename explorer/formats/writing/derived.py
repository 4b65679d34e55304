"""What of a request has to be derived afresh when it is sent again: its address, its token, its login.

Scripts and Hurl files both need it: which earlier answer's Location the address came from, and what was appended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from explorer.model import Exchange, FlowCall, Header, Origin
from explorer.origins import Origins, Source
from explorer.redact import is_masked, is_secret

TOKEN_FIELDS = ("token", "access_token", "refresh_token")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes: the Location of an exchange (0: none) with `rest` after it, or origin and target.

    `verbatim` says that the rest is to be put there as it is, even where that makes a second '?': it was sent so.
    """

    origin: Origin
    target: str
    location_of: int = 0
    rest: str = ""
    verbatim: bool = False
    is_path: bool = False  # only the path of the Location was used, its query was cut off
    is_relative: bool = False  # the Location had no scheme and host when this was recorded


@dataclass(frozen=True, slots=True)
class Secret:
    """What stands in a header in the place of a secret: the token of an exchange's answer, or one that is asked for.

    `front` is the scheme with its blank, `field` the name in the answer's JSON, `name` a variable's name for a person.
    """

    header: Header
    front: str
    token_of: int = 0
    field: str = "token"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Derived:
    """A request with what it derives from earlier answers."""

    exchange: Exchange
    address: Address
    secrets: tuple[Secret, ...]

    def secret(self, header: Header) -> Secret | None:
        """Return what a header derives; None where it is written as it stands."""
        return next((secret for secret in self.secrets if secret.header is header), None)


@dataclass(frozen=True, slots=True)
class Plan:
    """Every request that is to be sent, with the registry's origin and the answers that values are needed from.

    `left_out` are the exchanges that were no requests of HTTP: what began in TLS where none was spoken, say.
    """

    home: Origin | None
    steps: tuple[Derived, ...]
    left_out: tuple[int, ...] = ()

    @property
    def said(self) -> Iterator[str]:
        """What is to be said of the plan before it begins, in sentences."""
        for id in self.left_out:
            yield f"Exchange {id} is left out: what was sent is no request of HTTP."

    @property
    def locations(self) -> frozenset[int]:
        """The exchanges whose Location is needed later."""
        return frozenset(step.address.location_of for step in self.steps if step.address.location_of)

    @property
    def tokens(self) -> frozenset[tuple[int, str]]:
        """The exchanges whose token is needed later, with the field that it is in."""
        return frozenset((s.token_of, s.field) for step in self.steps for s in step.secrets if s.token_of)


def plan_of(exchanges: Sequence[Exchange], chosen: Sequence[Exchange], call: FlowCall) -> Plan:
    """Return what the chosen requests derive from the answers to earlier chosen ones."""
    ids = {exchange.id for exchange in chosen}
    origins = Origins(call.arguments)
    by_id = {exchange.id: exchange for exchange in exchanges}
    steps: list[Derived] = []
    left_out: list[int] = []
    for exchange in exchanges:
        sources = origins.add(exchange)
        if exchange.id in ids and not exchange.request.is_http:
            left_out.append(exchange.id)
        elif exchange.id in ids:
            found = [source for source in sources if source.exchange in ids]
            steps.append(Derived(exchange, _address(exchange, found, by_id), tuple(_secrets(exchange, found))))
    # The registry is who was asked most: others are probed, or hand out tokens and blobs.
    asked = Counter(step.exchange.request.origin for step in steps)
    return Plan(asked.most_common(1)[0][0] if asked else None, tuple(steps), tuple(left_out))


def _address(exchange: Exchange, sources: list[Source], by_id: dict[int, Exchange]) -> Address:
    request = exchange.request
    for source in sources:
        span = source.span
        if span.part == "target" and span.role == "url" and source.key in ("Location", "Location, its path"):
            rest = request.target[span.end :]
            is_path = source.key != "Location"
            location = _location(by_id[source.exchange])
            had_query = "?" in location and not is_path
            verbatim = not rest.startswith(("&", "?")) or (rest[0] == "?" and had_query)
            is_relative = "://" not in location.partition("?")[0]
            return Address(request.origin, request.target, source.exchange, rest, verbatim, is_path, is_relative)
    return Address(request.origin, request.target)


def _location(exchange: Exchange) -> str:
    return (exchange.response.headers.get("Location") if exchange.response else "") or ""


def _secrets(exchange: Exchange, sources: list[Source]) -> Iterator[Secret]:
    for row, header in enumerate(exchange.request.headers):
        if not is_secret(header.name):
            continue
        front = header.value[: header.value.find(" ") + 1]
        source = next((s for s in sources if s.span.part == "header" and s.span.row == row), None)
        field = source.key.removeprefix("body /") if source else ""
        if source and field in TOKEN_FIELDS:
            yield Secret(header, front, source.exchange, field)
        elif is_masked(header.value):
            yield Secret(header, front, name=_name(header, front))


def _name(header: Header, front: str) -> str:
    if header.name.lower() == "cookie":
        return "COOKIE"
    return {"basic ": "LOGIN", "bearer ": "TOKEN"}.get(front.lower(), "SECRET")
