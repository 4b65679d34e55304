"""The verb `replay`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from explorer.cli.options import connection_options, login_options
from explorer.cli.working import needs_a_terminal

if TYPE_CHECKING:
    from explorer.credentials import Given
    from explorer.wire.options import ConnectionOptions


@click.command(
    name="replay",
    epilog="\b\nExit status: 0 the same requests got the same statuses · 1 they did not, or it could not go on ·\n"
    "2 usage · 3 no connection · 4 a file cannot be used · 130 interrupted",
)
@click.argument("file")
@click.option("--to", default="", metavar="TARGET", help="Another registry, repository and tag.")
@click.option("--from-step", "first", type=int, default=1, metavar="N", help="Begin with exchange N.")
@click.option("--to-step", "last", type=int, default=0, metavar="N", help="End with exchange N.")
@click.option("--literal", is_flag=True, help="Send every request as it was, values of old answers and all.")
@click.option("--body", "bodies", multiple=True, metavar="N=FILE", help="The body of exchange N; repeatable.")
@click.option("--from", "kind", default="", metavar="FORMAT", help="What FILE is. [default: by its content]")
@click.option("--plain-http", is_flag=True, help="Use http for a registry that is not on this machine.")
@click.option("--yes", is_flag=True, help="Ask no question before something is sent to another machine.")
@click.option("--screen", is_flag=True, help="Step through it on the screen.")
@click.option("--session", "recording", metavar="FILE", default="", help="Where to record; a new file.")
@connection_options
@login_options
def verb(
    file: str,
    to: str,
    first: int,
    last: int,
    literal: bool,
    bodies: tuple[str, ...],
    kind: str,
    plain_http: bool,
    yes: bool,
    screen: bool,
    recording: str,
    login: Given,
    connection: ConnectionOptions,
) -> int:
    """Have a recorded conversation again, and say how it differs.

    Each address, id and token that came from an answer is taken from the new answer; what was put in the place of what
    is said. Logins are made afresh. FILE is a recording, or whatever else `open` reads; what it does not tell is said
    before anything is sent.
    """
    from explorer.jobs.replaying import ReplayJob, open_replay

    if screen:
        needs_a_terminal("it without --screen", file)
    job = ReplayJob(file, to, first, literal, last, kind, _bodies(bodies), plain_http, recording, login, connection)
    opened = open_replay(job)
    try:
        for line in opened.said:
            click.echo(line, err=True)
        asks = opened.is_foreign and opened.writes and not to and not yes
        if asks and not click.confirm(f"{opened.writes} requests that write go to {opened.registry}. Go on?", err=True):
            click.echo("Nothing was sent.", err=True)
            return 130
        opened.workbench.record()
        if screen:
            from explorer.ui.app import run_app

            return run_app(opened.workbench).status
        from explorer.plain.replaying import run_replay

        return run_replay(opened.workbench, opened.compared, click.echo)
    finally:
        opened.workbench.close()
        if opened.workbench.has_recorded:
            click.echo(f"Recording: {opened.workbench.state.recording}", err=True)


def _bodies(words: tuple[str, ...]) -> dict[int, str]:
    bodies = {}
    for word in words:
        id, mark, path = word.partition("=")
        if not mark or not id.isdecimal() or not path:
            raise click.UsageError(f"--body '{word}' is not N=FILE, as in 3=layer.tar.")
        bodies[int(id)] = path
    return bodies
