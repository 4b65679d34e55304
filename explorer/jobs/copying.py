"""From what is to be copied to a workbench before its first step."""

from __future__ import annotations

from explorer.credentials import Given
from explorer.flows import flow_named
from explorer.flows.copy_image import NAME
from explorer.frozen import frozen
from explorer.jobs.flows import open_flow
from explorer.spec.references import parse_platform, parse_target
from explorer.wire.options import DEFAULT, ConnectionOptions
from explorer.workbench import Workbench


@frozen
class CopyJob:
    """What to copy, where to and how, as the user said it; empty where it was not said."""

    source: str
    target: str
    platform: str = ""
    plain_http: bool = False
    recording: str = ""
    login: Given | None = None
    connection: ConnectionOptions = DEFAULT


def open_copy(job: CopyJob) -> Workbench:
    """Stand before the first step of a copy; raises InputError or FormatError."""
    source = parse_target(job.source, plain_http=job.plain_http)
    words = {"source": job.source, "target": _whole(job.target, source.reference)}
    if job.platform:
        words["platform"] = parse_platform(job.platform)
    return open_flow(
        flow_named(NAME),
        words,
        plain_http=job.plain_http,
        recording=job.recording,
        login=job.login,
        connection=job.connection,
    )


def _whole(target: str, reference: str) -> str:
    """Return the target with the source's reference, where it has none of its own."""
    name = target.rpartition("/")[2]
    if ":" in name or "@" in name:
        return target
    return f"{target}{'@' if ':' in reference else ':'}{reference}"
