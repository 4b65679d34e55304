"""Who takes part: the client, the registry, its token service, its storage, and any other origin by its name."""

from __future__ import annotations

from collections.abc import Sequence

from explorer.errors import Stuck
from explorer.frozen import frozen
from explorer.model import Exchange, FlowCall, Origin
from explorer.spec.challenges import parse_challenges
from explorer.spec.locations import resolve

_SIGNED = ("x-amz-signature=", "x-goog-signature=", "signature=", "sig=")


@frozen
class Lane:
    """A party: what it is to the conversation, and its origin (empty for the client)."""

    name: str
    origin: str = ""


CLIENT = Lane("client")


class Parties:
    """Knows the party of each exchange; exchanges are to be asked for in their order."""

    def __init__(self, exchanges: Sequence[Exchange], call: FlowCall) -> None:
        self._home = _home(exchanges, call)
        self._realms: set[tuple[Origin, str]] = set()
        self._elsewhere: dict[Origin, str] = {}
        self._lanes: dict[tuple[str, str], Lane] = {}

    def lane_of(self, exchange: Exchange) -> Lane:
        """Return the lane of the party that answered; learns from the answer where the next ones may go."""
        request = exchange.request
        name = self._name(exchange)
        lane = self._lanes.setdefault((name, str(request.origin)), Lane(name, str(request.origin)))
        self._learn(exchange)
        return lane

    def _name(self, exchange: Exchange) -> str:
        origin, target = exchange.request.origin, exchange.request.target
        if (origin, target.partition("?")[0]) in self._realms or exchange.spec in ("token auth", "oauth2"):
            return "token service"
        if origin == self._home:
            return "registry"
        if self._elsewhere.get(origin) == "storage" or any(key in target.lower() for key in _SIGNED):
            return "storage"
        if target.startswith("/v2/"):
            return "registry"
        return origin.authority

    def _learn(self, exchange: Exchange) -> None:
        response = exchange.response
        if response is None:
            return
        if response.status == 401:
            for challenge in parse_challenges(response.headers):
                self._learn_realm(exchange, challenge.get("realm"))
        if response.status in (302, 303, 307) and exchange.request.method in ("GET", "HEAD"):
            try:
                origin, _ = resolve(exchange.request, response.headers.get("Location"))
            except Stuck:
                return
            if origin != self._home:
                self._elsewhere[origin] = "storage"

    def _learn_realm(self, exchange: Exchange, realm: str) -> None:
        if not realm.startswith(("http://", "https://", "/")):
            return
        try:
            origin, target = resolve(exchange.request, realm)
        except Stuck:
            return
        self._realms.add((origin, target.partition("?")[0]))


def _home(exchanges: Sequence[Exchange], call: FlowCall) -> Origin | None:
    """Return the origin of the registry: the target's where one was named, else that of the first request to /v2/."""
    target = str(call.arguments.get("target") or "")
    for exchange in exchanges:
        origin = exchange.request.origin
        if target.startswith(f"{origin}/") or (not target and exchange.request.target.startswith("/v2/")):
            return origin
    return exchanges[0].request.origin if exchanges else None
