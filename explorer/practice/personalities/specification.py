"""What the specification says, with every optional feature; where it is silent, what distribution 3 does."""

from __future__ import annotations

from explorer.practice.manner import Manner

SPECIFICATION = MANNER = Manner(
    name="specification",
    imitates="The OCI distribution specification 1.1 and its draft of 1.2, with everything in it that is optional.",
    source="distribution-spec, spec.md at 967efdc; where it is silent (_state, details) distribution 3",
)
