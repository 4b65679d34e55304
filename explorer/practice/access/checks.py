"""The two ways in: HTTP Basic (RFC 7617), and Bearer tokens of a token service (distribution, docs/spec/auth).

A request without what it needs is answered 401 with a challenge, and with the list of what it needed as the detail.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from explorer.practice.access import claims
from explorer.practice.access.users import Users, basic_login
from explorer.practice.access.wanted import Wanted, scope_of
from explorer.practice.errors import Fault, Refusal, refusal
from explorer.practice.urls import base_url
from explorer.wire.server import Incoming

Pairs = tuple[tuple[str, str], ...]

TOKEN_PATH = "/token"
"""Where the token service answers."""


class Access(Protocol):
    """Decides whether a request may go on."""

    def check(self, incoming: Incoming, wanted: Sequence[Wanted]) -> Pairs:
        """Let a request with those needs pass, or raise the Refusal that says what it lacks.

        Returns headers for the answer.
        """


class BasicAccess:
    """A user name and a password with every request; reading goes without them where `anonymous_pull`."""

    def __init__(self, users: Users, *, anonymous_pull: bool = False, realm: str = "practice registry") -> None:
        self._users = users
        self._anonymous_pull = anonymous_pull
        self._realm = realm

    def check(self, incoming: Incoming, wanted: Sequence[Wanted]) -> Pairs:
        """Let a known user pass; raises UNAUTHORIZED with the challenge, or DENIED where the grants do not do.

        Where anybody may read, GET /v2/ is 200 with the challenge, as zot has it: clients log in by it, or go on
        without, some of them with an empty name and password.
        """
        header = incoming.headers.get("Authorization")
        login = basic_login(header or "")
        is_nobody = header is None or login == ("", "")
        if is_nobody and self._anonymous_pull and all(one.action == "pull" for one in wanted):
            return () if wanted else (("Www-Authenticate", f'Basic realm="{self._realm}"'),)
        if login is None or not self._users.know(*login):
            raise _challenge(f'Basic realm="{self._realm}"', wanted)
        if not all(self._users.may(login[0], one) for one in wanted):
            raise refusal("denied", [one.as_detail() for one in wanted])
        return ()


class TokenAccess:
    """Bearer tokens that a token service gives; `realm` is its address, by default on the registry's own listener.

    `life` is how long a token lasts, in seconds; `leeway` for how long a token is taken after that.
    """

    def __init__(
        self,
        users: Users,
        *,
        life: float = 300.0,
        leeway: float = 0.0,
        anonymous_pull: bool = False,
        service: str = "practice-registry",
        realm: str = "",
        secret: bytes | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.users = users
        self.life = life
        self.anonymous_pull = anonymous_pull
        self.service = service
        self.realm = realm
        self.secret = secret or secrets.token_bytes(32)
        self.clock = clock
        self._leeway = leeway

    @property
    def issuer(self) -> str:
        """The name that tokens are given in."""
        return "practice token service"

    def check(self, incoming: Incoming, wanted: Sequence[Wanted]) -> Pairs:
        """Let a token that lasts and suffices pass; raises UNAUTHORIZED with a challenge that says what is wrong."""
        scheme, _, token = (incoming.headers.get("Authorization") or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise self._challenge(incoming, wanted)
        said = claims.read(self.secret, token.strip())
        if said is None or not self._is_valid(said):
            raise self._challenge(incoming, wanted, "invalid_token")
        if not all(claims.allows(said, one) for one in wanted):
            raise self._challenge(incoming, wanted, "insufficient_scope")
        return ()

    def _is_valid(self, said: dict[str, object]) -> bool:
        begin, end, now = said.get("nbf"), said.get("exp"), self.clock()
        if not isinstance(begin, int | float) or not isinstance(end, int | float):
            return False
        in_time = begin <= now + self._leeway and now < end + self._leeway
        return in_time and said.get("iss") == self.issuer and said.get("aud") == self.service

    def _challenge(self, incoming: Incoming, wanted: Sequence[Wanted], error: str = "") -> Refusal:
        realm = self.realm or base_url(incoming) + TOKEN_PATH
        parameters = [f'realm="{realm}"', f'service="{self.service}"']
        scope = scope_of(wanted)
        if scope:
            parameters.append(f'scope="{scope}"')
        if error:
            parameters.append(f'error="{error}"')
        return _challenge(f"Bearer {','.join(parameters)}", wanted)


def _challenge(challenge: str, wanted: Sequence[Wanted]) -> Refusal:
    detail = [one.as_detail() for one in wanted] or None
    return Refusal(Fault("unauthorized", detail, keeps_null=True), headers=(("Www-Authenticate", challenge),))
