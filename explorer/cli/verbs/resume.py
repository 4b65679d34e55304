"""The verb `resume`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from explorer.cli.options import connection_options, login_options, screen_options
from explorer.cli.working import needs_a_terminal, work

if TYPE_CHECKING:
    from explorer.credentials import Given
    from explorer.wire.options import ConnectionOptions


@click.command(name="resume")
@click.argument("recording")
@click.option("--file", default="", metavar="FILE", help="The whole blob, where the recording cannot know where it is.")
@click.option("--run", "run_all", is_flag=True, help="To the end without asking, printed as curl -v does.")
@connection_options
@login_options
@screen_options
def verb(
    recording: str,
    file: str,
    run_all: bool,
    plain: bool,
    session: str,
    login: Given,
    connection: ConnectionOptions,
) -> int:
    """Go on with the upload that was cut off in RECORDING.

    The last upload that was neither closed nor cancelled is asked how far it is; what is missing is sent, from the
    bytes that were being pushed, when their digest is still the right one.
    """
    from explorer.jobs import ResumeJob, open_resume
    from explorer.plain.progress import bar_for

    if not (plain or run_all):
        needs_a_terminal("--plain or --run", recording)
    bar = bar_for("reading", plain=plain)
    workbench = open_resume(ResumeJob(recording, file, session, login, connection), bar)
    bar.clear()
    return work(workbench, plain=plain, run_all=run_all, login=login, connection=connection)
