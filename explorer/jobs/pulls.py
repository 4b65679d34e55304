"""From what is to be pulled to a workbench before its first step."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from explorer.flows import build
from explorer.logins import Given
from explorer.model import Session
from explorer.pulling import pull_call, when_pulled
from explorer.wire.deferred import DeferredClient
from explorer.wire.options import DEFAULT, ConnectionOptions
from explorer.workbench import Workbench

if TYPE_CHECKING:
    pass

from explorer.jobs.making import MADE_WITH, new_client, recorder, with_login


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
    call = with_login(call, job.login or Given())
    return Workbench(
        job.connection.titled(f"pull {call.arguments['target']}"),
        Session(MADE_WITH, round(time.time(), 3), call),
        build(call),
        DeferredClient(partial(new_client, job.connection)),
        recorder(job.recording, f"pull-{job.target}"),
        when_done=when_pulled(call),
    )
