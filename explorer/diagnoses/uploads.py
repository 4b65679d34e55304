"""What has become of each upload session so far, seen from the exchanges alone."""

from __future__ import annotations

from dataclasses import dataclass, field

from explorer.decoders.upload_state import state_of
from explorer.errors import Stuck
from explorer.frozen import frozen
from explorer.model import Exchange, Origin, body_size, shared
from explorer.spec.locations import path_of, query_values, resolve
from explorer.spec.paths import Named


@frozen
class Event:
    """Something that was asked of an upload: the exchange, its method, the status of the answer, the bytes sent."""

    id: int
    method: str
    status: int
    size: int


@dataclass(slots=True)
class Upload:
    """An upload session: who opened it, its newest Location (and from which exchange), bytes accepted, its end.

    `said` is the newest Range of an answer, and the exchange that it came in.
    """

    repository: str
    opened: int
    opened_at: float
    leads_to: tuple[Origin, str] | None = None
    location_from: int = 0
    accepted: int = 0
    accepted_from: int = 0
    finished: int = 0
    cancelled: int = 0
    events: list[Event] = field(default_factory=list)
    said: tuple[int, str] | None = None

    @property
    def location(self) -> str:
        """The newest Location, as a URL; empty where there was none."""
        return f"{self.leads_to[0]}{self.leads_to[1]}" if self.leads_to else ""


def bytes_sent(exchange: Exchange) -> int:
    """Return how many bytes of body left, as far as the exchange tells."""
    if exchange.sent_size:
        return exchange.sent_size
    size = body_size(exchange.request.body)
    declared = exchange.request.headers.get("Content-Length") or ""
    if not size and exchange.basis != "observed" and declared.isdecimal():
        return int(declared[:18])
    return size


def upload_path(url: str) -> str:
    """Return the path of a target or URL, without scheme, host and query: what names an upload."""
    rest = url.partition("://")[2] if "://" in url.partition("?")[0] else ""
    return path_of(f"/{rest.partition('/')[2]}" if rest else url)


class Uploads:
    """Every upload session, by the path of its Location."""

    def __init__(self) -> None:
        self._by_path: dict[str, Upload] = {}

    def find(self, target: str) -> Upload | None:
        """Return the upload that a target or URL names."""
        return self._by_path.get(upload_path(target))

    def follow(self, exchange: Exchange, endpoint: Named) -> None:
        """Take in what an exchange did to an upload."""
        answer = exchange.response
        if answer is None:
            return
        upload = self.find(exchange.request.target)
        if endpoint.kind == "uploads" and exchange.request.method == "POST" and answer.status == 202:
            upload = Upload(endpoint.repository, exchange.id, exchange.timings.started)
        elif endpoint.kind != "upload" and upload is None:
            return
        elif upload is None:
            upload = Upload(endpoint.repository, 0, 0.0)
            self._by_path[upload_path(exchange.request.target)] = upload
        _take_location(self, upload, exchange)
        size = bytes_sent(exchange)
        upload.events.append(Event(exchange.id, shared(exchange.request.method), answer.status, size))
        if answer.status < 300 and exchange.request.method in ("PATCH", "PUT"):
            upload.accepted += size
            upload.accepted_from = exchange.id if size or not upload.accepted_from else upload.accepted_from
        if answer.status == 201 and query_values(exchange.request.target, "digest"):
            upload.finished = exchange.id
        if exchange.request.method == "DELETE" and answer.status < 300:
            upload.cancelled = exchange.id
        value = answer.headers.get("Range")
        if value is not None and answer.status in (201, 202, 204):
            upload.said = exchange.id, value

    def remember(self, path: str, upload: Upload) -> None:
        """Know an upload under a further path."""
        self._by_path[path] = upload


def _take_location(uploads: Uploads, upload: Upload, exchange: Exchange) -> None:
    answer = exchange.response
    if answer is None or answer.status not in (201, 202, 204, 416):
        return
    try:
        led = resolve(exchange.request, answer.headers.get("Location"))
    except Stuck:
        return
    if answer.status == 201 and exchange.request.method == "PUT":
        return
    upload.leads_to, upload.location_from = led, exchange.id
    uploads.remember(upload_path(led[1]), upload)
    state = state_of(led[1])
    if state and exchange.request.method in ("GET", "HEAD"):
        upload.accepted, upload.accepted_from = state.offset, exchange.id
