"""What should not happen to credentials, and text that would command a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.families.locations import is_inner
from explorer.diagnoses.families.storage import is_storage_hop
from explorer.diagnoses.seen import Seen
from explorer.errors import Stuck
from explorer.model import Place
from explorer.spec.locations import resolve
from explorer.spec.references import is_loopback

_COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")
_SECRET_HEADERS = ("Authorization", "Cookie", "Proxy-Authorization")


@rule(
    "credentials-elsewhere",
    "likely",
    when="always",
    before=True,
    fix="Send Authorization only to the origin (scheme, host and port) that it was made for; leave it out after "
    "redirects and "
    "Locations to another.",
    sources=("GHSA-jxpm-75mh-9fp7", "GHSA-vh4v-2xq2-g5cg", "GHSA-qvqc-4c52-x6qp", "CVE-2018-1000007"),
)
def credentials_elsewhere(seen: Seen) -> Iterator[Found]:
    """Credentials that were made for one registry go to another origin: another host, port or scheme.

    Whoever is there can use them. A Location or a redirect must not carry them along.
    """
    authorization = seen.q("Authorization") or ""
    known = seen.history.credentials.get(authorization)
    if not authorization or known is None or known[1] == seen.request.origin:
        return
    id, origin = known
    followed = is_storage_hop(seen) or any(
        f"{seen.request.origin}{seen.target}".startswith(url.partition("?")[0]) for url in _led_to(seen)
    )
    if seen.history.is_token_service(seen.exchange) or not (followed or seen.is_draft):
        return
    yield Found(
        f"credentials of {origin} go to {seen.request.origin}",
        f"the same Authorization was used for {origin} in exchange {id}",
        (seen.at_header("Authorization"),),
        seen.without_header("Authorization"),
        "no Authorization",
        key=str(seen.request.origin),
    )


def _led_to(seen: Seen) -> list[str]:
    upload = seen.upload
    return [*seen.history.redirects, *([upload.location] if upload and upload.location else [])]


@rule(
    "http-after-https",
    "likely",
    when="always",
    before=True,
    fix="Use https for all of a conversation; see why the address became http (location-http-behind-tls).",
    covers=("credentials-elsewhere",),
    sources=("CVE-2014-5277", "GHSA-28r5-37g7-p6mp"),
)
def http_after_https(seen: Seen) -> Iterator[Found]:
    """A conversation that began with https goes on in plain http on the same host: anyone on the way can read and
    change it.
    """
    asked = seen.request.origin
    if asked.scheme != "http" or is_loopback(asked.host):
        return
    secure = seen.history.exchanges.get(seen.history.secure.get(asked.host, 0))
    if secure and secure.status and (seen.is_draft or seen.q("Authorization")):
        with_login = ", and the credentials go along" if seen.q("Authorization") else ""
        yield Found(
            f"http is spoken to {asked.host} after https{with_login}",
            f"exchange {secure.id} went to {secure.request.origin}",
            (seen.at_target(),),
            seen.to(f"https://{secure.request.origin.authority}{seen.target}"),
            "https, as before",
        )


@rule(
    "leads-inside",
    "likely",
    who="registry",
    when="answered",
    fix="Do not follow it with credentials, and not at all where you do not know the address.",
    sources=("go-containerregistry#2295", "CVE-2026-48978"),
)
def leads_inside(seen: Seen) -> Iterator[Found]:
    """A registry of the outside redirects to an address from inside: loopback, link-local (169.254.169.254), private.

    A hostile one uses clients so, to reach what only they can reach.
    """
    if seen.response is None or not 300 <= seen.status < 400 or seen.location is None:
        return
    led, asked = seen.location[0], seen.request.origin
    is_address = re.fullmatch(r"[0-9.]+|[0-9a-f:]+", led.host) is not None
    if (
        led.host != asked.host
        and is_inner(led.host)
        and not is_inner(asked.host)
        and (is_address or is_loopback(led.host))
    ):
        yield Found(f"the redirect leads to {led}, which is inside", f"asked: {asked}", (seen.at_answer("Location"),))


@rule(
    "link-elsewhere",
    "likely",
    who="registry",
    when="answered",
    fix="Follow Link only within the same origin.",
    sources=("distribution-spec, spec.md, end-8b",),
)
def link_elsewhere(seen: Seen) -> Iterator[Found]:
    """The Link to the next page leads to another origin; pages of one list have no reason to."""
    value = seen.r("Link") or ""
    found = re.match(r"\s*<([^>]*)>", value)
    if not found or not seen.worked:
        return
    try:
        origin, _ = resolve(seen.request, found[1])
    except Stuck:
        return
    if origin != seen.request.origin:
        yield Found(f"the next page is said to be at {origin}", value[:160], (seen.at_answer("Link"),))


@rule(
    "commands-in-text",
    "hint",
    who="registry",
    when="answered",
    fix="Look at it with its control characters made visible, as here; never print it raw.",
    sources=("CVE-2021-25743", "GHSA-f9jg-8p32-2f55"),
)
def commands_in_text(seen: Seen) -> Iterator[Found]:
    """The answer has control characters in its headers or its error text, which a terminal would obey."""
    answer = seen.response
    if answer is None:
        return
    for name, value, _ in answer.headers:
        found = _COMMANDS.search(value)
        if found and ord(found[0]) < 0x80:
            yield Found(
                f"the header {name[:40]} has a control character in it",
                f"U+{ord(found[0]):04X} at {found.start()}",
                (Place(seen.id, "response.header", name, found.start(), found.end()),),
                key=name.lower(),
            )
            return
    escape = seen.text.find("\x1b") if seen.status >= 400 else -1
    if escape >= 0:
        yield Found("the error text has an escape character in it", f"at {escape}", (seen.at_body("\x1b"),))


@rule(
    "secret-in-url",
    "hint",
    when="always",
    fix="Give name and password to the client's login, not in the URL, where logs keep them.",
    sources=("RFC 3986, 3.2.1",),
)
def secret_in_url(seen: Seen) -> Iterator[Found]:
    """A name with a password stands in a URL; proxies and registries write URLs into their logs."""
    found = re.search(r"://[^/@:?]+:[^/@?]+@", seen.target)
    if found:
        yield Found("a password stands in the URL", "", (seen.at_target(found.start(), found.end()),))
