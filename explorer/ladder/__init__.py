"""A session as a ladder: time downward, a lane for each party, and the values that travel from answer to request.

`ladder_of` makes it from the exchanges alone; `as_text`, `as_svg` and `as_mermaid` draw it. Who a party is (token
service, storage) and where a value came from are inferences.
"""

from __future__ import annotations

from explorer.ladder.drawing_mermaid import as_mermaid
from explorer.ladder.drawing_svg import as_svg
from explorer.ladder.drawing_text import as_text
from explorer.ladder.parties import Lane
from explorer.ladder.rungs import Ladder, Letter, Rung, ladder_of, short_target

__all__ = ["Ladder", "Lane", "Letter", "Rung", "as_mermaid", "as_svg", "as_text", "ladder_of", "short_target"]
