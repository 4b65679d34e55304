"""The client: sends one request exactly as it is written, and returns exactly what came back.

httpx's transport over httpcore makes the connections; the tap sees the bytes. Nothing is followed, retried, decoded or
added. One exchange at a time for each client; a stop may come from any thread.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, replace

import httpx

from explorer.model import (
    Body,
    Failure,
    Headers,
    Origin,
    Progress,
    Relay,
    Request,
    Response,
    Save,
    Timings,
)
from explorer.wire.dialing import Dialer, head_on
from explorer.wire.failures import failure_of
from explorer.wire.heads import Head
from explorer.wire.keeping import Keeping, Unsavable, keeping
from explorer.wire.link import Link
from explorer.wire.malformed import Malformed
from explorer.wire.options import ConnectionOptions, Route, route_to
from explorer.wire.outgoing import Outgoing
from explorer.wire.sendable import check_sendable
from explorer.wire.sent import Sent
from explorer.wire.tap import HEAD_LIMIT, Current, Tap, is_chunked
from explorer.wire.trust import shows_a_certificate
from explorer.wire.tunnels import proxy_words

_NO_TRAILERS = Headers()


class Client:
    """Sends requests over kept connections, each origin having its own."""

    def __init__(self, options: ConnectionOptions | None = None, environ: Mapping[str, str] = os.environ) -> None:
        """Take how connections are made; the environment is asked for proxies, where the options name none."""
        self._options = options or ConnectionOptions()
        self._environ = environ
        self._transports: dict[Origin, _Transport] = {}
        self._one_at_a_time = threading.Lock()
        self._tap: Tap | None = None
        self._source: Client | None = None  # for what is relayed: two exchanges at a time

    def send(self, request: Request, progress: Progress | None = None, save: Save | None = None) -> Sent:
        """Send a request and return what came of it; a failure of the network is in there, not raised.

        Raises InputError where the request cannot be put on a wire or the proxy cannot be used, FormatError where the
        file of its body or a certificate cannot be read, or the answer cannot be saved; then nothing was sent.
        """
        check_sendable(request)
        self._transport_to(request.origin)
        return self.carry(request, keeping(save, request, progress), Outgoing(request, progress))

    def relay(self, request: Request, relay: Relay, progress: Progress | None = None) -> tuple[Sent, Sent | None]:
        """Send a request, and where it is answered 200, at the same time the one that passes its body on.

        The second is None where there was nothing to pass on. Raises what `send` raises.
        """
        from explorer.wire.relaying import relayed

        if self._source is None:
            self._source = Client(self._options, self._environ)
        return relayed(self._source, self, request, relay, progress)

    def carry(self, request: Request, keeper: Keeping, outgoing: Outgoing) -> Sent:
        """Send a request whose body comes from `outgoing`, and give the body of the answer to `keeper`."""
        transport = self._transport_to(request.origin)
        with self._one_at_a_time, outgoing as body:
            route = transport.route
            words = proxy_words(route, request.origin.scheme)
            tap = Tap(request, head_on(route, request), words)
            body.tap = self._tap = transport.current.tap = tap
            try:
                return self._exchange(request, transport, tap, body, keeper)
            finally:
                keeper.broke_off()
                self._tap = transport.current.tap = None

    def stop(self) -> None:
        """End the exchange that is under way, if there is one; it comes back with an error of kind `stopped`."""
        if tap := self._tap:
            tap.stop()
        if self._source:
            self._source.stop()

    def close(self) -> None:
        """Close every connection."""
        for transport in self._transports.values():
            transport.close()
        if self._source:
            self._source.close()

    def _transport_to(self, origin: Origin) -> _Transport:
        if origin not in self._transports:
            self._transports[origin] = _Transport(origin, self._options, route_to(origin, self._options, self._environ))
        return self._transports[origin]

    def _exchange(self, request: Request, transport: _Transport, tap: Tap, body: Outgoing, keeper: Keeping) -> Sent:
        started, clock = time.time(), time.perf_counter()
        response: Response | None = None
        error: Failure | None = None
        try:
            response = _read_answer(transport.carry(body), tap, keeper)
        except (httpx.TransportError, httpx.InvalidURL) as failed:
            received = bytes(tap.received)
            error = failure_of(
                failed,
                request.origin,
                received,
                transport.route.words,
                shows=transport.shows_a_certificate,
                version=tap.connection.version,
            )
            if body.why_it_broke:
                error = Failure("unsendable", body.why_it_broke)
            if tap.is_stopped:
                error = Failure("stopped", f"The exchange was stopped after {body.size} bytes of the body had left.")
            error = replace(error, sentence=error.sentence + keeper.broke_off())
        except Unsavable as failed:
            error = Failure("unsavable", failed.sentence + keeper.broke_off())
        except KeyboardInterrupt:
            transport.close()
            del self._transports[request.origin]
            error = Failure(
                "interrupted", f"Interrupted after {body.size} bytes of the body had left.{keeper.broke_off()}"
            )
        heads = tap.heads
        whole = b"".join(head.raw for head in heads)
        is_answered = bool(heads) and heads[-1].is_final
        if response is None and is_answered:
            response = _response(heads[-1], b"" if tap.lists else bytes(tap.received[len(whole) :]))

        def since(moment: float | None) -> float | None:
            return None if moment is None else round(moment - clock, 6)

        return Sent(
            response=response,
            error=error,
            sent_head=tap.sent_head,
            received_head=whole if is_answered or tap.connection.version else bytes(tap.received[: len(whole) + 1024]),
            sent_size=body.size,
            sent_sha256=body.digest.hexdigest(),
            timings=Timings(
                started,
                since(tap.connected_at),
                since(tap.last_sent_at),
                since(tap.first_byte_at),
                since(time.perf_counter()),
            ),
            connection=tap.connection,
        )


def _read_answer(answer: httpx.Response, tap: Tap, keeper: Keeping) -> Response:
    size = 0
    with contextlib.closing(answer):
        head = next((head for head in tap.heads if head.is_final), None)
        if head is None:
            too_long = f"its heads are longer than {HEAD_LIMIT} bytes"
            raise httpx.RemoteProtocolError(too_long) from Malformed(too_long)
        keeper.begin(head)
        assert isinstance(answer.stream, httpx.SyncByteStream)
        for block in answer.stream:  # in the pieces that come, so that nothing is held back
            size += len(block)
            if tap.is_stopped:
                raise httpx.ReadError("stopped")
            if not keeper.take(block):
                return _response(head, keeper.end())
    if tap.is_stopped:
        raise httpx.ReadError("stopped")
    tap.end_answer(size, is_chunked=is_chunked(head.headers))
    return _response(head, keeper.end(), tap.trailers)


def _response(head: Head, body: Body, trailers: Headers = _NO_TRAILERS) -> Response:
    return Response(head.status, head.reason, head.version, head.headers, body, trailers)


class _Transport(httpx.HTTPTransport):
    """httpx's transport to one origin, with connections that pass the tap; TLS is made ready only for https."""

    def __init__(self, origin: Origin, options: ConnectionOptions, route: Route) -> None:
        is_secure = origin.scheme == "https"
        self.shows_a_certificate = is_secure and shows_a_certificate(origin, options)
        self.route = route
        self.current = Current()
        self._pool = Link(Dialer(origin, route, options), self.current, options.http)
        host = f"[{origin.host}]" if ":" in origin.host else origin.host
        self._url = f"{origin.scheme}://{host}:{origin.port}/"
        self._timeouts = asdict(options.timeouts)
        self._request: httpx.Request | None = None

    def carry(self, body: Outgoing) -> httpx.Response:
        """Send the request that the tap has; the answer is there as far as its head."""
        if self._request is None:  # the same for all: httpx needs to know where to, and takes the body there
            self._request = httpx.Request("POST", self._url, stream=body, extensions={"timeout": self._timeouts})
        self._request.stream = body
        return self.handle_request(self._request)
