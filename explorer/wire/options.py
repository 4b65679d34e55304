"""How connections are made, as the user wants it: whom to trust, how to show oneself, where to dial, how long to wait.

Nothing of HTTP or TLS is loaded here. What an option says holds for every origin of a conversation, save the
certificate folders, which are named after hosts; loopback goes through no proxy of the environment's.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from explorer.errors import FormatError, InputError
from explorer.frozen import frozen
from explorer.model import Origin
from explorer.spec.references import is_loopback, parse_origin

CERTIFICATE_FOLDERS = (
    "~/.config/containers/certs.d",
    "~/.docker/certs.d",
    "~/.config/docker/certs.d",
    "/etc/containers/certs.d",
    "/etc/docker/certs.d",
)
"""Where docker, podman and skopeo look for a folder named HOST[:PORT] with its CAs and client certificates."""

PROXY_KINDS = ("http", "https", "socks5", "socks5h")
"""With the last one, the proxy looks the host's name up."""

SOCKS_PORT = 1080

HTTP_VERSIONS = ("auto", "1.1", "2")
"""How HTTP is spoken: auto agrees on it in TLS (ALPN); 2 over plain http is begun without asking (prior knowledge)."""

INSECURE = "INSECURE: certificates are not checked"

_RESOLVE = re.compile(r"(\[[^\]]+\]|[^:\[\]]+):([0-9]{1,5}):(.+)")


@frozen
class Timeouts:
    """Seconds to wait for a connection, for bytes to leave, and for bytes to come (a commit of a big blob is slow)."""

    connect: float = 15.0
    write: float = 60.0
    read: float = 300.0


@frozen
class ConnectionOptions:
    """What was asked for; paths as they were typed. `proxy` is None where the environment decides, "" for none."""

    ca: str | None = None  # a file of certificates, or a folder of such files
    client_cert: str | None = None
    client_key: str | None = None  # None: in the file of the certificate
    insecure: bool = False
    resolve: tuple[tuple[str, int, str], ...] = ()  # host, port, the address to dial
    proxy: str | None = None
    unix_socket: str | None = None
    timeouts: Timeouts = Timeouts()
    http: str = "auto"  # one of HTTP_VERSIONS
    certificate_folders: tuple[str, ...] = CERTIFICATE_FOLDERS

    def titled(self, title: str) -> str:
        """Return a title that says, before all else, what is not safe."""
        return f"{INSECURE} · {title}" if self.insecure else title


DEFAULT = ConnectionOptions()


@frozen
class Proxy:
    """A proxy: where it listens, the login that it wants (never shown), and its kind, one of PROXY_KINDS."""

    origin: Origin
    user: str = ""
    password: str = ""
    kind: str = "http"

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return str(self.origin) if not self.is_socks else f"{self.kind}://{self.origin.authority}"

    @property
    def is_socks(self) -> bool:
        """Whether it makes connections by SOCKS5, whatever goes through them."""
        return self.kind.startswith("socks")


@frozen
class Route:
    """How an origin is reached: by a proxy, a unix socket, at another address, or (all empty) as it is named."""

    proxy: Proxy | None = None
    unix_socket: str = ""
    address: str = ""
    always_tunnels: bool = False

    def is_told_the_origin(self, scheme: str) -> bool:
        """Say whether there is a proxy that is told the origin by the request itself, and not asked for a tunnel."""
        if self.proxy is None or self.always_tunnels:
            return False
        return scheme == "http" and not self.proxy.is_socks

    @property
    def words(self) -> str:
        """What is to be said about the way, after the name of the origin; empty where there is nothing."""
        if self.unix_socket:
            return f" at the unix socket {self.unix_socket}"
        return f" at the address {self.address}" if self.address else ""


def route_to(origin: Origin, options: ConnectionOptions, environ: Mapping[str, str]) -> Route:
    """Return how an origin is reached: a unix socket and an address that was given come before any proxy.

    Raises InputError where the proxy is none that can be used.
    """
    if options.unix_socket:
        return Route(unix_socket=options.unix_socket)
    for host, port, address in options.resolve:
        if (host, port) == (origin.host, origin.port):
            return Route(address=address)
    if options.proxy is not None:
        proxy = parse_proxy(options.proxy, "--proxy") if options.proxy else None
    else:
        proxy = None if is_loopback(origin.host) else _proxy_of_environment(origin, environ)
    # No proxy is told an origin in HTTP/2.
    return Route(proxy, always_tunnels=proxy is not None and options.http == "2")


def parse_resolve(text: str) -> tuple[str, int, str]:
    """Read HOST:PORT:ADDRESS, where an IPv6 host stands in brackets; raises InputError."""
    found = _RESOLVE.fullmatch(text)
    try:
        address = ipaddress.ip_address(found[3].strip("[]")) if found else None
    except ValueError:
        address = None
    if found is None or address is None or not 0 < int(found[2]) < 65536:
        raise InputError(
            f"--resolve '{text}' is not HOST:PORT:ADDRESS with a number address, as in registry.example:443:10.0.0.5."
        )
    return found[1].strip("[]").lower(), int(found[2]), str(address)


def resolve_text(one: tuple[str, int, str]) -> str:
    """Return HOST:PORT:ADDRESS as it is written."""
    host, port, address = one
    return f"[{host}]:{port}:{address}" if ":" in host else f"{host}:{port}:{address}"


def parse_proxy(text: str, source: str) -> Proxy:
    """Read `KIND://[user:password@]host[:port]`; `source` says where it was given. Raises InputError."""
    scheme, mark, rest = text.partition("://") if "://" in text else ("http", "://", text)
    login, at, authority = rest.rstrip("/").rpartition("@")
    kind = "socks5" if scheme.lower() == "socks" else scheme.lower()
    if kind not in PROXY_KINDS:
        raise InputError(
            f"{source} names a proxy of the kind {scheme}{mark}, and only {', '.join(PROXY_KINDS)} can be used here. "
            "Name another, or put the registry's host into NO_PROXY."
        )
    user, _, password = login.partition(":") if at else ("", "", "")
    try:
        origin = parse_origin(authority, "https" if kind == "https" else "http", plain_http=True)
    except InputError as bad:
        raise InputError(f"{source} names no proxy that can be used: write {kind}://host:port.") from bad
    if kind not in ("http", "https") and not re.search(r":[0-9]+$", authority):
        origin = replace(origin, port=SOCKS_PORT)
    return Proxy(origin, unquote(user), unquote(password), kind)


def _proxy_of_environment(origin: Origin, environ: Mapping[str, str]) -> Proxy | None:
    """Return the proxy that the environment wants for an origin; lower-case names come first, as curl has it."""
    if _is_exempt(origin, environ.get("no_proxy") or environ.get("NO_PROXY") or ""):
        return None
    # A CGI's environment holds request headers as HTTP_…, so a client could set HTTP_PROXY there (CVE-2016-5385).
    upper = () if origin.scheme == "http" and "REQUEST_METHOD" in environ else (f"{origin.scheme.upper()}_PROXY",)
    for name in (f"{origin.scheme}_proxy", *upper, "all_proxy", "ALL_PROXY"):
        if environ.get(name):
            return parse_proxy(environ[name], f"The environment's {name}")
    return None


def _is_exempt(origin: Origin, exempt: str) -> bool:
    return any(_matches(origin, entry.strip().lower()) for entry in exempt.split(",") if entry.strip())


def _matches(origin: Origin, entry: str) -> bool:
    if entry == "*":
        return True
    try:
        return ipaddress.ip_address(origin.host) in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        pass
    host, colon, port = entry.rpartition(":") if entry.count(":") == 1 else (entry, "", "")
    if colon and port != str(origin.port):
        return False
    name = host.strip("[]").removeprefix("*").lstrip(".")
    return origin.host == name or origin.host.endswith(f".{name}")


def check(options: ConnectionOptions) -> ConnectionOptions:
    """Return the options; raises InputError where they cannot be meant, FormatError where a file is not there."""
    if options.proxy:
        parse_proxy(options.proxy, "--proxy")
    if options.client_key and not options.client_cert:
        raise InputError("--client-key needs the certificate that it belongs to: add --client-cert FILE.")
    for path, what in (
        (options.ca, "the CA"),
        (options.client_cert, "the client certificate"),
        (options.client_key, "the client's key"),
        (options.unix_socket, "the unix socket"),
    ):
        try:
            if path is not None:
                Path(path).stat()
        except OSError as bad:
            raise FormatError(path, f"{what} cannot be read: {bad.strerror}.") from bad
        except ValueError as bad:
            raise FormatError(repr(path), f"no file can have that name ({bad}).") from bad
    return options
