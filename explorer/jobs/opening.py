"""From a recording to a workbench that shows it and can go on from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from explorer.credentials import AskingWire, Given, Logins
from explorer.errors import FormatError, InputError
from explorer.flows import Flow, build
from explorer.formats.importing import Growing, Imported, begin_import, import_file
from explorer.formats.sources import CLIPBOARD, STDIN
from explorer.frozen import frozen
from explorer.growing import GrowingWorkbench
from explorer.jobs.making import logins_of, new_client, recorder
from explorer.model import FlowCall, Session
from explorer.pulling import when_pulled
from explorer.revival import RevivingWire
from explorer.sending import Wire
from explorer.wire.deferred import DeferredClient
from explorer.wire.options import DEFAULT, ConnectionOptions
from explorer.workbench import Workbench

_NAMES = {STDIN: "standard input", CLIPBOARD: "the clipboard"}


@frozen
class OpenedRecording:
    """A recording on a workbench, and what is to be said about its file (empty where it is whole)."""

    workbench: Workbench
    remark: str
    report: tuple[str, ...] = ()  # what is to be said of the import, the remark among it


def open_recording(
    path: str,
    recording: str = "",
    login: Given | None = None,
    connection: ConnectionOptions = DEFAULT,
    kind: str = "",
    *,
    may_grow: bool = False,
) -> OpenedRecording:
    """Open a recording, or whatever can be read as one; raises FormatError or InputError.

    It can be looked at and replayed from, with a login that it has not kept.

    The file itself is left as it is: what is sent from here is recorded in a new one, after a copy of what was there.
    With `may_grow`, a large session is given when its first exchanges are read: on a GrowingWorkbench, which has to
    `read_on`.
    """
    opened = begin_import(path, kind) if may_grow else import_file(path, kind)
    return _shown(path, opened, recording, login or Given(), connection)


def _shown(
    path: str, opened: Imported | Growing, recording: str, login: Given, connection: ConnectionOptions
) -> OpenedRecording:
    title = connection.titled(f"recording {_NAMES.get(path) or Path(path).name}")
    record = recorder(recording, f"replay-{_NAMES.get(path) or Path(path).stem}")

    def furnish(session: Session) -> tuple[Callable[[], Flow[object]], Wire]:
        logins = logins_of(session.call, login, session.exchanges)
        client = DeferredClient(partial(new_client, connection))
        flow = _flow_of(path, session.call, logins)
        return flow, RevivingWire(AskingWire(client, logins), session.call)

    if isinstance(opened, Growing):
        call = opened.opened.session.call
        return OpenedRecording(GrowingWorkbench(title, opened, furnish, record, path, when_pulled(call)), "")
    session = opened.session
    flow, wire = furnish(session)
    workbench = Workbench(title, session, flow, wire, record, recording=path, when_done=when_pulled(session.call))
    said = opened.report() if opened.format != "session" else _replayed(session)
    return OpenedRecording(workbench, opened.remark, (*([opened.remark] if opened.remark else []), *said))


def _replayed(session: Session) -> tuple[str, ...]:
    """Say what a recording of a replay did; nothing of any other recording."""
    of = session.call.arguments.get("replay_of")
    if session.call.flow or not isinstance(of, str):
        return ()
    put = [note.words for one in session.exchanges for note in one.notes if note.kind == "replaced"]
    count = f"{len(session.exchanges)} requests were sent again, {len(put)} values put in anew"
    return (f"This is a replay of {of} to {session.call.arguments.get('to', 'its registry')}: {count}.",)


def _flow_of(path: str, call: FlowCall, logins: Logins) -> Callable[[], Flow[object]]:
    """Return what makes the recorded flow; raises FormatError where the recorded arguments describe none."""
    make = build(call, logins.known)
    try:
        next(make())
    except (ValueError, KeyError, TypeError, AttributeError, InputError) as bad:
        raise FormatError(path, f"the arguments of its flow '{call.flow}' cannot be read ({bad}).", "line 1") from bad
    except StopIteration:
        pass
    return make
