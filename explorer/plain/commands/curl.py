"""The command `curl`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.formats.writing.one_command import curl_command
from explorer.plain.declared import command
from explorer.plain.desk import Desk
from explorer.plain.handing import split_file, written


@command("curl", "copy", takes="[N or next] [to FILE]", group="handing out")
def curl(desk: Desk, argument: str) -> Iterator[str]:
    """Hear a request as a curl command that sends just that: the next one, or that of exchange N; or write it to FILE.

    A credential is left for the reader to put into AUTHORIZATION.
    """
    which, path = split_file(argument)
    text = curl_command(desk.subject(which).request)
    if path:
        yield written(path, (text.encode("utf-8", "surrogateescape"), b"\n"))
    else:
        yield from text.split("\n")
