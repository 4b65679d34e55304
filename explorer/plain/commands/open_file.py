"""The commands `open`, `begin` and `flows`: other sessions beside this one."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from explorer.errors import InputError
from explorer.flows.declared import Argument, FlowKind, Kind
from explorer.formats.values import Json
from explorer.plain.declared import command
from explorer.plain.desk import Desk, Work, number_in
from explorer.plain.progress import ByLine


@command("open", takes="[FILE]", group="the program")
def open_file(desk: Desk, argument: str) -> Iterator[str]:
    """Open a recording, or whatever else can be read as one, as another session beside this one.

    Without FILE, the recordings that come with the program are listed.
    """
    from explorer.jobs import open_recording
    from explorer.places import stories

    path = argument.strip()
    if not path:
        yield from (f"{story.path}: {story.line}" for story in stories())
        return
    if path == "-":
        raise InputError("Say which file, as in: open session.jsonl. Standard input is where commands come from here.")
    opened = open_recording(path, login=desk.options.login, connection=desk.options.connection)
    desk.open(Work.on(opened.workbench))
    yield from opened.report
    yield desk.at_hand


@command("flows", takes="[NAME]", group="the program")
def flows(desk: Desk, argument: str) -> Iterator[str]:
    """List the conversations that begin can begin; with NAME, say what that one needs."""
    from explorer.flows import flow_named
    from explorer.flows import flows as known

    del desk
    if not argument.strip():
        yield from (f"{kind.name}: {kind.line}" for kind in known().values())
        return
    kind = flow_named(argument.strip())
    yield from (line for line in kind.help.split("\n") if line)
    for one in kind.arguments:
        yield f"{one.name}{' (needed)' if one.required else ''}: {one.help}"


@command("begin", takes="FLOW ARGUMENTS", group="the program")
def begin(desk: Desk, argument: str) -> Iterator[str]:
    """Begin another conversation beside this one, as in: begin list-tags localhost:5000/demo/app n=10.

    What it needs comes in order, the rest as NAME=VALUE; flows NAME says what there is. Quotes keep blanks together.
    """
    from explorer.flows import flow_named
    from explorer.jobs import open_flow

    try:
        words = shlex.split(argument)
    except ValueError as bad:
        raise InputError(f"'{argument}' cannot be read: {bad}.") from bad
    if not words:
        raise InputError("Say which conversation: flows lists them.")
    kind = flow_named(words[0])
    given = _given(kind, words[1:])
    if kind.asks_first:
        shown = {name: value for name, value in given.items() if isinstance(value, str)}
        if desk.ask(f"{kind.asks_first.format(**shown)} Go on? yes or no> ").strip().lower() not in ("y", "yes"):
            yield "Nothing was begun."
            return
    options = desk.options
    bench = open_flow(kind, given, login=options.login, progress=ByLine("reading"), connection=options.connection)
    desk.open(Work.on(bench))
    yield f"{desk.at_hand} Nothing of it was sent yet."


def _given(kind: FlowKind, words: list[str]) -> Json:
    by_name = {one.name: one for one in kind.arguments}
    needed = iter([one for one in kind.arguments if one.required])
    given: Json = {}
    for word in words:
        name, equals, value = word.partition("=")
        one = by_name.get(name) if equals else None
        if one is None:
            one, value = next(needed, None), word
        if one is None:
            raise InputError(f"'{word}' is more than {kind.name} takes; flows {kind.name} says what it takes.")
        given[one.name] = _value(one, value, given.get(one.name))
    missing = [one.name for one in kind.arguments if one.required and one.name not in given]
    if missing:
        raise InputError(f"{kind.name} needs {', '.join(missing)}, too; flows {kind.name} says what that is.")
    return given


def _value(one: Argument, text: str, before: object) -> object:
    match one.kind:
        case Kind.NUMBER:
            return number_in(text)
        case Kind.FLAG:
            return text.lower() not in ("no", "false", "0")
        case Kind.TEXTS | Kind.FILES:
            return (*(before if isinstance(before, tuple) else ()), text)
        case _:
            return text
