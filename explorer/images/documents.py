"""JSON of images: objects, texts and descriptors (image-spec, descriptor.md), each checked where it is read."""

from __future__ import annotations

import json

from explorer.errors import FormatError
from explorer.frozen import frozen
from explorer.images.files import shown
from explorer.spec.digests import why_not_a_digest

Json = dict[str, object]


@frozen
class At:
    """A place in a file, for sentences."""

    path: str
    place: str

    def wrong(self, sentence: str) -> FormatError:
        """Return the problem that something is wrong here."""
        return FormatError(self.path, sentence, self.place)

    def part(self, name: str) -> At:
        """Return a place within this one."""
        return At(self.path, f"{self.place}, {name}")


@frozen
class Descriptor:
    """What a manifest or index says of one of its parts: media type, digest and size in bytes."""

    media_type: str
    digest: str
    size: int
    urls: bool
    annotations: dict[str, str]
    platform: str  # as in linux/arm64/v8; empty where none is named

    @property
    def blob_path(self) -> str:
        """Where a layout keeps these bytes."""
        return "blobs/" + self.digest.replace(":", "/")

    def __str__(self) -> str:
        return f"{self.platform} ({self.digest})" if self.platform else self.digest


def parse(data: bytes, at: At) -> object:
    """Return what JSON text says; raises FormatError where it is none, or is nested too deeply."""
    try:
        return json.loads(data.decode(), parse_constant=_refuse)
    except json.JSONDecodeError as bad:
        raise at.wrong(f"it is no JSON: {bad.msg} at line {bad.lineno}, column {bad.colno}.") from bad
    except ValueError as bad:  # not UTF-8, or a number of thousands of digits
        raise at.wrong(f"it is no JSON that can be read: {bad}.") from bad
    except RecursionError as bad:
        raise at.wrong("its JSON is nested too deeply to be read.") from bad


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is not a JSON value")


def parse_object(data: bytes, at: At) -> Json:
    """Return a JSON object; raises FormatError where the text is something else."""
    return as_object(parse(data, at), at)


def as_object(value: object, at: At) -> Json:
    """Return the value as an object; raises FormatError where it is something else."""
    if not isinstance(value, dict):
        raise at.wrong(f"a JSON object was expected, and this is {_kind(value)}.")
    return value


def as_list(value: object, at: At) -> list[object]:
    """Return the value as a list; raises FormatError where it is something else."""
    if not isinstance(value, list):
        raise at.wrong(f"a list was expected, and this is {_kind(value)}.")
    return value


def as_text(value: object, at: At) -> str:
    """Return the value as text; raises FormatError where it is something else."""
    if not isinstance(value, str):
        raise at.wrong(f"a text was expected, and this is {_kind(value)}.")
    return value


def as_texts(value: object, at: At) -> list[str]:
    """Return the value as a list of texts, an empty one for null; raises FormatError where it is something else."""
    return [] if value is None else [as_text(entry, at) for entry in as_list(value, at)]


def _kind(value: object) -> str:
    match value:
        case None:
            return "null or missing"
        case bool():
            return "true or false"
        case str():
            return f"the text '{shown(value)}'"
        case int() | float():
            return "a number"
        case list():
            return "a list"
    return "an object"


def descriptor(value: object, at: At) -> Descriptor:
    """Return a descriptor; raises FormatError where it has no usable digest or size."""
    fields = as_object(value, at)
    digest = as_text(fields.get("digest"), at.part("digest"))
    why_not = why_not_a_digest(digest)
    if why_not:
        raise at.wrong(f"'{shown(digest)}' is not a digest: {why_not}.")
    size = fields.get("size")
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise at.wrong(f"the size of {digest} should be a number of bytes, and this is {_kind(size)}.")
    media_type = as_text(fields.get("mediaType", ""), at.part("mediaType"))
    annotations = fields.get("annotations")
    texts = annotations.items() if isinstance(annotations, dict) else ()
    return Descriptor(
        media_type,
        digest,
        size,
        bool(fields.get("urls")),
        {key: text for key, text in texts if isinstance(text, str)},
        _platform(fields.get("platform")),
    )


def _platform(value: object) -> str:
    if not isinstance(value, dict):
        return ""
    parts = (value.get(key) for key in ("os", "architecture", "variant"))
    return shown("/".join(part for part in parts if isinstance(part, str) and part))
