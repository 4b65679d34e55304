"""From what is to be pushed to a workbench before its first step."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from explorer.credentials import Given
from explorer.errors import InputError
from explorer.flows.push_blob import DEFAULT_CHUNK, Shape
from explorer.flows.push_image import Push, call_of
from explorer.frozen import frozen
from explorer.jobs.making import begun
from explorer.model import Image, Progress
from explorer.revival import ReadFrom
from explorer.spec.references import check_repository, parse_platform, parse_target
from explorer.wire.options import DEFAULT, ConnectionOptions
from explorer.workbench import Workbench

if TYPE_CHECKING:
    from explorer.faults.switchboard import Switchboard
    from explorer.jobs.late_practice import LatePractice
    from explorer.practice import PracticeRegistry


@frozen
class PushJob:
    """What to push, where and how, as the user said it; empty where it was not said."""

    source: str = "tiny"
    layers: tuple[str, ...] = ()
    config: str = ""
    target: str = ""
    plain_http: bool = False
    shape: Shape = Shape.STREAM
    chunk_size: int = DEFAULT_CHUNK
    schema: str | None = None
    gzip: bool = False
    choose: str | None = None
    platform: str = ""
    as_is: bool = False
    check_first: bool = False
    mount_from: str = ""
    like: str = ""
    recording: str = ""
    login: Given | None = None
    connection: ConnectionOptions = DEFAULT
    faults: tuple[str, ...] = ()  # of the built-in registry


def open_push(job: PushJob, progress: Progress | None = None) -> Workbench:
    """Read the source and stand before the first step of its push; raises InputError or FormatError.

    Without a target the built-in registry is started, and stopped when the workbench is closed.
    """
    with ExitStack() as resources:
        target = parse_target(job.target, plain_http=job.plain_http) if job.target else None
        faults = _switchboard(job)
        scratch = Path(resources.enter_context(TemporaryDirectory(prefix="registry-explorer-")))
        image = _read_image(job, scratch, progress)
        if target is None:
            practice = _practice(faults)
            resources.enter_context(practice)
            target = replace(parse_target(f"localhost/{image.name}"), origin=practice.origin)
        if ":" in target.reference and target.reference != image.root.digest:
            raise InputError(
                f"The target asks for the digest {target.reference}, but this image's manifest has {image.root.digest}."
            )
        if job.mount_from:
            check_repository(job.mount_from)
        if job.like:
            from explorer.flows.clients import client_named

            client_named(job.like)
        push = Push(target, image, job.shape, job.chunk_size, job.check_first, job.mount_from, job.like)
        workbench = _workbench(push, job, practice=not job.target, resources=resources)
        workbench.faults = faults
        return workbench


def _practice(faults: Switchboard | None) -> PracticeRegistry | LatePractice:
    """Return the built-in registry; with a wrong certificate it speaks TLS from its first byte on."""
    if faults and faults.on:
        from explorer.faults.certificates import wrong_certificate
        from explorer.practice import PracticeRegistry, PracticeTls

        if wrong_certificate(faults.on):
            return PracticeRegistry(faults=faults, tls=PracticeTls())
    from explorer.jobs.late_practice import LatePractice

    return LatePractice(faults)


def _switchboard(job: PushJob) -> Switchboard | None:
    """Return the faults of the built-in registry; None where another one is the target, which takes none."""
    if job.target and job.faults:
        raise InputError(f"--fault is for the built-in registry; {job.target} is another one. Leave the target out.")
    if job.target:
        return None
    from explorer.faults.switchboard import Switchboard

    return Switchboard(job.faults)


def _absolute(path: str) -> str:
    return str(Path(path).absolute()) if path and path != "tiny" else path


def _read_image(job: PushJob, scratch: Path, progress: Progress | None) -> Image:
    platform = parse_platform(job.platform) if job.platform else ""
    read_from = ReadFrom(job.source, job.layers, job.config, job.schema, job.gzip, job.choose, platform, job.as_is)
    return read_from.read(scratch, progress)


def _workbench(push: Push, job: PushJob, *, practice: bool, resources: ExitStack) -> Workbench:
    call = call_of(push)
    read_from = ReadFrom(
        source=_absolute(job.source),
        layers=tuple(_absolute(layer) for layer in job.layers),
        config=_absolute(job.config),
        schema=job.schema,
        gzip=job.gzip,
        choose=job.choose,
        platform=job.platform,
        as_is=job.as_is,
    )
    call = replace(call, arguments={**call.arguments, "read_from": read_from.to_json(), "practice": practice})
    workbench = begun(
        call,
        f"push {push.image.name} to {push.target}",
        f"push-{push.image.name}",
        recording=job.recording,
        login=job.login,
        connection=job.connection,
    )
    workbench.keep(resources)
    return workbench
