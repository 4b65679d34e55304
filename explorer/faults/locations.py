"""Locations that lead astray: scheme, host, port or prefix are wrong, or all of it is lost."""

from __future__ import annotations

from explorer.faults.answers import go_not_found, nginx_page
from explorer.faults.arguments import Which, choice, text, which
from explorer.faults.changes import absolute, passes, split_url, with_location, without
from explorer.faults.declared import Passing, Plays, fault
from explorer.wire.server import Outgoing

_PREFIX = "the path below which the registry is reached, as in /registry"


@fault("location-missing", plays=Plays.PROXY, argument=which("uploads"))
def location_missing(passing: Passing, meant: Which) -> Outgoing:
    """202 without a Location: something on the way has dropped it, and nobody can tell where to go on."""
    return without(passing.on(), "Location") if meant.takes(passing.asked) else passing.on()


@fault("relative-location", plays=Plays.REGISTRY, known_as=("relative-location-unresolved",))
def relative_location(passing: Passing) -> Outgoing:
    """The Location has no scheme and no host: `/v2/…`, to be resolved against the address of the request.

    zot and GHCR always do so, distribution with `http.relativeurls`. A client that takes it for a whole URL fails with
    "unsupported protocol scheme".
    """

    def relative(location: str) -> str:
        return split_url(location)[2] if "://" in location else location

    return with_location(passing.on(), relative)


@fault("location-http-behind-tls", "https-to-http-port", plays=Plays.DEPLOYMENT)
def wrong_scheme(passing: Passing) -> Outgoing:
    """The Location names http where the registry was reached by https: the proxy with the TLS does not tell it.

    What X-Forwarded-Proto or Forwarded say is not heeded. Where neither is sent, as without a proxy, the scheme is
    turned round: over plain http the Location names https, and the next request speaks TLS to a port that does not.
    """
    bare = passes(passing.headers)
    if len(bare) < len(passing.headers):
        return passing.on(headers=bare)

    def turned(location: str) -> str:
        scheme, authority, target = split_url(absolute(passing.incoming, location))
        return f"{'http' if scheme == 'https' else 'https'}://{authority}{target}"

    return with_location(passing.on(), turned)


@fault("location-wrong-port", plays=Plays.DEPLOYMENT)
def wrong_port(passing: Passing) -> Outgoing:
    """The Location has lost the port: the proxy hands on `$host` instead of `$http_host`."""

    def portless(location: str) -> str:
        scheme, authority, target = split_url(absolute(passing.incoming, location))
        host, colon, port = authority.rpartition(":")
        return f"{scheme}://{host if colon and port.isdigit() else f'{authority}:8443'}{target}"

    return with_location(passing.on(), portless)


@fault(
    "location-internal-host",
    plays=Plays.DEPLOYMENT,
    argument=text("HOST", "the name that the registry takes for its own, as in registry:5000", "registry:5000"),
)
def internal_host(passing: Passing, host: str) -> Outgoing:
    """The Location names a host that only the proxy knows: Host is not handed on, the Location not rewritten."""

    def internal(location: str) -> str:
        scheme, _, target = split_url(absolute(passing.incoming, location))
        return f"{scheme}://{host}{target}"

    return with_location(passing.on(), internal)


@fault("location-malformed-scheme", plays=Plays.DEPLOYMENT)
def malformed_scheme(passing: Passing) -> Outgoing:
    """The Location begins with `https,http://`: two proxies have each added to X-Forwarded-Proto, and it was copied."""

    def doubled(location: str) -> str:
        _, authority, target = split_url(absolute(passing.incoming, location))
        return f"https,http://{authority}{target}"

    return with_location(passing.on(), doubled)


@fault("state-dropped", plays=Plays.PROXY)
def state_dropped(passing: Passing) -> Outgoing:
    """The Location has lost its query, and with it `_state`: a proxy has rewritten it by its path alone.

    The next request is answered with 404 `BLOB_UPLOAD_INVALID`, `invalid secret`.
    """
    return with_location(passing.on(), lambda location: location.partition("?")[0])


@fault("state-double-encoded", plays=Plays.PROXY)
def state_double_encoded(passing: Passing) -> Outgoing:
    """The Location's query is percent-encoded once more, `%3D` has become `%253D`: a proxy has parsed and rebuilt it.

    The next request is answered with 404 `BLOB_UPLOAD_INVALID`, `illegal base64 data at input byte …`.
    """

    def again(location: str) -> str:
        path, mark, query = location.partition("?")
        return path + mark + query.replace("%", "%25")

    return with_location(passing.on(), again)


@fault("path-prefix-lost", plays=Plays.PROXY, argument=text("PREFIX", _PREFIX, "/registry"))
def prefix_lost(passing: Passing, prefix: str) -> Outgoing:
    """The registry is reached below a prefix, the proxy strips it, and the Location comes back without.

    `/registry/v2/…` works; `/v2/…`, where the Location leads, is the proxy's own 404 page.
    """
    target = passing.incoming.target
    if not target.startswith(f"{_rooted(prefix)}/v2/"):
        return nginx_page(404)
    return passing.on(target=target.removeprefix(_rooted(prefix)))


@fault("wrong-api-prefix", plays=Plays.DEPLOYMENT, argument=text("PREFIX", _PREFIX, "/registry"))
def wrong_api_prefix(passing: Passing, prefix: str) -> Outgoing:
    """404 as plain text, `404 page not found`, for all of `/v2/`: the API lies below another path.

    Below that path everything works, Locations as well.
    """
    target = passing.incoming.target
    if not target.startswith(f"{_rooted(prefix)}/v2"):
        return go_not_found()

    def back(location: str) -> str:
        if location.startswith("/"):
            return _rooted(prefix) + location
        scheme, authority, rest = split_url(location)
        return f"{scheme}://{authority}{_rooted(prefix)}{rest}"

    return with_location(passing.on(target=target.removeprefix(_rooted(prefix))), back)


def _rooted(prefix: str) -> str:
    return f"/{prefix.strip('/')}"


@fault(
    "registry-proxy-rewrites-path",
    "state-wrong-repo",
    plays=Plays.PROXY,
    argument=choice("what becomes of the first part of the repository in a Location", "repeats", "lacks"),
)
def rewrites_path(passing: Passing, how: str) -> Outgoing:
    """The Location repeats or lacks the first part of the repository's name, which a proxy adds or strips.

    The next request is for another repository than the upload: 404 `BLOB_UPLOAD_INVALID` without a detail.
    """

    def rewritten(location: str) -> str:
        before, api, after = location.partition("/v2/")
        first, slash, rest = after.partition("/")
        is_long = "/blobs/" in f"/{rest}" and not rest.startswith("blobs/")
        if how == "lacks" and is_long:
            return f"{before}{api}{rest}"
        return f"{before}{api}{first}/{first}{slash}{rest}"

    return with_location(passing.on(), rewritten) if passing.asked.kind in ("open", "upload") else passing.on()
