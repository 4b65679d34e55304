"""Which address of the recorder stands for which URL, so that nothing goes around it.

The upstream stands at the recorder's root: `/v2/…` is the upstream's `/v2/…`, under its base path where it has one.
Every other origin that the upstream names, a token service or an object storage, is mounted:

    https://storage.example/bucket/a?X-Amz-Signature=b      what the upstream says
    http://127.0.0.1:5050/.via/https/storage.example/bucket/a?X-Amz-Signature=b      what the client is told

So one address serves them all, whichever way the client reaches it, and path and query stay byte for byte what they
are. Only origins that were named can be reached. A URL that differs from the upstream's in http or https alone, as a
registry hands it out that does not know of the TLS in front of it, is taken for the upstream's.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from urllib.parse import quote, unquote

from explorer.errors import InputError, Stuck
from explorer.frozen import frozen
from explorer.model import Headers, Origin, Request, default_port
from explorer.spec.locations import resolve
from explorer.spec.references import parse_origin

MOUNT = "/.via/"
"""What the path of a mounted origin begins with."""

_MOUNTED = re.compile(rf"{re.escape(MOUNT)}(https?)/([^/?]+)(.*)", re.DOTALL)
_CLIENT = Origin("http", "recorder.invalid", 80)  # as which a client knows the recorder, whatever its address
_ABSOLUTE = re.compile(r"http://([^/?#]*)(.*)", re.DOTALL | re.IGNORECASE)


@frozen
class Way:
    """Where a request goes: the origin and the target there."""

    origin: Origin
    target: str


class Mapping:
    """Both directions of the mapping; may be used by several threads."""

    def __init__(self, upstream: Origin, base: str = "") -> None:
        """Take where the recorder's root leads: an origin, and a path without a slash at its end."""
        self.upstream = upstream
        self.base = base
        self._mounts: dict[str, Origin] = {}
        self._lock = threading.Lock()

    def way(self, target: str, authority: str) -> Way:
        """Return where a client's target leads; raises InputError where that is an origin that nobody has named."""
        absolute = _ABSOLUTE.fullmatch(target)
        if absolute and absolute[1].lower() == authority.lower():
            target = absolute[2] if absolute[2].startswith("/") else f"/{absolute[2]}"
        mounted = _MOUNTED.fullmatch(target)
        if not mounted:
            return Way(self.upstream, self.base + target if target.startswith("/") else target)
        with self._lock:
            origin = self._mounts.get(_key(mounted[1], unquote(mounted[2])))
        if origin is None:
            raise InputError(
                f"{mounted[1]}://{unquote(mounted[2])} was named by no answer since this recorder was started, "
                "so nothing is sent there. Begin again at the registry."
            )
        return Way(origin, mounted[3] if mounted[3].startswith("/") else f"/{mounted[3]}")

    def told(self, way: Way, client_target: str, authority: str, url: str) -> str | None:
        """Return what a client is told instead of a URL or a reference in an answer; None where that may stay.

        `way` is where the request went, `client_target` and `authority` what the client asked for at which address of
        the recorder. The form stays: what was relative is so still.
        """
        if url.startswith("/") and not url.startswith("//") and "://" not in url:  # the same wherever it is read
            target = url.partition("#")[0]
            path = self._path_to(way.origin, target)
            return None if path == target else path + url[len(target) :]
        try:
            origin, target = resolve(Request("", way.origin, way.target), url)
        except Stuck:
            return None
        path = self._path_to(origin, target)
        here = _CLIENT
        try:
            read_by_client = resolve(Request("", here, client_target), url)
        except Stuck:
            read_by_client = None
        if read_by_client == (here, path):
            return None
        fragment = url[url.index("#") :] if "#" in url else ""
        if url.startswith("//"):
            return f"//{authority}{path}{fragment}"
        if "://" in url.partition("?")[0]:
            return f"http://{authority}{path}{fragment}"
        is_bare = read_by_client is not None and read_by_client[0] != here
        return f"{authority}{path}{fragment}" if is_bare else path + fragment

    def says_upstream(self, authority: str, url: str) -> str | None:
        """Return the URL at the upstream that a client means by one of the recorder's; None for any other."""
        found = _ABSOLUTE.fullmatch(url)
        if not found or found[1].lower() != authority.lower():
            return None
        try:
            way = self.way(found[2] if found[2].startswith("/") else f"/{found[2]}", authority)
        except InputError:
            return None
        return f"{way.origin}{way.target}"

    def is_upstream(self, origin: Origin) -> bool:
        """Say whether an origin is the upstream, or differs from it in what TLS in front of a registry makes differ."""
        if origin.host != self.upstream.host:
            return False
        hidden = self.upstream.scheme == "https" and origin.scheme == "http"
        both_default = origin.port == 80 and self.upstream.port == 443
        return origin.port == self.upstream.port or (hidden and both_default)

    def _path_to(self, origin: Origin, target: str) -> str:
        if self.is_upstream(origin):
            origin = self.upstream
            under = target[len(self.base) :]
            if target.startswith(self.base) and under[:1] in ("/", "?", "") and not under.startswith(MOUNT):
                return under if under.startswith("/") else f"/{under}"
        host = quote(f"[{origin.host}]" if ":" in origin.host else origin.host)
        port = "" if origin.port == default_port(origin.scheme) else f":{origin.port}"
        with self._lock:
            self._mounts[_key(origin.scheme, unquote(host) + port)] = origin
        return f"{MOUNT}{origin.scheme}/{host}{port}{target}"


def _key(scheme: str, authority: str) -> str:
    return f"{scheme}/{authority.lower()}"


def authority_of(headers: Headers, address: str) -> str:
    """Return the address by which a client knows the recorder: what it named, where that can be an address."""
    named = (headers.get("Host") or "").strip()
    return named if named and _can_be_an_address(named) else address


@lru_cache(maxsize=256)
def _can_be_an_address(named: str) -> bool:
    try:
        return bool(parse_origin(named, "http", plain_http=True))
    except InputError:
        return False
