"""Bearer tokens: out of date, for somebody else, too small; and what came from the token service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from explorer.decoders.jwt import claims_of
from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.families.authentication import scheme_sent
from explorer.diagnoses.history import json_object
from explorer.diagnoses.seen import Seen
from explorer.model import Exchange
from explorer.spec.challenges import Challenge, joined_scopes
from explorer.spec.errors import parse_errors

LEEWAY = 60
"""Seconds by which clocks may differ; distribution allows as many."""


def bearer_of(seen: Seen) -> Challenge | None:
    """Return the Bearer challenge of the answer."""
    return next((challenge for challenge in seen.challenges if challenge.scheme == "bearer"), None)


def claims(seen: Seen) -> dict[str, Any]:
    """Return what the token that was sent says of itself; nothing where it is masked or is no JWT."""
    return claims_of(seen.q("Authorization") or "") or {}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _lifetime_words(seen: Seen) -> str:
    """Say what is wrong with the token, from its claims and the time of the request; empty where nothing shows."""
    said, now = claims(seen), seen.exchange.timings.started
    expires, begins = _number(said.get("exp")), _number(said.get("nbf"))
    if now and expires is not None and now > expires:
        return f"its exp was {now - expires:.0f} s before the request"
    if now and begins is not None and now < begins - LEEWAY:
        return f"its nbf is {begins - now:.0f} s after the request: it is not valid yet, or a clock is wrong"
    service = next((c.get("service") for c in seen.challenges if c.get("service")), "")
    audience = said.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if service and audience is not None and service not in audiences:
        return f"its aud is {audience}, and the registry is the service {service}"
    return ""


@rule(
    "token-expired-mid-upload",
    "likely",
    who="auth server",
    fix="Let tokens live longer than the largest layer takes (GitLab: Container Registry token duration; docker_auth: "
    "token.expiration; Harbor: token expiration), or get a new token before the PUT, or push in chunks.",
    covers=("token-invalid", "proxy-strips-authorization"),
    sources=("cesanta/docker_auth#240", "moby/moby#33558", "docker/buildx#324", "SUSE/Portus#510"),
)
def token_expired_mid_upload(seen: Seen) -> Iterator[Found]:
    """The token worked when the upload began and had expired when it was to be closed.

    A registry checks it at the beginning of each request; sending a large layer takes longer than the token lives, and
    the PUT after it comes too late. docker's registry logs "token not to be used after".
    """
    if seen.status != 401 or scheme_sent(seen) != "bearer" or seen.kind not in ("upload", "manifest"):
        return
    authorization = seen.q("Authorization") or ""
    before = seen.history.worked.get(authorization)
    challenge = bearer_of(seen)
    if not before or (challenge and challenge.get("error") == "insufficient_scope"):
        return
    earlier = seen.history.exchanges[before]
    if earlier.request.origin != seen.request.origin:
        return
    took = seen.exchange.timings.started - earlier.timings.started
    why = _lifetime_words(seen)
    life = next((visit.expires_in for visit in reversed(seen.history.visits)), 0.0)
    lived = f"; its token service gave it {life:.0f} s" if life and not why else ""
    yield Found(
        "the token expired in the middle of the upload",
        f"the same token worked in exchange {before}, {took:.0f} s before" + (f"; {why}" if why else lived),
        (seen.at_header("Authorization"), seen.at_answer("WWW-Authenticate")),
        certainty="decides" if "exp" in why else "",
        also=(),
    )


@rule(
    "token-invalid",
    "decides",
    fix="Get a new token from the realm of this answer, for the service that it names; where a new one is "
    "refused, too, the "
    "registry does not trust its signer (auth.token.issuer, rootcertbundle or jwks) or the clocks differ.",
    covers=("token-service-refused",),
    sources=("observed with distribution 2.8 and 3", "docker's token specification"),
)
def token_invalid(seen: Seen) -> Iterator[Found]:
    """The registry does not accept the token: expired, not valid yet, for another service, or signed by another.

    distribution says the same, error="invalid_token", to all of them; the token's own claims tell which it is.
    """
    challenge = bearer_of(seen)
    if seen.status == 401 and challenge and challenge.get("error") == "invalid_token":
        why = _lifetime_words(seen)
        has_claims = bool(claims(seen))
        quiet = "its claims show no reason: look at its signer" if has_claims else "its claims are not in the evidence"
        yield Found(
            "the registry does not accept the token",
            f'the answer says error="invalid_token"; {why or quiet}',
            (seen.at_header("Authorization"), seen.at_answer("WWW-Authenticate")),
            otherwise=() if why else ("expired", "not valid yet", "another audience or issuer", "another signing key"),
            experiment=""
            if why
            else "decode the token's second part (base64) and compare exp, nbf, aud and iss with the challenge",
        )


@rule(
    "insufficient-scope",
    "decides",
    fix="Ask the token service for exactly the scope of this challenge; where it does not grant it, the account "
    "lacks the right.",
    covers=("denied", "scope-partly-granted"),
    sources=("observed with distribution 2.8 and 3", "RFC 6750, 3.1"),
)
def insufficient_scope(seen: Seen) -> Iterator[Found]:
    """The token is valid and does not allow this: actions or the repository differ from what is needed.

    A push needs pull and push. Usual: a token for pull only, or for another spelling of the repository (library/ in
    front, a project left out).
    """
    challenge = bearer_of(seen)
    if seen.status != 401 or challenge is None or challenge.get("error") != "insufficient_scope":
        return
    granted = _granted(seen)
    needed = " ".join(challenge.scopes) or _needed_in_detail(seen)
    has = f"the token has {granted}" if granted else "what the token allows is not in the evidence"
    yield Found(
        f"the token does not allow {needed or 'this'}",
        f"needed: {needed or '?'}; {has}",
        (seen.at_answer("WWW-Authenticate"), seen.at_header("Authorization")),
        key=needed,
    )


def _granted(seen: Seen) -> str:
    access = claims(seen).get("access")
    if isinstance(access, list):
        rows = [entry for entry in access if isinstance(entry, dict)]
        scopes = (f"{e.get('type')}:{e.get('name')}:{','.join(map(str, e.get('actions') or []))}" for e in rows)
        return " ".join(joined_scopes(tuple(scopes))) or "nothing"
    return ""


def _needed_in_detail(seen: Seen) -> str:
    rows = json_object(seen.exchange).get("errors")
    first = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else {}
    detail = first.get("detail")
    needed = [entry for entry in detail if isinstance(entry, dict)] if isinstance(detail, list) else []
    return " ".join(f"{e.get('Type')}:{e.get('Name')}:{e.get('Action')}" for e in needed)


@rule(
    "scope-partly-granted",
    "likely",
    who="auth server",
    fix="Give the account the missing right in the registry's administration; a token service answers 200 all the "
    "same.",
    sources=("docker's token specification, Requesting a Token",),
)
def scope_partly_granted(seen: Seen) -> Iterator[Found]:
    """The token service answered 200 and granted less than was asked for, which shows only at the registry's next
    answer.
    """
    if seen.status not in (401, 403) or not seen.history.visits or scheme_sent(seen) != "bearer":
        return
    visit = seen.history.visits[-1]
    needed = {scope for challenge in seen.challenges for scope in challenge.scopes}
    asked = set(joined_scopes(visit.asked))
    challenge = bearer_of(seen)
    if challenge and challenge.get("error") == "invalid_token":
        return
    if needed and set(joined_scopes(tuple(needed))) <= asked:
        yield Found(
            "the token service granted less than it was asked for",
            f"exchange {visit.exchange} asked for {' '.join(sorted(asked))} and was answered 200; the registry "
            "still wants "
            f"{' '.join(sorted(needed))}",
            (seen.at_answer("WWW-Authenticate"),),
            also=(visit.exchange,),
        )


@rule(
    "token-expired",
    "likely",
    when="always",
    before=True,
    fix="Get a new token from the realm before this is sent.",
    covers=("token-invalid",),
    sources=("RFC 7519, 4.1.4",),
)
def token_expired(seen: Seen) -> Iterator[Found]:
    """The token that is to be sent says itself that its time is over."""
    if not seen.is_draft or scheme_sent(seen) != "bearer":
        return
    answered = max((e.timings.started + (e.timings.finished or 0.0) for e in _last(seen)), default=0.0)
    now = max(answered, seen.exchange.timings.started)
    expires, how = _end_of_life(seen)
    if now and expires and now > expires:
        yield Found(
            "the token has expired",
            f"{how} {now - expires:.0f} s before {'this moment' if now > answered else 'the last answer came'}",
            (seen.at_header("Authorization"),),
            replace(seen.request, headers=seen.request.headers.without("Authorization")),
            "no Authorization, which brings a challenge and leads to a new token",
        )


def _end_of_life(seen: Seen) -> tuple[float, str]:
    """Return when the token that is to be sent ends, in seconds since 1970, and how that is known; 0 where it is not.

    A token that says nothing of itself ends as the token service said when it handed it out: it is the newest one, if
    it was sent for the first time after the newest visit there.
    """
    expires = _number(claims(seen).get("exp"))
    if expires is not None:
        return expires, "its exp was"
    first_sent, _ = seen.history.credentials.get(seen.q("Authorization") or "", (0, None))
    visit = seen.history.visits[-1] if seen.history.visits else None
    if visit and visit.is_told and visit.at and first_sent > visit.exchange:
        return visit.at + visit.expires_in, f"expires_in of exchange {visit.exchange} ended"
    return 0.0, ""


def _last(seen: Seen) -> list[Exchange]:
    newest = seen.history.exchanges.get(seen.history.exchanges.newest)
    return [newest] if newest else []


@rule(
    "token-service-refused",
    "likely",
    who="auth server",
    fix="See what the token service says; check the account, and the service and scope that were asked for.",
    sources=("docker's token specification",),
)
def token_service_refused(seen: Seen) -> Iterator[Found]:
    """The token service did not hand out a token."""
    if seen.history.is_token_service(seen.exchange) and seen.status >= 400 and scheme_sent(seen) != "basic":
        said = " ".join(e.message for e in parse_errors(seen.text.encode()))
        yield Found(
            f"the token service answered {seen.status}",
            said or str(json_object(seen.exchange).get("details") or seen.text[:120]),
            (seen.at_answer(), seen.at_body()),
        )
