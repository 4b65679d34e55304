"""What the commands that send have in common: sending, telling what came, what it is worth, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from explorer.breakpoints import Breakpoint, is_surprising
from explorer.model import Exchange, Progress, Request
from explorer.plain.desk import Desk
from explorer.plain.telling import exchange_told, row_told, verdict_told
from explorer.plain.transfers import transferred
from explorer.standing import next_request


def sent(desk: Desk, send: Callable[[Progress], object], shown: Request | None) -> Iterator[str]:
    """Send by a call, and tell what came; `shown` is the request as it was told before. Ctrl-C stops it."""
    told = len(desk.state.exchanges)
    desk.work.at = 0
    try:
        yield from transferred(send, desk.bench.stop)
    finally:
        new = desk.state.exchanges[told:]
    for exchange in new:
        yield from exchange_told(exchange, shown)
        shown = None
    yield from judged(desk, new)


def judged(desk: Desk, new: Sequence[Exchange]) -> Iterator[str]:
    """Yield the verdict on new answers, what does not fit in the account of their upload, and what is wrong."""
    insight = desk.insight
    for exchange in new[-1:]:
        if exchange.response:
            yield from verdict_told(insight.verdict(exchange.id))
        account = insight.account(exchange.id)
        yield from (f"The account does not fit: {one}." for one in (account.disagreements if account else ()))
    yield from desk.advice.after_sending()


def ran(desk: Desk, until: Breakpoint | None) -> Iterator[str]:
    """Send step after step, and tell each in a line; in full what was no usual answer, and the last one."""
    bench = desk.bench
    desk.work.at = 0
    progress: list[Progress] = []
    began = told = len(desk.state.exchanges)
    run = bench.run(lambda done, total: progress[-1](done, total), until=until)

    def step(how_far: Progress) -> None:
        progress[:] = [how_far]
        next(run, None)

    while True:
        yield from transferred(step, bench.stop, bench.pause)
        new = desk.state.exchanges[told:]
        told += len(new)
        is_over = not new or next_request(desk.state) is None
        for exchange in new:
            if is_surprising(exchange):
                yield from exchange_told(exchange)
            else:
                yield row_told(desk.state, exchange, frozenset(desk.state.path))
        if is_over:
            break
    yield from judged(desk, desk.state.exchanges[began:])
