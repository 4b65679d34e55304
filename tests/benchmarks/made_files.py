"""Large files to measure with: real captures and recordings, repeated with ids, uploads and digests of their own."""

from __future__ import annotations

import json
import os
import re
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from explorer.formats.exchange_values import exchange_to_json
from explorer.formats.importing import import_file
from explorer.formats.session import session_lines
from explorer.formats.shelves import encoded
from explorer.model import FlowCall, Session

CAPTURES = Path(__file__).parents[1] / "captures"
MIB = 1024 * 1024

_UPLOADS = re.compile(rb"(?<![0-9a-f])[0-9a-f]{8}(?=-[0-9a-f]{4}-)")
_UPLOADS_AND_DIGESTS = re.compile(_UPLOADS.pattern[:-1] + rb"|[0-9a-f]{56}(?![0-9a-f]))")
_MARK = b"\x01\x02\x03\x04\x05\x06\x07\x08"

LOGS = {
    "crane": "crane-push.log",
    "skopeo": "skopeo-copy.log",
    "regctl": "regctl-copy.log",
    "regctl-json": "regctl-copy-json.log",
    "distribution": "server-distribution-2.8.log",
}
"""Logs of clients and servers that can be made, and the capture that each is a repetition of."""

ACCESS_LINE = (
    b'10.0.0.%d - - [23/Nov/2026:09:51:02 +0000] "PATCH /v2/demo/app/blobs/uploads/12345678-229e-4483-9c54-3cffa2fb3399'
    b'?_state=aaaa HTTP/1.1" 202 0 "-" "docker/28.0.0 go/go1.23.6 git-commit/af898ab kernel/6.1.0 os/linux"\n'
)


def write_session(path: Path, size: int) -> int:
    """Write a session of about `size` bytes, the exchanges of a push again and again; return how many there are."""
    pushed = [exchange_to_json(exchange) for exchange in import_file(CAPTURES / "crane-push.log").session.exchanges]
    lines = [encoded(value) for value in pushed]
    pieces = [_UPLOADS.sub(_MARK, b'"title"' + line.split(b'"title"', 1)[1] + b"\n") for line in lines]
    count = 0
    with path.open("wb") as file:
        file.writelines(session_lines(Session("registry-explorer benchmark", 1795427462.0, FlowCall(""))))
        while file.tell() < size:
            for piece in pieces:
                count += 1
                file.write(b'{"id":%d,"after":%d,' % (count, count - 1))
                file.write(_own(piece, count))
    return count


def write_har(path: Path, size: int, *, indent: int | None = None) -> None:
    """Write a HAR of about `size` bytes, indented as mitmproxy has it where that is asked for."""
    har = json.loads((CAPTURES / "push.har").read_bytes())
    entries = har["log"].pop("entries")
    piece = _marked(",".join(json.dumps(entry, indent=indent) for entry in entries).encode())
    with path.open("wb") as file:
        file.write(json.dumps(har).encode()[:-2] + b', "entries": [')
        file.writelines(_repeated(piece, size, between=b","))
        file.write(b"]}}")


def write_log(path: Path, kind: str, size: int) -> None:
    """Write a log of about `size` bytes: one of LOGS, `nginx`, or `curl` (what `curl -v` prints)."""
    if kind == "nginx":
        text = b"".join(ACCESS_LINE % number for number in range(100))
    elif kind == "curl":
        text = b"".join(file.read_bytes() for file in sorted(CAPTURES.glob("curl-0*.txt")))
    else:
        text = (CAPTURES / LOGS[kind]).read_bytes()
    with path.open("wb") as file:
        file.writelines(_repeated(_marked(text), size))


def write_flows(path: Path, size: int) -> None:
    """Write flows of mitmproxy of about `size` bytes."""
    with path.open("wb") as file:
        file.writelines(_repeated(_marked((CAPTURES / "push.mitm").read_bytes()), size))


def write_archive(path: Path, size: int, layers: int = 10) -> None:
    """Write what `docker save` writes for an image of so many layers, of `size` bytes together."""
    block = os.urandom(MIB)
    names = [f"{number:064x}/layer.tar" for number in range(1, layers + 1)]
    config = json.dumps(
        {"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}, "config": {}}
    ).encode()
    listing = json.dumps([{"Config": "c.json", "RepoTags": ["demo/app:v1"], "Layers": names}]).encode()
    with tarfile.open(path, "w") as tar:
        for name, data in (("c.json", config), ("manifest.json", listing)):
            tar.addfile(_member(name, len(data)), BytesIO(data))
        for number, name in enumerate(names):
            tar.addfile(_member(name, size // layers), _Endless(number.to_bytes(8, "big") + block))


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size = size
    return member


class _Endless(BytesIO):
    """A block of bytes, again and again."""

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        assert size > 0, "a part of it is asked for"
        found = b""
        while len(found) < size:
            found += super().read(size - len(found))
            if len(found) < size:
                self.seek(0)
        return found


def _marked(text: bytes) -> bytes:
    """Return a text with a mark where each upload and each digest begins."""
    return _UPLOADS_AND_DIGESTS.sub(_MARK, text)


def _own(piece: bytes, number: int) -> bytes:
    return piece.replace(_MARK, b"%08x" % number)


def _repeated(piece: bytes, size: int, between: bytes = b"") -> Iterator[bytes]:
    """Yield a piece until there are `size` bytes, each time with uploads and digests of its own."""
    for number in range(max(1, size // len(piece))):
        yield (between if number else b"") + _own(piece, number + 1)
