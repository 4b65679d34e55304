"""A server that answers everything with 200 and keeps what arrived: heads as lines, bodies without their framing."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass
class Arrived:
    """One request as it came: its first line, its header lines with their blanks, its body."""

    first: str
    rows: list[tuple[str, str]]
    body: bytes


@dataclass
class Listener:
    """Where it listens, and what arrived since `clear`."""

    port: int
    arrived: list[Arrived] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen on the loopback address until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        listener = Listener(server.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(server, listener), daemon=True)
        thread.start()
        yield listener
        server.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def _serve(server: socket.socket, listener: Listener) -> None:
    while True:
        try:
            peer, _ = server.accept()
        except OSError:
            return
        with peer, peer.makefile("rb") as stream:
            peer.settimeout(10)
            lines = _lines(stream)
            if not lines:
                continue
            rows = [(name, value) for name, _, value in (line.partition(":") for line in lines[1:])]
            fields = {name.lower(): value.strip() for name, value in rows}
            if "expect" in fields:
                peer.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            listener.arrived.append(Arrived(lines[0], rows, _body(stream, fields)))
            peer.sendall(ANSWER)


def _lines(stream: BinaryIO) -> list[str]:
    lines = []
    while line := stream.readline().rstrip(b"\r\n"):
        lines.append(line.decode("latin-1"))
    return lines


def _body(stream: BinaryIO, fields: dict[str, str]) -> bytes:
    if fields.get("transfer-encoding") != "chunked":
        return stream.read(int(fields.get("content-length", "0")))
    body = b""
    while size := int(stream.readline(), 16):
        body += stream.read(size)
        stream.readline()
    stream.readline()
    return body
