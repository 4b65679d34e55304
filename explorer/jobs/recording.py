"""From what is to be recorded to a workbench that shows it as it happens."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from explorer.formats.session import SessionWriter
from explorer.jobs.making import new_client
from explorer.live import LiveWorkbench
from explorer.model import Session
from explorer.recorder import Recording
from explorer.wire.deferred import DeferredClient


def open_live(wanted: Recording, session: Session, path: Path) -> LiveWorkbench:
    """Return a workbench for what a recorder records into a file; it is not listening yet."""
    client = DeferredClient(partial(new_client, wanted.connection))
    return LiveWorkbench(wanted, session, client, partial(SessionWriter, path))
