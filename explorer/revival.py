"""What a recording needs to be sent from again: the bytes of its blobs, and the built-in registry.

Nothing of it happens when a recording is opened, only when something is sent: bytes that lay in a temporary folder are
read from the source again, and the built-in registry is started, empty, where it was.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from explorer.errors import FormatError, InputError
from explorer.formats.values import Json, blob_from_json, records
from explorer.frozen import frozen
from explorer.model import Blob, FlowCall, Image, Origin, Progress, Relay, Request, Save, Slice, body_part
from explorer.redact import holds_masked, is_masked, is_secret
from explorer.sending import Wire
from explorer.spec.references import parse_target
from explorer.wire.sent import Sent


@frozen
class ReadFrom:
    """Where an image was read from and with which options, so that it can be read again."""

    source: str = "tiny"
    layers: tuple[str, ...] = ()
    config: str = ""
    schema: str | None = None
    gzip: bool = False
    choose: str | None = None
    platform: str = ""
    as_is: bool = False

    def read(self, scratch: Path, progress: Progress | None = None) -> Image:
        """Read the image; raises InputError or FormatError. `scratch` has to stay for as long as the image is used."""
        from explorer.images import open_image, open_loose

        if self.layers or self.config:
            return open_loose(
                self.layers,
                self.config,
                schema=self.schema,
                gzip=self.gzip,
                as_is=self.as_is,
                progress=progress,
                scratch=scratch,
            )
        return open_image(
            self.source,
            schema=self.schema,
            gzip=self.gzip,
            as_is=self.as_is,
            choose=self.choose,
            platform=self.platform,
            progress=progress,
            scratch=scratch,
        )

    def to_json(self) -> Json:
        """Return it as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Json) -> ReadFrom:
        """Return what `to_json` wrote; raises KeyError or TypeError where it is something else."""
        return cls(**{**value, "layers": tuple(value["layers"])})


class RecordedBytes:
    """The bytes of the blobs that a recording names: where they lay, or read from the image's source again."""

    def __init__(self, arguments: Json) -> None:
        self._arguments = arguments
        self._resources = ExitStack()
        self._image: Image | None = None

    def again(self, body: Slice) -> bytes | Slice:
        """Return the same part of the same blob; raises FormatError where it cannot be had."""
        if Path(body.path).exists():
            return body
        for blob in self._blobs():
            old = blob.body
            if isinstance(old, Slice) and old.path == body.path and old.offset <= body.offset < old.offset + old.length:
                fresh = next((b for b in self._read_image(body.path).blobs if b.digest == blob.digest), None)
                if fresh:
                    return body_part(fresh.body, body.offset - old.offset, body.length)
        raise FormatError(body.path, "the bytes of this request lay there, and the file is gone.")

    def _blobs(self) -> list[Blob]:
        try:
            return [blob_from_json(entry) for entry in records(self._arguments.get("blobs"))]
        except (ValueError, KeyError, TypeError) as bad:
            raise FormatError("the recording", f"the blobs that it names cannot be read ({bad}).") from bad

    def _read_image(self, missing: str) -> Image:
        if self._image is None:
            try:
                read_from = ReadFrom.from_json(self._arguments["read_from"])
            except (KeyError, TypeError) as bad:
                raise FormatError(missing, "the bytes of this request lay there, and the file is gone.") from bad
            scratch = Path(self._resources.enter_context(TemporaryDirectory(prefix="registry-explorer-")))
            self._image = read_from.read(scratch)
        return self._image

    def close(self) -> None:
        """Remove what was unpacked for it."""
        self._resources.close()


class RevivingWire:
    """A client that brings back what the requests of a recording need, when it is needed."""

    def __init__(self, client: Wire, call: FlowCall) -> None:
        self._client = client
        self._arguments: Json = call.arguments
        self._resources = ExitStack()
        self._bytes = RecordedBytes(call.arguments)
        self._resources.callback(self._bytes.close)
        self._has_practice = not call.arguments.get("practice")

    def send(self, request: Request, progress: Progress | None = None, save: Save | None = None) -> Sent:
        """Send a request; raises FormatError or InputError where what it needs cannot be had again."""
        self._get_ready(request)
        body = request.body
        if isinstance(body, Slice):
            request = replace(request, body=self._bytes.again(body))
        return self._client.send(request, progress, save)

    def relay(self, request: Request, relay: Relay, progress: Progress | None = None) -> tuple[Sent, Sent | None]:
        """Send a request, and the one that passes the body of its answer on; raises what `send` raises."""
        for each in (request, relay.step.request):
            self._get_ready(each)
        return self._client.relay(request, relay, progress)

    def _get_ready(self, request: Request) -> None:
        if any(is_secret(row.name) and is_masked(row.value) for row in request.headers):
            raise InputError(
                "The recording kept no credentials, so this request cannot go out as it was. Send the one that was "
                "answered 401 again, so that they are looked up anew; or open the recording with --user NAME, or put "
                "the Authorization in by an edit."
            )
        if holds_masked(request.target.encode("latin-1")):
            raise InputError(
                "The recording kept no signatures, and the address of this request has one in it. "
                "Send the request again that was answered with this Location."
            )
        if not self._has_practice:
            self._start_practice(request.origin)

    def stop(self) -> None:
        """End what is under way."""
        self._client.stop()

    def close(self) -> None:
        """Close the connections and what was brought back."""
        self._client.close()
        self._resources.close()

    def _start_practice(self, wanted: Origin) -> None:
        from explorer.practice import PracticeRegistry

        origin = parse_target(str(self._arguments.get("target")), plain_http=True).origin
        if wanted != origin:
            return
        try:
            self._resources.enter_context(PracticeRegistry(host=origin.host, port=origin.port))
        except InputError as taken:
            raise InputError(
                f"This was recorded with the built-in registry at {origin}, and that port is taken now. "
                "Edit the request to send it to another registry."
            ) from taken
        self._has_practice = True
