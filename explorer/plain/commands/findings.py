"""The command `findings`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.plain.declared import command
from explorer.plain.desk import Desk


@command("findings", "why", takes="[N]", group="understanding")
def findings(desk: Desk, argument: str) -> Iterator[str]:
    """Hear all that is wrong, or what is wrong with exchange N: why, the proof, who mends it and how; causes first.

    fix N then makes the edited request of finding N.
    """
    insight = desk.insight
    found = insight.findings_of(desk.exchange(argument).id) if argument.strip() else insight.findings
    if not found:
        yield "Nothing that is wrong was found."
    yield from desk.advice.told(found)
