"""What the verbs share: stepping through a session in the manner asked for, and what they need for it."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from explorer.credentials import Given
    from explorer.wire.options import ConnectionOptions
    from explorer.workbench import Workbench

EXIT = """\b
Exit status: 0 done · 1 the registry refused, or the flow cannot go on · 2 usage ·
3 no connection · 4 a file cannot be used · 130 interrupted"""


def work(
    workbench: Workbench,
    *,
    plain: bool,
    run_all: bool,
    record: bool = True,
    remark: str = "",
    login: Given | None = None,
    connection: ConnectionOptions | None = None,
) -> int:
    """Step through a session in the manner asked for, and say where it was recorded.

    The login and the connection options are for what is begun in the app besides.
    """
    try:
        if record:
            workbench.record()
        if run_all:
            from explorer.plain.running import run_to_end

            return run_to_end(workbench, click.echo)
        from explorer.jobs import options_after
        from explorer.wire.options import DEFAULT

        options = options_after(workbench.session.call, login, connection or DEFAULT)
        if plain:
            from explorer.plain.prompts import Prompts

            return Prompts(workbench, click.echo, prompted, options, is_script=not sys.stdin.isatty()).run()
        from explorer.ui.app import run_app

        return run_app(workbench, remark, options).status
    finally:
        workbench.close()
        if workbench.has_recorded:
            click.echo(f"Recording: {workbench.state.recording}", err=run_all is False and plain is False)


def prompted(prompt: str) -> str:
    """Show a prompt and return the line that was typed; raises EOFError at the end of the input.

    A line that no terminal has shown while it was typed is shown here.
    """
    click.echo(prompt, nl=False)
    line = sys.stdin.readline()
    if not line:
        click.echo("")
        raise EOFError
    line = line.rstrip("\r\n")
    if not sys.stdin.isatty():
        from explorer.visible import visible

        click.echo(visible(line))
    return line


def needs_a_terminal(instead: str, session: str = "") -> None:
    """Raise a usage error where a screen has no terminal to be on; `instead` is what can be used.

    Where there is none, a session that cannot be read is said first, as a FormatError: no option helps there.
    """
    if sys.stdin.isatty() and has_a_terminal():
        return
    from explorer.formats.sources import STDIN, open_source

    if session and session != STDIN:
        with ExitStack() as resources:
            open_source(session, resources)
    raise click.UsageError(f"The screen needs a terminal, and this is none. Use {instead} here.")


def has_a_terminal() -> bool:
    """Say whether a screen can be drawn on standard output."""
    return sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def take_the_terminal() -> bool:
    """Let the terminal be standard input again, after what was piped in was read to its end; False where there is none.

    Nothing is changed where standard input is a terminal already.
    """
    if sys.stdin.isatty():
        return True
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        return False
    os.dup2(terminal, sys.stdin.fileno())
    os.close(terminal)
    return True
