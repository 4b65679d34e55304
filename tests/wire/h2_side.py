"""The server's side of HTTP/2 as a test wants it: lists of headers are kept as they came, said as they are written."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.events
import h2.exceptions

from tests.wire.authority import Signed
from tests.wire.loopback import Manner, Talk

Rows = Sequence[tuple[str, str]]
OK: Rows = [(":status", "200"), ("content-length", "2")]


@dataclass
class H2Talk:
    """One connection: the lists that came by stream, the bodies, and the state."""

    talk: Talk
    lists: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    bodies: dict[int, bytearray] = field(default_factory=dict)
    ended: set[int] = field(default_factory=set)
    resets: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.state = h2.connection.H2Connection(
            h2.config.H2Configuration(
                client_side=False,
                header_encoding=None,
                validate_inbound_headers=False,
                normalize_inbound_headers=False,
                validate_outbound_headers=False,
                normalize_outbound_headers=False,
            )
        )
        self.state.initiate_connection()
        self.flush()

    def flush(self) -> None:
        self.talk.say(self.state.data_to_send())

    def step(self, *, takes_bodies: bool = True) -> bool:
        """Read some more; False where the client has closed, or broken the rules."""
        data = self.talk.read()
        try:
            events = self.state.receive_data(data) if data else []
        except h2.exceptions.ProtocolError:
            self.flush()
            return False
        for event in events:
            match event:
                case h2.events.RequestReceived():
                    rows = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in event.headers)
                    self.lists[event.stream_id] = list(rows)
                    self.bodies[event.stream_id] = bytearray()
                case h2.events.DataReceived():
                    self.bodies[event.stream_id] += event.data
                    if takes_bodies:
                        self.state.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                case h2.events.StreamEnded():
                    self.ended.add(event.stream_id)
                case h2.events.StreamReset():
                    self.resets[event.stream_id] = int(event.error_code)
                case _:
                    pass
        self.flush()
        return bool(data)

    def request(self, id: int) -> None:
        """Read until a request is whole."""
        while id not in self.ended:
            if not self.step():
                raise EOFError(f"the client closed before stream {id} was through")

    def answer(self, id: int, rows: Rows = OK, body: bytes = b"{}", *, is_end: bool = True) -> None:
        """Say a list of headers, and a body."""
        self.state.send_headers(id, rows, end_stream=is_end and not body)
        if body:
            self.state.send_data(id, body, end_stream=is_end)
        self.flush()

    def wait(self) -> None:
        """Read until the client closes."""
        while self.step():
            pass


H2Manner = Callable[[H2Talk], None]


def speaking(manner: H2Manner, kept: list[H2Talk]) -> Manner:
    """Return a manner of speaking HTTP/2; each connection is kept in a list."""

    def talk(plain: Talk) -> None:
        kept.append(H2Talk(plain))
        manner(kept[-1])

    return talk


def server_context(signed: Signed, *protocols: str) -> ssl.SSLContext:
    """Return a server's TLS that agrees on those protocols."""
    context = signed.server()
    context.set_alpn_protocols(list(protocols))
    return context
