"""What can be said of a session besides its bytes, kept up as it grows: origins, verdicts, findings, groups.

Everything here is inferred from the exchanges. Each is looked at once, so the cost of one more does not depend on how
many there were.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import unquote

from explorer.account import Account, Accounts
from explorer.frozen import frozen
from explorer.model import Exchange, Finding, FlowCall, Request, shared
from explorer.origins import Origins, Source, Use
from explorer.spec.endpoints import BLOB, DELETE_BLOB, DELETE_MANIFEST, MANIFEST, PUT_MANIFEST, endpoint_of
from explorer.spec.locations import query_values
from explorer.verdicts import Verdict, verdict_on
from explorer.visible import size_text

if TYPE_CHECKING:
    from explorer.diagnoses import Diagnosis

MOST = 20_000
"""So many exchanges of a session are looked at; beyond them nothing is inferred."""

_SHORT = 19  # "sha256:" and 12 digits


@frozen
class Group:
    """What some exchanges of a session are about: a blob or a manifest; `key` is equal for those of one group."""

    key: str
    label: str


class Insight:
    """Looks at the exchanges of one session. One thread may follow while another asks."""

    def __init__(self, call: FlowCall) -> None:
        self._origins = Origins(call.arguments)
        self._accounts = Accounts(call)
        self._digests = _digests_by_name(call)
        self._verdicts: list[Verdict | None] = []
        self._diagnosis: Diagnosis | None = None
        self._findings: tuple[Finding, ...] = ()
        self._found_at = 0
        self._found_in: dict[int, tuple[Finding, ...]] = {}
        self._is_catching_up = False
        self._lock = threading.RLock()
        self._keys: list[str] = []
        self._aside: set[int] = set()
        self._names: dict[str, str] = {digest: name for name, digest in self._digests.items()}

    @property
    def count(self) -> int:
        """How many exchanges were looked at."""
        return len(self._verdicts)

    def follow(self, exchanges: Sequence[Exchange], most: int = MOST) -> None:
        """Look at those exchanges of a session that were not looked at yet, in their order; `most` in all."""
        for index in range(self.count, min(len(exchanges), most, MOST)):
            exchange = exchanges[index]
            with self._lock:
                self._origins.add(exchange)
                self._accounts.add(exchange)
                self._keys.append(shared(self._key(exchange)))
                if not exchange.request.target.startswith("/v2/"):
                    self._aside.add(exchange.id)
                self._verdicts.append(verdict_on(exchange))
                self._rules().feed(exchange, exchanges)

    def behind(self, exchanges: Sequence[Exchange]) -> int:
        """Return how many exchanges of a session are to be looked at yet."""
        return max(0, min(len(exchanges), MOST) - self.count)

    def _rules(self) -> Diagnosis:
        """Return the diagnosis that goes along; its rules are loaded when there is something to look at."""
        if self._diagnosis is None:
            from explorer.diagnoses import Diagnosis

            self._diagnosis = Diagnosis()
        return self._diagnosis

    @contextmanager
    def catching_up(self) -> Iterator[None]:
        """Look at much in a thread of its own; what was found before stays until it is through."""
        self._is_catching_up = True
        try:
            yield
            self._find()
        finally:
            self._is_catching_up = False

    def _find(self) -> None:
        if self._diagnosis is None or self._found_at == self.count:
            return
        count, found = self.count, self._diagnosis.findings()
        by_exchange: dict[int, list[Finding]] = {}
        for finding in found:
            for id in dict.fromkeys(finding.exchanges):
                by_exchange.setdefault(id, []).append(finding)
        self._found_in = {id: tuple(of_it) for id, of_it in by_exchange.items()}
        self._findings, self._found_at = found, count

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong so far, the strongest cause first."""
        if not self._is_catching_up:
            with self._lock:
                self._find()
        return self._findings

    def findings_of(self, id: int) -> tuple[Finding, ...]:
        """Return the findings that an exchange shows, the strongest cause first."""
        return self._found_in.get(id, ()) if self.findings else ()

    def allow_reading(self) -> None:
        """Let the files be read, to be hashed, that the bodies of what comes from here on are slices of."""
        self._rules().may_read = True

    def warnings(self, request: Request, *, may_read: bool = False) -> tuple[Finding, ...]:
        """Return what would fail if a request was sent next, at this moment; `may_read` allows reading its own file."""
        from explorer.diagnoses import before_sending

        with self._lock:
            return before_sending(request, self._rules(), may_read=may_read, at=time.time())

    def verdict(self, id: int) -> Verdict | None:
        """Return the verdict on the answer of an exchange; None where there is none."""
        return self._verdicts[id - 1] if 0 < id <= self.count else None

    def account(self, id: int) -> Account | None:
        """Return the account of the upload that an exchange belongs to; None where it belongs to none."""
        return self._accounts.of(id)

    def sources(self, id: int) -> tuple[Source, ...]:
        """Return where the values of the request of an exchange came from."""
        return self._origins.sources(id)

    def sources_of(self, request: Request, proposed: Request | None = None) -> tuple[Source, ...]:
        """Return where the values of a request came from that is to be sent next."""
        with self._lock:
            return self._origins.of(request, proposed)

    def uses(self, id: int) -> tuple[Use, ...]:
        """Return where the values of the answer of an exchange went."""
        return self._origins.uses(id)

    def group(self, id: int) -> Group | None:
        """Return the group of an exchange; None where it is about no blob and no manifest."""
        key, account = self.keys(id)[0], self._accounts.of(id)
        return Group(key, self._label(key, account)) if key else None

    def keys(self, id: int) -> tuple[str, str]:
        """Return the key of the group of an exchange and that of its upload, which the group has till it is closed."""
        key = self._keys[id - 1] if 0 < id <= self.count else ""
        account = self._accounts.of(id)
        if account is None:
            return key, ""
        upload = f"upload {account.upload}"
        return key or (f"blob {account.digest}" if account.digest else upload), upload

    def is_aside(self, id: int) -> bool:
        """Say whether an exchange is no call of the API: it is with a token service, or with where an answer led to."""
        return id in self._aside

    def _key(self, exchange: Exchange) -> str:
        method, target = exchange.request.method, exchange.request.target
        endpoint = endpoint_of(method, target)
        last = unquote(target.partition("?")[0].rpartition("/")[2])
        if endpoint in (BLOB, DELETE_BLOB):
            return f"blob {last}"
        if endpoint in (MANIFEST, PUT_MANIFEST, DELETE_MANIFEST):
            return f"manifest {last}"
        name = exchange.title.partition(":")[0]
        digest = self._digests.get(name) or next(
            (unquote(value) for kind in ("digest", "mount") for value in query_values(target, kind)), ""
        )
        return f"blob {digest}" if digest else ""

    def _label(self, key: str, account: Account | None) -> str:
        noun, _, rest = key.partition(" ")
        size = account.size if account and account.size is not None else account.sent if account else None
        words = [self._names.get(rest, noun), rest if len(rest) <= _SHORT else f"{rest[:_SHORT]}…"]
        if noun == "upload":
            words[1] = rest.rpartition("/")[2][:12]
        if size:
            words.append(size_text(size))
        return "  ".join(words)


def _digests_by_name(call: FlowCall) -> dict[str, str]:
    """Return the digests of the blobs of a call by the names that begin the titles of their steps."""
    blobs = call.arguments.get("blobs")
    entries = [blob for blob in blobs if isinstance(blob, dict)] if isinstance(blobs, list) else []
    return {str(entry["name"]): str(entry["digest"]) for entry in entries if entry.get("name") and entry.get("digest")}
