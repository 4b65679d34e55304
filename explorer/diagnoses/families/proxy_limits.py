"""Limits that what stands in front puts on bodies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen
from explorer.diagnoses.settings import BODY_LIMIT, setting
from explorer.model import Request

_CDN = ("Cloudflare", "CloudFront", "Akamai", "Fastly")


@rule(
    "nginx-413",
    "decides",
    who="proxy",
    fix="Raise the proxy's limit for bodies: client_max_body_size 0; in nginx.",
    covers=("html-instead-of-json", "response-dropped"),
    sources=("observed with nginx 1.22", "moby/buildkit#4320", "traefik/traefik#8005"),
)
def nginx_413(seen: Seen) -> Iterator[Found]:
    """The body is larger than the proxy in front lets through; nginx's limit is 1 MiB where nobody sets it.

    It holds for chunked bodies, too. A client that does not read the answer while it sends sees a broken connection.
    """
    if seen.status == 413 and seen.who != "registry" and not _is_cdn(seen):
        name = seen.proxy or "nginx"
        size = (
            f"{seen.size:,} bytes were sent"
            if seen.size
            else f"Content-Length is {seen.q('Content-Length') or 'not known'}"
        )
        yield Found(
            f"{seen.proxy or 'what stands in front'} does not let a body of this size through",
            f"{size}; the answer is {seen.proxy or 'a proxy'}'s and not the registry's",
            (seen.at_answer(), seen.at_header("Content-Length")),
            fix=f"Raise the limit for bodies ({setting(BODY_LIMIT, name)}); a chunked push with small chunks "
            "passes, too.",
        )


@rule(
    "cdn-413",
    "decides",
    who="proxy",
    fix="Let pushes go past the content network, or push in chunks below its limit (100 MB on Cloudflare's free plan).",
    covers=("html-instead-of-json",),
    sources=("cloudflare/serverless-registry#67", "sameersbn/docker-gitlab#2819", "moby/moby#27877"),
)
def cdn_413(seen: Seen) -> Iterator[Found]:
    """The body is larger than the content network in front lets through, and its plan sets that limit.

    Cloudflare: 100 MB on the free and the Pro plan. It has been seen as a 400, too.
    """
    said_large = seen.status == 400 and seen.who == "proxy" and seen.says("too large")
    if (seen.status == 413 or said_large) and _is_cdn(seen):
        yield Found(
            f"{seen.proxy} does not let a body of this size through",
            f"{seen.size:,} bytes were sent; the answer is {seen.proxy}'s",
            (seen.at_answer(), seen.at_header("Content-Length")),
        )


@rule(
    "registry-413",
    "decides",
    who="registry",
    fix="Make the body smaller, or raise the registry's own limit.",
)
def registry_413(seen: Seen) -> Iterator[Found]:
    """The registry itself says that the body is too large: its limit for manifests, or a quota by another name."""
    if seen.status == 413 and seen.who == "registry" and seen.kind != "manifest" and not seen.says("quota"):
        yield Found(
            "the registry does not take a body of this size",
            seen.detail() or f"{seen.size:,} bytes",
            (seen.at_answer(),),
        )


@rule(
    "length-required-411",
    "decides",
    who="proxy",
    fix="Send a Content-Length (no Transfer-Encoding: chunked), or let the proxy take chunked bodies (nginx from "
    "1.3.9 on does).",
    sources=("distribution/distribution#1873", "MarvAmBass/docker-nginx-registry-proxy#4"),
)
def length_required_411(seen: Seen) -> Iterator[Found]:
    """What stands in front wants a Content-Length, and the body was sent without one: chunked, or not framed at all.

    Old nginx (before 1.3.9), Apache in front of FastCGI and some appliances do that. docker sends its PATCH chunked.
    """
    if seen.status != 411:
        return
    chunked = (seen.q("Transfer-Encoding") or "").lower() == "chunked"
    why = "the body was sent with Transfer-Encoding: chunked" if chunked else "the request has no Content-Length"
    edit = seen.without_header("Transfer-Encoding")
    size = seen.size
    yield Found(
        "a Content-Length is required",
        why,
        (seen.at_header("Transfer-Encoding" if chunked else "Content-Length"), seen.at_answer()),
        _sized(edit, size) if size or seen.exchange.basis == "observed" else None,
        f"Content-Length: {size} in place of the chunked encoding",
    )


def _sized(request: Request, size: int) -> Request:
    return replace(request, headers=request.headers.set("Content-Length", str(size)))


def _is_cdn(seen: Seen) -> bool:
    server = (seen.r("Server") or "").lower()
    return seen.proxy in _CDN or any(name.lower() in server for name in _CDN) or "cloudflare</center>" in seen.text
