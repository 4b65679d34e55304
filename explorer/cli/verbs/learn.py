"""The verb `learn`."""

from __future__ import annotations

import click

from explorer.cli.working import needs_a_terminal, prompted


@click.command(name="learn")
@click.argument("name", required=False)
@click.option("--plain", is_flag=True, help="Line mode: numbered questions, no cursor control.")
@click.option("--session", metavar="FILE", default="", help="Where to record; a new file. [default: as `push`]")
def verb(name: str | None, plain: bool, session: str) -> int:
    """Take a lesson: say what will come back before each request is sent, and see. Without NAME, list them.

    Lessons need no network: they talk to the built-in registry. Progress is kept in the user's data folder.
    """
    from explorer import learnt

    if name is None:
        from explorer.plain.lessons import lesson_lines

        for line in lesson_lines(learnt.taken()):
            click.echo(line)
        return 0
    learnt.taken()
    if not plain:
        needs_a_terminal("--plain")
    from explorer.jobs import open_lesson
    from explorer.teaching import Over

    teaching = open_lesson(name, session)
    try:
        if plain:
            from explorer.plain.lessons import LessonPrompts

            status = LessonPrompts(teaching, click.echo, prompted).run()
        else:
            from explorer.ui.learning import run_lesson

            status = run_lesson(teaching)
        if isinstance(teaching.stage, Over):
            learnt.note(teaching.kind.name, teaching.stage.right, teaching.stage.asked)
    finally:
        teaching.close()
        click.echo(f"Recording: {teaching.recording}", err=True)
    return status
