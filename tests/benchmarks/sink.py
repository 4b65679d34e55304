"""A server that speaks enough HTTP to be uploaded to and downloaded from, and throws everything away.

`python sink.py` prints its port. GET /bytes/N answers N bytes; whatever has a body is read to its end and answered 202.
It is cheap, so that what is measured is what stands before it.
"""

from __future__ import annotations

import re
import socket
import threading

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_BYTES = re.compile(rb"GET /bytes/(\d+)")
_BLOCK = bytes(1 << 20)


def serve(connection: socket.socket) -> None:
    """Answer requests until the client closes."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    scratch = bytearray(1 << 20)
    view = memoryview(scratch)
    pending = b""
    while True:
        while b"\r\n\r\n" not in pending:
            count = connection.recv_into(scratch)
            if not count:
                return
            pending += view[:count]
        head, _, pending = pending.partition(b"\r\n\r\n")
        if b"100-continue" in head.lower():
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        found = _LENGTH.search(head)
        left = int(found[1]) if found else 0
        used = min(left, len(pending))
        left, pending = left - used, pending[used:]
        while left:
            count = connection.recv_into(view[: min(left, len(scratch))])
            if not count:
                return
            left -= count
        wanted = _BYTES.match(head)
        if wanted is None:
            connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nLocation: /v2/a/blobs/uploads/1\r\n\r\n")
            continue
        size = int(wanted[1])
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        for at in range(0, size, len(_BLOCK)):
            connection.sendall(_BLOCK[: size - at])


def main() -> None:
    """Listen and print the port."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    main()
