"""Location: where an answer sends the client next, and how a proxy or a setting makes it point to the wrong place."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen
from explorer.diagnoses.settings import FORWARD_HOST, FORWARD_SCHEME, own_address, setting
from explorer.model import Origin
from explorer.spec.references import is_loopback


def _uploading(seen: Seen) -> bool:
    return seen.status in (201, 202, 204) and seen.kind in ("uploads", "upload", "manifest")


def _moved(seen: Seen) -> Origin | None:
    """Return the origin that the Location names, where it is another than the one that was asked."""
    if not _uploading(seen) or seen.location is None:
        return None
    origin = seen.location[0]
    return origin if origin != seen.request.origin else None


@rule(
    "location-missing",
    "decides",
    who="proxy",
    when="answered",
    fix="Let the proxy pass the Location on; where none is in front, this is no registry that uploads can go to.",
    sources=("distribution-spec, spec.md, Pushing blobs", "observed with regclient and crane, which stop here"),
)
def location_missing(seen: Seen) -> Iterator[Found]:
    """202 came without a Location, so that there is no address to send the bytes to.

    The specification requires it. A proxy dropped it, or what answered is no registry.
    """
    needed = seen.kind == "uploads" and seen.method == "POST" and seen.status == 202
    given = seen.r("Location")
    is_list = "," in (given or "").partition("://")[0]  # which location-malformed-scheme tells
    if needed and given and seen.location is None and not is_list:
        yield Found(
            "the Location is no address that a request can go to",
            f"Location: {given[:120]}",
            (seen.at_answer("Location"),),
            who="registry",
            fix="Mend what writes the Location: it has to be a whole http or https URL, or a path that "
            "begins with a slash.",
        )
    if needed and not given and seen.knows("response.headers"):
        yield Found(
            "the answer has no Location",
            "202 opens an upload, and its address must stand in Location",
            (seen.at_answer(),),
        )


@rule(
    "location-malformed-scheme",
    "decides",
    who="proxy",
    when="answered",
    fix="Send one value in X-Forwarded-Proto: the outermost proxy sets it, the inner ones leave it.",
    covers=("location-http-behind-tls", "location-internal-host", "relative-location-unresolved"),
    sources=("observed with distribution 2.8 and 3",),
)
def location_malformed_scheme(seen: Seen) -> Iterator[Found]:
    """The Location begins with two schemes, as in https,http://…: a list from X-Forwarded-Proto was copied into it.

    Two proxies each added their own value, and distribution copies the field as it stands.
    """
    location = seen.r("Location") or ""
    scheme = location.partition("://")[0]
    if "," in scheme and "://" in location:
        yield Found(
            f"the Location begins with '{scheme}://', which is no scheme",
            "a list of values stands where one scheme belongs",
            (seen.at_answer("Location", 0, len(scheme)),),
        )


@rule(
    "location-http-behind-tls",
    "decides",
    who="proxy",
    when="answered",
    fix="Let the proxy tell the registry the scheme, or give the registry its own address.",
    covers=(
        "location-wrong-port",
        "post-became-get",
        "patch-became-get-unknown-blob",
        "http-to-https-port",
        "https-to-http-port",
        "tls-failed",
        "upload-redirected",
        "html-instead-of-json",
        "unexplained-refusal",
    ),
    sources=("goharbor/harbor#7258", "goharbor/harbor#13010", "observed with nginx in front of distribution 3"),
)
def location_http_behind_tls(seen: Seen) -> Iterator[Found]:
    """The registry was asked by https, and its Location says http: it does not know that TLS ends in front of it.

    Or the other way round: what tells it the scheme (X-Forwarded-Proto, http.host) says https, and there is no TLS.

    What follows goes out in plain http, is refused by a port that speaks TLS, or is redirected to https, where
    clients in Go turn PATCH and PUT into GET.
    """
    moved = _moved(seen)
    asked = seen.request.origin
    if moved and moved.scheme != asked.scheme and moved.host == asked.host:
        scheme = setting(FORWARD_SCHEME, seen.proxy)
        yield Found(
            f"the Location says {moved.scheme}, and the registry was asked by {asked.scheme}",
            f"asked: {asked}; Location: {moved}",
            (seen.at_answer("Location", 0, len(moved.scheme)),),
            fix=f"In the proxy ({scheme}), or in the registry ({own_address(seen.registry)}).",
        )


@rule(
    "location-wrong-port",
    "decides",
    who="proxy",
    when="answered",
    fix="Let the proxy forward Host with its port.",
    covers=("host-unreachable",),
    sources=("observed with nginx in front of distribution 3",),
)
def location_wrong_port(seen: Seen) -> Iterator[Found]:
    """The Location names the same host with another port, or without the port that was used.

    nginx's $host has no port and $http_host has it; distribution ignores X-Forwarded-Port.
    """
    moved, asked = _moved(seen), seen.request.origin
    if moved and moved.host == asked.host and moved.port != asked.port and moved.scheme == asked.scheme:
        yield Found(
            f"the Location names port {moved.port}, and port {asked.port} was asked",
            f"asked: {asked}; Location: {moved}",
            (seen.at_answer("Location"),),
            fix=f"Let the proxy forward Host with its port ({setting(FORWARD_HOST, seen.proxy)}), "
            f"or tell the registry its address ({own_address(seen.registry)}).",
        )


@rule(
    "location-internal-host",
    "decides",
    who="proxy",
    when="answered",
    fix="Let the proxy forward the Host that it was asked for, or tell the registry its own address.",
    covers=("host-unreachable", "path-prefix-lost"),
    sources=("observed with nginx in front of distribution 3",),
)
def location_internal_host(seen: Seen) -> Iterator[Found]:
    """The Location names another host than the one that was asked: a container's name, a loopback or upstream address.

    The registry repeats the Host that it gets. Where the proxy sends its own, the client is led around the proxy, or
    nowhere. Some registries upload to another host on purpose; credentials must not go there without consent.
    """
    moved, asked = _moved(seen), seen.request.origin
    if moved is None or moved.host == asked.host:
        return
    inner = is_inner(moved.host)
    yield Found(
        f"the Location leads to {moved}, and {asked} was asked",
        f"the host is {'an address or name from inside' if inner else 'another one'}: {moved.host}",
        (seen.at_answer("Location"),),
        certainty="decides" if inner else "likely",
        fix=f"Let the proxy forward Host ({setting(FORWARD_HOST, seen.proxy)}), "
        f"or tell the registry its address ({own_address(seen.registry)}).",
        key=str(moved),
    )


def is_inner(host: str) -> bool:
    """Say whether a host is named as from inside: loopback, a private address, or a name without a dot."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return is_loopback(host) or "." not in host or host.endswith((".local", ".internal", ".svc", ".cluster.local"))
    return address.is_private or address.is_loopback or address.is_link_local


@rule(
    "path-prefix-lost",
    "decides",
    who="proxy",
    when="answered",
    fix="Give the registry a host name of its own, or set http.prefix (or http.host with the path) in it, or let "
    "the proxy "
    "rewrite Location (proxy_redirect /v2/ /PREFIX/v2/; in nginx).",
    covers=("verb-blocked", "wrong-api-prefix", "html-instead-of-json"),
    sources=("observed with nginx in front of distribution 3",),
)
def path_prefix_lost(seen: Seen) -> Iterator[Found]:
    """The request's path has a prefix before /v2/, and the Location's has not: the proxy strips it on the way in.

    The registry cannot know the prefix, so what follows goes to a path that the proxy does not serve.
    """
    prefix = seen.named.prefix
    if not prefix or not _uploading(seen) or seen.location is None:
        return
    target = seen.location[1]
    if target.startswith("/v2/"):
        yield Found(
            f"the Location has lost the prefix {prefix}",
            f"asked: {prefix}/v2/…; Location: {target.partition('?')[0]}",
            (seen.at_target(0, len(prefix)), seen.at_answer("Location")),
        )


@rule(
    "relative-location-unresolved",
    "decides",
    when="always",
    fix="Resolve Location against the URL that was really sent (RFC 3986, section 5): scheme and host are that URL's.",
    covers=("host-unreachable",),
    sources=("RFC 9110, 10.2.2", "observed with zot and GHCR, which always answer so"),
)
def relative_location_unresolved(seen: Seen) -> Iterator[Found]:
    """The client used a Location that is only a path as if it was a whole URL.

    zot and GHCR always answer with a path, and distribution does with relativeurls. Go says "unsupported protocol
    scheme", curl "URL using bad/illegal format" or tries a host that is named v2.
    """
    if seen.says("unsupported protocol scheme", "no Host in request URL", "No scheme supplied", "URL rejected"):
        yield Found("a Location that is only a path was used as a whole URL", seen.text[:120], (seen.at_failure,))
    elif seen.request.origin.host == "v2" and seen.kind == "other":
        yield Found(
            "a Location that is only a path was used as a whole URL",
            f"the request went to the host 'v2', which is the first part of the path {seen.target[:60]}",
            (seen.at_target(),),
        )


@rule(
    "registry-proxy-rewrites-path",
    "likely",
    who="proxy",
    when="answered",
    covers=("state-wrong-repo",),
    fix="Let the proxy rewrite Location by the same mapping as the path, in the other direction; in Artifactory, "
    "see that the "
    "override base URL has the repository in it (repository-path mode).",
    sources=("distribution/distribution#2266",),
)
def registry_proxy_rewrites_path(seen: Seen) -> Iterator[Found]:
    """The Location names another repository than the request: a proxy maps repository paths, and only in one
    direction.
    """
    if not _uploading(seen) or seen.location is None or seen.kind == "manifest":
        return
    asked, led = seen.named.repository, seen.location_named.repository
    nested = led.endswith(f"/{asked}") or asked.endswith(f"/{led}") or led.startswith(f"{asked}/") or asked in led
    if led and asked and led != asked and seen.location_named.kind in ("upload", "blob") and nested:
        yield Found(
            f"the Location is in repository {led}, and {asked} was asked",
            f"path sent: {asked}; path of the Location: {led}",
            (seen.at_target(), seen.at_answer("Location")),
            key=f"{asked} {led}",
        )
