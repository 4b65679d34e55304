"""What a rule is, and how one is declared: `@rule` over a function that looks at one exchange and says what it found.

The function's docstring is the explanation that a user reads, and the cause of what it finds. `Found` says what is
particular to this case; whatever it leaves empty is taken from the declaration.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import field
from typing import TYPE_CHECKING

from explorer.frozen import frozen
from explorer.model import CERTAINTIES, Place, Request

if TYPE_CHECKING:
    from explorer.diagnoses.seen import Seen

WHO = ("client", "proxy", "registry", "auth server", "network")
"""Who can act."""

WHEN = ("failed", "answered", "always")
"""For which exchanges a rule is asked: those that failed, those with an answer, all."""


@frozen
class Found:
    """What a rule found in an exchange.

    `what` says what is wrong, `proof` what was computed from the evidence. `edit` is the request that mends it, and
    `edit_words` says what was changed in it. `key` tells causes of one rule apart: equal keys are one finding. `also`
    are further exchanges that show it. `consequence_of` are exchanges whose failure this follows from. `otherwise`
    names what else the same evidence could mean, `experiment` what would tell them apart. `fix`, `who`, `certainty`
    and `cause` stand for the rule's own where they are given.
    """

    what: str
    proof: str = ""
    places: tuple[Place, ...] = ()
    edit: Request | None = None
    edit_words: str = ""
    key: str = ""
    also: tuple[int, ...] = ()
    consequence_of: tuple[int, ...] = ()
    otherwise: tuple[str, ...] = ()
    experiment: str = ""
    fix: str = ""
    who: str = ""
    certainty: str = ""
    cause: str = ""


Look = Callable[["Seen"], Iterator[Found]]


@frozen
class Rule:
    """One failure: its name in words, how certain a match is, who can mend it and how.

    `covers` names the rules whose findings are consequences of this one's, so that they are not told beside it. `stage`
    is the place in which a registry would notice it (the order of the families, then of the rules in them).
    """

    name: str
    certainty: str
    who: str
    fix: str
    sources: tuple[str, ...]
    look: Look
    when: str = "failed"
    before: bool = False  # asked of a request that has not been sent, too
    lasting: bool = False  # what it finds in an exchange that went well stays wrong, however well things go on
    covers: frozenset[str] = frozenset()
    stage: tuple[int, int] = field(default=(0, 0), compare=False)

    @property
    def explanation(self) -> str:
        """The docstring: what a user reads."""
        return inspect.getdoc(self.look) or ""

    @property
    def cause(self) -> str:
        """The first paragraph of the explanation, on one line."""
        return " ".join(self.explanation.partition("\n\n")[0].split())

    @property
    def family(self) -> str:
        """The file that holds the rule."""
        return self.look.__module__.rpartition(".")[2]


def rule(
    name: str,
    certainty: str,
    *,
    fix: str,
    who: str = "client",
    when: str = "failed",
    before: bool = False,
    lasting: bool = False,
    covers: tuple[str, ...] = (),
    sources: tuple[str, ...] = (),
) -> Callable[[Look], Rule]:
    """Declare a rule under the name of its failure; the rule's words are those of `Rule`."""
    assert certainty in CERTAINTIES
    assert who in WHO
    assert when in WHEN

    def declare(look: Look) -> Rule:
        return Rule(name, certainty, who, fix, sources, look, when, before, lasting, frozenset(covers))

    return declare
