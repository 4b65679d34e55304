"""From what is to be pulled to a workbench before its first step."""

from __future__ import annotations

from explorer.credentials import Given
from explorer.frozen import frozen
from explorer.jobs.making import begun
from explorer.pulling import pull_call, when_pulled
from explorer.wire.options import DEFAULT, ConnectionOptions
from explorer.workbench import Workbench


@frozen
class PullJob:
    """What to pull, where to and how, as the user said it; empty where it was not said."""

    target: str
    dest: str
    platform: str = ""
    form: str = ""
    plain_http: bool = False
    recording: str = ""
    ns: str = ""
    login: Given | None = None
    connection: ConnectionOptions = DEFAULT


def open_pull(job: PullJob) -> Workbench:
    """Look at what is there already, and stand before the first step; raises InputError or FormatError."""
    call = pull_call(job.target, job.dest, job.platform, job.form, ns=job.ns, plain_http=job.plain_http)
    return begun(
        call,
        f"pull {call.arguments['target']}",
        f"pull-{job.target}",
        recording=job.recording,
        login=job.login,
        connection=job.connection,
        when_done=when_pulled(call),
    )
