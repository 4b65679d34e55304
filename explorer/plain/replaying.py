"""A replay run to its end, printed as it happens: what was put in the place of what, and how it differs at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from explorer.compare import Pair, SessionComparison
from explorer.plain.progress import Bar
from explorer.plain.running import ending
from explorer.plain.transcript import summary_line
from explorer.state import State
from explorer.visible import shortened, visible
from explorer.workbench import Workbench

Say = Callable[[str], None]

_LONGEST = 100
_DECIDES = ("method", "failure", "answer", "status")


def run_replay(workbench: Workbench, compared: Callable[[], SessionComparison], say: Say) -> int:
    """Send request after request; returns 0 where it went as it was recorded, 1 where not, 3 without an answer."""
    bar = Bar("sending")
    told = 0

    def before(state: State) -> None:
        if state.pending:
            say(f"* {visible(state.pending.title)}: {visible(state.pending.why)}")

    def after() -> None:
        nonlocal told
        bar.clear()
        for exchange in workbench.state.exchanges[told:]:
            say(summary_line(exchange))
        told = len(workbench.state.exchanges)

    try:
        for _ in workbench.run(bar, before):
            after()
    except KeyboardInterrupt:
        after()
    say("")
    say(ending(workbench.state))
    comparison = compared()
    for line in difference_lines(comparison):
        say(line)
    return workbench.state.status or (0 if went_as_recorded(comparison) else 1)


def went_as_recorded(comparison: SessionComparison) -> bool:
    """Say whether the same requests were answered with the same statuses; other differences do not count.

    Where the source does not tell a status, any answer is as good.
    """
    return all(map(_went_as_recorded, comparison.pairs))


def _went_as_recorded(pair: Pair) -> bool:
    if pair.comparison is None or pair.left is None:
        return False
    if "response.status" in pair.left.unknown:
        return pair.right is not None and pair.right.response is not None
    return not any(difference.where in _DECIDES for difference in pair.comparison.real)


def difference_lines(comparison: SessionComparison, names: tuple[str, str] = ("recorded", "now")) -> Iterator[str]:
    """Yield the verdict, then what differs exchange by exchange; what differs from run to run is only counted."""
    yield comparison.verdict
    passing = sum(
        bool(difference.passes)
        for pair in comparison.pairs
        if pair.comparison
        for difference in pair.comparison.differences
    )
    if passing:
        them = "1 expected difference" if passing == 1 else f"{passing} expected differences"
        yield f"{them} (ids, states, dates, tokens) {'is' if passing == 1 else 'are'} not listed."
    for pair in comparison.different:
        yield from _pair(pair, names)


def _pair(pair: Pair, names: tuple[str, str]) -> Iterator[str]:
    if pair.comparison is None:
        exchange, name = (pair.left, names[0]) if pair.left else (pair.right, names[1])
        if exchange:
            yield f"only {name}: {summary_line(exchange).strip()}"
        return
    assert pair.left is not None
    assert pair.right is not None
    yield f"{pair.left.id} and {pair.right.id}: {visible(pair.left.request.method)} {visible(pair.left.title)}"
    for difference in pair.comparison.real:
        for name, value in zip(names, (difference.left, difference.right), strict=True):
            shown = "(not there)" if value is None else shortened(visible(value), _LONGEST)
            yield f"    {visible(difference.where)}, {name}: {shown}"
