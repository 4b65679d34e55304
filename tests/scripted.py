"""Conversations and wires whose answers are made up: nothing here opens a socket."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from explorer.flows import Flow
from explorer.model import (
    Blob,
    Connection,
    Exchange,
    Failure,
    Headers,
    Manifest,
    Origin,
    Progress,
    Relay,
    Request,
    Response,
    Save,
    Step,
    Timings,
    body_size,
)
from explorer.spec.digests import digest_of
from explorer.stepping import Outcome, Walk
from explorer.wire.sent import Sent

ORIGIN = Origin("http", "registry.test", 5000)
DATA = b"0123456789"
UPLOAD = "/v2/t/r/blobs/uploads/4f"


def blob_of(data: bytes, name: str = "layer") -> Blob:
    """Return a blob of those bytes."""
    return Blob(digest_of(data), "application/octet-stream", data, name)


def manifest_of(data: bytes) -> Manifest:
    """Return a manifest of those bytes."""
    return Manifest(digest_of(data), "application/vnd.oci.image.manifest.v1+json", data)


BLOB = blob_of(DATA)


def answer(status: int, *headers: tuple[str, str], body: bytes = b"", reason: str = "Fine") -> Response:
    """Return an answer."""
    return Response(status, reason, "HTTP/1.1", Headers.of(*headers), body)


def moved_on(step: Step) -> Response:
    """Answer as a registry does, with a Location that counts the requests' own."""
    if step.request.method == "PUT" or "?digest=" in step.request.target:
        return answer(201)
    known = step.request.target.rpartition("_state=")[2]
    number = int(known) + 1 if known.isdigit() else 0
    return answer(202, ("Location", f"{UPLOAD}?_state={number}"), ("Range", "0-0"))


@dataclass
class Ran:
    """What a flow did: the steps that it took, what was fed to it, and where it stands."""

    steps: list[Step]
    exchanges: list[Exchange]
    outcome: Outcome

    @property
    def lines(self) -> list[str]:
        """Method and target of each request."""
        return [f"{step.request.method} {step.request.target}" for step in self.steps]

    @property
    def last(self) -> Request:
        """The last request that the flow wanted to send."""
        return self.steps[-1].request


def exchange_of(
    step: Step, response: Response, request: Request | None = None, id: int = 1, after: int = 0
) -> Exchange:
    """Return what happened to a step."""
    return Exchange(id, after, step.title, step.request, request or step.request, response, spec=step.spec)


def run(
    flow: Callable[[], Flow[object]],
    answers: Callable[[Step], Response] | Iterable[Response] = moved_on,
    edit: Callable[[Request], Request] = lambda request: request,
    most: int = 60,
) -> Ran:
    """Run a flow against answers until it is through, refused, out of answers, or has taken `most` steps."""
    script = None if callable(answers) else iter(answers)
    walk = Walk(flow)
    ran = Ran([], [], walk.outcome)
    while isinstance(walk.outcome, Step) and len(ran.steps) < most:
        step = walk.outcome
        ran.steps.append(step)
        response = answers(step) if callable(answers) else next(script or iter(()), None)
        if response is None:
            break
        number = len(ran.steps)
        ran.exchanges.append(exchange_of(step, response, edit(step.request), number, number - 1))
        walk.feed(ran.exchanges[-1])
    ran.outcome = walk.outcome
    return ran


def sent(request: Request, response: Response | None, error: Failure | None = None) -> Sent:
    """Return what a wire would tell of a request."""
    head = b"" if response is None else f"HTTP/1.1 {response.status} {response.reason}\r\n\r\n".encode()
    return Sent(response, error, request.head(), head, body_size(request.body), "", Timings(1.0), Connection())


@dataclass
class ScriptedWire:
    """A wire that answers from a function of the request, or fails as the function says."""

    answers: Callable[[Request], Response | Failure]
    requests: list[Request] = field(default_factory=list)
    is_closed: bool = False
    stops: int = 0

    def send(self, request: Request, progress: Progress | None = None, save: Save | None = None) -> Sent:
        """Tell what comes of a request; nothing is saved."""
        del save
        self.requests.append(request)
        if progress:
            progress(body_size(request.body), body_size(request.body))
        came = self.answers(request)
        return sent(request, None, came) if isinstance(came, Failure) else sent(request, came)

    def relay(self, request: Request, relay: Relay, progress: Progress | None = None) -> tuple[Sent, Sent | None]:
        """Tell what comes of a request, and of the one that passes its body on."""
        first = self.send(request)
        passes = first.response is not None and first.response.status == 200
        return first, self.send(relay.step.request, progress) if passes else None

    def stop(self) -> None:
        """Count."""
        self.stops += 1

    def close(self) -> None:
        """Note it."""
        self.is_closed = True


def as_a_registry(request: Request) -> Response:
    """Answer as a registry does that refuses a second question mark."""
    if request.target.count("?") > 1:
        body = b'{"errors":[{"code":"BLOB_UPLOAD_INVALID","message":"blob upload invalid","detail":212}]}'
        return answer(404, ("Content-Type", "application/json"), body=body, reason="Not Found")
    return moved_on(Step("", request))


def with_second_question_mark(request: Request) -> Request:
    """Return the request with the mistake that this program was begun for."""
    return replace(request, target=request.target.replace("&digest=", "?digest="))
