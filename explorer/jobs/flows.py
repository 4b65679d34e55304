"""From a conversation and its words to a workbench before its first step."""

from __future__ import annotations

from dataclasses import replace

from explorer.calls import call_from_words
from explorer.credentials import Given
from explorer.flows import build
from explorer.flows.declared import FlowKind, Kind, checked
from explorer.flows.push_image import NAME as PUSH
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
    if any(argument.kind in (Kind.IMAGE, Kind.DESTINATION) for argument in kind.arguments):
        return _of_an_image(kind, words, plain_http, recording, login, progress, connection)
    call = call_from_words(kind, words, plain_http=plain_http, progress=progress)
    next(build(call)(), None)
    where = call.arguments.get("target") or call.arguments.get("location") or ""
    source = call.arguments.get("source")
    title = f"{kind.name} {source} to {where}" if source else f"{kind.name} {where}"
    return begun(call, title, kind.name, recording=recording, login=login, connection=connection)


def _of_an_image(
    kind: FlowKind,
    words: Json,
    plain_http: bool,
    recording: str,
    login: Given | None,
    progress: Progress | None,
    connection: ConnectionOptions,
) -> Workbench:
    """Stand before the first step of a push or a pull, which have more to do than what they send."""
    from explorer.jobs.pulls import PullJob, open_pull
    from explorer.jobs.pushing import PushJob, open_push

    given = {name: str(word) for name, word in checked(kind, words).items() if word}
    target = given["target"]
    if kind.name == PUSH:
        push = PushJob(given["image"], target=target, plain_http=plain_http, recording=recording)
        return open_push(replace(push, login=login, connection=connection), progress)
    pull = PullJob(target, given["dest"], given.get("platform", ""), ns=given.get("ns", ""), plain_http=plain_http)
    return open_pull(replace(pull, recording=recording, login=login, connection=connection))
