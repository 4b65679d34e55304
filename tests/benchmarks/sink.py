"""A server that speaks enough HTTP to be uploaded to and downloaded from, and throws everything away.

    python sink.py [PORT]

It prints its port. GET /bytes/N answers N bytes, GET /turned/PORT/N a redirect to them at another port. POST and PATCH
are read to their end and answered 202 with a Location, other methods 201 (HEAD: 404). It is cheap, so that what is
measured is what stands before it.
"""

from __future__ import annotations

import re
import socket
import sys
import threading

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_BYTES = re.compile(rb"GET /bytes/(\d+)")
_TURNED = re.compile(rb"GET /turned/(\d+)/(\d+)")
_RANGE = re.compile(rb"\r\ncontent-range: *(?:bytes )?\d+-(\d+)", re.IGNORECASE)
_BLOCK = bytes(1 << 20)
_PLACE = b"Location: /v2/a/blobs/uploads/1?_state=x\r\nDocker-Upload-UUID: 1\r\n"
_OPENED = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n" + _PLACE
_CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nLocation: /v2/a/blobs/1\r\n\r\n"
_ABSENT = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class Connection:
    """One client: its socket, and what was read of the next request."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = sock
        self.scratch = bytearray(1 << 20)
        self.view = memoryview(self.scratch)
        self.pending = b""

    def serve(self) -> None:
        """Answer requests until the client closes."""
        while (head := self.until(b"\r\n\r\n")) is not None:
            if b"100-continue" in head.lower():
                self.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            found = _LENGTH.search(head)
            size = int(found[1]) if found else 0
            if _CHUNKED.search(head):
                self.skip_chunks()
            elif not self.skip(size):
                return
            self.answer(head, size)

    def until(self, end: bytes) -> bytes | None:
        """Return what comes before `end`, or None where the client is gone."""
        while end not in self.pending:
            count = self.sock.recv_into(self.scratch)
            if not count:
                return None
            self.pending += self.view[:count]
        before, _, self.pending = self.pending.partition(end)
        return before

    def skip(self, left: int) -> bool:
        """Read so many bytes of a body; return whether all came."""
        used = min(left, len(self.pending))
        left, self.pending = left - used, self.pending[used:]
        while left:
            count = self.sock.recv_into(self.view[: min(left, len(self.scratch))])
            if not count:
                return False
            left -= count
        return True

    def skip_chunks(self) -> None:
        """Read a chunked body."""
        while (line := self.until(b"\r\n")) is not None:
            size = int(line.partition(b";")[0], 16)
            self.skip(size + 2)
            if not size:
                return

    def answer(self, head: bytes, size: int) -> None:
        """Answer a request whose body was read."""
        method = head.split(b" ", 1)[0]
        if wanted := _BYTES.match(head):
            self.sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % int(wanted[1]))
            for at in range(0, int(wanted[1]), len(_BLOCK)):
                self.sock.sendall(_BLOCK[: int(wanted[1]) - at])
        elif turned := _TURNED.match(head):
            place = b"Location: http://127.0.0.1:%s/bytes/%s\r\n" % (turned[1], turned[2])
            self.sock.sendall(b"HTTP/1.1 307 Temporary Redirect\r\nContent-Length: 0\r\n" + place + b"\r\n")
        elif method in (b"POST", b"PATCH"):
            placed = _RANGE.search(head)
            last = int(placed[1]) if placed else max(size - 1, 0)
            self.sock.sendall(_OPENED + b"Range: 0-%d\r\n\r\n" % last)
        else:
            self.sock.sendall(_ABSENT if method == b"HEAD" else _CREATED)


def main() -> None:
    """Listen and print the port."""
    listener = socket.create_server(("127.0.0.1", int((*sys.argv[1:], "0")[0])), backlog=64)
    print(listener.getsockname()[1], flush=True)
    while True:
        sock, _ = listener.accept()
        threading.Thread(target=Connection(sock).serve, daemon=True).start()


if __name__ == "__main__":
    main()
