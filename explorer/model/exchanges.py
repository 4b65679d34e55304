"""One request that was sent and what came of it; and the recording of many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from explorer.frozen import frozen
from explorer.model.messages import Request, Response
from explorer.model.notes import Note


@frozen
class Failure:
    """Why there is no whole answer.

    `kind` is unreachable, tls, timeout, closed, not-http, unsendable, unsavable, stopped or interrupted; of what was
    recorded between a client and a registry also client-gone, and fault (one answered in the registry's place).
    """

    kind: str
    sentence: str


@frozen
class Timings:
    """When it was and how long the phases took: `started` in seconds since 1970, the rest in seconds from there.

    A phase that was not reached is None. `connected` is None, too, where a kept connection was used.
    """

    started: float = 0.0
    connected: float | None = None
    sent: float | None = None
    first_byte: float | None = None
    finished: float | None = None


@frozen
class Connection:
    """The connection that carried an exchange: its two addresses, whether it was used before, TLS version, cipher."""

    local: str = ""
    peer: str = ""
    reused: bool = False
    tls: str = ""
    cipher: str = ""
    certificate: str = ""  # the other side's, in words: subject, names, issuer, dates
    alpn: str = ""
    proxy: str = ""  # the proxy, and what it does for this exchange
    version: str = ""  # HTTP/2 where lists of headers crossed it in frames, and no heads in bytes


@frozen
class ClientSide:
    """The other side of an exchange that passed through here: what the client sent, and what it was told.

    Both are raw heads, the latter with all 1xx heads before the final one; they differ from those of the exchange where
    something was mapped on the way.
    """

    sent_head: bytes = b""
    received_head: bytes = b""
    connection: Connection = Connection()


@frozen
class Exchange:
    """One request that was sent, and what came of it.

    `id` counts from 1 in a session. `after` is the id of the exchange that the flow had reached before it (0: none), so
    attempts of one step share it. `proposed` is what the flow wanted to send; `request` is what was sent.
    `sent_head` and `received_head` are the raw bytes of the heads, the latter with all 1xx heads before the final one.
    `sent_size` and `sent_sha256` are of the body bytes that really left.

    `basis` is observed, inferred (read out of a log or a paste that does not show it all) or made up (an answer typed
    by a person to see what would follow). `unknown` names the parts that the source does not tell, so that what is
    missing there is not taken for absent: request.method, request.origin, request.target, request.headers,
    request.authorization, request.body, response.status, response.headers, response.body, and headers.order where the
    source has them sorted.
    `notes` are what it tells beside the messages. `extra` holds the fields of the session file that this version does
    not know, so that they survive a rewrite: whatever shows or shares them has to mask them.
    """

    id: int
    after: int
    title: str
    proposed: Request
    request: Request
    response: Response | None = None
    error: Failure | None = None
    sent_head: bytes = b""
    received_head: bytes = b""
    sent_size: int = 0
    sent_sha256: str = ""
    timings: Timings = Timings()
    connection: Connection = Connection()
    spec: str = ""
    basis: str = "observed"
    unknown: tuple[str, ...] = ()
    client: ClientSide | None = None  # where it was recorded between a client and a registry
    notes: tuple[Note, ...] = ()
    extra: dict[str, object] = field(default_factory=dict, hash=False)

    @property
    def is_edited(self) -> bool:
        """Whether what was sent differs from what the flow had proposed."""
        return self.request is not self.proposed and self.request != self.proposed

    @property
    def status(self) -> int:
        """The status of the answer; 0 where there is none."""
        return self.response.status if self.response else 0


@frozen
class FlowCall:
    """Which flow a session runs, with arguments that are plain JSON values, so that it can be built again.

    A flow without a name is none: the exchanges were made by someone else, and are looked at.
    """

    flow: str
    arguments: dict[str, object] = field(default_factory=dict)


@frozen
class Session:
    """A recording: who made it, when (seconds since 1970), which flow, and every exchange in the order it happened."""

    made_with: str
    started: float
    call: FlowCall
    exchanges: Sequence[Exchange] = ()
    extra: dict[str, object] = field(default_factory=dict)  # fields of the head that this version does not know
