"""The verb `practice`."""

from __future__ import annotations

import re

import click

from explorer.errors import InputError

_SECONDS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def seconds(_context: click.Context, _option: click.Parameter, text: str) -> float:
    """Read a time such as 10s, 500ms, 5m or 1h as seconds; raises InputError where it is none."""
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|)", text.strip())
    if not found or float(found[1]) == 0:
        raise InputError(f"'{text}' is no time: write a number and ms, s, m or h, as in 10s.")
    return float(found[1]) * _SECONDS[found[2]]


@click.command(name="practice")
@click.option("--port", type=click.IntRange(0, 65535), default=5000, show_default=True, help="0 takes a free one.")
@click.option("--listen", metavar="HOST", default="127.0.0.1", show_default=True, help="Which address to listen at.")
@click.option("--store", metavar="FOLDER", help="Keep what is pushed there; otherwise it is gone at the end.")
@click.option(
    "--as",
    "manner",
    metavar="NAME",
    default="specification",
    show_default=True,
    help="Answer as a real registry does: see --personalities.",
)
@click.option("--personalities", is_flag=True, help="Say what each NAME of --as imitates, by which evidence, and end.")
@click.option("--sparse", is_flag=True, help="Take manifests whose blobs or children are not there.")
@click.option("--chunk-min", type=click.IntRange(0), default=0, metavar="N", help="OCI-Chunk-Min-Length, in bytes.")
@click.option("--auth", type=click.Choice(["basic", "token"]), help="Want a login: HTTP Basic, or a token service.")
@click.option("--user", "users", multiple=True, metavar="NAME:PASSWORD", help="Somebody to let in; repeatable.")
@click.option("--htpasswd", metavar="FILE", help="Let in whom an htpasswd file names (bcrypt, $apr1$ or {SHA}).")
@click.option(
    "--grant",
    "grants",
    multiple=True,
    metavar="USER:REPOSITORY:ACTIONS",
    help="Let a user do only this, as in ann:demo/*:pull,push; repeatable.",
)
@click.option("--anonymous-pull", is_flag=True, help="Let anybody read.")
@click.option(
    "--token-life", default="300s", show_default=True, metavar="TIME", callback=seconds, help="How long a token lasts."
)
@click.option(
    "--idle-time",
    default="60s",
    show_default=True,
    metavar="TIME",
    callback=seconds,
    help="How long a client may be silent, and a head may take.",
)
@click.option(
    "--upload-life",
    default="168h",
    show_default=True,
    metavar="TIME",
    callback=seconds,
    help="How long an upload is kept that nothing comes for.",
)
@click.option("--tls", is_flag=True, help="Speak TLS, with a certificate by a CA that is made now and thrown away.")
@click.option("--tls-name", "tls_names", multiple=True, metavar="HOST", help="A further name of that certificate.")
@click.option("--tls-cert", metavar="FILE", help="Speak TLS with this certificate, and those up to its CA (PEM).")
@click.option("--tls-key", metavar="FILE", help="Its key, where that is in another file.")
@click.option("--realm-port", type=click.IntRange(0, 65535), help="Give the token service a port of its own.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME[=ARGUMENT]",
    help="Go wrong in this way; repeatable. `faults` lists them.",
)
@click.option("--play", default="", metavar="FILE", help="Answer as a recording does, instead of being a registry.")
@click.option("--control", is_flag=True, help="Let faults be switched over HTTP while it runs, at /faults.")
def verb(
    port: int,
    listen: str,
    store: str | None,
    manner: str,
    personalities: bool,
    sparse: bool,
    chunk_min: int,
    auth: str | None,
    users: tuple[str, ...],
    htpasswd: str | None,
    grants: tuple[str, ...],
    anonymous_pull: bool,
    token_life: float,
    idle_time: float,
    upload_life: float,
    tls: bool,
    tls_names: tuple[str, ...],
    tls_cert: str | None,
    tls_key: str | None,
    realm_port: int | None,
    faults: tuple[str, ...],
    play: str,
    control: bool,
) -> int:
    """Run the built-in registry on its own, for any client, until Ctrl-C."""
    from explorer.jobs import PracticeJob, personality_words, serve_practice

    if personalities:
        click.echo("\n".join(personality_words()))
        return 0
    if play:
        from explorer.jobs.playing import serve_recording

        return serve_recording(play, listen, port, click.echo)
    job = PracticeJob(
        port=port,
        listen=listen,
        store=store,
        manner=manner,
        sparse=sparse,
        chunk_min=chunk_min,
        auth=auth or "",
        users=users,
        htpasswd=htpasswd,
        grants=grants,
        anonymous_pull=anonymous_pull,
        token_life=token_life,
        idle_time=idle_time,
        upload_life=upload_life,
        realm_port=realm_port,
        faults=faults,
        control=control,
        tls=tls,
        tls_names=tls_names,
        tls_cert=tls_cert,
        tls_key=tls_key,
    )
    return serve_practice(job, click.echo)
