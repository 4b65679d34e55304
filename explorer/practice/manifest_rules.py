"""What a manifest must be before it is taken: the checks of distribution 3, in their order and in its words.

First the form (media type, JSON, fields), then, with the store at hand, that everything it refers to is there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from explorer.practice.digests import FORMAT, complaint
from explorer.practice.errors import Fault, Refusal, refusal
from explorer.spec.media_types import DOCKER_LIST, DOCKER_MANIFEST, INDEXES, MANIFESTS, OCI_INDEX, OCI_MANIFEST

_WITHOUT_BYTES = re.compile(
    r"application/vnd\.(docker\.image\.rootfs\.foreign\.diff|oci\.image\.layer\.nondistributable\.v1)\.tar.*"
)
_DOCKER_FOREIGN = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
_GO_COMPLAINTS = {
    "Expecting value": "looking for beginning of value",
    "Expecting property name enclosed in double quotes": "looking for beginning of object key string",
    "Expecting ':' delimiter": "after object key",
    "Expecting ',' delimiter": "after object key:value pair",
    "Extra data": "after top-level value",
}
_MISPLACED = {
    OCI_MANIFEST: (("manifests",), "ocimanifest: expected manifest but found index"),
    OCI_INDEX: (("config", "layers"), "index: expected index but found manifest"),
    DOCKER_LIST: (("config", "layers"), "manifestlist: expected list but found manifest"),
}
_GO_KINDS = {dict: "object", list: "array", str: "string", bool: "bool", int: "number", float: "number"}


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What a manifest refers to."""

    media_type: str
    digest: str
    urls: tuple[str, ...]
    platform: tuple[str, str] = ("", "")  # system and architecture


@dataclass(frozen=True, slots=True)
class ParsedManifest:
    """A manifest whose form is right; `references` are config and layers, or the manifests of an index."""

    media_type: str
    schema_version: int
    references: tuple[Descriptor, ...]


def parse_media_type(value: str) -> str:
    """Return a media type without its parameters, in lower case."""
    return value.partition(";")[0].strip().lower()


def parse_manifest(content_type: str, body: bytes) -> ParsedManifest:
    """Return the manifest that the bytes are; raises MANIFEST_INVALID where their form is wrong."""
    media_type = parse_media_type(content_type)
    if media_type not in MANIFESTS:
        raise _invalid(f"unsupported manifest media type and no default available: {media_type}")
    fields = _object(_json(body), "Manifest")
    misplaced, sentence = _MISPLACED.get(media_type, ((), ""))
    if any(fields.get(name) is not None for name in misplaced):
        raise _invalid(sentence)
    _check_type_field(media_type, _text(fields, "mediaType"))
    version = fields.get("schemaVersion") or 0
    if not isinstance(version, int) or isinstance(version, bool):
        raise _mistyped(version, "Manifest.schemaVersion", "int")
    listed = _list(fields, "manifests") if media_type in INDEXES else [_config(fields), *_list(fields, "layers")]
    return ParsedManifest(media_type, version, tuple(_descriptor(entry) for entry in listed))


def check_references(
    manifest: ParsedManifest, has_blob: Callable[[str], bool], has_manifest: Callable[[str], bool]
) -> None:
    """See that everything is there; raises one MANIFEST_BLOB_UNKNOWN for each reference that is not."""
    if manifest.schema_version != 2:
        kind, wanted = (" list", ", expected 2") if manifest.media_type in INDEXES else ("", "")
        raise refusal("UNKNOWN", f"unrecognized manifest{kind} schema version {manifest.schema_version}{wanted}")
    is_index = manifest.media_type in INDEXES
    faults: list[Fault] = []
    for reference in manifest.references:
        faults += _faults(reference, has_manifest if is_index else has_blob)
    if faults:
        raise Refusal(*faults)


def _faults(reference: Descriptor, is_there: Callable[[str], bool]) -> list[Fault]:
    missing = Fault("MANIFEST_BLOB_UNKNOWN", reference.digest)
    wrong = complaint(reference.digest)
    if wrong == FORMAT:
        return [Fault("DIGEST_INVALID"), missing]
    if wrong:
        return [Fault("UNKNOWN"), Fault("UNKNOWN", wrong), missing]
    if _WITHOUT_BYTES.fullmatch(reference.media_type) and reference.urls:
        return []
    if reference.media_type == _DOCKER_FOREIGN:
        return [Fault("UNKNOWN"), Fault("UNKNOWN", "missing URL on layer"), missing]
    return [] if is_there(reference.digest) else [missing]


def _check_type_field(media_type: str, said: str) -> None:
    if said == media_type:
        return
    if media_type in (DOCKER_MANIFEST, DOCKER_LIST):
        kind = "manifest" if media_type == DOCKER_MANIFEST else "manifest list"
        raise _invalid(f"mediaType in {kind} should be '{media_type}' not '{said}'")
    if said:
        kind = "manifest" if media_type == OCI_MANIFEST else "image index"
        raise _invalid(f"if present, mediaType in {kind} should be '{media_type}' not '{said}'")


def _json(body: bytes) -> object:
    text = body.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except json.JSONDecodeError as bad:
        if bad.pos >= len(text) or bad.msg.startswith("Unterminated"):
            raise _invalid("unexpected end of JSON input") from bad
        said = _GO_COMPLAINTS.get(bad.msg, "in string literal")
        raise _invalid(f"invalid character '{text[bad.pos]}' {said}") from bad
    except (RecursionError, ValueError) as deep:
        raise _invalid("exceeded max depth") from deep


def _config(fields: dict[str, object]) -> object:
    return fields.get("config") or {}


def _descriptor(entry: object) -> Descriptor:
    fields = _object(entry or {}, "Descriptor")
    platform = _object(fields.get("platform") or {}, "Platform")
    urls = _list(fields, "urls")
    return Descriptor(
        _text(fields, "mediaType"),
        _text(fields, "digest"),
        tuple(str(url) for url in urls),
        (_text(platform, "os"), _text(platform, "architecture")),
    )


def _object(value: object, what: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise _mistyped(value, what, "struct")
    return value


def _text(fields: dict[str, object], name: str) -> str:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise _mistyped(value, name, "string")
    return value or ""


def _list(fields: dict[str, object], name: str) -> list[object]:
    value = fields.get(name)
    if value is not None and not isinstance(value, list):
        raise _mistyped(value, name, "[]Descriptor")
    return value or []


def _mistyped(value: object, where: str, wanted: str) -> Refusal:
    return _invalid(
        f"json: cannot unmarshal {_GO_KINDS.get(type(value), 'null')} into Go field {where} of type {wanted}"
    )


def _invalid(detail: str) -> Refusal:
    return refusal("MANIFEST_INVALID", detail)
