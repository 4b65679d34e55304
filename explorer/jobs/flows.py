"""From a conversation and its words to a workbench before its first step."""

from __future__ import annotations

from explorer.calls import call_from_words
from explorer.credentials import Given
from explorer.flows import build
from explorer.flows.declared import FlowKind
from explorer.formats.values import Json
from explorer.jobs.making import begun
from explorer.model import Progress
from explorer.wire.options import DEFAULT, ConnectionOptions
from explorer.workbench import Workbench


def open_flow(
    kind: FlowKind,
    words: Json,
    *,
    plain_http: bool = False,
    recording: str = "",
    login: Given | None = None,
    progress: Progress | None = None,
    connection: ConnectionOptions = DEFAULT,
) -> Workbench:
    """Stand before the first step of a flow, its arguments as they were typed; raises InputError or FormatError."""
    call = call_from_words(kind, words, plain_http=plain_http, progress=progress)
    next(build(call)(), None)
    where = call.arguments.get("target") or call.arguments.get("location") or ""
    return begun(call, f"{kind.name} {where}", kind.name, recording=recording, login=login, connection=connection)
