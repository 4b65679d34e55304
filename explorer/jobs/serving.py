"""The built-in registry on its own."""

from __future__ import annotations

import errno
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from explorer.errors import InputError
from explorer.frozen import frozen

if TYPE_CHECKING:
    from explorer.practice import Access, Manner, PracticeRegistry, PracticeTls, Users


@frozen
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
    tls: bool = False
    tls_names: tuple[str, ...] = ()
    tls_cert: str | None = None
    tls_key: str | None = None

    @property
    def is_secure(self) -> bool:
        """Whether it speaks TLS."""
        return self.tls or self.tls_cert is not None


def serve_practice(job: PracticeJob, say: Callable[[str], None]) -> int:
    """Run the built-in registry until it is interrupted; raises InputError or FormatError where it cannot start."""
    from explorer.jobs.announcing import words_of

    registry = _started(job)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        for line in words_of(job, registry):
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
    access, manner, tls = _access(job), _manner(job), _tls(job)
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
            tls=tls,
        )
        registry.start()
    except OSError as bad:
        is_port = bad.errno in (errno.EADDRINUSE, errno.EACCES)
        where = f"port {job.port}" if is_port else job.store or "a temporary folder"
        raise InputError(f"The practice registry cannot start at {where}: {bad.strerror}.") from bad
    return registry


def _tls(job: PracticeJob) -> PracticeTls | None:
    from explorer.practice import Certificate, PracticeTls

    if job.tls_cert is not None:
        if job.tls_names:
            raise InputError("--tls-name is for a certificate that is made; --tls-cert has its names already.")
        return PracticeTls(own=Certificate(Path(job.tls_cert), Path(job.tls_key or job.tls_cert)))
    needless = [name for name, value in (("--tls-name", job.tls_names), ("--tls-key", job.tls_key)) if value]
    if needless and (not job.tls or job.tls_key):
        raise InputError(f"{needless[-1]} belongs to a certificate: add {'--tls-cert' if job.tls_key else '--tls'}.")
    return PracticeTls((job.listen, *job.tls_names)) if job.tls else None


def _manner(job: PracticeJob) -> Manner:
    from explorer.practice import personalities

    found = personalities().get(job.manner)
    if found is None:
        raise InputError(f"There is no personality '{job.manner}': {', '.join(personalities())} can be had (--as).")
    uploads = replace(found.uploads, chunk_min=job.chunk_min) if job.chunk_min else found.uploads
    manifests = replace(found.manifests, sparse=True) if job.sparse else found.manifests
    return replace(found, uploads=uploads, manifests=manifests)


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
