"""From a recording to a workbench that shows it and can go on from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from explorer.errors import FormatError, InputError
from explorer.flows import Flow, build
from explorer.formats.importing import import_file
from explorer.logins import Given
from explorer.model import FlowCall
from explorer.pulling import when_pulled
from explorer.revival import RevivingWire
from explorer.wire.deferred import DeferredClient
from explorer.wire.options import DEFAULT, ConnectionOptions
from explorer.workbench import Workbench

if TYPE_CHECKING:
    pass

from explorer.jobs.making import new_client, recorder, with_login


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
    opened = import_file(path)
    session = opened.session
    call = with_login(session.call, login) if login else session.call
    workbench = Workbench(
        connection.titled(f"recording {Path(path).name}"),
        session,
        _flow_of(path, call),
        RevivingWire(DeferredClient(partial(new_client, connection)), session.call),
        recorder(recording, f"replay-{Path(path).stem}"),
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
