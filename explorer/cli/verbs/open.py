"""The verb `open`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from explorer.cli.options import connection_options, login_options, screen_options
from explorer.cli.working import has_a_terminal, needs_a_terminal, take_the_terminal, work

if TYPE_CHECKING:
    from explorer.credentials import Given
    from explorer.wire.options import ConnectionOptions


@click.command(name="open")
@click.argument("file")
@click.option("--from", "kind", default="", metavar="FORMAT", help="What FILE is. [default: by its content]")
@connection_options
@login_options
@screen_options
def verb(
    file: str,
    kind: str,
    plain: bool,
    session: str,
    login: Given,
    connection: ConnectionOptions,
) -> int:
    """Look at FILE, step back and forth in it, and replay from it.

    FILE is a recording, a HAR, a log, a script of curl, or what was pasted: it is recognised by its content. `-` reads
    standard input to its end, and takes keys or commands from the terminal then; `@clipboard` is the clipboard. FILE
    stays as it is: what is sent from here is recorded in a new one.
    """
    from explorer.formats.sources import STDIN
    from explorer.jobs import open_recording
    from explorer.visible import visible

    from_stdin = file == STDIN
    if not plain and not (from_stdin and has_a_terminal()):
        needs_a_terminal("--plain", file)
    opened = open_recording(file, session, login, connection, kind, may_grow=not plain)
    for line in opened.report:
        click.echo(visible(line), err=True)
    if from_stdin and not take_the_terminal() and not plain:
        opened.workbench.close()
        needs_a_terminal("--plain")
    status = work(
        opened.workbench,
        plain=plain,
        run_all=False,
        record=False,
        remark=opened.remark,
        login=login,
        connection=connection,
    )
    return status if plain or opened.workbench.has_recorded else 0
