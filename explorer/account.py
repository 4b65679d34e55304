"""The account of an upload: how far each side says it is, so that a disagreement stands out.

Four figures: the bytes of the file, the bytes that were sent, the bytes that the last answer's Range admits, and the
bytes that the state token's Offset claims. Those that are not known are None. What was refused does not count as sent;
what left in an exchange that broke off is told apart, as no answer says what became of it.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

from explorer.decoders.upload_state import state_of
from explorer.errors import Stuck
from explorer.frozen import frozen
from explorer.model import Exchange, FlowCall, shared
from explorer.spec.endpoints import CHUNK, CLOSE_UPLOAD, MOUNT, OPEN_UPLOAD, SINGLE_POST, UPLOAD_STATUS, endpoint_of
from explorer.spec.locations import path_of, query_values, resolve
from explorer.spec.ranges import bytes_received

_OPENING = (OPEN_UPLOAD, SINGLE_POST, MOUNT)
_WITHIN = (CHUNK, CLOSE_UPLOAD, UPLOAD_STATUS)


@frozen
class Account:
    """The figures of one upload, in bytes; `upload` is the path of its Location.

    `exchanges` are the ids of those that belong to it, `digest` is that of its closing PUT, where it
    came so far. `is_closed` says that the registry took it. `unanswered` are the bytes that left after the last answer.
    """

    upload: str
    exchanges: tuple[int, ...]
    sent: int
    admitted: int | None = None
    claimed: int | None = None
    size: int | None = None
    digest: str = ""
    is_closed: bool = False
    unanswered: int = 0

    @property
    def disagreements(self) -> tuple[str, ...]:
        """What does not fit together, in words; empty where all fits."""
        found = []
        if self.admitted is not None and self.admitted != self.sent:
            found.append(f"{self.sent} bytes were sent, and the answer's Range admits {self.admitted}")
        if self.claimed is not None and self.claimed != (self.sent if self.admitted is None else self.admitted):
            other = "were sent" if self.admitted is None else "are admitted by the answer's Range"
            count = self.sent if self.admitted is None else self.admitted
            found.append(f"the token's Offset claims {self.claimed} bytes, and {count} {other}")
        if self.size is not None and self.sent > self.size:
            found.append(f"{self.sent} bytes were sent, and the file has {self.size}")
        if self.is_closed and self.size is not None and self.sent < self.size:
            found.append(f"the upload was closed after {self.sent} of {self.size} bytes")
        return tuple(found)


class Accounts:
    """Follows the uploads of a session, exchange by exchange."""

    def __init__(self, call: FlowCall | None = None) -> None:
        """Begin; the call of the session knows the sizes of its blobs."""
        self._sizes = _sizes_of(call)
        self._accounts: dict[str, Account] = {}
        self._by_exchange: dict[int, str] = {}

    def add(self, exchange: Exchange) -> Account | None:
        """Take in an exchange; returns the account of its upload, None where it belongs to none."""
        endpoint = endpoint_of(exchange.request.method, exchange.request.target)
        if endpoint in _OPENING:
            return self._open(exchange)
        if endpoint in _WITHIN:
            return self._go_on(exchange, is_closing=endpoint is CLOSE_UPLOAD)
        return None

    def of(self, exchange: int) -> Account | None:
        """Return the account of the upload that an exchange belongs to, as it stands at the end; None for none."""
        upload = self._by_exchange.get(exchange)
        return self._accounts.get(upload) if upload else None

    def all(self) -> tuple[Account, ...]:
        """Return every account, in the order in which the uploads were opened."""
        return tuple(self._accounts.values())

    def _open(self, exchange: Exchange) -> Account | None:
        upload = _upload_in(exchange)
        if exchange.status != 202 or not upload:
            return None
        digest = unquote(next(iter(query_values(exchange.request.target, "digest")), ""))
        size = self._sizes.get(digest) or self._sizes.get(_blob_name(exchange))
        account = Account(upload, (exchange.id,), 0, None, _claimed(exchange), size, digest)
        return self._keep(exchange, account)

    def _go_on(self, exchange: Exchange, *, is_closing: bool) -> Account:
        upload = path_of(exchange.request.target)
        before = self._accounts.get(upload) or Account(upload, (), 0)
        digest = shared(unquote(next(iter(query_values(exchange.request.target, "digest")), before.digest)))
        size = self._sizes.get(digest) or self._sizes.get(_blob_name(exchange)) or before.size
        account = replace(before, exchanges=(*before.exchanges, exchange.id), digest=digest, size=size)
        if 200 <= exchange.status < 300:
            account = replace(
                account,
                sent=before.sent + exchange.sent_size,
                admitted=_admitted(exchange),
                claimed=_claimed(exchange),
                is_closed=before.is_closed or is_closing,
            )
        lost = before.unanswered + (exchange.sent_size if exchange.error else 0)
        account = replace(account, unanswered=0 if exchange.response else lost)
        moved = _upload_in(exchange) if not is_closing else ""
        if moved and moved != upload:
            self._by_exchange.update(dict.fromkeys(account.exchanges, moved))
            self._accounts.pop(upload, None)
            account = replace(account, upload=moved)
        return self._keep(exchange, account)

    def _keep(self, exchange: Exchange, account: Account) -> Account:
        self._accounts[account.upload] = account
        self._by_exchange[exchange.id] = account.upload
        return account


def _upload_in(exchange: Exchange) -> str:
    """Return the path of the Location of an answer; empty where there is none."""
    location = exchange.response.headers.get("Location") if exchange.response else None
    try:
        return path_of(resolve(exchange.request, location)[1]) if location else ""
    except Stuck:
        return ""


def _blob_name(exchange: Exchange) -> str:
    """Return the blob's name, which the flows put before the colon of a step's title."""
    return exchange.title.partition(":")[0]


def _admitted(exchange: Exchange) -> int | None:
    said = exchange.response.headers.get("Range") if exchange.response else None
    return bytes_received(said) if said else None


def _claimed(exchange: Exchange) -> int | None:
    location = exchange.response.headers.get("Location") if exchange.response else None
    state = state_of(location) if location else None
    return state.offset if state else None


def _sizes_of(call: FlowCall | None) -> dict[str, int]:
    """Return the sizes of the blobs that a call names, in bytes, by digest and by name."""
    blobs = call.arguments.get("blobs") if call else None
    sizes: dict[str, int] = {}
    for blob in blobs if isinstance(blobs, list) else ():
        size = _size_of(blob.get("body")) if isinstance(blob, dict) else None
        if size is not None:
            sizes |= {str(blob.get("digest")): size, str(blob.get("name") or blob.get("digest")): size}
    return sizes


def _size_of(body: object) -> int | None:
    if not isinstance(body, dict):
        return None
    size = body.get("length", body.get("size"))
    if isinstance(size, int):
        return size
    encoded, text = body.get("base64"), body.get("text")
    if isinstance(encoded, str):
        return len(encoded) // 4 * 3 - encoded[-2:].count("=")
    return len(text.encode()) if isinstance(text, str) else None
