"""What of a request has to be derived afresh when it is sent again: its address, its token, its login.

Scripts and Hurl files both need it: which earlier answer's Location the address came from, and what was appended. Of
each request only that is kept; the exchange is read again when it is written, so that a long session is never held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from explorer.frozen import frozen
from explorer.model import Exchange, FlowCall, Header, Origin, Request
from explorer.origins import Origins, Source
from explorer.redact import is_masked, is_secret

TOKEN_FIELDS = ("token", "access_token", "refresh_token")


@frozen
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


@frozen
class Secret:
    """What stands in a header in the place of a secret: the token of an exchange's answer, or one that is asked for.

    `row` counts the headers of the request from 0, `front` is the scheme with its blank, `field` the name in the
    answer's JSON, `name` a variable's name for a person.
    """

    row: int
    front: str
    token_of: int = 0
    field: str = "token"
    name: str = ""


@frozen
class Derived:
    """A request with what it derives from earlier answers."""

    exchange: Exchange
    address: Address
    secrets: tuple[Secret, ...]

    def headers(self) -> Iterator[tuple[Header, Secret | None]]:
        """Yield the headers of the request with what each derives; None where it is written as it stands."""
        by_row = {secret.row: secret for secret in self.secrets}
        return ((header, by_row.get(row)) for row, header in enumerate(self.exchange.request.headers))


@frozen
class _Used:
    """What a request used of the Location of an exchange: its first `end` characters are that Location, or its path."""

    location_of: int
    end: int
    is_path: bool
    had_query: bool
    is_relative: bool


class Steps:
    """What each request derives that is to be sent, in order; exchanges are read each time this is gone through."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        self._exchanges = exchanges
        self._kept: list[tuple[int, _Used | None, tuple[Secret, ...]]] = []

    def add(self, place: int, used: _Used | None, secrets: tuple[Secret, ...]) -> None:
        """Take the exchange at a place for the next step."""
        self._kept.append((place, used, secrets))

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Derived]:
        for place, used, secrets in self._kept:
            exchange = self._exchanges[place]
            yield Derived(exchange, _address(exchange.request, used), secrets)

    @property
    def secrets(self) -> Iterator[Secret]:
        """The secrets of all of them, in their order."""
        return (secret for _, _, secrets in self._kept for secret in secrets)

    @property
    def locations(self) -> frozenset[int]:
        """The exchanges whose Location is used."""
        return frozenset(used.location_of for _, used, _ in self._kept if used)


@frozen
class Plan:
    """Every request that is to be sent, with the registry's origin and the answers that values are needed from.

    `locations` are the exchanges whose Location is needed later, `tokens` those whose token is, with the field that it
    is in. `names` are the variables that a person has to fill. `left_out` are the exchanges that were no requests of
    HTTP: what began in TLS where none was spoken, say.
    """

    home: Origin | None
    steps: Steps
    locations: frozenset[int]
    tokens: frozenset[tuple[int, str]]
    names: tuple[str, ...]
    left_out: tuple[int, ...] = ()

    @property
    def said(self) -> Iterator[str]:
        """What is to be said of the plan before it begins, in sentences."""
        for id in self.left_out:
            yield f"Exchange {id} is left out: what was sent is no request of HTTP."


def plan_of(exchanges: Sequence[Exchange], chosen: Sequence[Exchange], call: FlowCall) -> Plan:
    """Return what the chosen requests derive from the answers to earlier chosen ones."""
    ids = None if chosen is exchanges else {exchange.id for exchange in chosen}
    origins = Origins(call.arguments)
    led: dict[int, tuple[bool, bool]] = {}  # by id: whether its Location had a query, and no scheme
    steps = Steps(exchanges)
    left_out: list[int] = []
    asked: Counter[Origin] = Counter()
    for place, exchange in enumerate(exchanges):
        sources = origins.add(exchange)
        if location := _location(exchange):
            led[exchange.id] = "?" in location, "://" not in location.partition("?")[0]
        if ids is not None and exchange.id not in ids:
            continue
        if not exchange.request.is_http:
            left_out.append(exchange.id)
            continue
        found = [source for source in sources if source.exchange and (ids is None or source.exchange in ids)]
        steps.add(place, _used(found, led), tuple(_secrets(exchange, found)))
        asked[exchange.request.origin] += 1
    # The registry is who was asked most: others are probed, or hand out tokens and blobs.
    home = asked.most_common(1)[0][0] if asked else None
    tokens = frozenset((secret.token_of, secret.field) for secret in steps.secrets if secret.token_of)
    names = tuple(dict.fromkeys(secret.name for secret in steps.secrets if secret.name))
    return Plan(home, steps, steps.locations, tokens, names, tuple(left_out))


def _used(sources: list[Source], led: dict[int, tuple[bool, bool]]) -> _Used | None:
    for source in sources:
        span = source.span
        if span.part == "target" and span.role == "url" and source.key in ("Location", "Location, its path"):
            has_query, is_relative = led.get(source.exchange, (False, True))
            return _Used(source.exchange, span.end, source.key != "Location", has_query, is_relative)
    return None


def _address(request: Request, used: _Used | None) -> Address:
    if used is None:
        return Address(request.origin, request.target)
    rest = request.target[used.end :]
    verbatim = not rest.startswith(("&", "?")) or (rest[0] == "?" and used.had_query and not used.is_path)
    location_of, is_path = used.location_of, used.is_path
    return Address(request.origin, request.target, location_of, rest, verbatim, is_path, used.is_relative)


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
            yield Secret(row, front, source.exchange, field)
        elif is_masked(header.value):
            yield Secret(row, front, name=_name(header, front))


def _name(header: Header, front: str) -> str:
    if header.name.lower() == "cookie":
        return "COOKIE"
    return {"basic ": "LOGIN", "bearer ": "TOKEN"}.get(front.lower(), "SECRET")
