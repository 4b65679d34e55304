"""The command `list`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from explorer.filters import parse_filter
from explorer.model import summary_at
from explorer.plain.declared import command
from explorer.plain.desk import Desk
from explorer.plain.telling import row_told

_MOST_GROUPED = 5_000


@command("list", "8", "filter", takes="[FILTER]", group="looking")
def list_exchanges(desk: Desk, argument: str) -> Iterator[str]:
    """List the exchanges, those of one blob or manifest together, and what is planned; with a FILTER those it picks.

    FILTER is made of words and of ~m PATCH, ~s 4xx, ~p (path), ~h (header), ~b (body), ~t (title), ~e (no answer), ~x
    (failed), ~edited, ~inferred; !, &, | and brackets join them.
    """
    picked = parse_filter(argument)
    state = desk.state
    on_path = frozenset(state.path)
    insight = desk.insight if len(state.exchanges) <= _MOST_GROUPED else None
    attempts: Counter[tuple[int, str]] = Counter()
    key, count = "", 0
    for index in range(len(state.exchanges)):
        summary = summary_at(state.exchanges, index)
        attempts[summary.after, summary.title] += 1
        if not picked.at(state.exchanges, index):
            continue
        exchange = state.exchanges[index]
        count += 1
        group = insight.group(exchange.id) if insight else None
        if group and group.key != key:
            yield f"Of {group.label}:"
        key = group.key if group else ""
        yield row_told(state, exchange, on_path, attempts[summary.after, summary.title])
    if argument.strip():
        yield f"{count} of {len(state.exchanges)} exchanges."
        return
    yield from (f"Planned: {title}" for title in state.planned)
