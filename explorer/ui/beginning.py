"""What the app begins when it is asked to, in a thread; the jobs are loaded there, and not with the first screen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from explorer.formats.values import Json
    from explorer.jobs import OpenedRecording, PushJob, SessionOptions
    from explorer.model import Session
    from explorer.workbench import Workbench


def usual(options: SessionOptions | None) -> SessionOptions:
    """Return the options, the usual ones where there are none."""
    from explorer.jobs import SessionOptions

    return options or SessionOptions()


def taken_apart(made: Workbench | OpenedRecording) -> tuple[Workbench, str]:
    """Return the workbench of what was made, and what is to be said of its file."""
    from explorer.jobs import OpenedRecording

    return (made.workbench, made.remark) if isinstance(made, OpenedRecording) else (made, "")


def start_push(job: PushJob | None, options: SessionOptions | None) -> Workbench:
    """Stand before a push: of the sample where there is no job. Raises a Problem."""
    from explorer.jobs import PushJob, open_push

    options = usual(options)
    if job and job.target:
        job = replace(job, login=options.login, connection=options.connection)
    return open_push(job or PushJob())


def start_flow(name: str, words: Json, options: SessionOptions | None) -> Workbench:
    """Stand before a conversation. Raises a Problem."""
    from explorer.flows import flow_named
    from explorer.jobs import open_flow

    options = usual(options)
    return open_flow(flow_named(name), words, login=options.login, connection=options.connection)


def start_recording(path: str, options: SessionOptions | None) -> OpenedRecording:
    """Open a recording. Raises a Problem."""
    from explorer.jobs import open_recording

    options = usual(options)
    return open_recording(path, login=options.login, connection=options.connection, may_grow=True)


def start_replay(
    session: Session, path: str, steps: tuple[int, int], to: str, options: SessionOptions | None
) -> OpenedRecording:
    """Stand before the replay of the first to the last of some steps of a session, to a target (empty: as it was)."""
    from explorer.formats.importing import Imported
    from explorer.jobs import OpenedRecording
    from explorer.jobs.replaying import ReplayJob, open_replay

    options = usual(options)
    job = ReplayJob(path, to, steps[0], last=steps[1], login=options.login, connection=options.connection)
    opened = open_replay(replace(job, imported=Imported(session, "session")))
    return OpenedRecording(opened.workbench, " ".join(opened.said))


def start_as_client(client: str, arguments: Json, options: SessionOptions | None) -> Workbench:
    """Stand before the push that a call describes, as another client would make it. Raises a Problem."""
    from explorer.jobs import open_push
    from explorer.jobs.as_client import as_client

    options = usual(options)
    return open_push(as_client(client, arguments, options.login, options.connection))
