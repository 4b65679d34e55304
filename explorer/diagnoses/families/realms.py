"""Token services that cannot be used: not reachable, no token in the answer, a realm that must not be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.families.locations import is_inner
from explorer.diagnoses.history import json_object
from explorer.diagnoses.seen import Seen
from explorer.recognition.proxies import is_html


@rule(
    "realm-unreachable",
    "decides",
    who="registry",
    fix="Set the realm to an address that clients reach (distribution: auth.token.realm; Harbor: external_url; "
    "GitLab: the "
    "registry's token_realm), with the scheme that it really speaks.",
    covers=(
        "host-unreachable",
        "tls-unknown-ca",
        "wrong-api-prefix",
        "token-service-refused",
        "html-instead-of-json",
        "auth-required",
    ),
    sources=("distribution/distribution#1167",),
)
def realm_unreachable(seen: Seen) -> Iterator[Found]:
    """The token service that the challenge names cannot be reached, or is not at that address.

    Often the realm is a name from inside (a container's), or http: behind an https: registry.
    """
    for challenge in seen.challenges if seen.status == 401 else ():
        realm = challenge.get("realm")
        if challenge.scheme == "bearer" and not realm.lower().startswith(("http://", "https://")):
            yield Found(
                "the challenge names no address of a token service",
                f"its realm is '{realm[:120]}'",
                (seen.at_answer("WWW-Authenticate"),),
                key=realm,
            )
    if not seen.history.is_token_service(seen.exchange):
        return
    error = seen.exchange.error
    missing = seen.status in (404, 405) and seen.method == "GET"
    if (error and error.kind in ("unreachable", "tls", "timeout", "closed", "not-http")) or missing:
        realm = seen.request.url.partition("?")[0]
        before = seen.history.realms.get(realm)
        yield Found(
            f"the token service {realm} cannot be used",
            error.sentence if error else f"it answers {seen.status}",
            (seen.at_target(), seen.at_failure if error else seen.at_answer()),
            also=(before,) if before else (),
            key=realm,
        )


@rule(
    "token-body-unusable",
    "decides",
    who="auth server",
    when="answered",
    fix="Let the token service answer with JSON that has token or access_token; see that no login page stands "
    "before it.",
    covers=("html-instead-of-json",),
    sources=("containers/image, source", "docker's token specification"),
)
def token_body_unusable(seen: Seen) -> Iterator[Found]:
    """The token service answered 200 without a token: no token or access_token in its JSON, or no JSON at all."""
    if seen.status != 200 or not seen.history.is_token_service(seen.exchange) or not seen.knows("response.body"):
        return
    fields = json_object(seen.exchange)
    if any(isinstance(fields.get(name), str) and fields[name] for name in ("token", "access_token")):
        return
    if seen.response and not isinstance(seen.response.body, bytes):
        return
    what = (
        "a web page" if seen.response and is_html(seen.response) else ", ".join(fields) or seen.text[:80] or "no body"
    )
    yield Found("the token service's answer has no token in it", f"it has: {what}", (seen.at_body(),))


@rule(
    "realm-not-trustworthy",
    "likely",
    who="registry",
    when="answered",
    fix="Send credentials to a realm only where it is https (or the registry itself is plain http) and of the "
    "registry's own "
    "site; set the registry's realm so.",
    sources=("CVE-2020-15157", "CVE-2026-33540", "CVE-2026-48978", "CVE-2019-10214", "GHSA-28r5-37g7-p6mp"),
)
def realm_not_trustworthy(seen: Seen) -> Iterator[Found]:
    """The challenge sends the login to a place where it could be read or stolen: plain http, or an address from inside.

    Whoever can answer in the registry's place chooses the realm; clients that follow it blindly hand over passwords.
    """
    for challenge in seen.challenges if seen.status == 401 else ():
        realm = urlsplit(challenge.get("realm")) if challenge.get("realm").startswith("http") else None
        if realm is None:
            continue
        host, asked = _host(challenge.get("realm")), seen.request.origin
        downgraded = realm.scheme == "http" and asked.scheme == "https"
        inner = is_inner(host) and not is_inner(asked.host)
        if downgraded or inner:
            yield Found(
                f"the realm {challenge.get('realm')} is not one to send a login to",
                "the registry is asked by https, and its realm is http"
                if downgraded
                else f"{host} is a name from inside",
                (seen.at_answer("WWW-Authenticate"),),
                key=challenge.get("realm"),
            )


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
