"""What is wrong with an exchange or a session, how it is known, and what mends it."""

from __future__ import annotations

from explorer.frozen import frozen
from explorer.model.messages import Request

CERTAINTIES = ("decides", "likely", "hint")
"""From the strongest to the weakest."""


@frozen
class Place:
    """Where in an exchange something is seen.

    `part` is request.target, request.header, request.body, response.status, response.header, response.body or error;
    `name` the header's name, where it is one; `start` (inclusive) and `end` (exclusive) count characters within the
    target or the value, bytes within a body; 0 and 0 mean the whole.
    """

    exchange: int
    part: str
    name: str = ""
    start: int = 0
    end: int = 0


@frozen
class Edit:
    """A request that mends an exchange: what is to be sent in its place, and what was changed, in words."""

    exchange: int
    request: Request
    words: str


@frozen
class Finding:
    """One cause: which rule found it, how certain it is, and everything that a person needs to act on it.

    `exchanges` are the ids of those that show it, the first one decides where it is listed. `what` says what is wrong,
    `cause` why, `proof` what was computed from the evidence (empty where nothing can be), `fix` what `who` (client,
    proxy, registry, auth server, network) has to do. `sources` name the sections and threads behind the rule. Where
    the evidence cannot tell it from other causes, `otherwise` says what those are, and `experiment` what would tell
    them apart.
    """

    rule: str
    certainty: str
    exchanges: tuple[int, ...]
    what: str
    cause: str
    fix: str
    who: str = "client"
    proof: str = ""
    places: tuple[Place, ...] = ()
    edit: Edit | None = None
    sources: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    experiment: str = ""
