"""A session on a workbench whose registry is made up: nothing here opens a socket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from explorer.flows.push_image import Push, call_of, push_image
from explorer.formats.session import SessionWriter
from explorer.images import open_image
from explorer.model import (
    Connection,
    Headers,
    Progress,
    Relay,
    Request,
    Response,
    Save,
    Session,
    Timings,
    body_size,
    sha256_of,
)
from explorer.spec.references import parse_target
from explorer.wire.sent import Sent
from explorer.workbench import Workbench

Answer = Callable[[Request], Response]


def as_a_registry(request: Request) -> Response:
    """Answer as a registry does, and refuse a second question mark."""
    if request.target.count("?") > 1:
        body = b'{"errors":[{"code":"BLOB_UPLOAD_INVALID","message":"blob upload invalid","detail":212}]}'
        return Response(404, "Not Found", "HTTP/1.1", Headers.of(("Content-Type", "application/json")), body)
    if request.method == "PUT":
        return Response(201, "Created", "HTTP/1.1", Headers.of(("Location", request.target.partition("?")[0])))
    location = "/v2/t/r/blobs/uploads/4f?_state=opaque"
    return Response(202, "Accepted", "HTTP/1.1", Headers.of(("Location", location), ("Range", "0-0")))


class MadeUpWire:
    """Answers each request by a function, and remembers what was asked."""

    def __init__(self, answer: Answer = as_a_registry) -> None:
        self.answer = answer
        self.asked: list[Request] = []
        self.stops = 0

    def send(self, request: Request, progress: Progress | None = None, save: Save | None = None) -> Sent:
        """Answer a request; nothing is saved."""
        del save
        self.asked.append(request)
        response = self.answer(request)
        lines = [f"{response.version} {response.status} {response.reason}"]
        lines += [f"{name}:{gap}{value}" for name, value, gap in response.headers]
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        if progress:
            progress(body_size(request.body), body_size(request.body))
        body = request.body if isinstance(request.body, bytes) else b""
        return Sent(
            response,
            None,
            request.head(),
            head,
            len(body),
            sha256_of(body),
            Timings(1.0, 0.001, 0.002, 0.003, 0.004),
            Connection(),
        )

    def relay(self, request: Request, relay: Relay, progress: Progress | None = None) -> tuple[Sent, Sent | None]:
        """Answer both requests."""
        return self.send(request, progress), self.send(relay.step.request, progress)

    def stop(self) -> None:
        """Count how often it was to end what is under way."""
        self.stops += 1

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def made_up() -> MadeUpWire:
    """Return a wire that leads to a made-up registry."""
    return MadeUpWire()


@pytest.fixture
def bench(tmp_path: Path, made_up: MadeUpWire) -> Iterator[Workbench]:
    """Return a push of the sample image, before its first step."""
    target = parse_target("127.0.0.1:5000/t/r:v1")
    push = Push(target, open_image("tiny", scratch=tmp_path))
    workbench = Workbench(
        "push tiny",
        Session("test", 1.0, call_of(push)),
        lambda: push_image(push),
        made_up,
        lambda session: SessionWriter(tmp_path / "session.jsonl", session),
    )
    yield workbench
    workbench.close()
