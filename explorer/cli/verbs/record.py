"""The verb `record`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from explorer.cli.options import connection_options, screen_options
from explorer.cli.working import needs_a_terminal, prompted

if TYPE_CHECKING:
    from explorer.wire.options import ConnectionOptions

_EPILOG = """\b
Exit status: that of COMMAND; without one 0 at Ctrl-C · 2 usage · 4 a file cannot be used"""


@click.command(name="record", epilog=_EPILOG)
@click.argument("upstream")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Where to listen.  [default: a free one]")
@click.option("--listen", metavar="HOST", default="127.0.0.1", show_default=True, help="Which address to listen at.")
@click.option("--verbatim", is_flag=True, help="Rewrite nothing, not even Host: clients may go around the recorder.")
@click.option("--keep-bodies", metavar="FOLDER", default="", help="Keep bodies above 64 KiB there, named by sha256.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME[=ARGUMENT]",
    help="Spoil what passes, as `registry-explorer faults` lists; repeatable.",
)
@click.option(
    "--pause",
    "pauses",
    multiple=True,
    metavar="EXPRESSION",
    help="Hold what matches until it is let go: request or answer, and a filter; repeatable.",
)
@click.option("--plain-http", is_flag=True, help="Use http for a registry that is not on this machine.")
@connection_options
@screen_options
def verb(
    upstream: str,
    command: tuple[str, ...],
    port: int,
    listen: str,
    verbatim: bool,
    keep_bodies: str,
    faults: tuple[str, ...],
    pauses: tuple[str, ...],
    plain_http: bool,
    plain: bool,
    session: str,
    connection: ConnectionOptions,
) -> int:
    """Record any client between it and UPSTREAM, a registry: [http://|https://]host[:port].

    Point docker, podman, skopeo, crane, oras, helm or curl at the address that is printed. Or let COMMAND run: in its
    words {registry} stands for that address, as it does in its environment's REGISTRY_EXPLORER_ADDRESS.
    """
    import sys
    import time
    from pathlib import Path

    from explorer import __version__
    from explorer.model import FlowCall, Session
    from explorer.places import new_recording
    from explorer.recorder.upstreams import parse_upstream
    from explorer.recorder.wanted import Recording

    if plain and pauses and command:
        raise click.UsageError(
            "--pause takes commands from standard input with --plain, so COMMAND has to run elsewhere."
        )
    if not plain:
        needs_a_terminal("--plain")
    origin, base = parse_upstream(upstream, plain_http=plain_http)
    wanted = Recording(origin, base, listen, port, verbatim, keep_bodies, faults, pauses, connection)
    call = FlowCall("", {"recorded": f"{origin}{base}"})
    begun = Session(f"registry-explorer {__version__}", round(time.time(), 3), call)
    path = Path(session) if session else new_recording(f"record-{origin.authority}")
    if plain and not pauses:
        from explorer.plain.recording import record_plainly

        return record_plainly(wanted, begun, path, command, click.echo)
    from explorer.jobs.recording import open_live

    live = open_live(wanted, begun, path)
    try:
        live.start()
        if plain:
            from explorer.plain.holding import record_with_prompts

            return record_with_prompts(live, click.echo, prompted, is_script=not sys.stdin.isatty())
        from explorer.ui.recording import run_recording_app

        return run_recording_app(live, command)
    finally:
        live.close()
        if live.has_recorded:
            click.echo(f"Recording: {live.state.recording}", err=True)
