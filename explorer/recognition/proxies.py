"""What stands in front of a registry and answers, or leaves its mark: proxies, content networks, gateways."""

from __future__ import annotations

import re
from collections.abc import Callable

from explorer.model import Exchange, Response
from explorer.recognition.signs import Sign, answer_header
from explorer.spec.errors import parse_errors

SERVERS = (
    ("nginx", r"^nginx(?:/(\S+))?"),
    ("OpenResty", r"^openresty(?:/(\S+))?"),
    ("Cloudflare", r"^cloudflare"),
    ("Apache httpd", r"^Apache(?:/(\S+))?(?! Tomcat|-Coyote)"),
    ("Envoy", r"^(?:istio-)?envoy"),
    ("Caddy", r"^Caddy"),
    ("AWS load balancer", r"^awselb(?:/(\S+))?"),
    ("Google front end", r"^(?:Google Frontend|gws|ESF)"),
    ("IIS", r"^Microsoft-IIS(?:/(\S+))?"),
    ("Azure Application Gateway", r"^Microsoft-Azure-Application-Gateway(?:/(\S+))?"),
    ("Akamai", r"^AkamaiGHost"),
    ("Squid", r"^squid(?:/(\S+))?"),
    ("lighttpd", r"^lighttpd(?:/(\S+))?"),
    ("Kong", r"^kong(?:/(\S+))?"),
    ("Varnish", r"^Varnish"),
)
"""A proxy's name, and what its Server header looks like; the group is the version."""

MARKS = (
    ("Cloudflare", "CF-Ray", r""),
    ("Envoy", "X-Envoy-Upstream-Service-Time", r""),
    ("CloudFront", "X-Amz-Cf-Id", r""),
    ("Varnish", "X-Varnish", r""),
    ("Squid", "X-Squid-Error", r""),
    ("Squid", "Via", r"squid"),
    ("Varnish", "Via", r"varnish"),
    ("CloudFront", "Via", r"CloudFront"),
    ("Google front end", "Via", r"\bgoogle\b"),
    ("Kong", "Via", r"kong"),
    ("Caddy", "Via", r"Caddy"),
    ("Kong", "X-Kong-Proxy-Latency", r""),
    ("Fastly", "X-Served-By", r"^cache-"),
    ("Akamai", "X-Akamai-Request-Id", r""),
)
"""A proxy's name, a header that it adds, and what its value has in it."""

PAGES = (
    ("nginx", r"<center>nginx(?:/[^<]*)?</center>"),
    ("OpenResty", r"<center>openresty"),
    ("Cloudflare", r"<center>cloudflare</center>|^error code: \d+"),
    ("Apache httpd", r"<address>Apache"),
    ("HAProxy", r"<html><body><h1>\d{3} [^<]*</h1>\s*(?:The |Your |No |You |This |Request )"),
    ("Envoy", r"^upstream connect error or disconnect/reset before headers|^no healthy upstream"),
    ("Traefik", r"^(?:Bad Gateway|Gateway Timeout|Service Unavailable)\s*$"),
    ("Squid", r"Generated .* by .* \(squid"),
    ("AWS load balancer", r"<center><h1>\d{3} [^<]*</h1></center>\s*</body>\s*</html>\s*$"),
)
"""A proxy's name, and what its own error page has in it."""

_OWN_PAGES = tuple((name, re.compile(pattern)) for name, pattern in PAGES)
_LOOK_INTO = 2048


def page_of(answer: Response) -> str:
    """Return the name of the proxy whose error page a body is; empty where it is none of those known."""
    if not isinstance(answer.body, bytes) or answer.status < 300:
        return ""
    text = answer.body[:_LOOK_INTO].decode("utf-8", "replace")
    return next((name for name, pattern in _OWN_PAGES if pattern.search(text)), "")


def is_html(answer: Response) -> bool:
    """Say whether an answer is a web page: by its type or by how its body begins."""
    kind = (answer.headers.get("Content-Type") or "").lower()
    if kind.startswith("text/html"):
        return True
    start = answer.body[:200].lstrip().lower() if isinstance(answer.body, bytes) else b""
    return start.startswith((b"<!doctype html", b"<html"))


def who_answered(answer: Response) -> str:
    """Return who made an answer: registry, proxy, or empty where its marks do not tell."""
    if answer.headers.get("Docker-Distribution-Api-Version") is not None:
        return "registry"
    if isinstance(answer.body, bytes) and parse_errors(answer.body):
        return "registry"
    if page_of(answer) or is_html(answer):
        return "proxy"
    if answer.headers.get("Docker-Content-Digest") or answer.headers.get("Docker-Upload-Uuid"):
        return "registry"
    return ""


def _server(pattern: str) -> Callable[[Exchange], str]:
    compiled = re.compile(pattern, re.IGNORECASE)

    def look(exchange: Exchange) -> str:
        value = exchange.response.headers.get("Server") if exchange.response else None
        found = compiled.match(value) if value else None
        return f"the answers say Server: {value}\n{(found[1] or '') if compiled.groups else ''}" if found else ""

    return look


def _mark(header: str, pattern: str) -> Callable[[Exchange], str]:
    compiled = re.compile(pattern, re.IGNORECASE)

    def look(exchange: Exchange) -> str:
        value = exchange.response.headers.get(header) if exchange.response else None
        return f"the answers have {header}: {value[:60]}" if value is not None and compiled.search(value) else ""

    return look


def _shown_page(exchange: Exchange) -> str:
    answer = exchange.response
    name = page_of(answer) if answer else ""
    return f"{name} {exchange.status}" if name else ""


def _page(name: str) -> Callable[[Exchange], str]:
    def look(exchange: Exchange) -> str:
        answer = exchange.response
        return f"the page with {answer.status} is {name}'s own" if answer and page_of(answer) == name else ""

    return look


PROXIES: tuple[Sign, ...] = (
    *(Sign(name, "decides", _server(pattern), part=answer_header("server")) for name, pattern in SERVERS),
    *(
        Sign(name, "decides", _mark(header, pattern), part=answer_header(header.lower()))
        for name, header, pattern in MARKS
    ),
    *(Sign(name, "likely", _page(name), part=_shown_page) for name, _ in PAGES),
)
