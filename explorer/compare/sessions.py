"""Two sessions side by side: which exchanges go together, and how those differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from explorer.compare.exchanges import Comparison, compare_exchanges
from explorer.compare.passing import without_passing
from explorer.frozen import frozen
from explorer.model import Exchange

_MOST_ALIGNED = 20_000


@frozen
class Pair:
    """Two exchanges that go together, or one that has no partner (None on the other side)."""

    left: Exchange | None
    right: Exchange | None
    comparison: Comparison | None


@frozen
class SessionComparison:
    """Every exchange of two sessions, paired in order."""

    pairs: tuple[Pair, ...]

    @property
    def different(self) -> tuple[Pair, ...]:
        """The pairs that differ really, and the exchanges without a partner."""
        return tuple(pair for pair in self.pairs if pair.comparison is None or pair.comparison.real)

    @property
    def verdict(self) -> str:
        """The whole in a sentence."""
        alone = [pair for pair in self.pairs if pair.comparison is None]
        changed = [pair for pair in self.pairs if pair.comparison is not None and pair.comparison.real]
        if not self.different:
            count = len(self.pairs)
            return f"The {count} exchanges went the same way." if count != 1 else "The one exchange went the same way."
        parts = []
        if changed:
            parts.append(f"{len(changed)} of {len(self.pairs) - len(alone)} pairs differ")
        for side, count in (
            ("left", sum(pair.right is None for pair in alone)),
            ("right", sum(pair.left is None for pair in alone)),
        ):
            if count:
                parts.append(f"{count} {'is' if count == 1 else 'are'} on the {side} only")
        first = self.different[0].left or self.different[0].right
        where = f" The first difference is at exchange {first.id}." if first else ""
        return f"{', '.join(parts)}.{where}"


def compare_sessions(left: Sequence[Exchange], right: Sequence[Exchange]) -> SessionComparison:
    """Compare two sessions, exchange by exchange; those with the same method and the same kind of target go together.

    Sessions of more than 20,000 exchanges are paired by position.
    """
    return SessionComparison(tuple(_pairs(left, right)))


def _pairs(left: Sequence[Exchange], right: Sequence[Exchange]) -> Iterator[Pair]:
    if max(len(left), len(right)) > _MOST_ALIGNED:
        yield from _side_by_side(left, right)
        return
    matcher = SequenceMatcher(None, [_key(one) for one in left], [_key(one) for one in right], autojunk=False)
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        if tag in ("equal", "replace"):
            yield from _side_by_side(left[start:end], right[other_start:other_end], strict=tag == "replace")
        else:
            yield from (Pair(one, None, None) for one in left[start:end])
            yield from (Pair(None, one, None) for one in right[other_start:other_end])


def _side_by_side(left: Sequence[Exchange], right: Sequence[Exchange], *, strict: bool = False) -> Iterator[Pair]:
    """Pair by position; with `strict` only where the methods are the same."""
    for index in range(max(len(left), len(right))):
        one = left[index] if index < len(left) else None
        two = right[index] if index < len(right) else None
        if one and two and (not strict or one.request.method == two.request.method):
            yield Pair(one, two, compare_exchanges(one, two))
            continue
        if one:
            yield Pair(one, None, None)
        if two:
            yield Pair(None, two, None)


def _key(exchange: Exchange) -> tuple[str, str]:
    return exchange.request.method, without_passing(exchange.request.target)
