"""What every job needs: a client, a recorder, the logins of the registries that a call names."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from explorer import __version__
from explorer.credentials import AskingWire, Given, Logins
from explorer.finishing import WhenDone
from explorer.flows import build, flow_named
from explorer.flows.login import registries_of, shown_login
from explorer.formats.session import SessionWriter
from explorer.model import Exchange, FlowCall, Session
from explorer.places import new_recording
from explorer.wire.deferred import DeferredClient
from explorer.wire.options import ConnectionOptions
from explorer.workbench import Workbench

if TYPE_CHECKING:
    from explorer.wire.client import Client

MADE_WITH = f"registry-explorer {__version__}"


def begun(
    call: FlowCall,
    title: str,
    name: str,
    *,
    recording: str,
    login: Given | None,
    connection: ConnectionOptions,
    when_done: WhenDone | None = None,
) -> Workbench:
    """Return a workbench that stands before the first step of a call; raises InputError.

    `name` is what the recording is called where it has no path. A call of the built-in registry looks for no login.
    """
    logins = logins_of(call, login or Given())
    return Workbench(
        connection.titled(title),
        Session(MADE_WITH, round(time.time(), 3), call),
        build(call, logins.known),
        AskingWire(DeferredClient(partial(new_client, connection)), logins),
        recorder(recording, name),
        when_done=when_done,
    )


def logins_of(call: FlowCall, given: Given, exchanges: Sequence[Exchange] = ()) -> Logins:
    """Return the logins for the registries that a call names and those its recording shows; raises InputError."""
    is_own = not call.flow or call.arguments.get("practice")
    registries = () if is_own else registries_of(flow_named(call.flow), call)
    shown = {target.origin: login for target in registries if (login := shown_login(exchanges, target.origin))}
    return Logins(registries, given, os.environ, Path.home(), shown)


def new_client(connection: ConnectionOptions) -> Client:
    """Return a client that makes its connections so."""
    from explorer.wire.client import Client

    return Client(connection)


def recorder(path: str, name: str) -> Callable[[Session], SessionWriter]:
    """Return what makes the recording's file: at the path, or where there is none, named after what is done."""

    def start(session: Session) -> SessionWriter:
        return SessionWriter(Path(path) if path else new_recording(name), session)

    return start
