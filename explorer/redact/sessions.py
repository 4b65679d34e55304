"""A whole session made fit to be shared: `redact(session)`.

The session still agrees with itself afterwards: the same secret has the same name everywhere, a body that changed has
its new length and digest wherever they are named, and what a flow derives from an answer is what the next request has.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field, replace
from itertools import chain
from pathlib import PurePath
from typing import Any

from explorer.frozen import frozen
from explorer.model import Exchange, FlowCall, Headers, Session, Slice
from explorer.redact.ledger import Ledger, Named
from explorer.redact.naming import Choices, note_names
from explorer.redact.packing import is_packed, unchunked, unpack
from explorer.redact.rewriting import Rewriter, json_rewritten, rewrite
from explorer.redact.steps import ByPlace, ByValue
from explorer.redact.suspects import Suspect, suspects_in, unseen
from explorer.redact.values import Value, Values, is_binary

_HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{64,}")
_OF_HASHES = (64, 128)  # hex digits
_MOST_ROUNDS = 8
_PATH_FIELDS = ("file", "source", "config", "layers", "destination", "dest", "path")
_PLAIN_FOLDERS = ("/", "/tmp", "/var/tmp", "/dev")
_PASSED_OVER = {"etag", "x-request-id", "traceparent", "docker-upload-uuid", "cf-ray", "date", "user-agent", "server"}


Keep = Callable[[Iterable[Exchange]], Sequence[Exchange]]
"""What takes exchanges one after the other, and gives them back as often as is needed."""


@frozen
class Redacted:
    """A session without secrets, what was masked in it, and what looks secret and was not.

    `words` masks what is said about the session (the report of an import, say) in the same way.
    """

    session: Session
    masked: tuple[Named, ...]
    suspects: tuple[Suspect, ...]
    words: Callable[[str], str] = field(compare=False)


def redact(
    session: Session,
    choices: Choices = Choices(),  # noqa: B008 - frozen
    hide: Iterable[str] = (),
    besides: Iterable[str] = (),
    keep: Keep = tuple,
) -> Redacted:
    """Return a session that can be shared; `hide` are ids of suspects that are secrets after all.

    `besides` are texts that are not shared themselves (lines of a paste around the exchanges); what they give away is
    masked in the session, too. The session is gone through several times; `keep` says where the exchanges are kept in
    between, so that a long one need not be in memory.
    """
    hashes: set[str] = set()
    paths: dict[str, None] = {}
    ledger = Ledger(_noting(session, hashes, paths))
    addressed = frozenset(hashes)
    by_place = ByPlace(ledger, addressed)
    by_place.at("the text beside the exchanges")
    for text in besides:
        by_place.text(text)
    first = _rewritten(session, by_place, keep)
    ledger.place = "the session"
    _note_folders(paths, ledger)
    note_names(first, lambda: (text for _, text in texts_of(first)), ledger, choices)
    hidden = set(hide)
    for suspect in suspects_in(_looked_at(first, [])) if hidden else ():
        if suspect.id in hidden:
            ledger.place = suspect.place
            ledger.give("secret", suspect.text)
    values = Values(ledger.values)
    digests: dict[str, str] = {}
    second = first  # as it stays where there is no value to look for
    for _ in range(_MOST_ROUNDS if ledger.values else 0):
        values = Values(ledger.values)
        by_value = ByValue(values, digests, addressed)
        second = _rewritten(first, by_value, keep)
        known = {before: after for before, after in by_value.changed.items() if before in addressed}
        if known == digests:
            break
        digests = known
    ledger.counted(values.counts)
    by_value = ByValue(values, digests, addressed)
    return Redacted(second, ledger.named, _suspects(second), lambda text: by_value.words(by_place.words(text)))


def _noting(session: Session, hashes: set[str], paths: dict[str, None]) -> Iterator[str]:
    """Yield the texts of a session that have names of secrets in them already.

    The digests in all of them are put aside, and the paths of the files that it names, in their order.
    """
    paths.update(dict.fromkeys(_paths("", session.call.arguments)))
    for text in chain([_all_strings(session.call.arguments)], _in_exchanges(session, paths)):
        hashes.update(run for run in _HASH.findall(text) if len(run) in _OF_HASHES)
        if "masked-" in text:
            yield text


def _in_exchanges(session: Session, paths: dict[str, None]) -> Iterator[str]:
    for exchange in session.exchanges:
        answer = exchange.response.body if exchange.response else b""
        bodies = (exchange.request.body, exchange.proposed.body, answer)
        paths.update(dict.fromkeys(body.path for body in bodies if isinstance(body, Slice)))
        yield from (text for _, text in _texts(exchange))


def _rewritten(session: Session, rewriter: Rewriter, keep: Keep) -> Session:
    rewriter.at("the flow's arguments")
    arguments = {name: _argument(name, value, rewriter) for name, value in session.call.arguments.items()}
    return replace(
        session,
        made_with=rewriter.words(session.made_with),
        call=FlowCall(session.call.flow, arguments),
        extra={name: json_rewritten(value, rewriter) for name, value in session.extra.items()},
        exchanges=keep(rewrite(exchange, rewriter) for exchange in session.exchanges),
    )


def _argument(name: str, value: Any, rewriter: Rewriter) -> Any:
    match value:
        case str() if name in ("basic", "refresh", "token") and value:
            scheme = "Basic " if name == "basic" else "Bearer "
            return rewriter.header("Authorization", scheme + value).removeprefix(scheme)
        case str():
            return rewriter.words(value)
        case list():
            return [_argument(name, item, rewriter) for item in value]
        case {"base64": str(coded), **rest}:
            content = base64.b64encode(rewriter.body(_decoded(coded))).decode("ascii")
            return {"base64": content, **_argument(name, rest, rewriter)}
        case {"text": str(text), **rest}:
            content = rewriter.body(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
            return {"text": content, **_argument(name, rest, rewriter)}
        case dict():
            return {key: _argument(key, inner, rewriter) for key, inner in value.items()}
        case _:
            return value


def _decoded(coded: str) -> bytes:
    try:
        return base64.b64decode(coded)
    except ValueError:
        return coded.encode("utf-8", "surrogatepass")


def texts_of(session: Session) -> Iterator[tuple[str, str]]:
    """Yield every text of a session with its place; binary bodies are left out."""
    yield "the flow's arguments", _all_strings(session.call.arguments)
    for exchange in session.exchanges:
        yield from _texts(exchange)


def _texts(exchange: Exchange) -> Iterator[tuple[str, str]]:
    for place, headers in _parts(exchange):
        yield place, "\n".join(f"{row.name}: {row.value}" for row in headers)
    yield f"the request of {exchange.id}", f"{exchange.request.target}\n{exchange.proposed.target}"
    yield f"exchange {exchange.id}", "\n".join(_said(exchange))
    yield f"the heads of {exchange.id}", (exchange.sent_head + b"\n" + exchange.received_head).decode("latin-1")
    yield from _bodies(exchange)


def _said(exchange: Exchange) -> Iterator[str]:
    """Yield what is said about an exchange."""
    yield exchange.title
    if exchange.error:
        yield exchange.error.sentence
    for note in exchange.notes:
        yield f"{note.words}\n{note.value}"


def _parts(exchange: Exchange) -> Iterator[tuple[str, Any]]:
    yield f"the request of {exchange.id}", exchange.request.headers
    if exchange.is_edited:
        yield f"the request of {exchange.id}", exchange.proposed.headers
    if exchange.response:
        yield f"the answer of {exchange.id}", exchange.response.headers
        yield f"the answer of {exchange.id}", exchange.response.trailers


def _bodies(exchange: Exchange) -> Iterator[tuple[str, str]]:
    for place, body, _ in _kept_bodies(exchange):
        content = unpack(body) if is_packed(body) else unchunked(body)
        content = body if content is None else content
        if not is_binary(content):
            yield place, content.decode("latin-1")


def _kept_bodies(exchange: Exchange) -> Iterator[tuple[str, bytes, Headers]]:
    """Yield the bodies of an exchange that are in it, with their places and their headers."""
    if isinstance(body := exchange.request.body, bytes) and body:
        yield f"the request's body of {exchange.id}", body, exchange.request.headers
    if exchange.response and isinstance(body := exchange.response.body, bytes) and body:
        yield f"the answer's body of {exchange.id}", body, exchange.response.headers


def _suspects(session: Session) -> tuple[Suspect, ...]:
    """Return what looks secret, then the bodies that could not be looked into."""
    unread: list[Suspect] = []
    return (*suspects_in(_looked_at(session, unread)), *unread)


def _unseen(exchange: Exchange) -> Iterator[Suspect]:
    """Yield the bodies that could not be looked into: coded in a way that is not read here, or too much."""
    for place, body, headers in _kept_bodies(exchange):
        coding = (headers.get("Content-Encoding") or "identity").strip().lower()
        if coding == "identity":
            continue
        is_read = (unpack(body) is not None) if is_packed(body) else not is_binary(body)
        if not is_read:
            yield unseen(place, body, f"a body in {coding[:20]}, which was not looked into")


def _looked_at(session: Session, unread: list[Suspect]) -> Iterator[tuple[str, str]]:
    """Yield what may hold a secret that was not found; ids of requests and the like are passed over.

    What cannot be looked into is put aside in `unread`.
    """
    for exchange in session.exchanges:
        unread += _unseen(exchange)
        for place, headers in _parts(exchange):
            rows = (row for row in headers if row.name.lower() not in _PASSED_OVER)
            yield place, "\n".join(f"{row.name}: {row.value}" for row in rows)
        yield f"the request of {exchange.id}", f"{exchange.request.target}\n{exchange.proposed.target}"
        yield from _bodies(exchange)
        yield f"exchange {exchange.id}", "\n".join([*_said(exchange), _all_strings(exchange.extra)])
    yield "the flow's arguments", _all_strings(session.call.arguments)
    yield "the session", _all_strings(session.extra)


def _all_strings(value: Any) -> str:
    match value:
        case str():
            return value
        case list():
            return "\n".join(map(_all_strings, value))
        case dict():
            return "\n".join(_all_strings(inner) for name, inner in value.items() if name != "base64")
        case _:
            return ""


def _note_folders(paths: Iterable[str], ledger: Ledger) -> None:
    """Note the folders of this machine that a recording names; they may have the name of a person in them."""
    for folder in dict.fromkeys(str(PurePath(path).parent) for path in paths if path.startswith("/")):
        if folder not in _PLAIN_FOLDERS and not folder.startswith("/masked-folder-"):
            raw = folder.encode("utf-8", "surrogateescape")
            name = ledger.name("folder", raw.decode("latin-1"))
            ledger.note(Value(raw, f"/{name}".encode("ascii")))


def _paths(name: str, value: Any) -> Iterator[str]:
    match value:
        case str() if name in _PATH_FIELDS:
            yield value
        case list():
            for item in value:
                yield from _paths(name, item)
        case dict():
            for key, inner in value.items():
                yield from _paths(key, inner)
