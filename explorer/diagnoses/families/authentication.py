"""The first legs of logging in: no credentials, the wrong scheme, a proxy that takes them away or asks for its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen
from explorer.model import Request


def scheme_sent(seen: Seen) -> str:
    """Return the scheme of the Authorization that was sent, in lower case; empty where there was none."""
    return (seen.q("Authorization") or "").strip().partition(" ")[0].lower()


@rule(
    "auth-required",
    "decides",
    fix="Log in: --user NAME here, `docker login`, `skopeo login`, `crane auth login`, `oras login`, or for curl "
    "a token from the "
    "realm (curl -u NAME 'REALM?service=SERVICE&scope=SCOPE') in -H 'Authorization: Bearer TOKEN'.",
    sources=("RFC 9110, 11.6.1", "docker's token specification"),
)
def auth_required(seen: Seen) -> Iterator[Found]:
    """The registry wants credentials and got none. The challenge says which: a token from its realm, or a login.

    A client's first request is often sent without, and answered so: that is the normal course, as long as the client
    then comes back with credentials.
    """
    if seen.status != 401 or scheme_sent(seen) or seen.who == "proxy":
        return
    if not seen.challenges:
        yield from _refused_without_a_challenge(seen)
    if not seen.challenges or not seen.knows("request.authorization"):
        return
    challenge = seen.challenges[0]
    if challenge.get("error"):
        return
    wanted = " ".join(challenge.scopes)
    yield Found(
        f"credentials are wanted ({challenge.scheme}{', scope ' + wanted if wanted else ''})",
        f"the request had no Authorization; realm {challenge.get('realm')}{_had_one_before(seen)}",
        (seen.at_answer("WWW-Authenticate"),),
        key=str(seen.request.origin),
        fix=_BY_NAME if {c.scheme for c in seen.challenges} == {"basic"} else "",
    )


_BY_NAME = (
    "Send name and password with this request, too: --user NAME here, `docker login`, `skopeo login`, "
    "`crane auth login`, "
    "`oras login`, or curl -u NAME with every command (the one to the Location as well)."
)


def _had_one_before(seen: Seen) -> str:
    """Return that an earlier request of the same upload had an Authorization, as words that go on a sentence."""
    opened = seen.history.exchanges.get(seen.upload.opened) if seen.upload and seen.upload.opened else None
    if opened is None or opened.request.headers.get("Authorization") is None:
        return ""
    return f"; exchange {opened.id}, which opened this upload, had one"


def _refused_without_a_challenge(seen: Seen) -> Iterator[Found]:
    """Find a 401 whose challenge is missing, or not in the evidence; GET /v2/ is the usual first leg in a log."""
    is_known = seen.knows("request.authorization")
    if seen.kind == "other" or (seen.kind == "api" and not is_known):
        return
    asked = "the request had no Authorization" if is_known else "whether there was an Authorization is not told"
    told = "the answer has no WWW-Authenticate" if seen.knows("response.headers") else "its challenge is not told"
    yield Found(
        "the registry wants credentials, or other ones",
        f"{seen.method} was answered 401; {asked}; {told}",
        (seen.at_answer(),),
        key=str(seen.request.origin),
        certainty="likely",
        otherwise=() if is_known else ("the token had expired, or is of another scope", "the login was not accepted"),
        experiment=""
        if seen.knows("response.headers")
        else "the WWW-Authenticate of this answer: its error says which",
    )


@rule(
    "auth-scheme-mismatch",
    "decides",
    fix="Send what the challenge asks for: Bearer with a token from its realm, or Basic with name and password.",
    covers=("proxy-strips-authorization", "login-refused"),
    sources=("observed with distribution 3",),
)
def auth_scheme_mismatch(seen: Seen) -> Iterator[Found]:
    """Credentials of one scheme were sent, and the registry asks for another.

    A password sent as Basic to a registry that wants tokens is not even looked at; neither is a token by one that wants
    passwords.
    """
    sent, wanted = scheme_sent(seen), {challenge.scheme for challenge in seen.challenges}
    is_harbor = any(c.scheme == "basic" and c.get("realm").lower() == "harbor" for c in seen.challenges)
    if seen.status == 401 and sent and wanted and sent not in wanted and not is_harbor:
        yield Found(
            f"{sent.capitalize()} was sent, and {' or '.join(sorted(w.capitalize() for w in wanted))} is asked for",
            f"Authorization begins {sent.capitalize()}; the challenge is {seen.r('WWW-Authenticate')}",
            (seen.at_header("Authorization"), seen.at_answer("WWW-Authenticate")),
        )


@rule(
    "login-refused",
    "likely",
    fix="Check name and password (an access token where the registry has switched passwords off), and log in again.",
    sources=("RFC 9110, 11.6.1",),
)
def login_refused(seen: Seen) -> Iterator[Found]:
    """Name and password were sent as asked for, and were not accepted.

    Many registries take an access token in the password's place, and nothing else once two factors are required.
    """
    is_realm = seen.history.is_token_service(seen.exchange)
    if scheme_sent(seen) == "basic" and seen.status in (401, 403) and (is_realm or "basic" in _schemes(seen)):
        in_front = seen.proxy or "what stands in front"
        where = "the token service" if is_realm else in_front if seen.who == "proxy" else "the registry"
        yield Found(
            f"{where} did not accept name and password",
            seen.detail() or seen.text[:120],
            (seen.at_answer(),),
            otherwise=(f"proxy-strips-authorization: {seen.proxy} did not hand it on",) if seen.proxy else (),
            experiment="send the same to the registry's own port, past the proxy" if seen.proxy else "",
        )


def _schemes(seen: Seen) -> set[str]:
    return {challenge.scheme for challenge in seen.challenges}


@rule(
    "proxy-strips-authorization",
    "likely",
    who="proxy",
    fix="Let the proxy forward Authorization (nginx: no proxy_set_header Authorization; Apache: CGIPassAuth or "
    "SetEnvIf; "
    "AWS: forward the header in the cache policy), and not use it for a login of its own.",
    sources=("distribution/distribution#613", "docker-archive/docker-registry#170"),
)
def proxy_strips_authorization(seen: Seen) -> Iterator[Found]:
    """Authorization was sent, and the answer is the one to a request without any: it did not arrive.

    A registry that has seen a token says what is wrong with it (error="invalid_token" or "insufficient_scope").
    """
    bearer = next((c for c in seen.challenges if c.scheme == "bearer"), None)
    if seen.status != 401 or scheme_sent(seen) != "bearer" or bearer is None or bearer.get("error"):
        return
    if seen.history.is_token_service(seen.exchange):
        return
    authorization = seen.q("Authorization") or ""
    worked = seen.history.worked.get(authorization)
    tells = seen.generation in ("2", "3")
    yield Found(
        "the token that was sent did not arrive at the registry",
        "Authorization was sent, and the challenge has no error, as if there had been none"
        + (f"; the same token worked in exchange {worked}" if worked else ""),
        (seen.at_header("Authorization"), seen.at_answer("WWW-Authenticate")),
        otherwise=(
            "a registry that does not say why it refuses a token: then the token is expired or of another scope",
        ),
        experiment="send the same request to the registry's own port, past the proxy: where it works there, the "
        "proxy strips it",
        certainty="" if tells or seen.proxy else "likely",
    )


@rule(
    "proxy-does-auth",
    "likely",
    who="proxy",
    fix="Log in to the proxy as it asks; for old clients, let it add Docker-Distribution-Api-Version to its 401, too "
    "(add_header 'Docker-Distribution-Api-Version' 'registry/2.0' always; in nginx).",
    covers=("auth-required", "html-instead-of-json"),
    sources=("distribution/distribution#460", "distribution/distribution#397", "distribution/distribution#1095"),
)
def proxy_does_auth(seen: Seen) -> Iterator[Found]:
    """The login is asked for by the proxy in front, not by the registry: 401 with a web page and Basic.

    Old docker falls back to version 1 of the API where Docker-Distribution-Api-Version is missing from the 401.
    """
    if seen.status == 401 and seen.who == "proxy" and "basic" in _schemes(seen):
        realm = seen.challenges[0].get("realm")
        yield Found(
            f"{seen.proxy or 'the proxy in front'} asks for a login of its own",
            f"the 401 is a web page with Basic realm '{realm}', without Docker-Distribution-Api-Version",
            (seen.at_answer("WWW-Authenticate"), seen.at_body()),
        )


@rule(
    "duplicate-authorization",
    "hint",
    when="always",
    before=True,
    fix="Send one Authorization.",
    sources=("observed with distribution 3", "zot, source"),
)
def duplicate_authorization(seen: Seen) -> Iterator[Found]:
    """Authorization was sent twice: distribution uses the first, zot refuses both, S3 says InvalidArgument."""
    if len(seen.request.headers.all("Authorization")) > 1 and not seen.worked:
        first = seen.request.headers.all("Authorization")[0]
        yield Found(
            "Authorization was sent twice",
            "",
            (seen.at_header("Authorization"),),
            _once(seen, first),
            "only the first Authorization",
            certainty="likely" if seen.status in (400, 401) else "",
        )


def _once(seen: Seen, value: str) -> Request:
    request = seen.without_header("Authorization")
    return replace(request, headers=request.headers.set("Authorization", value))


@rule(
    "harbor-scheme-switch",
    "decides",
    fix="Drop the token, ask once without Authorization, and get a new token from the Bearer challenge that comes "
    "then.",
    covers=("auth-scheme-mismatch", "token-expired-mid-upload"),
    sources=("Harbor, source (server/middleware/v2auth)",),
)
def harbor_scheme_switch(seen: Seen) -> Iterator[Found]:
    """Harbor answers any failed request that had credentials with Basic, even where it was a token that had expired.

    Only a request without Authorization gets the Bearer challenge that leads to a new token; clients that follow the
    scheme of the last challenge go round in circles.
    """
    is_harbor = any(c.scheme == "basic" and c.get("realm").lower() == "harbor" for c in seen.challenges)
    if seen.status == 401 and is_harbor and scheme_sent(seen) == "bearer":
        yield Found(
            "the token was refused, and Harbor asks for Basic in its place",
            'a Bearer token was sent, and the challenge is Basic realm="harbor"',
            (seen.at_header("Authorization"), seen.at_answer("WWW-Authenticate")),
            seen.without_header("Authorization"),
            "no Authorization, which brings the Bearer challenge back",
        )
