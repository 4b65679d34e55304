"""What the exchanges so far have told: uploads, blobs, manifests, challenges, tokens, redirects.

Fed one exchange after another; each costs the same, however many were before.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from explorer.diagnoses.outcomes import ANY, is_first_leg, is_refused, purpose_of, tls_try
from explorer.diagnoses.past import Past
from explorer.diagnoses.uploads import Uploads, bytes_sent
from explorer.errors import Stuck
from explorer.frozen import frozen
from explorer.model import Exchange, Origin, Slice, Unkept
from explorer.recognition import Recogniser
from explorer.spec.challenges import Challenge, parse_challenges
from explorer.spec.digests import is_digest
from explorer.spec.locations import query_values, resolve
from explorer.spec.paths import Named, path_named


@frozen
class KnownBlob:
    """A blob or manifest that an answer has shown to be there: by which exchange, how, and its size (-1: not told)."""

    exchange: int
    how: str
    size: int = -1


@frozen
class TokenVisit:
    """A visit to a token service: the exchange, the scopes that were asked for, seconds of life, when it was.

    `is_told` says that the answer has the seconds of life; where it has none, they are 60.
    """

    exchange: int
    asked: tuple[str, ...]
    expires_in: float
    at: float
    is_told: bool = False


class History:
    """Everything that is known before an exchange."""

    def __init__(self) -> None:
        self.exchanges = Past()
        self.failing: dict[int, bool] = {}  # ids of what failed, the first legs of logins among them: True for these
        self.unanswered: set[int] = set()
        self.secure: dict[str, int] = {}  # hosts, and the first exchange that went there by https
        self.uploads = Uploads()
        self.present: dict[tuple[str, str], KnownBlob] = {}
        self.repositories_of: dict[str, dict[str, int]] = {}
        self.gone: dict[tuple[str, str], int] = {}
        self.challenged: dict[Origin, tuple[int, tuple[Challenge, ...]]] = {}
        self.realms: dict[str, int] = {}
        self.visits: list[TokenVisit] = []
        self.credentials: dict[str, tuple[int, Origin]] = {}
        self.worked: dict[str, int] = {}
        self.failed: dict[tuple[str, ...], list[int]] = {}
        self.recovered: dict[int, int] = {}
        self.redirects: dict[str, int] = {}
        self.last_failure = 0
        self.last_success = 0
        self.recogniser = Recogniser()

    def meet(self, exchange: Exchange) -> None:
        """See who takes part, before the rules are asked about the exchange."""
        self.recogniser.feed(exchange)

    def add(self, exchange: Exchange, among: Sequence[Exchange] = ()) -> None:
        """Take in what an exchange told; `among` are those of its session, from which it can be had again."""
        endpoint = path_named(exchange.request.target)
        self.note(exchange, among)
        self.uploads.follow(exchange, endpoint)
        self._follow_outcome(exchange)
        self._follow_content(exchange, endpoint)
        self._follow_access(exchange)

    def note(self, exchange: Exchange, among: Sequence[Exchange] = ()) -> None:
        """Remember an exchange and how it went, and nothing that it told."""
        self.exchanges.add(exchange, among)
        origin = exchange.request.origin
        if origin.scheme == "https":
            self.secure.setdefault(origin.host, exchange.id)
        if exchange.error:
            self.unanswered.add(exchange.id)
        is_begun = is_first_leg(exchange)
        if is_begun or is_refused(exchange) or (exchange.response is None and exchange.error is None):
            self.failing[exchange.id] = is_begun

    def _follow_outcome(self, exchange: Exchange) -> None:
        purposes = purpose_of(exchange)
        if is_refused(exchange):
            self.last_failure = exchange.id
            for purpose in purposes:
                self.failed.setdefault(purpose, []).append(exchange.id)
        if exchange.response is not None and exchange.request.origin.scheme == "http":
            # Clients try TLS first, and go on in plain http: whatever is answered then, TLS was not to be spoken.
            for earlier in self.failed.pop(tls_try(exchange), ()):
                self.recovered.setdefault(earlier, exchange.id)
        if not is_refused(exchange) and exchange.response is not None:
            if 200 <= exchange.status < 300:
                self.last_success = exchange.id
            for purpose in (*purposes, ANY) if exchange.status < 300 else ():
                for earlier in self.failed.pop(purpose, ()):
                    self.recovered.setdefault(earlier, exchange.id)

    def _follow_content(self, exchange: Exchange, endpoint: Named) -> None:
        answer, request = exchange.response, exchange.request
        if answer is None or answer.status >= 400 or not endpoint.repository:
            if answer is not None and answer.status == 404 and request.method == "HEAD" and endpoint.reference:
                self.gone[(endpoint.repository, endpoint.reference)] = exchange.id
            return
        digest, size = "", -1
        if endpoint.kind in ("blob", "manifest") and request.method in ("HEAD", "GET") and answer.status == 200:
            length = answer.headers.get("Content-Length") or ""
            size = int(length[:18]) if length.isdecimal() else -1
            digest = answer.headers.get("Docker-Content-Digest") or endpoint.reference
        elif answer.status == 201:
            digests = query_values(request.target, "digest") or query_values(request.target, "mount")
            digest = digests[0].replace("%3A", ":").replace("%3a", ":") if digests else ""
            upload = self.uploads.find(request.target)
            if endpoint.kind == "upload" and upload:
                size = upload.accepted
            elif endpoint.kind == "manifest":
                digest, size = answer.headers.get("Docker-Content-Digest") or "", bytes_sent(exchange)
            elif query_values(request.target, "digest"):
                size = bytes_sent(exchange)
        for known in {digest, endpoint.reference if digest and is_digest(endpoint.reference) else digest}:
            if is_digest(known):
                self.know(endpoint.repository, known, KnownBlob(exchange.id, f"{request.method} {answer.status}", size))

    def know(self, repository: str, digest: str, blob: KnownBlob) -> None:
        """Remember that a repository has a blob or a manifest."""
        self.present[(repository, digest)] = blob
        self.repositories_of.setdefault(digest, {}).setdefault(repository, blob.exchange)

    def _follow_access(self, exchange: Exchange) -> None:
        request, answer = exchange.request, exchange.response
        authorization = request.headers.get("Authorization")
        if authorization and exchange.status and exchange.status not in (401, 403):
            self.credentials.setdefault(authorization, (exchange.id, request.origin))
            self.worked[authorization] = exchange.id
        if answer is None:
            return
        challenges = parse_challenges(answer.headers)
        if challenges:
            self.challenged[request.origin] = (exchange.id, challenges)
            for challenge in challenges:
                if challenge.get("realm").startswith("http"):
                    self.realms.setdefault(challenge.get("realm").partition("?")[0], exchange.id)
        if 300 <= answer.status < 400:
            try:
                origin, target = resolve(request, answer.headers.get("Location"))
            except Stuck:
                return
            self.redirects[f"{origin}{target}"] = exchange.id
        if answer.status == 200 and self.is_token_service(exchange):
            self.visits.append(_visit(exchange))

    def failures_of(self, *purpose: str) -> tuple[int, ...]:
        """Return the exchanges that failed at a purpose (see `outcomes.purpose_of`) and were not made up for."""
        return tuple(self.failed.get(purpose, ()))

    def is_token_service(self, exchange: Exchange) -> bool:
        """Say whether an exchange is a visit to a token service that a challenge has named, or looks like one."""
        if f"{exchange.request.url}".partition("?")[0] in self.realms:
            return True
        return path_named(exchange.request.target).kind == "other" and "service=" in exchange.request.target


def _visit(exchange: Exchange) -> TokenVisit:
    asked = tuple(
        part
        for value in query_values(exchange.request.target, "scope")
        for part in value.replace("%3A", ":").replace("%3a", ":").replace("%2C", ",").replace("%2F", "/").split("%20")
    )
    fields = json_object(exchange)
    life = fields.get("expires_in", 60)
    seconds = float(life) if isinstance(life, int | float) and not isinstance(life, bool) else 60.0
    return TokenVisit(exchange.id, asked, seconds, exchange.timings.started, "expires_in" in fields)


def json_object(exchange: Exchange) -> dict[str, object]:
    """Return the JSON object that the body of an answer holds; an empty one where it is none."""
    body = exchange.response.body if exchange.response else b""
    if isinstance(body, Slice | Unkept) or len(body) > 1 << 20:
        return {}
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
