"""Names that somebody may have meant."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

_MOST = 3


def near(typed: str, known: Mapping[str, str]) -> list[str]:
    """Return up to three names for a word that is none of the known ones; they map to the names to be offered.

    Words that are written alike come first, then those that contain what was typed.
    """
    folded = typed.strip().lower()
    alike = get_close_matches(folded, known, n=_MOST, cutoff=0.6)
    containing = [word for word in known if len(folded) > 2 and folded in word]
    offered = dict.fromkeys(known[word] for word in (*alike, *containing))
    return list(offered)[:_MOST]
