"""The commands `lessons` and `learn`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.errors import InputError
from explorer.plain.declared import command
from explorer.plain.desk import Desk, nothing_follows


@command("lessons", group="practising")
def lessons(desk: Desk, argument: str) -> Iterator[str]:
    """List the lessons, what each is about, and how those that were taken went."""
    from explorer import learnt
    from explorer.plain.lessons import lesson_lines

    del desk
    nothing_follows(argument, "lessons")
    yield from (line for line in lesson_lines(learnt.taken()) if line)


@command("learn", takes="NAME", group="practising")
def learn(desk: Desk, argument: str) -> Iterator[str]:
    """Take a lesson by its name or number, and come back here: say what will come back, and see. q leaves it."""
    from explorer import learnt
    from explorer.jobs import open_lesson
    from explorer.plain.lessons import LessonPrompts
    from explorer.teaching import Over

    if not argument.strip():
        raise InputError("Say which lesson: lessons lists them.")
    teaching = open_lesson(argument.strip())
    try:
        LessonPrompts(teaching, desk.say, desk.ask).run()
        if isinstance(teaching.stage, Over):
            learnt.note(teaching.kind.name, teaching.stage.right, teaching.stage.asked)
    finally:
        teaching.close()
    yield f"The lesson is recorded in {teaching.recording}."
