"""From a recording or an import to a workbench that has its conversation again."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import field, replace
from functools import partial
from pathlib import Path

from explorer.compare import SessionComparison, compare_sessions
from explorer.credentials import AskingWire, Given, Logins
from explorer.editing import with_body
from explorer.errors import FormatError, InputError
from explorer.flows import Flow
from explorer.flows.authenticated import authenticated
from explorer.flows.replay import Replay, needed_before, replay, without_logins
from explorer.formats.importing import Imported, import_file
from explorer.formats.writing.bodies import reference
from explorer.frozen import frozen
from explorer.jobs.making import MADE_WITH, new_client, recorder
from explorer.jobs.side_files import blocks_of
from explorer.model import Exchange, FlowCall, Headers, Session, Slice, Unkept
from explorer.redact import is_secret
from explorer.redact.rewriting import rewrite
from explorer.redact.steps import ByValue
from explorer.redact.values import Value, Values
from explorer.revival import RecordedBytes, RevivingWire
from explorer.spec.references import Target, is_loopback, parse_target
from explorer.wire.deferred import DeferredClient
from explorer.wire.options import DEFAULT, ConnectionOptions
from explorer.workbench import Workbench

_NAME = re.compile(r"/v2/(?P<name>.+?)/(?:blobs|manifests|tags|referrers)(?:(?<=manifests)/(?P<tag>[^/?:]+)(?=$|\?))?")
_WRITING = ("POST", "PATCH", "PUT", "DELETE")


@frozen
class ReplayJob:
    """What to replay and how, as the user said it; empty where it was not said.

    `bodies` are files for bodies that the recording has not kept, by the id of their exchange. `imported` is what lies
    at the path, where it was read already.
    """

    path: str
    to: str = ""
    first: int = 1
    literal: bool = False
    last: int = 0
    kind: str = ""
    bodies: Mapping[int, str] = field(default_factory=dict)
    plain_http: bool = False
    recording: str = ""
    login: Given | None = None
    connection: ConnectionOptions = DEFAULT
    imported: Imported | None = None


@frozen
class OpenedReplay:
    """A workbench before the first request, what was replayed, and what is to be said before it begins."""

    workbench: Workbench
    what: Replay
    said: tuple[str, ...]
    registry: str
    is_foreign: bool

    def compared(self) -> SessionComparison:
        """Compare what was recorded with what happened.

        Logins are left out on both sides; what follows from another registry or repository is no difference.
        """
        happened = tuple(self.workbench.state.exchanges)
        recorded = _moved(self.what)
        if self.what.literal:
            return compare_sessions(recorded, happened)
        asked = tuple(f"{exchange.id}. " for exchange in _challenged(recorded))
        recorded = tuple(exchange for exchange in recorded if not f"{exchange.id}. ".startswith(asked))
        left = [exchange for exchange in without_logins(happened) if not exchange.title.startswith(asked)]
        return compare_sessions(*(tuple(map(_bare, side)) for side in (recorded, left)))

    @property
    def writes(self) -> int:
        """How many of the requests may change something."""
        return sum(exchange.request.method.upper() in _WRITING for exchange in self.what.steps)


def open_replay(job: ReplayJob) -> OpenedReplay:
    """Read the file and stand before the first request; raises FormatError or InputError."""
    imported = job.imported or import_file(job.path, job.kind)
    session = imported.session
    if not any(exchange.request.is_http for exchange in session.exchanges):
        raise FormatError(job.path, "there is no request in it, so there is nothing to send again.")
    if not 1 <= job.first <= len(session.exchanges):
        raise InputError(f"--from-step {job.first} is none of the exchanges; there are 1 to {len(session.exchanges)}.")
    if job.last and not job.first <= job.last <= len(session.exchanges):
        raise InputError(f"--to-step {job.last} is none of the exchanges from {job.first} to {len(session.exchanges)}.")
    what = Replay(
        session.exchanges,
        session.call.arguments,
        _target_of(session),
        _to(job),
        job.first,
        job.literal,
        job.last,
    )
    what = replace(what, needed=needed_before(what))
    with ExitStack() as resources:
        what = _with_bytes(what, session, job, resources)
        origin = what.to.origin if what.to else what.home
        assert origin is not None
        registry = what.to or what.was or Target(origin, "")
        logins = Logins((registry,), job.login or Given(), os.environ, Path.home())
        # The built-in registry is started again where it was; with a registry of the user's own it is not needed.
        call = FlowCall("", {"replay_of": Path(job.path).name, "to": str(origin)})
        revived = session.call if not job.to else call
        workbench = Workbench(
            job.connection.titled(f"replay of {Path(job.path).name} to {origin}"),
            Session(MADE_WITH, round(time.time(), 3), call),
            _flow(what, logins),
            RevivingWire(AskingWire(DeferredClient(partial(new_client, job.connection)), logins), revived),
            recorder(job.recording, f"replay-{Path(job.path).stem}"),
        )
        workbench.keep(resources)
    return OpenedReplay(workbench, what, tuple(_said(imported, what)), str(origin), not is_loopback(origin.host))


def _moved(what: Replay) -> tuple[Exchange, ...]:
    """Return what was recorded as it would have been with the other registry, repository and tag."""
    if not what.to or not what.was:
        return what.steps
    pairs = [
        (what.was.origin.authority, what.to.origin.authority, "host"),
        (f"/v2/{what.was.repository}/manifests/{what.was.reference}", _manifest_of(what.to), "host"),
        (what.was.repository, what.to.repository, "name"),
    ]
    values = Values(Value(was.encode("ascii"), to.encode("ascii"), guard) for was, to, guard in pairs if was != to)
    rewriter = ByValue(values, {}, frozenset())
    moved = []
    for exchange in what.steps:
        changed = rewrite(exchange, rewriter)
        is_home = exchange.request.origin == what.home
        origin = what.to.origin if is_home else exchange.request.origin
        proposed, request = (replace(one, origin=origin) for one in (changed.proposed, changed.request))
        moved.append(replace(changed, request=request, proposed=proposed))
    return tuple(moved)


def _challenged(exchanges: Sequence[Exchange]) -> Iterator[Exchange]:
    """Yield the requests that only asked for the challenge: 401 without credentials, and with some from then on."""
    for at, exchange in enumerate(exchanges):
        bare = exchange.status == 401 and not _has_credentials(exchange)
        if bare and any(_has_credentials(later) for later in exchanges[at:] if _is_beside(later, exchange)):
            yield exchange


def _has_credentials(exchange: Exchange) -> bool:
    return any(is_secret(row.name) for row in exchange.request.headers)


def _is_beside(one: Exchange, other: Exchange) -> bool:
    return one.request.origin == other.request.origin


def _bare(exchange: Exchange) -> Exchange:
    """Return an exchange without its credentials: each login is made afresh, so that they say nothing."""
    rows = tuple(row for row in exchange.request.headers if not is_secret(row.name))
    return replace(exchange, request=replace(exchange.request, headers=Headers(rows)))


def _manifest_of(target: Target) -> str:
    return f"/v2/{target.repository}/manifests/{target.reference}"


def _flow(what: Replay, logins: Logins) -> Callable[[], Flow[object]]:
    if what.literal:
        return lambda: replay(what)
    homes = tuple(dict.fromkeys(origin for origin in (what.to.origin if what.to else None, what.home) if origin))
    return lambda: authenticated(replay(what), logins.known, homes)


def _target_of(session: Session) -> Target | None:
    """Return the target that the recorded conversation was about; None where its call names none."""
    text = str(session.call.arguments.get("target") or "")
    try:
        return parse_target(text, plain_http=text.startswith("http:")) if text else _seen(session.exchanges)
    except InputError:
        return _seen(session.exchanges)


def _seen(exchanges: Sequence[Exchange]) -> Target | None:
    """Return the repository, and the tag that the last manifest was put under, as the requests show them."""
    names = [(exchange.request, found) for exchange in exchanges if (found := _NAME.match(exchange.request.target))]
    if not names:
        return None
    tags = [found["tag"] for request, found in names if found["tag"] and request.method in ("PUT", "GET", "HEAD")]
    request, found = names[-1]
    return Target(request.origin, found["name"], tags[-1] if tags else "latest")


def _to(job: ReplayJob) -> Target | None:
    if not job.to:
        return None
    return parse_target(job.to, plain_http=job.plain_http)


def _with_bytes(what: Replay, session: Session, job: ReplayJob, resources: ExitStack) -> Replay:
    """Return what is to be replayed with the bytes of every body; raises FormatError or InputError.

    A file that a recording names is sent only where its bytes are those that were sent then: a recording by somebody
    else could name any file.
    """
    source = RecordedBytes(session.call.arguments)
    resources.callback(source.close)
    ids = {exchange.id for exchange in what.steps}
    for id in job.bodies:
        if id not in ids:
            raise InputError(f"--body {id}=… is for no request that is sent.")
    exchanges = tuple(
        _with_body(exchange, job.bodies, source) if exchange.id in ids else exchange for exchange in what.exchanges
    )
    return replace(what, exchanges=exchanges)


def _with_body(exchange: Exchange, bodies: Mapping[int, str], source: RecordedBytes) -> Exchange:
    body = exchange.request.body
    if exchange.id in bodies:
        size = Path(bodies[exchange.id]).stat().st_size if Path(bodies[exchange.id]).is_file() else -1
        if size < 0:
            raise FormatError(bodies[exchange.id], "the body of a request was expected there, and there is no file.")
        return replace(exchange, request=with_body(exchange.request, Slice(bodies[exchange.id], 0, size)))
    match body:
        case Unkept():
            raise InputError(
                f"The recording has not kept the body of exchange {exchange.id} ({reference(body)}): "
                f"name a file that has it with --body {exchange.id}=FILE."
            )
        case Slice():
            fresh = source.again(body)
            _check(fresh, body.sha256 or exchange.sent_sha256, body, exchange)
            return replace(exchange, request=replace(exchange.request, body=fresh))
        case bytes():
            return exchange


def _check(fresh: bytes | Slice, wanted: str, body: Slice, exchange: Exchange) -> None:
    hashed = hashlib.sha256()
    for block in blocks_of(fresh):
        hashed.update(block)
    if hashed.hexdigest() != wanted:
        what = f"not those that exchange {exchange.id} sent" if wanted else f"not known to be those of {exchange.id}"
        raise FormatError(body.path, f"the bytes there are {what}; name a file with --body {exchange.id}=FILE.")


def _said(imported: Imported, what: Replay) -> Iterator[str]:
    """Yield what is to be known before anything is sent."""
    yield from (f"The import has {line}" for line in imported.report()[:20] if not line.startswith("understood"))
    chosen = what.chosen
    requests = [exchange for exchange in chosen if exchange.request.is_http]
    if logins := len(requests) - len(what.steps):
        them = "1 exchange of logging in is" if logins == 1 else f"{logins} exchanges of logging in are"
        yield f"{them} left out; that is done afresh."
    for exchange in chosen:
        if not exchange.request.is_http:
            yield f"Exchange {exchange.id} is left out: what was sent is no request of HTTP."
    for exchange in what.steps:
        if exchange.unknown:
            yield f"Of exchange {exchange.id}, the source does not tell {', '.join(exchange.unknown)}."
    if what.needed:
        them = ", ".join(map(str, sorted(what.needed)))
        yield f"Before exchange {what.first} come those whose answers lead to where it goes: {them}."
    if what.first > 1 and not what.literal:
        other = "Other values" if what.needed else "Values"
        yield f"{other} from the answers before exchange {what.first} are those of the recording."
