"""From a push to the same push as another client would make it."""

from __future__ import annotations

from explorer.credentials import Given
from explorer.errors import InputError
from explorer.formats.values import Json
from explorer.jobs.pushing import PushJob
from explorer.revival import ReadFrom
from explorer.wire.options import DEFAULT, ConnectionOptions


def as_client(
    client: str, arguments: Json, login: Given | None = None, connection: ConnectionOptions = DEFAULT
) -> PushJob:
    """Return the push that a call describes, as another client would make it; raises InputError where it cannot be."""
    try:
        read_from = ReadFrom.from_json(arguments["read_from"])
    except (KeyError, TypeError) as bad:
        raise InputError("Only a push whose image was read from a file can be made as another client would.") from bad
    target = str(arguments["target"])
    return PushJob(
        read_from.source,
        read_from.layers,
        read_from.config,
        target,
        target.startswith("http:"),
        schema=read_from.schema,
        gzip=read_from.gzip,
        choose=read_from.choose,
        platform=read_from.platform,
        as_is=read_from.as_is,
        like=client,
        login=login,
        connection=connection,
    )
