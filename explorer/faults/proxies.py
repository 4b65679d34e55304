"""What a reverse proxy or a CDN in front of a registry does to it: limits, pages of its own, methods that it stops."""

from __future__ import annotations

from explorer.faults.answers import cloudflare_413, nginx_page
from explorer.faults.arguments import Which, size, text, time, which
from explorer.faults.bodies import AlteredBody, Blocks
from explorer.faults.declared import Passing, Plays, fault
from explorer.wire.server import Outgoing


class _TooMuch(Exception):
    """The body is longer than the limit."""


def _limited(passing: Passing, limit: int, page: Outgoing) -> Outgoing:
    """Answer with a page where the body is longer than the limit, as soon as that is known."""
    length = passing.incoming.body.length
    if length is not None:
        return page if length > limit else passing.on()

    def counted(blocks: Blocks) -> Blocks:
        seen = 0
        for block in blocks:
            seen += len(block)
            if seen > limit:
                raise _TooMuch
            yield block

    try:
        return passing.on(body=AlteredBody(passing.incoming.body, counted))
    except _TooMuch:
        return page


@fault("nginx-413", plays=Plays.PROXY, argument=size("the longest body that goes through", "1m"))
def nginx_413(passing: Passing, limit: int) -> Outgoing:
    """413 with nginx's HTML page for every body over the limit: `client_max_body_size`, 1 MiB where it is not set.

    Small blobs and manifests pass. The page has no `Docker-Distribution-Api-Version`: no registry has answered.
    """
    return _limited(passing, limit, nginx_page(413))


@fault("cdn-413", plays=Plays.PROXY, argument=size("the longest body that goes through", "100m"))
def cdn_413(passing: Passing, limit: int) -> Outgoing:
    """413 with Cloudflare's HTML page for every body over the limit: 100 MB on its free plans."""
    return _limited(passing, limit, cloudflare_413())


@fault("length-required-411", plays=Plays.PROXY)
def length_required(passing: Passing) -> Outgoing:
    """411 with an HTML page for every body that is sent chunked; with a Content-Length it passes.

    Old nginx, Apache in front of FastCGI, and appliances do so.
    """
    return nginx_page(411) if passing.incoming.body.length is None else passing.on()


@fault(
    "verb-blocked",
    plays=Plays.PROXY,
    argument=text("METHODS", "the methods that are stopped, as in PATCH,PUT", "PATCH,PUT,DELETE"),
)
def verb_blocked(passing: Passing, methods: str) -> Outgoing:
    """405 with an HTML page for PATCH, PUT and DELETE, while POST, GET and HEAD pass: a firewall's or a CDN's list."""
    return nginx_page(405) if passing.incoming.method in methods.upper().split(",") else passing.on()


@fault("bad-gateway", plays=Plays.PROXY, argument=which("all"))
def bad_gateway(passing: Passing, meant: Which) -> Outgoing:
    """502 with nginx's HTML page: the proxy is up, the registry behind it is not."""
    return _page_instead(passing, meant, 502)


@fault("service-unavailable", plays=Plays.PROXY, argument=which("all"), known_as=("health-503",))
def service_unavailable(passing: Passing, meant: Which) -> Outgoing:
    """503 with nginx's HTML page: the proxy lets nobody through, or knows no registry that is well."""
    return _page_instead(passing, meant, 503)


def _page_instead(passing: Passing, meant: Which, status: int) -> Outgoing:
    if not meant.takes(passing.asked):
        return passing.on()
    passing.swallow()
    return nginx_page(status)


@fault("gateway-timeout", plays=Plays.PROXY, argument=time("how long the proxy waits for the registry", "5s"))
def gateway_timeout(passing: Passing, seconds: float) -> Outgoing:
    """504 with nginx's HTML page for the PUT that closes an upload, after a wait; nginx's own is 60 seconds.

    The registry was handed the request all the same and goes on with it: the blob is there afterwards, as it is where
    a long commit to an object store outlives the proxy's patience.
    """
    if not passing.asked.is_closing:
        return passing.on()
    passing.on()
    passing.pause(seconds)
    return nginx_page(504)
