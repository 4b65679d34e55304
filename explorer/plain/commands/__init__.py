"""The commands of the line mode. One file, one command (or two that belong together); they are found by themselves."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from explorer.errors import InputError
from explorer.plain.declared import GROUPS, LineCommand


@cache
def line_commands() -> dict[str, LineCommand]:
    """Return every command by its word, in the order in which they are listed."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    found = {
        id(value): value for module in modules for value in vars(module).values() if isinstance(value, LineCommand)
    }
    return {one.word: one for one in sorted(found.values(), key=lambda one: (GROUPS.index(one.group), one.word))}


def command_named(word: str) -> LineCommand:
    """Return the command that a word means: its own, another one for it, or how only one begins; raises InputError."""
    known = line_commands()
    folded = word.lower()
    if folded in known:
        return known[folded]
    for one in known.values():
        if folded in one.also:
            return one
    begun = [name for name in known if name.startswith(folded)]
    if len(begun) == 1:
        return known[begun[0]]
    near = begun or get_close_matches(folded, known, 3)
    hint = f"; near it: {', '.join(near)}" if near else ""
    raise InputError(f"'{word}' is none of the commands{hint}. Type help to hear them.")
