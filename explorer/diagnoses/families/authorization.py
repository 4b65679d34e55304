"""What stands in Authorization where credentials belong."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen


@rule(
    "authorization-malformed",
    "decides",
    when="always",
    fix="Put the bare token after Bearer: jq -r .token FILE (with -r, so that no quotes come along), and look at the "
    "variable before it is used. For Basic let curl do it (-u NAME), or printf '%s' NAME:PASSWORD | base64 -w0.",
    covers=("proxy-strips-authorization", "token-invalid", "auth-scheme-mismatch", "login-refused", "auth-required"),
    sources=("RFC 9110, 11.6.2", "RFC 6750, 2.1", "RFC 7617, 2", "observed with distribution 2.8"),
)
def authorization_malformed(seen: Seen) -> Iterator[Found]:
    """The Authorization has no token in it, or something else in its place: nothing, null, quotes, JSON, a variable.

    A script that did not find the token in the token service's answer sends `Bearer` alone or `Bearer null`, jq without
    -r leaves the quotes on, and echo puts a line feed behind the password before base64 sees it.
    """
    value = seen.q("Authorization")
    if value is None or seen.worked or seen.status not in (0, 400, 401, 403) or not seen.tells(value):
        return
    scheme, _, rest = value.strip().partition(" ")
    words = _wrong_with(scheme.lower(), rest.strip())
    if words and (seen.is_refused or seen.status == 401):
        yield Found(f"the Authorization that was sent is none: {words}", "", (seen.at_header("Authorization"),))


def _wrong_with(scheme: str, rest: str) -> str:
    """Return what is wrong with the credentials of a scheme, in words that do not repeat them; empty for nothing."""
    if scheme not in ("bearer", "basic"):
        return "it begins with a quotation mark" if scheme[:1] in ("'", '"') else ""
    if not rest:
        return f"nothing stands after {scheme.capitalize()}"
    if rest.lower() in ("null", "none", "undefined", "nil", "true", "false"):
        return f"'{rest}' stands where the credentials belong"
    if rest[0] in "{[":
        return "the whole JSON of the token service stands where its token belongs"
    if rest[0] in "'\"":
        return "there are quotation marks around the credentials"
    if rest.startswith(("$", "%", "<")):
        return "a variable stands in it that was not filled in"
    if rest.partition(" ")[0].lower() in ("bearer", "basic"):
        return "the scheme stands in it twice"
    return _wrong_with_basic(rest) if scheme == "basic" else ""


def _wrong_with_basic(rest: str) -> str:
    if ":" in rest:
        return "name and password were not put into base64"
    try:
        told = base64.b64decode(rest, validate=True)
    except ValueError:
        return ""
    if told.endswith((b"\n", b"\r")):
        return "the password in it ends in a line feed, as echo adds one"
    return "no colon parts a name from a password in it" if b":" not in told else ""
