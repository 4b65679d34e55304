"""The built-in registry on its own."""

from __future__ import annotations

import errno
import ipaddress
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from explorer.errors import InputError

if TYPE_CHECKING:
    from explorer.practice import Access, Manner, PracticeRegistry, Users


@dataclass(frozen=True, slots=True)
class PracticeJob:
    """What `practice` was asked for; `auth` is empty, basic or token, `token_life` in seconds."""

    port: int = 5000
    listen: str = "127.0.0.1"
    store: str | None = None
    manner: str = "specification"
    sparse: bool = False
    chunk_min: int = 0
    auth: str = ""
    users: tuple[str, ...] = ()
    htpasswd: str | None = None
    grants: tuple[str, ...] = ()
    anonymous_pull: bool = False
    token_life: float = 300.0
    realm_port: int | None = None
    idle_time: float = 60.0
    upload_life: float = 168 * 3600.0
    faults: tuple[str, ...] = ()
    control: bool = False


def serve_practice(job: PracticeJob, say: Callable[[str], None]) -> int:
    """Run the built-in registry until it is interrupted; raises InputError or FormatError where it cannot start."""
    registry = _started(job)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        for line in _words(job, registry):
            say(line)
        threading.Event().wait()
    except KeyboardInterrupt:
        say("")
    finally:
        registry.stop()
    return 0


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _started(job: PracticeJob) -> PracticeRegistry:
    from explorer.faults.switchboard import Switchboard
    from explorer.practice import PracticeRegistry

    faults = Switchboard(job.faults)
    access, manner = _access(job), _manner(job)
    folder = Path(job.store) if job.store else None
    try:
        registry = PracticeRegistry(
            folder,
            job.listen,
            job.port,
            manner=manner,
            access=access,
            realm_port=job.realm_port,
            idle_seconds=job.idle_time,
            upload_life=job.upload_life,
            faults=faults,
            with_control=job.control,
        )
        registry.start()
    except OSError as bad:
        is_port = bad.errno in (errno.EADDRINUSE, errno.EACCES)
        where = f"port {job.port}" if is_port else job.store or "a temporary folder"
        raise InputError(f"The practice registry cannot start at {where}: {bad.strerror}.") from bad
    return registry


def _manner(job: PracticeJob) -> Manner:
    from explorer.practice import personalities

    found = personalities().get(job.manner)
    if found is None:
        raise InputError(f"There is no personality '{job.manner}': {', '.join(personalities())} can be had (--as).")
    uploads = replace(found.uploads, chunk_min=job.chunk_min) if job.chunk_min else found.uploads
    manifests = replace(found.manifests, sparse=True) if job.sparse else found.manifests
    return replace(found, uploads=uploads, manifests=manifests)


def personality_words() -> list[str]:
    """Return what each personality imitates, with the source, and what of it is not known."""
    from explorer.practice import personalities

    words = []
    for manner in personalities().values():
        words += [manner.name, f"  {manner.imitates}", f"  Source: {manner.source}"]
        words += [f"  Not known, or left out: {manner.unknown}"] if manner.unknown else []
    return words


def _access(job: PracticeJob) -> Access | None:
    from explorer.practice import BasicAccess, TokenAccess

    if not job.auth:
        needless = [name for name, value in _auth_options(job) if value]
        if needless:
            raise InputError(f"{needless[0]} says who may come in, but nobody is asked: add --auth token or basic.")
        return None
    users = _users(job)
    if job.auth == "basic":
        return BasicAccess(users, anonymous_pull=job.anonymous_pull)
    return TokenAccess(users, life=job.token_life, anonymous_pull=job.anonymous_pull)


def _auth_options(job: PracticeJob) -> tuple[tuple[str, object], ...]:
    return (
        ("--user", job.users),
        ("--htpasswd", job.htpasswd),
        ("--grant", job.grants),
        ("--anonymous-pull", job.anonymous_pull),
        ("--realm-port", job.realm_port is not None),
    )


def _users(job: PracticeJob) -> Users:
    from explorer.practice import Users

    if job.auth == "basic" and job.realm_port is not None:
        raise InputError("--realm-port is for the token service: --auth basic has none.")
    users = Users.of(*job.users)
    if job.htpasswd:
        users.reading(Path(job.htpasswd))
    if not users:
        raise InputError("--auth needs somebody to let in: add --user NAME:PASSWORD, or --htpasswd FILE.")
    return users.granting(*job.grants)


def _words(job: PracticeJob, registry: PracticeRegistry) -> list[str]:
    address = registry.origin.authority
    login = "--user NAME " if job.auth else ""
    credentials = "--dest-creds NAME:PASSWORD " if job.auth else ""
    return [
        f"The practice registry listens at {registry.origin}, {_reach(job.listen)}. Ctrl-C ends it.",
        *_imitation(job),
        *([f"It wants a login ({job.auth}). {_realm_words(registry)}".rstrip()] if job.auth else []),
        *_fault_words(job, registry),
        f"What is pushed is {'kept in ' + job.store if job.store else 'gone then'}. Point a client at it:",
        f"  registry-explorer push {login}tiny {address}/demo/app:v1",
        f"  skopeo copy --dest-tls-verify=false {credentials}docker-archive:app.tar docker://{address}/demo/app:v1",
        f"  curl -i {'-u NAME ' if job.auth == 'basic' else ''}-X POST {registry.origin}/v2/demo/app/blobs/uploads/",
    ]


def _fault_words(job: PracticeJob, registry: PracticeRegistry) -> list[str]:
    from explorer.faults.control import PATH as CONTROL_PATH

    lines = []
    for one in registry.faults.on:
        lines.append(f"Fault {one.text}: {one.kind.line}")
        if one.kind.needs and not job.auth:
            lines.append(f"  It shows only with {one.kind.needs}.")
    if job.control:
        lines.append(f"Faults are switched at {registry.origin}{CONTROL_PATH}, as in:")
        lines.append(f"  curl -X PUT {registry.origin}{CONTROL_PATH}/nginx-413?argument=10M")
    return lines


def _imitation(job: PracticeJob) -> list[str]:
    from explorer.practice import personalities

    if job.manner == "specification":
        return []
    manner = personalities()[job.manner]
    return [
        f"It answers as {manner.imitates}",
        *([f"Not known, or left out: {manner.unknown}"] if manner.unknown else []),
    ]


def _realm_words(registry: PracticeRegistry) -> str:
    return f"Its token service is {registry.realm}." if registry.realm else ""


def _reach(host: str) -> str:
    try:
        is_local = ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        is_local = host == "localhost"
    return "on this machine only" if is_local else "for anybody who reaches this machine, without encryption"
