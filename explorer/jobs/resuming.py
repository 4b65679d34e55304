"""From the recording of an upload that was cut off to a workbench that goes on with it."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from explorer.account import Account, Accounts
from explorer.calls import call_from_words
from explorer.credentials import Given
from explorer.errors import FormatError, InputError, Stuck
from explorer.flows import flow_named
from explorer.formats.importing import import_file
from explorer.formats.values import Json, blob_from_json, body_to_json, bytes_to_json, records
from explorer.frozen import frozen
from explorer.jobs.making import begun
from explorer.model import Blob, Exchange, FlowCall, Progress, Session, Slice
from explorer.revival import ReadFrom
from explorer.spec.locations import resolve
from explorer.wire.options import DEFAULT, ConnectionOptions
from explorer.workbench import Workbench

_FLOW = "resume-upload"
_BLOCK = 1024 * 1024


@frozen
class ResumeJob:
    """Which recording to go on from; `file` has the bytes, where the recording does not say where they are."""

    path: str
    file: str = ""
    recording: str = ""
    login: Given | None = None
    connection: ConnectionOptions = DEFAULT


def open_resume(job: ResumeJob, progress: Progress | None = None) -> Workbench:
    """Find the upload that was cut off and its bytes, and stand before the question how far it is.

    Raises InputError where there is no such upload, FormatError where the bytes are not there or are others.
    """
    session = import_file(job.path).session
    account = _open_account(job.path, session)
    if session.call.arguments.get("practice"):
        raise InputError(
            f"The upload in '{job.path}' went to the built-in registry, which went when that session ended. "
            "Start one that stays, with registry-explorer practice --store FOLDER, and push there."
        )
    with ExitStack() as resources:
        file = _file(job, session, account, resources, progress)
        call = FlowCall(_FLOW, {"location": _location(job.path, session, account), "file": file})
        workbench = begun(
            call,
            f"resume an upload of {Path(job.path).name}",
            f"resume-{Path(job.path).stem}",
            recording=job.recording,
            login=job.login,
            connection=job.connection,
        )
        workbench.keep(resources)
        return workbench


def _open_account(path: str, session: Session) -> Account:
    """Return the last upload that was neither closed nor cancelled."""
    accounts = Accounts(session.call)
    cancelled = set()
    for exchange in session.exchanges:
        accounts.add(exchange)
        if exchange.request.method == "DELETE" and 200 <= exchange.status < 300:
            cancelled.add(exchange.request.target.partition("?")[0])
    every = accounts.all()
    left = [each for each in every if not each.is_closed and each.upload not in cancelled]
    if not every:
        raise InputError(f"There is no upload in '{path}': no POST to blobs/uploads/ was answered 202 there.")
    if not left:
        raise InputError(f"Every upload in '{path}' was closed or cancelled, so there is none to go on with.")
    return left[-1]


def _location(path: str, session: Session, account: Account) -> str:
    """Return the newest Location of an upload, whole."""
    for exchange in reversed(_exchanges(session, account)):
        location = exchange.response.headers.get("Location") if exchange.response else None
        if location and 200 <= exchange.status < 300:
            try:
                origin, target = resolve(exchange.request, location)
            except Stuck:
                continue
            return f"{origin}{target}"
    raise InputError(f"No answer of the upload in '{path}' has a Location that can be gone on from.")


def _exchanges(session: Session, account: Account) -> list[Exchange]:
    return [exchange for exchange in session.exchanges if exchange.id in account.exchanges]


def _file(job: ResumeJob, session: Session, account: Account, resources: ExitStack, progress: Progress | None) -> Json:
    """Return the bytes of the upload as the flow takes them, with the digest that they were found to have."""
    blob = _blob(session, account)
    digest = blob.digest if blob else account.digest
    if job.file:
        words = {"location": "http://localhost/", "file": job.file}
        typed: Json = call_from_words(flow_named(_FLOW), words, progress=progress).arguments
        return _checked(typed["file"], digest, job.file)
    if blob is None:
        raise InputError(
            f"'{job.path}' does not say which bytes the upload {account.upload} is of; name them by --file FILE."
        )
    body = _there(job.path, session, blob, resources, progress)
    if isinstance(body, bytes):
        digests = {name: hashlib.new(name, body).hexdigest() for name in ("sha256", "sha512")}
        return _checked({**bytes_to_json(body), **digests, "source": blob.name}, digest, blob.name)
    return _checked({**body_to_json(body), **_digests(body, progress), "source": body.source}, digest, body.path)


def _blob(session: Session, account: Account) -> Blob | None:
    """Return the blob that the recorded flow was uploading: the one whose bytes were sent, else by the step's title."""
    blobs = _blobs(session.call)
    exchanges = _exchanges(session, account)
    by_digest = [blob for blob in blobs if blob.digest == account.digest]
    for exchange in exchanges:
        body = exchange.request.body
        for blob in blobs:
            if isinstance(body, Slice) and isinstance(blob.body, Slice) and _is_within(body, blob.body):
                return blob
    titled = [blob for blob in blobs if exchanges and exchanges[0].title.startswith(f"{blob.name}:")]
    return next(iter([*by_digest, *titled]), None)


def _is_within(part: Slice, whole: Slice) -> bool:
    is_there = whole.offset <= part.offset and part.offset + part.length <= whole.offset + whole.length
    return part.path == whole.path and is_there and part.length > 0


def _blobs(call: FlowCall) -> list[Blob]:
    """Return the blobs that a call names: those of an image, or the one file."""
    arguments: Json = call.arguments
    try:
        if "blobs" in arguments:
            return [blob_from_json(entry) for entry in records(arguments["blobs"])]
        file = arguments["file"]
        algorithm = str(arguments.get("algorithm") or "sha256")
        entry = {"digest": f"{algorithm}:{file[algorithm]}", "media_type": "", "name": "blob", "body": file}
        return [blob_from_json(entry)]
    except (ValueError, KeyError, TypeError):
        return []


def _there(path: str, session: Session, blob: Blob, resources: ExitStack, progress: Progress | None) -> Slice | bytes:
    """Return where a blob's bytes are, reading the image from its source again where they are gone."""
    body = blob.body
    if not isinstance(body, Slice) or Path(body.path).exists():
        return body
    arguments: Json = session.call.arguments
    try:
        read_from = ReadFrom.from_json(arguments["read_from"])
    except (KeyError, TypeError) as bad:
        raise FormatError(body.path, f"the bytes of the upload in {path} lay there, and the file is gone.") from bad
    scratch = Path(resources.enter_context(TemporaryDirectory(prefix="registry-explorer-")))
    fresh = next((b for b in read_from.read(scratch, progress).blobs if b.digest == blob.digest), None)
    if fresh is None:
        raise FormatError(read_from.source, f"it no longer holds {blob.digest}, which was being uploaded.")
    return fresh.body


def _digests(body: Slice, progress: Progress | None) -> Json:
    """Hash a stretch of a file."""
    digests = (hashlib.sha256(), hashlib.sha512())
    left = body.length
    try:
        with Path(body.path).open("rb", buffering=0) as file:
            file.seek(body.offset)
            while left and (block := file.read(min(_BLOCK, left))):
                left -= len(block)
                for digest in digests:
                    digest.update(block)
                if progress:
                    progress(body.length - left, body.length)
    except OSError as bad:
        raise FormatError(body.path, f"the bytes of the upload cannot be read: {bad.strerror}.") from bad
    return {digest.name: digest.hexdigest() for digest in digests}


def _checked(file: Json, digest: str, where: str) -> Json:
    """Return the bytes with the digest that they are to be closed with; raises FormatError where they have another."""
    algorithm, _, expected = digest.partition(":")
    if expected and file.get(algorithm) != expected:
        found = f"{algorithm}:{file.get(algorithm)}"
        raise FormatError(
            where,
            f"these are not the bytes that were being uploaded: they have the digest {found}, expected was {digest}.",
        )
    return {**file, "digest": digest}
