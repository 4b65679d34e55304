"""The command line: verbs and options, and nothing else. What they do is in `jobs`, `plain` and `ui`.

Each verb is a file of `verbs/`, found by itself, with a command named `verb`. Imports are made where they are needed,
so that a verb without a screen never loads one, and `--help` is quick.
"""

from __future__ import annotations

import io
import os
import pkgutil
import signal
import sys
from importlib import import_module

import click

from explorer import __version__, garbage
from explorer.cli import verbs
from explorer.cli.working import EXIT, needs_a_terminal, work
from explorer.errors import Ended, Problem


def main() -> None:
    """Run the program and leave with its exit status; every problem is one sentence on standard error."""
    garbage.put_off()
    _open_what_is_closed()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # Whatever bytes are typed or piped in, and whatever a terminal can show, is no reason to break off.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="surrogateescape" if stream is sys.stdin else "backslashreplace")
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    try:
        status = commands.main(standalone_mode=False)
    except Problem as problem:
        status = _complain(problem.sentence, problem.status)
    except click.UsageError as wrong:
        hint = f" Try: {wrong.ctx.command_path} --help" if wrong.ctx else ""
        status = _complain(f"{wrong.format_message()}{hint}", 2)
    except click.ClickException as wrong:
        status = _complain(wrong.format_message(), 2)
    except (KeyboardInterrupt, click.Abort, EOFError):
        status = _complain("Interrupted.", 130)
    except OSError as bad:
        # Whoever read the output may have gone, so that there is nobody to tell; nor must the flush at exit complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        gone = isinstance(bad, BrokenPipeError)
        status = 1 if gone else _complain(f"The output cannot be written: {bad.strerror}.", 4)
    garbage.keep()  # all that is left goes with the process, so there is no need to look through it for cycles
    sys.exit(status if isinstance(status, int) else 0)


def _open_what_is_closed() -> None:
    """Put the null device where a standard stream is closed (`<&-`, some daemons), so that no file takes its number."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is not None:
            continue
        null = os.open(os.devnull, os.O_RDWR)
        if null == number:
            os.set_inheritable(null, True)
        else:
            os.dup2(null, number)
            os.close(null)
        setattr(sys, name, os.fdopen(number, mode, encoding="utf-8"))


def _interrupt(*_: object) -> None:
    raise Ended


def _complain(sentence: str, status: int) -> int:
    from explorer.visible import visible

    click.echo(f"registry-explorer: {visible(sentence)}", err=True)
    return status


def verb_names() -> list[str]:
    """Return the names of the verbs."""
    return sorted(module.name for module in pkgutil.iter_modules(verbs.__path__))


class Verbs(click.Group):
    """The verbs as commands, each loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the verbs."""
        del ctx
        return verb_names()

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Say where the settings are, and what the exit status means."""
        from explorer.settings import settings_path

        formatter.write(f"\nSettings: {settings_path()}\n")
        super().format_epilog(ctx, formatter)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a verb; None where there is none of that name."""
        del ctx
        return verb_named(cmd_name) if cmd_name in verb_names() else None


def verb_named(name: str) -> click.Command:
    """Return the verb of that name."""
    verb = import_module(f"explorer.cli.verbs.{name}").verb
    assert isinstance(verb, click.Command)
    verb.epilog = verb.epilog or EXIT
    return verb


@click.group(
    cls=Verbs,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXIT,
)
@click.version_option(__version__, prog_name="registry-explorer")
@click.option("--ascii", is_flag=True, help="Draw the screen in ASCII only; before the command.")
@click.option("--plain", is_flag=True, help="Without a command: the sample in line mode, and from there all else.")
@click.pass_context
def commands(context: click.Context, ascii: bool, plain: bool) -> int | None:
    """Step through the conversations of the Docker / OCI registry API, one HTTP exchange at a time.

    Without a command, the start screen opens: Enter alone steps a built-in sample image into a built-in registry.
    """
    if ascii:
        from explorer.settings import ASCII

        os.environ[ASCII] = "1"
    if context.invoked_subcommand is None and plain:
        from explorer.jobs import PushJob, open_push

        click.echo(
            "The built-in sample goes into the built-in registry. lessons, open, begin and flows lead elsewhere."
        )
        return work(open_push(PushJob()), plain=True, run_all=False)
    if context.invoked_subcommand is None:
        needs_a_terminal("registry-explorer --plain")
        from explorer.ui.app import run_app

        left = run_app()
        for recording in left.recordings:
            click.echo(f"Recording: {recording}", err=True)
        return left.status
    return None
