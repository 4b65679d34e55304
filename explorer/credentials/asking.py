"""Logins that are looked up when a registry's 401 asks for them, and told to the flow afterwards.

The wire that carries the exchanges sees a 401 first; it has the login looked up before the flow is told of the 401.
So the flow reads what is known and does no I/O, and a recording that is fed to it again runs no helper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from explorer.credentials.credential import Credential
from explorer.credentials.finding import PASSWORD, kept_credential, said_credential
from explorer.errors import InputError, Problem, Stuck
from explorer.flows.login import Login, basic_value
from explorer.formats.values import origin_from_text
from explorer.frozen import frozen
from explorer.model import Origin, Progress, Relay, Request, Save
from explorer.sending import Wire
from explorer.spec.references import Target
from explorer.wire.sent import Sent

FROM_PASSWORD = "REGISTRY_EXPLORER_FROM_PASSWORD"


@frozen
class Given:
    """What was given to log in with: `trusted` are origins besides the registry's that the login may go to.

    `oauth2` is whether a token service is asked by POST at first, also where there is a password.
    """

    user: str = ""
    token: str = ""
    trusted: tuple[str, ...] = ()
    oauth2: bool = False
    anonymous: bool = False  # look for none, and send none
    source_user: str = ""  # at the second registry, the one that is copied from
    only_for: str = ""  # the origin that the login is for; empty for the first registry, whichever it is
    source: str = ""  # where it was given, where that is not the command line

    def __repr__(self) -> str:
        return "Given(…)"


class Logins:
    """The logins of a conversation's registries, as far as they are known by now."""

    def __init__(
        self,
        registries: Sequence[Target],
        given: Given,
        environ: Mapping[str, str],
        home: Path,
        shown: Mapping[Origin, Login] | None = None,
    ) -> None:
        """Read what was said, which is for the first registry; raises InputError where it cannot be used.

        `shown` are the masked logins of a recording, which stand in for those that are not known.
        """
        self._given = given
        self._trusted = tuple(_origin(text) for text in given.trusted)
        self._environ = environ
        self._home = home
        self._repositories = {target.origin: target.repository for target in registries}
        self._shown = dict(shown or {})
        self._known: dict[Origin, Login] = {}
        self._problems: dict[Origin, str] = {}
        said = None if given.anonymous else said_credential(given.user, given.token, environ)
        owner = next((one.origin for one in registries if given.only_for in ("", str(one.origin))), None)
        if said and owner:
            self._known[owner] = self._login(owner, replace(said, source=given.source or said.source))
        if given.source_user:
            if len(registries) < 2:
                raise InputError("--from-user is for a registry of its own, and both sides are one: give --user.")
            self._known[registries[1].origin] = self._login(registries[1].origin, _of_source(given, environ))
        self._said = frozenset(self._known)

    def known(self, origin: Origin) -> Login | None:
        """Return the login for an origin, as far as it is known; raises Stuck where it could not be had."""
        if origin in self._problems:
            raise Stuck(self._problems[origin])
        return self._known.get(origin) or self._shown.get(origin)

    def look_up(self, origin: Origin) -> None:
        """Look into files and ask helpers, where the origin is a registry of this conversation and none was said."""
        if origin not in self._repositories or origin in self._said or self._given.anonymous:
            return
        self._problems.pop(origin, None)
        try:
            found = kept_credential(origin, self._repositories[origin], environ=self._environ, home=self._home)
        except Problem as problem:
            self._problems[origin] = f"{origin} wants credentials. {problem.sentence}"
            return
        if found:
            self._known[origin] = self._login(origin, found)

    def _login(self, origin: Origin, found: Credential) -> Login:
        has_password = bool(found.password or (found.username and not found.identity_token))
        return Login(
            str(origin),
            basic=basic_value(found.username, found.password) if has_password and not found.token else "",
            token=found.token,
            refresh=found.identity_token,
            trusted=self._trusted,
            posts=self._given.oauth2,
            user=found.username,
            source=found.source,
        )


def _of_source(given: Given, environ: Mapping[str, str]) -> Credential:
    password = environ.get(FROM_PASSWORD)
    if ":" not in given.source_user and password is None:
        raise InputError(
            f"The user '{given.source_user}' has no password: set {FROM_PASSWORD}, or write --from-user NAME:PASSWORD."
        )
    said = said_credential(given.source_user, "", {PASSWORD: password or ""})
    assert said is not None  # there is a name
    return replace(said, source="--from-user")


def _origin(text: str) -> str:
    try:
        return str(origin_from_text(text.rstrip("/")))
    except (ValueError, InputError) as bad:
        seen = "what was given, with a name or a password in it," if "@" in text else f"'{text}'"
        raise InputError(f"--trust takes an origin, as in https://auth.example.com; {seen} is none.") from bad


class AskingWire:
    """A wire that has the login looked up where an answer is 401."""

    def __init__(self, client: Wire, logins: Logins) -> None:
        self._client = client
        self._logins = logins

    def send(self, request: Request, progress: Progress | None = None, save: Save | None = None) -> Sent:
        """Send a request."""
        sent = self._client.send(request, progress, save)
        self._look_up(request, sent)
        return sent

    def relay(self, request: Request, relay: Relay, progress: Progress | None = None) -> tuple[Sent, Sent | None]:
        """Send a request, and the one that passes the body of its answer on."""
        sent, passed = self._client.relay(request, relay, progress)
        self._look_up(request, sent)
        self._look_up(relay.step.request, passed)
        return sent, passed

    def _look_up(self, request: Request, sent: Sent | None) -> None:
        if sent and sent.response and sent.response.status == 401:
            self._logins.look_up(request.origin)

    def stop(self) -> None:
        """End what is under way."""
        self._client.stop()

    def close(self) -> None:
        """Close every connection."""
        self._client.close()
