"""What the app begins when it is asked to, in a thread; the jobs are loaded there, and not with the first screen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from explorer.jobs.session_options import SessionOptions

if TYPE_CHECKING:
    from explorer.formats.values import Json
    from explorer.jobs import OpenedRecording, PushJob
    from explorer.workbench import Workbench


def start_push(job: PushJob | None, options: SessionOptions) -> Workbench:
    """Stand before a push: of the sample where there is no job. Raises a Problem."""
    from explorer.jobs import PushJob, open_push

    if job and job.target:
        job = replace(job, login=options.login, connection=options.connection)
    return open_push(job or PushJob())


def start_flow(name: str, words: Json, options: SessionOptions) -> Workbench:
    """Stand before a conversation. Raises a Problem."""
    from explorer.flows import flow_named
    from explorer.jobs import open_flow

    return open_flow(flow_named(name), words, login=options.login, connection=options.connection)


def start_recording(path: str, options: SessionOptions) -> OpenedRecording:
    """Open a recording. Raises a Problem."""
    from explorer.jobs import open_recording

    return open_recording(path, login=options.login, connection=options.connection)


def start_replay(path: str, first: int, to: str, options: SessionOptions) -> OpenedRecording:
    """Stand before the replay of a recording, from its exchange `first` on, to a target (empty: where it was)."""
    from explorer.jobs import OpenedRecording
    from explorer.jobs.replaying import ReplayJob, open_replay

    opened = open_replay(ReplayJob(path, to, first, login=options.login, connection=options.connection))
    return OpenedRecording(opened.workbench, " ".join(opened.said))


def start_as_client(client: str, arguments: Json, options: SessionOptions) -> Workbench:
    """Stand before the push that a call describes, as another client would make it. Raises a Problem."""
    from explorer.jobs import open_push
    from explorer.jobs.as_client import as_client

    return open_push(as_client(client, arguments, options.login, options.connection))
