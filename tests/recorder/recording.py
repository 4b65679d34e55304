"""A recorder for tests, what it recorded, and a comparison of that with what taps on both sides saw."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from explorer.model import Exchange, Origin
from explorer.recorder import Recorder, Recording
from explorer.spec.references import parse_origin
from tests.recorder.taps import Tap

PATIENCE = 20.0


class Recorded:
    """A recorder that is running, and its exchanges."""

    def __init__(self, wanted: Recording) -> None:
        self.exchanges: list[Exchange] = []
        self.problems: list[str] = []
        self.recorder = Recorder(wanted, lambda _: None, self.exchanges.append, self.problems.append)

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
    origin = upstream if isinstance(upstream, Origin) else parse_origin(upstream, "http", plain_http=True)
    recorded = Recorded(replace(Recording(origin), **options))  # type: ignore[arg-type]  # as the test names them
    with recorded.recorder:
        yield recorded
    assert recorded.problems == []


def check_against_taps(exchanges: list[Exchange], left: Tap, right: Tap) -> None:
    """Check that the heads of both sides are what the taps saw, with nothing else but equal bodies between them."""
    by_connection: dict[str, list[Exchange]] = {}
    for exchange in exchanges:
        if exchange.client and exchange.sent_head:
            by_connection.setdefault(exchange.client.connection.peer, []).append(exchange)
    assert by_connection
    for peer, here in by_connection.items():
        near = left.gone_on_from(peer)
        far = right.made_by(here[0].connection.local)
        sides = [exchange.client for exchange in here if exchange.client]
        _check(near.there, [side.sent_head for side in sides], far.there, [e.sent_head for e in here])
        _check(near.back, [side.received_head for side in sides], far.back, [e.received_head for e in here])


def _check(near: bytearray, near_heads: list[bytes], far: bytearray, far_heads: list[bytes]) -> None:
    """Check that both streams are heads with the same bytes between them."""
    assert _between(bytes(near), near_heads) == _between(bytes(far), far_heads)


def _between(stream: bytes, heads: list[bytes]) -> list[bytes]:
    pieces = []
    for head in heads:
        assert head, "an exchange without this head"
        before, found, stream = stream.partition(head)
        assert found, f"{head!r} is not there"
        pieces.append(before)
    assert pieces[0] == b""
    return [*pieces, stream]
