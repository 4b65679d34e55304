"""The verb `copy`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from explorer.cli.options import connection_options, login_options, screen_options
from explorer.cli.working import needs_a_terminal, work

if TYPE_CHECKING:
    from explorer.credentials import Given
    from explorer.wire.options import ConnectionOptions


@click.command(name="copy")
@click.argument("source")
@click.argument("target")
@click.option("--platform", default="", metavar="P", help="Only this one of several: linux/amd64, linux/arm/v7.")
@click.option(
    "--from-user",
    default="",
    metavar="NAME[:PASSWORD]",
    help="Log in to SOURCE, --user to TARGET; the password may be in REGISTRY_EXPLORER_FROM_PASSWORD.",
)
@click.option("--plain-http", is_flag=True, help="Use http for registries that are not on this machine.")
@click.option("--run", "run_all", is_flag=True, help="To the end without asking, printed as curl -v does.")
@connection_options
@login_options
@screen_options
def verb(
    source: str,
    target: str,
    platform: str,
    from_user: str,
    plain_http: bool,
    run_all: bool,
    plain: bool,
    session: str,
    login: Given,
    connection: ConnectionOptions,
) -> int:
    """Step a copy of the image SOURCE to TARGET, from registry to registry.

    \b
    SOURCE  [http://|https://]host[:port]/repository[:tag|@digest]
    TARGET  the same; without a tag, the tag or digest of SOURCE

    Within one registry, blobs are mounted. Otherwise each goes from one registry to the other while it comes, and
    nothing of it is kept on this machine.
    """
    from explorer.jobs import CopyJob, open_copy

    if not (plain or run_all):
        needs_a_terminal("--plain or --run")
    login = replace(login, source_user=from_user)
    job = CopyJob(source, target, platform, plain_http, session, login, connection)
    return work(open_copy(job), plain=plain, run_all=run_all, login=login, connection=connection)
