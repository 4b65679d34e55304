"""The command `as`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.plain.declared import command
from explorer.plain.desk import Desk, Work
from explorer.plain.progress import ByLine


@command("as", takes="CLIENT", group="sending")
def as_client(desk: Desk, argument: str) -> Iterator[str]:
    """Make the same push as another client would, as a session of its own: skopeo, podman, crane, docker, oras, …"""
    from explorer.flows.clients import client_named
    from explorer.jobs import open_push
    from explorer.jobs.as_client import as_client as job_as

    client_named(argument.strip())
    options = desk.options
    job = job_as(argument.strip(), desk.bench.session.call.arguments, options.login, options.connection)
    desk.open(Work.on(open_push(job, ByLine("reading"))))
    yield f"{desk.at_hand} Nothing of it was sent yet."
