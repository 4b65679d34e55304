"""The command line: verbs and options, and nothing else. What they do is in `jobs`, `plain` and `ui`.

Imports are made where they are needed, so that a verb without a screen never loads one, and `--help` is quick.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import click

from explorer import __version__
from explorer.cli_options import connection_options, login_options, screen_options
from explorer.cli_pull import pull
from explorer.errors import Problem

if TYPE_CHECKING:
    from explorer.wire.options import ConnectionOptions
    from explorer.workbench import Workbench

EXIT = """\b
Exit status: 0 done · 1 the registry refused, or the flow cannot go on · 2 usage ·
3 no connection · 4 a file cannot be used · 130 interrupted"""


def main() -> None:
    """Run the program and leave with its exit status; every problem is one sentence on standard error."""
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
    sys.exit(status if isinstance(status, int) else 0)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _complain(sentence: str, status: int) -> int:
    from explorer.visible import visible

    click.echo(f"registry-explorer: {visible(sentence)}", err=True)
    return status


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXIT,
)
@click.version_option(__version__, prog_name="registry-explorer")
@click.pass_context
def commands(context: click.Context) -> int | None:
    """Step through the conversations of the Docker / OCI registry API, one HTTP exchange at a time.

    Without a command, the start screen opens: Enter alone steps a built-in sample image into a built-in registry.
    """
    if context.invoked_subcommand is None:
        needs_a_terminal("registry-explorer push tiny --plain")
        from explorer.ui.app import run_app

        left = run_app()
        for recording in left.recordings:
            click.echo(f"Recording: {recording}", err=True)
        return left.status
    return None


pull.epilog = EXIT
commands.add_command(pull)


class LazyFlows(click.Group):
    """The flows as commands, made when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the flows."""
        del ctx
        from explorer.flows import flows as known

        return list(known())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a flow; None where there is none of that name."""
        del ctx
        from explorer.cli_flows import command_of
        from explorer.flows import flows as known

        return command_of(known()[cmd_name]) if cmd_name in known() else None


@commands.command(
    epilog="\b\nRecordings go to ./sessions/local where there is a ./sessions, else to the user's data folder.\n"
    f"\b\n{EXIT[2:]}"
)
@click.argument("source", required=False, default="")
@click.argument("target", required=False, default="")
@click.option("--layer", "layers", multiple=True, metavar="FILE", help="A layer as a loose file; repeatable, in order.")
@click.option("--config", default="", metavar="FILE", help="The image's config as a loose file.")
@click.option(
    "--shape",
    type=click.Choice(["stream", "chunked", "put", "post"]),
    default="stream",
    show_default=True,
    help="How the bytes travel: POST+PATCH+PUT; POST+PATCH…+PUT; POST+PUT with the body; one POST with the body.",
)
@click.option(
    "--chunk-size", metavar="N", default="5M", show_default=True, help="Bytes of a chunk; k, M and G are 1024-based."
)
@click.option("--schema", type=click.Choice(["docker", "oci"]), help="Manifest kind.  [default: the source's own]")
@click.option("--gzip", is_flag=True, help="Compress layers that are plain tar.")
@click.option("--image", "choose", metavar="NAME", help="Which image, where the source holds several.")
@click.option("--plain-http", is_flag=True, help="Use http for a registry that is not on this machine.")
@click.option("--run", "run_all", is_flag=True, help="To the end without asking, printed as curl -v does.")
@connection_options
@login_options
@screen_options
def push(
    source: str,
    target: str,
    layers: tuple[str, ...],
    config: str,
    shape: str,
    chunk_size: str,
    schema: str | None,
    gzip: bool,
    choose: str | None,
    plain_http: bool,
    run_all: bool,
    plain: bool,
    session: str,
    user: str,
    token: str,
    trust: tuple[str, ...],
    connection: ConnectionOptions,
) -> int:
    """Step a push of SOURCE to TARGET.

    \b
    SOURCE  a docker-save archive (.tar, .tar.gz), the same unpacked, an OCI layout
            (folder or .tar), or `tiny`, the built-in sample; none with --layer/--config
    TARGET  [http://|https://]host[:port]/repository[:tag|@digest]; without it, the
            built-in registry. Without a scheme: http for this machine, else https
    """
    from explorer.flows.push_blob import Shape
    from explorer.jobs import PushJob, open_push
    from explorer.logins import Given
    from explorer.plain.progress import Bar

    if layers or config:
        if target:
            raise click.UsageError(f"--layer and --config stand in the place of SOURCE; drop '{source}'.")
        source, target = "", source
        if not config or not layers:
            missing = "--config" if layers else "--layer"
            raise click.UsageError(f"Loose files need at least one --layer and a --config; {missing} is missing.")
    elif not source:
        raise click.UsageError("Missing SOURCE: a docker-save archive, an OCI layout, or tiny (the built-in sample).")
    if not (plain or run_all):
        needs_a_terminal("--plain or --run")
    job = PushJob(
        source,
        layers,
        config,
        target,
        plain_http,
        Shape(shape),
        _bytes(chunk_size),
        schema,
        gzip,
        choose,
        session,
        Given(user, token, trust),
        connection,
    )
    bar = Bar("reading")
    workbench = open_push(job, bar)
    bar.clear()
    return work(workbench, plain=plain, run_all=run_all)


@commands.command(name="open")
@click.argument("file")
@connection_options
@login_options
@screen_options
def open_(
    file: str,
    plain: bool,
    session: str,
    user: str,
    token: str,
    trust: tuple[str, ...],
    connection: ConnectionOptions,
) -> int:
    """Look at the recording FILE, step back and forth in it, and replay from it.

    The file stays as it is: what is sent from here is recorded in a new one.
    """
    from explorer.jobs import open_recording
    from explorer.logins import Given

    if not plain:
        needs_a_terminal("--plain")
    login = Given(user, token, trust) if user or token else None
    opened = open_recording(file, session, login, connection)
    if opened.remark:
        click.echo(opened.remark, err=True)
    before = len(opened.workbench.state.exchanges)
    status = work(opened.workbench, plain=plain, run_all=False, record=False, remark=opened.remark)
    return status if len(opened.workbench.state.exchanges) > before else 0


def work(workbench: Workbench, *, plain: bool, run_all: bool, record: bool = True, remark: str = "") -> int:
    """Step through a session in the manner asked for, and say where it was recorded."""
    try:
        if record:
            workbench.record()
        if run_all:
            from explorer.plain.running import run_to_end

            return run_to_end(workbench, click.echo)
        if plain:
            from explorer.plain.prompts import Prompts

            return Prompts(workbench, click.echo, _ask).run()
        from explorer.ui.app import run_app

        return run_app(workbench, remark).status
    finally:
        workbench.close()
        if workbench.has_recorded:
            click.echo(f"Recording: {workbench.state.recording}", err=run_all is False and plain is False)


def _ask(prompt: str) -> str:
    click.echo(prompt, nl=False)
    line = sys.stdin.readline()
    if not line:
        click.echo("")
        raise EOFError
    return line.rstrip("\r\n")


@commands.command()
def flows() -> None:
    """List the conversations that `run` knows, with a line each."""
    from explorer.flows import flows as known

    width = max(len(name) for name in known())
    for kind in known().values():
        click.echo(f"{kind.name:<{width}}  {kind.line} ({', '.join(kind.numbers)})")


@commands.group(cls=LazyFlows, subcommand_metavar="FLOW [ARGUMENTS]")
def run() -> None:
    """Step or run any conversation; `run FLOW --help` names its arguments.

    The flows are listed by `registry-explorer flows`.
    """


@commands.command()
@click.option("--port", type=click.IntRange(0, 65535), default=5000, show_default=True, help="0 takes a free one.")
@click.option("--store", metavar="FOLDER", help="Keep what is pushed there; otherwise it is gone at the end.")
def practice(port: int, store: str | None) -> int:
    """Run the built-in registry on its own, for any client, until Ctrl-C."""
    from explorer.jobs import serve_practice

    return serve_practice(port, store, click.echo)


def needs_a_terminal(instead: str) -> None:
    """Raise a usage error where a screen has no terminal to be on; `instead` is what can be used."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM", "dumb") == "dumb":
        raise click.UsageError(f"The screen needs a terminal, and this is none. Use {instead} here.")


def _bytes(text: str) -> int:
    unit = {"k": 1024, "K": 1024, "M": 1024**2, "G": 1024**3}.get(text[-1:], 1)
    number = text[:-1] if unit > 1 else text
    if not number.isdecimal() or not int(number):
        raise click.UsageError(f"--chunk-size '{text}' is no size: write a number of bytes, or 64k, 5M, 1G.")
    return int(number) * unit
