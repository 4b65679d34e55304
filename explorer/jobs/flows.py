"""From a conversation and its words to a workbench before its first step."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from explorer.calls import call_from_words
from explorer.flows import build
from explorer.flows.declared import FlowKind
from explorer.formats.values import Json
from explorer.logins import Given
from explorer.model import Progress, Session
from explorer.wire.deferred import DeferredClient
from explorer.wire.options import DEFAULT, ConnectionOptions
from explorer.workbench import Workbench

if TYPE_CHECKING:
    pass

from explorer.jobs.making import MADE_WITH, new_client, recorder, with_login


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
    call = with_login(call_from_words(kind, words, plain_http=plain_http, progress=progress), login or Given())
    make = build(call)
    next(make(), None)
    where = call.arguments.get("target") or call.arguments.get("location") or ""
    return Workbench(
        connection.titled(f"{kind.name} {where}"),
        Session(MADE_WITH, round(time.time(), 3), call),
        make,
        DeferredClient(partial(new_client, connection)),
        recorder(recording, kind.name),
    )
