"""Names of repositories, tags and whole targets.

Grammar: distribution-spec, spec.md, "Pulling manifests" (name and reference); length limits as clients hold them.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import replace
from functools import lru_cache

from explorer.errors import InputError
from explorer.frozen import frozen
from explorer.model import Origin, default_port
from explorer.spec.digests import parse_digest

_COMPONENT = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*")
_TAG = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}")
_LABEL = r"[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?"
_PLATFORM = re.compile(r"[a-z0-9._-]+/[a-z0-9._-]+(?:/[a-z0-9._-]+)?", re.IGNORECASE)
_HOST = re.compile(rf"(?:\[[0-9a-fA-F:.]+\]|{_LABEL}(?:\.{_LABEL})*)(?::[0-9]+)?")
_LONGEST_NAME = 255


@frozen
class Target:
    """Where an image goes: the registry's origin, the repository, and a tag or a digest as `reference`."""

    origin: Origin
    repository: str
    reference: str = "latest"

    def __str__(self) -> str:
        joint = "@" if ":" in self.reference else ":"
        return f"{self.origin}/{self.repository}{joint}{self.reference}"

    def at(self, origin: Origin) -> Target:
        """Return the same name on another registry."""
        return replace(self, origin=origin)


def check_repository(name: str) -> str:
    """Return the repository name; raises InputError with the component that the grammar refuses."""
    if not name:
        raise InputError("The repository's name is missing: write host[:port]/repository[:tag].")
    if len(name) > _LONGEST_NAME:
        raise InputError(f"The repository name has {len(name)} characters; registries take at most {_LONGEST_NAME}.")
    for component in name.split("/"):
        if not _COMPONENT.fullmatch(component):
            raise InputError(f"'{name}' is no repository name: {_why_not_a_component(component)}.")
    return name


def _why_not_a_component(component: str) -> str:
    if not component:
        return "there is nothing between two slashes, or a slash stands at its beginning or end"
    if component.lower() != component:
        return f"'{component}' has upper-case letters, and names are lower case"
    return f"'{component}' is not lower-case letters and digits joined by single '.', '_', '__' or '-'"


def check_namespace(host: str) -> str:
    """Return the host of a registry that a mirror stands for, as it may stand in a query; raises InputError."""
    if host and not _HOST.fullmatch(host):
        raise InputError(f"'{host}' is no registry's host for ns=: write name or address, then perhaps :port.")
    return host


def check_tag(tag: str) -> str:
    """Return the tag; raises InputError where the grammar refuses it."""
    if not _TAG.fullmatch(tag):
        raise InputError(
            f"'{tag}' is no tag: it is 1 to 128 letters, digits, '_', '.' or '-', and does not begin with '.' or '-'."
        )
    return tag


def parse_platform(text: str) -> str:
    """Return a platform, os/architecture[/variant], as it is written; raises InputError where it is none."""
    if not _PLATFORM.fullmatch(text):
        raise InputError(f"'{text}' is no platform: write os/architecture, as in linux/amd64 or linux/arm/v7.")
    return text


def is_address(host: str) -> bool:
    """Say whether a host is an IP address, IPv6 without brackets."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=256)
def is_loopback(host: str) -> bool:
    """Say whether a host names this machine: localhost, 127.0.0.0/8 or ::1."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def parse_registry(text: str, *, plain_http: bool = False) -> Origin:
    """Read `[http://|https://]host[:port]`, the scheme as in a target; what stands behind a slash is left out.

    Raises InputError where no registry is named.
    """
    scheme, rest = _split_scheme(text, plain_http=plain_http)
    host, slash, _ = rest.partition("/")
    if not host or (slash and not (scheme or _looks_like_a_host(host))):
        raise InputError(f"'{text}' names no registry: write host[:port], as in localhost:5000.")
    return parse_origin(host, scheme, plain_http=plain_http)


def parse_target(text: str, *, plain_http: bool = False, default_tag: str = "latest") -> Target:
    """Read `[http://|https://]host[:port]/repository[:tag|@digest]`.

    Without a scheme, https is used, but http for a loopback host or with `plain_http`. http to any other host needs
    `plain_http`, as docker asks for it. Raises InputError for whatever does not fit.
    """
    scheme, rest = _split_scheme(text, plain_http=plain_http)
    host_text, slash, path = rest.partition("/")
    if not slash or not (scheme or _looks_like_a_host(host_text)):
        raise InputError(
            f"'{text}' names no registry and repository: write host[:port]/repository[:tag], "
            "as in localhost:5000/demo/app:v1."
        )
    origin = parse_origin(host_text, scheme, plain_http=plain_http)
    if any(sign in path for sign in "?# "):
        raise InputError(f"'{text}' has more than a name and a tag in it: '?', '#' and blanks belong to no name.")
    name, at, digest = path.partition("@")
    if at:
        name = name.rpartition(":")[0] or name
        parse_digest(digest)
        return Target(origin, check_repository(name), digest)
    name, colon, tag = path.rpartition(":")
    if not colon:
        return Target(origin, check_repository(path), check_tag(default_tag))
    return Target(origin, check_repository(name), check_tag(tag))


def _split_scheme(text: str, *, plain_http: bool) -> tuple[str, str]:
    scheme, separator, rest = text.partition("://")
    if not separator:
        return "", text
    if scheme.lower() not in ("http", "https"):
        raise InputError(f"'{text}' begins with '{scheme}://': a registry is reached by http:// or https://.")
    if scheme.lower() == "https" and plain_http:
        raise InputError("--plain-http was given with an https:// target: drop one of them.")
    return scheme.lower(), rest


def _looks_like_a_host(text: str) -> bool:
    return "." in text or ":" in text or text.lower() == "localhost"


def parse_origin(authority: str, scheme: str = "", *, plain_http: bool = False) -> Origin:
    """Read `host[:port]` into an Origin, by the same scheme rule as `parse_target`; raises InputError."""
    if "@" in authority:
        raise InputError("The target has a user name or password in it: leave it out, it would end up in recordings.")
    if not _HOST.fullmatch(authority):
        raise InputError(f"'{authority}' is no host: write name or address, then perhaps :port.")
    host, port_text = _split_port(authority)
    if authority.startswith("[") and not _is_ipv6(host):
        raise InputError(f"'{authority}' is no host: what stands in [brackets] is an IPv6 address, as in [::1].")
    local = is_loopback(host)
    scheme = scheme or ("http" if plain_http or local else "https")
    if scheme == "http" and not (local or plain_http):
        raise InputError(
            f"http:// to {host} would send everything readable by anyone on the way; "
            "it goes by itself to this machine only. Add --plain-http where it is meant."
        )
    digits = port_text.lstrip("0") if port_text else str(default_port(scheme))
    if not digits or len(digits) > 5 or int(digits) > 65535:
        raise InputError(f"'{authority}' has the port {port_text}; ports go from 1 to 65535.")
    return Origin(scheme, host, int(digits))


def _is_ipv6(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).version == 6
    except ValueError:
        return False


def _split_port(authority: str) -> tuple[str, str]:
    if authority.startswith("["):
        host, _, rest = authority[1:].partition("]")
        return host.lower(), rest.removeprefix(":")
    host, _, port = authority.partition(":")
    return host.lower(), port
