"""The command `replay`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.errors import InputError
from explorer.formats.importing import Imported
from explorer.plain.declared import command
from explorer.plain.desk import Desk, Work, number_in


@command("replay", takes="[from N or only N] [to TARGET] [literal]", group="sending")
def replay(desk: Desk, argument: str) -> Iterator[str]:
    """Have the conversation again, from exchange N on or N only, with every value derived afresh; here or elsewhere.

    What leads to where N goes, as the POST of its upload does, goes before it. It is a session of its own, before its
    first request: send and run go through it, compare says how it differs, and session 1 goes back. Nothing is
    overwritten. literal sends every request as it was, old values and all.
    """
    from explorer.jobs.replaying import ReplayJob, open_replay

    if not desk.state.exchanges:
        raise InputError("Nothing was sent yet, so there is nothing to have again.")
    first, last, to, literal = _read(argument.split())
    arguments = desk.bench.session.call.arguments
    if not to and arguments.get("practice"):
        # The built-in registry of this session runs already, and must not be started a second time.
        to = str(arguments["target"])
    opened = open_replay(
        ReplayJob(
            desk.state.recording or "session",
            to,
            first,
            literal,
            last,
            plain_http=to.startswith("http:"),
            login=desk.options.login,
            connection=desk.options.connection,
            imported=Imported(desk.bench.session, "session"),
        )
    )
    desk.open(Work.on(opened.workbench, opened.compared))
    yield from opened.said
    yield f"{desk.at_hand} Nothing of it was sent yet."


def _read(words: list[str]) -> tuple[int, int, str, bool]:
    first, last, to, literal = 1, 0, "", False
    left = iter(words)
    for word in left:
        match word:
            case "from":
                first = number_in(next(left, ""))
            case "only":
                first = last = number_in(next(left, ""))
            case "to":
                to = next(left, "")
                if not to:
                    raise InputError("After to, a target is missing: host[:port]/repository[:tag].")
            case "literal":
                literal = True
            case _:
                raise InputError(
                    f"'{word}' is not understood there: write replay [from N or only N] [to TARGET] [literal]."
                )
    return first, last, to, literal
