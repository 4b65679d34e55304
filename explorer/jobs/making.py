"""What every job needs: a client, a recorder, the login for a registry."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from explorer import __version__
from explorer.flows.authenticated import login_to_json
from explorer.formats.session import SessionWriter
from explorer.formats.values import origin_from_text
from explorer.logins import Given, login_for
from explorer.model import FlowCall, Session
from explorer.places import new_recording
from explorer.wire.options import ConnectionOptions

if TYPE_CHECKING:
    from explorer.wire.client import Client

MADE_WITH = f"registry-explorer {__version__}"


def with_login(call: FlowCall, given: Given) -> FlowCall:
    """Return the call with the login for its registry, which a recording keeps masked."""
    place = str(call.arguments.get("target") or call.arguments.get("location") or "")
    found = re.match(r"https?://[^/?#]+", place)
    login = login_for(origin_from_text(found[0]), given, os.environ) if found else None
    return replace(call, arguments={**call.arguments, "login": login_to_json(login)}) if login else call


def new_client(connection: ConnectionOptions) -> Client:
    """Return a client that makes its connections so."""
    from explorer.wire.client import Client

    return Client(connection)


def recorder(path: str, name: str) -> Callable[[Session], SessionWriter]:
    """Return what makes the recording's file: at the path, or where there is none, named after what is done."""

    def start(session: Session) -> SessionWriter:
        return SessionWriter(Path(path) if path else new_recording(name), session)

    return start
