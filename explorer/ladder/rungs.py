"""The ladder itself: its lanes, a rung for each exchange, and a letter for each value that travels."""

from __future__ import annotations

import re
from collections.abc import Sequence

from explorer.frozen import frozen
from explorer.ladder.parties import CLIENT, Lane, Parties
from explorer.model import Exchange, FlowCall, Slice, Unkept, body_size
from explorer.origins import Origins, Source
from explorer.visible import size_text, visible, wire_to_text

MOST_RUNGS = 2_000
"""A ladder of more rungs than this is no picture any more; the rest is left out, and said."""

_LONG_VALUE = re.compile(r"=[^&?]{17,}")
_KEYS = {
    "Location": "Location",
    "Location, its path": "Location",
    "realm of the challenge": "realm",
    "scope of the challenge": "scope",
    "service of the challenge": "service",
    "Range": "Range",
}


@frozen
class Letter:
    """A value that travels: its sign, what it is in words, and the exchange whose answer gave it."""

    sign: str
    words: str
    exchange: int


@frozen
class Rung:
    """One exchange: the lane (by its index) that answered, what was asked and answered, and the letters of both.

    `kind` is ok, refused (status 400 and above), failed (no answer), untold or redirected. `body` is the size of the
    request's body in bytes; `seconds` is how long it took, None where that is not known.
    """

    id: int
    lane: int
    request: str
    answer: str
    carries: tuple[str, ...]
    gives: tuple[str, ...]
    kind: str
    body: int
    seconds: float | None
    is_edited: bool = False
    is_repeat: bool = False
    basis: str = "observed"


@frozen
class Ladder:
    """Lanes, the client first, rungs in their order, the letters; `left_out` exchanges had no room."""

    lanes: tuple[Lane, ...]
    rungs: tuple[Rung, ...]
    letters: tuple[Letter, ...]
    left_out: int = 0


def ladder_of(exchanges: Sequence[Exchange], call: FlowCall = FlowCall("")) -> Ladder:  # noqa: B008 - frozen
    """Make the ladder of a conversation."""
    shown = exchanges[:MOST_RUNGS]
    origins = Origins(call.arguments)
    carried = {exchange.id: [source for source in origins.add(exchange) if source.exchange] for exchange in shown}
    letters = _letters(carried)
    parties = Parties(shown, call)
    lanes = [CLIENT]
    rungs = []
    seen: set[int] = set()
    for exchange in shown:
        lane = parties.lane_of(exchange)
        if lane not in lanes:
            lanes.append(lane)
        rungs.append(
            _rung(exchange, lanes.index(lane), carried[exchange.id], letters, is_repeat=exchange.after in seen)
        )
        seen.add(exchange.after)
    return Ladder(tuple(lanes), tuple(rungs), tuple(letters.values()), len(exchanges) - len(shown))


def _letters(carried: dict[int, list[Source]]) -> dict[tuple[int, str], Letter]:
    """Return a letter for each value that some later request carries, in the order in which they were given."""
    used = {(source.exchange, _key(source)) for sources in carried.values() for source in sources}
    letters: dict[tuple[int, str], Letter] = {}
    for exchange, key in sorted(used):
        letters[exchange, key] = Letter(_sign(len(letters)), f"{visible(key)} of {exchange}", exchange)
    return letters


def _key(source: Source) -> str:
    return _KEYS.get(source.key, source.key.removeprefix("body /").removeprefix("body "))


def _sign(number: int) -> str:
    rounds, place = divmod(number, 26)
    return chr(97 + place) + (str(rounds) if rounds else "")


def _rung(
    exchange: Exchange, lane: int, carried: list[Source], letters: dict[tuple[int, str], Letter], *, is_repeat: bool
) -> Rung:
    carries = dict.fromkeys(letters[source.exchange, _key(source)].sign for source in carried)
    gives = tuple(letter.sign for (id, _), letter in letters.items() if id == exchange.id)
    size = exchange.sent_size or body_size(exchange.request.body)
    return Rung(
        exchange.id,
        lane,
        f"{wire_to_text(exchange.request.method)} {short_target(exchange)}",
        _answer(exchange),
        tuple(carries),
        gives,
        _kind(exchange),
        size,
        exchange.timings.finished,
        exchange.is_edited,
        is_repeat,
        exchange.basis,
    )


NOT_TOLD = "answer not told"
"""What stands for an answer that the source says nothing of: whether there was one is not known."""


def short_target(exchange: Exchange) -> str:
    """Return the target as a person says it: the part after the repository, the query by the names of its values."""
    path, mark, query = exchange.request.target.partition("?")
    text = path
    for noun in ("/blobs/", "/manifests/", "/tags/", "/referrers/"):
        if path.startswith("/v2/") and noun in path:
            text = noun[1:] + path.rpartition(noun)[2]
            break
    text = "/".join(_short(segment) for segment in wire_to_text(text).split("/"))
    return f"{text}{mark}{_LONG_VALUE.sub('=…', wire_to_text(query))}"[:200]


def _short(segment: str) -> str:
    algorithm, colon, digits = segment.rpartition(":")
    if colon and len(digits) >= 32:
        return f"{algorithm}:{digits[:8]}…"
    return f"{segment[:8]}…" if len(segment) > 32 else segment


def _answer(exchange: Exchange) -> str:
    response = exchange.response
    if response is None:
        return visible(exchange.error.kind) if exchange.error else NOT_TOLD
    size = _body_size(response.body)
    text = f"{response.status} {wire_to_text(response.reason)}".strip() if response.status else "status unknown"
    text = f"{text}, {size_text(size)}" if size >= 1024 else text
    return f"{text} (made up)" if exchange.basis == "made up" else text


def _body_size(body: bytes | Slice | Unkept) -> int:
    return max(0, body_size(body))


def _kind(exchange: Exchange) -> str:
    if exchange.error:
        return "failed"
    if exchange.response is None:
        return "untold"
    if exchange.status >= 400:
        return "refused"
    return "redirected" if 300 <= exchange.status < 400 else "ok"
