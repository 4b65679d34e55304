"""A recorder for tests, what it recorded, and a comparison of that with what taps on both sides saw."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from explorer.model import Exchange, Origin
from explorer.recorder import Book, Recorder, Recording
from explorer.spec.references import parse_origin
from tests.recorder.taps import Tap, Tapped

PATIENCE = 60.0


class Recorded:
    """A recorder that is running, and its exchanges."""

    def __init__(self, wanted: Recording) -> None:
        self.verbatim = wanted.is_verbatim
        self.exchanges: list[Exchange] = []
        self.problems: list[str] = []
        self.book = Book(lambda _: None, self.exchanges.append, self.problems.append)
        self.recorder = Recorder(wanted, self.book)

    @classmethod
    def of(cls, upstream: Origin | str, **options: object) -> Recorded:
        """Return a recorder in front of an origin, which is not running yet."""
        origin = upstream if isinstance(upstream, Origin) else parse_origin(upstream, "http", plain_http=True)
        return cls(replace(Recording(origin), **options))  # type: ignore[arg-type]  # as the test names them

    @property
    def address(self) -> str:
        """host:port of the recorder."""
        return self.recorder.address.authority

    def wait_for(self, count: int) -> list[Exchange]:
        """Return the exchanges as soon as there are so many."""
        wait_until(lambda: len(self.exchanges) >= count)
        return self.exchanges

    def only(self) -> Exchange:
        """Return the one exchange that there is."""
        [exchange] = self.wait_for(1)
        return exchange


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for something to become true; fails where it does not."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "this took too long"
        time.sleep(0.002)


@contextlib.contextmanager
def recording(upstream: Origin | str, **options: object) -> Iterator[Recorded]:
    """Run a recorder in front of an origin."""
    recorded = Recorded.of(upstream, **options)
    with recorded.book, recorded.recorder:
        yield recorded
    assert recorded.problems == []


def check_against_taps(exchanges: list[Exchange], left: Tap, right: Tap) -> None:
    """Check that the heads of both sides are what the taps saw, with nothing else but equal bodies between them.

    What went to another origin than the one behind the right tap is only compared with the left one.
    """
    near: dict[int, list[bytes]] = {}
    far: dict[int, list[bytes]] = {}
    passed = [exchange for exchange in exchanges if exchange.client and exchange.sent_head]
    assert passed
    for tapped, here in _grouped(passed, lambda e: left.gone_on_from(e.client.connection.peer if e.client else "")):
        sides = [exchange.client for exchange in here if exchange.client]
        _add(near, here, _between(tapped.there, [side.sent_head for side in sides]))
        _add(near, here, _between(tapped.back, [side.received_head for side in sides]))
    there = [exchange for exchange in passed if exchange.request.origin.authority == right.authority]
    assert there
    for tapped, here in _grouped(there, lambda e: right.made_by(e.connection.local)):
        _add(far, here, _between(tapped.there, [exchange.sent_head for exchange in here]))
        _add(far, here, _between(tapped.back, [exchange.received_head for exchange in here]))
    assert far == {id: bodies for id, bodies in near.items() if id in far}


def _grouped(
    exchanges: list[Exchange], tapped_of: Callable[[Exchange], Tapped]
) -> Iterator[tuple[Tapped, list[Exchange]]]:
    groups: dict[int, tuple[Tapped, list[Exchange]]] = {}
    for exchange in exchanges:
        tapped = tapped_of(exchange)
        groups.setdefault(id(tapped), (tapped, []))[1].append(exchange)
    yield from groups.values()


def _add(kept: dict[int, list[bytes]], exchanges: list[Exchange], bodies: list[bytes]) -> None:
    for exchange, body in zip(exchanges, bodies, strict=True):
        kept.setdefault(exchange.id, []).append(body)


def _between(stream: bytearray, heads: list[bytes]) -> list[bytes]:
    """Return what follows each head up to the next one; nothing else may be there."""
    pieces, rest = [], bytes(stream)
    for head in heads:
        assert head, "an exchange without this head"
        before, found, rest = rest.partition(head)
        assert found, f"{head!r} is not there"
        pieces.append(before)
    assert pieces[0] == b""
    return [*pieces[1:], rest]
