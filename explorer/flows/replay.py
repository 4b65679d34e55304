"""A recorded conversation again, with every value that came from an answer taken from the new answer.

What a request owes to earlier answers is inferred (`origins`), so recordings, imports and edited requests are all
replayed alike. Credentials are not taken from the recording: its visits to the token service are left out, and each
challenge is answered afresh by the flow around this one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from explorer.flows import Flow
from explorer.flows.authenticated import WITH_CREDENTIALS
from explorer.flows.replayed_values import NewValues, Substitution
from explorer.frozen import frozen
from explorer.model import Exchange, Headers, Note, Origin, Request, Step
from explorer.origins import Origins
from explorer.redact import is_secret
from explorer.spec.challenges import parse_challenges
from explorer.spec.references import Target


@frozen
class Replay:
    """What is to be replayed: the recorded exchanges and the arguments of their call.

    `to` is another registry, repository and tag, in the place of `was`; `first` the id to begin with, `last` that to
    end with (0: the last one), `needed` are ids before that are sent, too. A `literal` one sends every request as it
    was recorded, values of old answers and all.
    """

    exchanges: Sequence[Exchange]
    arguments: Mapping[str, object]
    was: Target | None = None
    to: Target | None = None
    first: int = 1
    literal: bool = False
    last: int = 0
    needed: frozenset[int] = frozenset()

    @property
    def chosen(self) -> tuple[Exchange, ...]:
        """The exchanges that were asked for, and those before them that are needed, in their order."""
        last = self.last or len(self.exchanges)
        return tuple(one for one in self.exchanges if self.first <= one.id <= last or one.id in self.needed)

    @property
    def steps(self) -> tuple[Exchange, ...]:
        """The exchanges that are sent again, in their order."""
        chosen = [one for one in self.chosen if one.request.is_http]
        return tuple(chosen if self.literal else without_logins(chosen))

    @property
    def home(self) -> Origin | None:
        """The origin of the recorded registry: that of the target, else of the first request."""
        if self.was:
            return self.was.origin
        return next((one.request.origin for one in self.exchanges if one.request.is_http), None)


def replay(what: Replay) -> Flow[str]:
    """Send each recorded request again; `why` of each step says what was put in the place of what."""
    values = NewValues()
    origins = Origins(what.arguments)
    steps = {exchange.id for exchange in what.steps}
    for exchange in what.exchanges:
        sources = origins.add(exchange)
        if exchange.id not in steps:
            continue
        request = exchange.request
        changes: tuple[Substitution, ...] = ()
        if not what.literal:
            request, changes = values.renewed(exchange, sources)
            request = _without_credentials(request)
        if what.to:
            request, moved = _moved(request, exchange, what)
            changes = (*changes, *moved)
        notes = tuple(Note("replaced", change.words) for change in changes)
        why = _why(exchange, changes, what)
        step = Step(_title(exchange), request, exchange.spec, why, (exchange.status,), notes=notes)
        happened = yield step
        values.add(exchange, happened)
    return f"{len(steps)} of {len(what.exchanges)} recorded requests were sent again"


def needed_before(what: Replay) -> frozenset[int]:
    """Return the ids before the first one whose answers gave the addresses that what is sent again goes to.

    An upload that was begun before is begun anew by them: its POST, and each PATCH that led on to the next.
    """
    if what.literal or what.first <= 1:
        return frozenset()
    origins = Origins(what.arguments)
    led = {
        exchange.id: {source.exchange for source in origins.add(exchange) if source.span.role == "url"}
        for exchange in what.exchanges
    }
    wanted, found = [exchange.id for exchange in what.steps], set[int]()
    while wanted:
        new = {id for id in led[wanted.pop()] if 0 < id < what.first} - found
        found |= new
        wanted += new
    return frozenset(found)


def _title(exchange: Exchange) -> str:
    title = exchange.title.removesuffix(WITH_CREDENTIALS)  # the login is made afresh
    return f"{exchange.id}. {title or exchange.request.method}"


def _why(exchange: Exchange, changes: tuple[Substitution, ...], what: Replay) -> str:
    if what.literal:
        said = "Sent as it was recorded." if not changes else ""
    elif not changes:
        said = "Nothing in it came from an earlier answer."
    else:
        said = ""
    sentences = [said, *(change.words for change in changes)]
    if exchange.unknown and not what.literal:
        sentences.append(f"The source does not tell: {', '.join(exchange.unknown)}.")
    recorded = f"It was answered {exchange.status} when this was recorded." if exchange.status else ""
    return " ".join(filter(None, (*sentences, recorded)))


def without_logins(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Return the exchanges without the visits to token services, and without a 401 that was sent again with a login."""
    realms: set[str] = set()
    kept: list[Exchange] = []
    for exchange in exchanges:
        if exchange.spec in ("token auth", "oauth2") or exchange.request.url.partition("?")[0] in realms:
            continue
        if exchange.status == 401 and exchange.response:
            realms |= {
                challenge.get("realm").partition("?")[0] for challenge in parse_challenges(exchange.response.headers)
            }
        before = kept[-1] if kept else None
        if before and before.status == 401 and _same_but_login(before.request, exchange.request):
            kept.pop()
        kept.append(exchange)
    return kept


def _same_but_login(one: Request, other: Request) -> bool:
    return (one.method, one.origin, one.target) == (other.method, other.origin, other.target)


def _without_credentials(request: Request) -> Request:
    rows = tuple(row for row in request.headers if not is_secret(row.name))
    return replace(request, headers=Headers(rows)) if len(rows) != len(request.headers) else request


def _moved(request: Request, recorded: Exchange, what: Replay) -> tuple[Request, tuple[Substitution, ...]]:
    """Return a request as it goes to the other registry, repository and tag, where it went to the recorded ones."""
    assert what.to is not None
    changes: list[Substitution] = []
    if request.origin == what.home and recorded.request.origin == what.home:
        headers = request.headers
        if headers.get("Host") == request.origin.authority:
            headers = headers.set("Host", what.to.origin.authority)
        request = replace(request, origin=what.to.origin, headers=headers)
    if what.was and request.origin == what.to.origin:
        target = _renamed(request.target, what.was, what.to)
        if target != request.target:
            changes.append(Substitution(f"The target is {target} in the place of {request.target}."))
            request = replace(request, target=target)
    return request, tuple(changes)


def _renamed(target: str, was: Target, to: Target) -> str:
    front = f"/v2/{was.repository}/"
    if not target.startswith(front):
        return target
    rest = target[len(front) :]
    if rest.partition("?")[0] == f"manifests/{was.reference}":
        rest = f"manifests/{to.reference}{rest[len('manifests/') + len(was.reference) :]}"
    return f"/v2/{to.repository}/{rest}"
