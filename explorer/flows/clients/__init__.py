"""How known clients push: which requests they make in which order, and what each looks like on the wire.

One file, one client (or several that share a library); each is a `ClientShape`, found by itself. They say what a client
does by default, one request after the other: that clients send several blobs at a time is not imitated, nor how often
they try again, nor what Go makes of a redirect. An Authorization stands after the User-Agent and not in its place in
the alphabet.
"""

from __future__ import annotations

from enum import Enum
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from explorer.errors import InputError
from explorer.frozen import frozen


class Check(Enum):
    """Whether and by what the root manifest is asked for before the blobs are sent, or each manifest before its PUT."""

    NONE = "not at all"
    TAG_FIRST = "by tag, before the blobs"
    DIGEST_FIRST = "by digest, before the blobs"
    EACH = "each manifest, before it is sent"


class Join(Enum):
    """How a client puts a parameter into a query."""

    SORTED = "decoded, sorted and encoded again, as Go's url.Values does"
    APPENDED = "appended as text"


class Body(Enum):
    """How the bytes of a blob travel."""

    PATCH = "one PATCH with its Content-Length, PUT without a body"
    PATCH_IN_CHUNKS = "one PATCH in chunks of HTTP, PUT without a body"
    PUT = "one PUT with its Content-Length"


@frozen
class Mount:
    """How a blob is mounted, where another repository is known to have it."""

    join: Join = Join.SORTED
    names_origin: bool = False  # `origin=` with the registry's host
    asks_source: bool = False  # HEAD in the other repository first
    cancels: bool = False  # a 202 is cancelled, and a new upload opened
    configs: bool = True  # configs are mounted, too


@frozen
class ClientShape:
    """One client: what it is called here, which version of what it imitates, and where that is known from."""

    name: str
    imitates: str
    evidence: str
    user_agent: str
    every: tuple[tuple[str, str], ...] = ()  # headers of every request
    closes: bool = False  # Connection: close
    pings: bool = False
    check: Check = Check.NONE
    accepts: tuple[str, ...] = ()  # of the HEAD of a manifest; empty: the manifest's own type
    layer_checks: int = 1  # HEADs of a layer before it is sent
    config_checks: int = 1
    accepts_any: bool = False  # a HEAD says `Accept: TYPE, */*`
    config_first: bool = False
    mount: Mount = Mount()
    mounts_anonymously: bool = False
    opens_as: str = ""  # Content-Type of the POST
    body: Body = Body.PATCH
    closes_as: str = ""  # Content-Type of the closing PUT without a body
    join: Join = Join.SORTED
    looks_after: bool = False  # HEAD after the PUT
    keeps_referrers: bool = False  # the index under the referrers' tag, where the registry has no referrers API


@cache
def clients() -> dict[str, ClientShape]:
    """Return the clients by their names."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    found = {
        id(value): value for module in modules for value in vars(module).values() if isinstance(value, ClientShape)
    }
    return {client.name: client for client in sorted(found.values(), key=lambda client: client.name)}


def client_named(name: str) -> ClientShape:
    """Return the client of that name; raises InputError where none is known."""
    client = clients().get(name)
    if client is None:
        raise InputError(f"There is no client '{name}' to push like; known are {', '.join(clients())}.")
    return client
