"""From what a user asks for to a workbench that does it: the doors that the command line and the start screen share."""

from __future__ import annotations

import errno
import os
import re
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from explorer import __version__
from explorer.calls import call_from_words
from explorer.errors import FormatError, InputError
from explorer.flows import Flow, build
from explorer.flows.authenticated import login_to_json
from explorer.flows.declared import FlowKind
from explorer.flows.push_blob import DEFAULT_CHUNK, Shape
from explorer.flows.push_image import Push, call_of
from explorer.formats.session import SessionWriter, read_session
from explorer.formats.values import Json, origin_from_text
from explorer.logins import Given, login_for
from explorer.model import FlowCall, Image, Progress, Session
from explorer.places import new_recording
from explorer.pulling import pull_call, when_pulled
from explorer.revival import ReadFrom, RevivingWire
from explorer.spec.references import parse_target
from explorer.wire.deferred import DeferredClient
from explorer.wire.options import DEFAULT, ConnectionOptions
from explorer.workbench import Workbench

if TYPE_CHECKING:
    from explorer.wire.client import Client

MADE_WITH = f"registry-explorer {__version__}"


@dataclass(frozen=True, slots=True)
class PushJob:
    """What to push, where and how, as the user said it; empty where it was not said."""

    source: str = "tiny"
    layers: tuple[str, ...] = ()
    config: str = ""
    target: str = ""
    plain_http: bool = False
    shape: Shape = Shape.STREAM
    chunk_size: int = DEFAULT_CHUNK
    schema: str | None = None
    gzip: bool = False
    choose: str | None = None
    recording: str = ""
    login: Given | None = None
    connection: ConnectionOptions = DEFAULT


def open_push(job: PushJob, progress: Progress | None = None) -> Workbench:
    """Read the source and stand before the first step of its push; raises InputError or FormatError.

    Without a target the built-in registry is started, and stopped when the workbench is closed.
    """
    with ExitStack() as resources:
        target = parse_target(job.target, plain_http=job.plain_http) if job.target else None
        scratch = Path(resources.enter_context(TemporaryDirectory(prefix="registry-explorer-")))
        image = _read_image(job, scratch, progress)
        if target is None:
            from explorer.practice import PracticeRegistry

            practice = resources.enter_context(PracticeRegistry())
            target = replace(parse_target(f"localhost/{image.name}"), origin=practice.origin)
        if ":" in target.reference and target.reference != image.root.digest:
            raise InputError(
                f"The target asks for the digest {target.reference}, but this image's manifest has {image.root.digest}."
            )
        push = Push(target, image, job.shape, job.chunk_size)
        return _workbench(push, job, practice=not job.target, resources=resources)


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
    call = _with_login(call_from_words(kind, words, plain_http=plain_http, progress=progress), login or Given())
    make = build(call)
    next(make(), None)
    where = call.arguments.get("target") or call.arguments.get("location") or ""
    return Workbench(
        connection.titled(f"{kind.name} {where}"),
        Session(MADE_WITH, round(time.time(), 3), call),
        make,
        DeferredClient(partial(_client, connection)),
        _recorder(recording, kind.name),
    )


def _with_login(call: FlowCall, given: Given) -> FlowCall:
    """Return the call with the login for its registry, which a recording keeps masked."""
    place = str(call.arguments.get("target") or call.arguments.get("location") or "")
    found = re.match(r"https?://[^/?#]+", place)
    login = login_for(origin_from_text(found[0]), given, os.environ) if found else None
    return replace(call, arguments={**call.arguments, "login": login_to_json(login)}) if login else call


def _absolute(path: str) -> str:
    return str(Path(path).absolute()) if path and path != "tiny" else path


def _read_image(job: PushJob, scratch: Path, progress: Progress | None) -> Image:
    read_from = ReadFrom(job.source, job.layers, job.config, job.schema, job.gzip, job.choose)
    return read_from.read(scratch, progress)


def _workbench(push: Push, job: PushJob, *, practice: bool, resources: ExitStack) -> Workbench:
    call = call_of(push)
    read_from = ReadFrom(
        source=_absolute(job.source),
        layers=tuple(_absolute(layer) for layer in job.layers),
        config=_absolute(job.config),
        schema=job.schema,
        gzip=job.gzip,
        choose=job.choose,
    )
    call = replace(call, arguments={**call.arguments, "read_from": read_from.to_json(), "practice": practice})
    if not practice:
        call = _with_login(call, job.login or Given())
    workbench = Workbench(
        job.connection.titled(f"push {push.image.name} to {push.target}"),
        Session(MADE_WITH, round(time.time(), 3), call),
        build(call),
        DeferredClient(partial(_client, job.connection)),
        _recorder(job.recording, f"push-{push.image.name}"),
    )
    workbench.keep(resources)
    return workbench


def _client(connection: ConnectionOptions) -> Client:
    from explorer.wire.client import Client

    return Client(connection)


def _recorder(path: str, name: str) -> Callable[[Session], SessionWriter]:
    def start(session: Session) -> SessionWriter:
        return SessionWriter(Path(path) if path else new_recording(name), session)

    return start


@dataclass(frozen=True, slots=True)
class PullJob:
    """What to pull, where to and how, as the user said it; empty where it was not said."""

    target: str
    dest: str
    platform: str = ""
    form: str = ""
    plain_http: bool = False
    recording: str = ""
    login: Given | None = None
    connection: ConnectionOptions = DEFAULT


def open_pull(job: PullJob) -> Workbench:
    """Look at what is there already, and stand before the first step; raises InputError or FormatError."""
    call = pull_call(job.target, job.dest, job.platform, job.form, plain_http=job.plain_http)
    call = _with_login(call, job.login or Given())
    return Workbench(
        job.connection.titled(f"pull {call.arguments['target']}"),
        Session(MADE_WITH, round(time.time(), 3), call),
        build(call),
        DeferredClient(partial(_client, job.connection)),
        _recorder(job.recording, f"pull-{job.target}"),
        when_done=when_pulled(call),
    )


@dataclass(frozen=True, slots=True)
class OpenedRecording:
    """A recording on a workbench, and what is to be said about its file (empty where it is whole)."""

    workbench: Workbench
    remark: str


def open_recording(
    path: str, recording: str = "", login: Given | None = None, connection: ConnectionOptions = DEFAULT
) -> OpenedRecording:
    """Open a recording to look at and to replay from, with a login that it has not kept; raises Format- or InputError.

    The file itself is left as it is: what is sent from here is recorded in a new one, after a copy of what was there.
    """
    opened = read_session(Path(path))
    session = opened.session
    call = _with_login(session.call, login) if login else session.call
    workbench = Workbench(
        connection.titled(f"recording {Path(path).name}"),
        session,
        _flow_of(path, call),
        RevivingWire(DeferredClient(partial(_client, connection)), session.call),
        _recorder(recording, f"replay-{Path(path).stem}"),
        recording=path,
        when_done=when_pulled(session.call),
    )
    return OpenedRecording(workbench, opened.remark)


def _flow_of(path: str, call: FlowCall) -> Callable[[], Flow[object]]:
    """Return what makes the recorded flow; raises FormatError where the recorded arguments describe none."""
    make = build(call)
    try:
        next(make())
    except (ValueError, KeyError, TypeError, AttributeError, InputError) as bad:
        raise FormatError(path, f"the arguments of its flow '{call.flow}' cannot be read ({bad}).", "line 1") from bad
    except StopIteration:
        pass
    return make


def serve_practice(port: int, store: str | None, say: Callable[[str], None]) -> int:
    """Run the built-in registry until it is interrupted; raises InputError or FormatError where it cannot start."""
    from explorer.practice import PracticeRegistry

    try:
        registry = PracticeRegistry(folder=Path(store) if store else None, port=port)
        registry.start()
    except OSError as bad:
        where = f"port {port}" if bad.errno in (errno.EADDRINUSE, errno.EACCES) else store or "a temporary folder"
        raise InputError(f"The practice registry cannot start at {where}: {bad.strerror}.") from bad
    try:
        address = registry.origin.authority
        say(f"The practice registry listens at {registry.origin}, on this machine only. Ctrl-C ends it.")
        say(f"What is pushed is {'kept in ' + store if store else 'gone then'}. Point a client at it:")
        say(f"  registry-explorer push tiny {address}/demo/app:v1")
        say(f"  skopeo copy --dest-tls-verify=false docker-archive:app.tar docker://{address}/demo/app:v1")
        say(f"  curl -i -X POST {registry.origin}/v2/demo/app/blobs/uploads/")
        threading.Event().wait()
    except KeyboardInterrupt:
        say("")
    finally:
        registry.stop()
    return 0
