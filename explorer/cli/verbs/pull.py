"""The verb `pull`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from explorer.cli.options import connection_options, login_options, screen_options
from explorer.cli.working import needs_a_terminal, work

if TYPE_CHECKING:
    from explorer.credentials import Given
    from explorer.wire.options import ConnectionOptions


@click.command(name="pull")
@click.argument("target")
@click.argument("dest")
@click.option("--platform", default="", metavar="P", help="Only this one of several: linux/amd64, linux/arm/v7.")
@click.option(
    "--as",
    "form",
    type=click.Choice(["layout", "docker-archive"]),
    help="What DEST becomes.  [default: docker-archive for .tar, else layout]",
)
@click.option("--ns", default="", metavar="HOST", help="TARGET is a mirror of this registry: ask for its images.")
@click.option("--plain-http", is_flag=True, help="Use http for a registry that is not on this machine.")
@click.option("--run", "run_all", is_flag=True, help="To the end without asking, printed as curl -v does.")
@connection_options
@login_options
@screen_options
def verb(
    target: str,
    dest: str,
    platform: str,
    form: str | None,
    ns: str,
    plain_http: bool,
    run_all: bool,
    plain: bool,
    session: str,
    login: Given,
    connection: ConnectionOptions,
) -> int:
    """Step a pull of TARGET into DEST.

    \b
    TARGET  [http://|https://]host[:port]/repository[:tag|@digest]
    DEST    a folder for an OCI layout, which an image is added to where it is one,
            or a new .tar for an archive as `docker save` makes them

    Sizes and digests are checked while the bytes come. A pull that was cut off goes on from where it was when it
    is begun again with the same DEST.
    """
    from explorer.jobs import PullJob, open_pull

    if not (plain or run_all):
        needs_a_terminal("--plain or --run")
    job = PullJob(target, dest, platform, form or "", plain_http, session, ns, login, connection)
    return work(open_pull(job), plain=plain, run_all=run_all, login=login, connection=connection)
