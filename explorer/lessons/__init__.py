"""Lessons: conversations with a registry that are told with words, in which the learner says beforehand what will come.

A lesson is a generator, as a flow is: it yields moves and is sent the exchange that each move led to. It does no I/O;
who teaches it (`explorer.teaching`) shows the words, asks, sends, and gives the exchange back. What an answer was is
read from the exchange that really happened, never written down beforehand.

One file, one lesson. A lesson is declared with `declared.lesson`, and is found by itself.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from explorer.errors import InputError

if TYPE_CHECKING:
    from explorer.lessons.declared import LessonKind


@cache
def lessons() -> dict[str, LessonKind]:
    """Return every lesson by its name, in the order in which they build on each other."""
    from explorer.lessons.declared import LessonKind

    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    kinds = [value for module in modules for value in vars(module).values() if isinstance(value, LessonKind)]
    return {kind.name: kind for kind in sorted(kinds, key=lambda kind: kind.number)}


def lesson_named(name: str) -> LessonKind:
    """Return the lesson of that name, or of that number; raises InputError where there is none."""
    for kind in lessons().values():
        if name in (kind.name, str(kind.number)):
            return kind
    raise InputError(f"There is no lesson '{name}'; there are {', '.join(lessons())}.")
