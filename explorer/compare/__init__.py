"""Comparing: requests, exchanges, whole sessions. What differs from run to run is told apart from what matters."""

from __future__ import annotations

from explorer.compare.exchanges import Comparison, Difference, compare_exchanges, compare_requests
from explorer.compare.sessions import Pair, SessionComparison, compare_sessions
from explorer.compare.texts import Stretch, stretches

__all__ = [
    "Comparison",
    "Difference",
    "Pair",
    "SessionComparison",
    "Stretch",
    "compare_exchanges",
    "compare_requests",
    "compare_sessions",
    "stretches",
]
