"""`WWW-Authenticate`: which credentials are wanted (RFC 9110, 11.6.1; docker's token specification for Bearer).

Several challenges may stand in one field or in several; commas also part the parameters of one challenge, and a quoted
value may hold commas of its own, as `scope="repository:a:pull,push"` does.
"""

from __future__ import annotations

import re
from dataclasses import replace

from explorer.frozen import frozen
from explorer.model import Headers

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PARAMETER = re.compile(rf'\s*({_TOKEN})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))\s*')
_SCHEME = re.compile(rf"\s*({_TOKEN})(?=\s|,|$)\s*")
_TOKEN68 = re.compile(r"[A-Za-z0-9._~+/-]+=*\s*(?=,|$)")


@frozen
class Challenge:
    """One challenge: its scheme and the names of its parameters in lower case; some schemes have a token68 instead."""

    scheme: str
    parameters: tuple[tuple[str, str], ...]
    token68: str = ""

    def get(self, name: str) -> str:
        """Return the first parameter of that name; empty where there is none."""
        return next((value for key, value in self.parameters if key == name), "")

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes that are wanted, one each: `repository:NAME:ACTIONS`."""
        values = (value for key, value in self.parameters if key == "scope")
        return tuple(scope for value in values for scope in value.split())


def parse_challenges(headers: Headers) -> tuple[Challenge, ...]:
    """Return the challenges of an answer, in order; what cannot be read as one is passed over. Never raises."""
    return tuple(challenge for value in headers.all("WWW-Authenticate") for challenge in _in_field(value))


def why_unreadable(headers: Headers) -> str:
    """Return why an answer's challenges cannot be answered; empty where there is one that can be read."""
    fields = headers.all("WWW-Authenticate")
    if not fields:
        return "The 401 has no WWW-Authenticate, so it does not say which credentials it wants."
    found = parse_challenges(headers)
    if any(challenge.parameters or challenge.token68 for challenge in found):
        return ""
    if any(challenge.scheme in ("basic", "bearer") for challenge in found):
        return ""
    return f"Its WWW-Authenticate ({', '.join(fields)}) is no challenge: a scheme such as Basic or Bearer was expected."


def _in_field(text: str) -> list[Challenge]:
    found: list[Challenge] = []
    at = 0
    while at < len(text):
        if text[at] in ", \t":
            at += 1
            continue
        parameter = _PARAMETER.match(text, at)
        if parameter and found:
            found[-1] = _with(found[-1], parameter)
            at = parameter.end()
            continue
        scheme = _SCHEME.match(text, at)
        if scheme is None:
            at = _after_comma(text, at)
            continue
        found.append(Challenge(scheme[1].lower(), ()))
        at = scheme.end()
        alone = _TOKEN68.match(text, at)
        if alone:
            found[-1] = Challenge(found[-1].scheme, (), alone[0].rstrip())
            at = alone.end()
    return found


def _with(challenge: Challenge, parameter: re.Match[str]) -> Challenge:
    value = parameter[3] if parameter[2] is None else re.sub(r"\\(.)", r"\1", parameter[2])
    return replace(challenge, parameters=(*challenge.parameters, (parameter[1].lower(), value)))


def _after_comma(text: str, at: int) -> int:
    comma = text.find(",", at)
    return len(text) if comma < 0 else comma + 1


def joined_scopes(*groups: tuple[str, ...]) -> tuple[str, ...]:
    """Return scopes without repeats: those of one resource become one, with the actions of all."""
    actions: dict[str, list[str]] = {}
    for scope in (scope for group in groups for scope in group):
        resource, _, wanted = scope.rpartition(":")
        known = actions.setdefault(resource, [])
        known += [action for action in wanted.split(",") if action and action not in known]
    return tuple(f"{resource}:{','.join(sorted(wanted))}" for resource, wanted in sorted(actions.items()))
