"""The verb `push`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from explorer.cli.options import connection_options, login_options, screen_options
from explorer.cli.working import EXIT, needs_a_terminal, work

if TYPE_CHECKING:
    from explorer.credentials import Given
    from explorer.wire.options import ConnectionOptions


@click.command(
    name="push",
    epilog="\b\nRecordings go to ./sessions/local where there is a ./sessions, else to the user's data folder.\n"
    f"\b\n{EXIT[2:]}",
)
@click.argument("source", required=False, default="")
@click.argument("target", required=False, default="")
@click.option("--layer", "layers", multiple=True, metavar="FILE", help="A layer as a loose file; repeatable, in order.")
@click.option("--config", default="", metavar="FILE", help="The image's config as a loose file.")
@click.option(
    "--shape",
    type=click.Choice(["stream", "chunked", "put", "post"]),
    help="How the bytes travel: POST+PATCH+PUT; POST+PATCH…+PUT; POST+PUT with the body; one POST with the body.  "
    "[default: stream]",
)
@click.option(
    "--like",
    default="",
    metavar="CLIENT",
    help="Push as this client would: skopeo, podman, crane, docker, …; see below.",
)
@click.option("--check-first", is_flag=True, help="Ask for each blob first, and send those that are not there.")
@click.option("--mount-from", default="", metavar="REPOSITORY", help="Try to mount each blob from there first.")
@click.option(
    "--chunk-size", metavar="N", default="5M", show_default=True, help="Bytes of a chunk; k, M and G are 1024-based."
)
@click.option("--schema", type=click.Choice(["docker", "oci"]), help="Manifest kind.  [default: the source's own]")
@click.option("--gzip", is_flag=True, help="Compress layers that are plain tar.")
@click.option("--image", "choose", metavar="NAME", help="Which image, where the source holds several.")
@click.option("--platform", default="", metavar="P", help="Only this one of several: linux/amd64, linux/arm/v7.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME[=ARGUMENT]",
    help="Let the built-in registry go wrong so; repeatable. `faults` lists them.",
)
@click.option("--as-is", is_flag=True, help="Also push layers that are not those that the config lists (diff_ids).")
@click.option("--plain-http", is_flag=True, help="Use http for a registry that is not on this machine.")
@click.option("--run", "run_all", is_flag=True, help="To the end without asking, printed as curl -v does.")
@connection_options
@login_options
@screen_options
def verb(
    source: str,
    target: str,
    layers: tuple[str, ...],
    config: str,
    shape: str | None,
    like: str,
    check_first: bool,
    mount_from: str,
    platform: str,
    as_is: bool,
    chunk_size: str,
    schema: str | None,
    gzip: bool,
    choose: str | None,
    faults: tuple[str, ...],
    plain_http: bool,
    run_all: bool,
    plain: bool,
    session: str,
    login: Given,
    connection: ConnectionOptions,
) -> int:
    """Step a push of SOURCE to TARGET.

    \b
    SOURCE  a docker-save archive (.tar, .tar.gz), the same unpacked, an OCI layout
            (folder or .tar), or `tiny`, the built-in sample; none with --layer/--config
    TARGET  [http://|https://]host[:port]/repository[:tag|@digest]; without it, the
            built-in registry. Without a scheme: http for this machine, else https
    CLIENT  skopeo, podman, crane, docker, docker-containerd, containerd, oras or regctl
    """
    from explorer.flows.push_blob import Shape
    from explorer.jobs import PushJob, open_push
    from explorer.plain.progress import bar_for

    if layers or config:
        if target:
            raise click.UsageError(f"--layer and --config stand in the place of SOURCE; drop '{source}'.")
        source, target = "", source
        if not config or not layers:
            missing = "--config" if layers else "--layer"
            raise click.UsageError(f"Loose files need at least one --layer and a --config; {missing} is missing.")
    elif not source:
        raise click.UsageError("Missing SOURCE: a docker-save archive, an OCI layout, or tiny (the built-in sample).")
    if like and (shape or check_first):
        raise click.UsageError(
            "--like says by itself how bytes go and what is checked; drop --shape and --check-first."
        )
    if not (plain or run_all):
        needs_a_terminal("--plain or --run")
    job = PushJob(
        source,
        layers,
        config,
        target,
        plain_http,
        Shape(shape or "stream"),
        _bytes(chunk_size),
        schema,
        gzip,
        choose,
        platform,
        as_is,
        check_first,
        mount_from,
        like,
        session,
        login,
        connection,
        faults,
    )
    bar = bar_for("reading", plain=plain)
    workbench = open_push(job, bar)
    bar.clear()
    return work(workbench, plain=plain, run_all=run_all, login=login, connection=connection)


def _bytes(text: str) -> int:
    unit = {"k": 1024, "K": 1024, "M": 1024**2, "G": 1024**3}.get(text[-1:], 1)
    number = text[:-1] if unit > 1 else text
    if not number.isdecimal() or not int(number):
        raise click.UsageError(f"--chunk-size '{text}' is no size: write a number of bytes, or 64k, 5M, 1G.")
    return int(number) * unit
