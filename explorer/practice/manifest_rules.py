"""What a manifest must be: media type, JSON, fields, checked in the order of distribution 3 and in its words."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from explorer.frozen import frozen
from explorer.practice.errors import Refusal, refusal
from explorer.practice.go_types import first_mistyped, whole_number
from explorer.spec.media_types import DOCKER_LIST, DOCKER_MANIFEST, INDEXES, MANIFESTS, OCI_INDEX, OCI_MANIFEST

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


@frozen
class Descriptor:
    """What a manifest refers to."""

    media_type: str
    digest: str
    urls: tuple[str, ...]
    platform: tuple[str, str] = ("", "")  # system and architecture


@frozen
class ParsedManifest:
    """A manifest whose form is right; `references` are config and layers, or the manifests of an index."""

    media_type: str
    schema_version: int
    references: tuple[Descriptor, ...]
    subject: str  # the digest that it says to be about; empty where it says none
    fields: dict[str, object]


def parse_media_type(value: str) -> str:
    """Return a media type without its parameters, in lower case."""
    return value.partition(";")[0].strip().lower()


def parse_manifest(
    content_type: str, body: bytes, types: Collection[str] = MANIFESTS, *, checks_lists: bool = True
) -> ParsedManifest:
    """Return the manifest that the bytes are; raises the refusal where it is of no known type, or its form is wrong."""
    media_type = parse_media_type(content_type)
    if media_type not in types:
        why = f"unsupported manifest media type and no default available: {media_type}"
        raise refusal("manifest-type", why, struct={})
    found = _json(body)
    fields = found if isinstance(found, dict) else {}
    misplaced, sentence = _MISPLACED.get(media_type, ((), ""))
    is_checked = checks_lists or media_type != DOCKER_LIST
    if is_checked and any(fields.get(name) is not None for name in misplaced):
        raise _invalid(sentence)
    mistyped = first_mistyped(body, found, "ManifestList" if media_type in INDEXES else "Manifest")
    if mistyped:
        raise _invalid(mistyped.text, mistyped.struct)
    _check_type_field(media_type, _text(fields, "mediaType"))
    version = fields.get("schemaVersion")
    version = version if isinstance(version, int) else 0
    listed = _list(fields, "manifests") if media_type in INDEXES else [_config(fields), *_list(fields, "layers")]
    subject = _object(fields.get("subject") or {}, "Subject")
    references = tuple(_descriptor(entry) for entry in listed)
    return ParsedManifest(media_type, version, references, _text(subject, "digest"), fields)


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
        return json.loads(text, parse_int=whole_number, parse_constant=_no_constant)
    except json.JSONDecodeError as bad:
        if bad.pos >= len(text) or bad.msg.startswith("Unterminated"):
            raise _invalid("unexpected end of JSON input", {"Offset": len(body)}) from bad
        said = _GO_COMPLAINTS.get(bad.msg, "in string literal")
        offset = len(text[: bad.pos].encode("utf-8", "replace")) + 1
        raise _invalid(f"invalid character '{text[bad.pos]}' {said}", {"Offset": offset}) from bad
    except _NoConstant as bad:
        word = str(bad)
        said = "in numeric literal" if word.startswith("-") else "looking for beginning of value"
        place = {"Offset": body.find(word.encode()) + 1 + word.startswith("-")}
        raise _invalid(f"invalid character '{word.lstrip('-')[0]}' {said}", place) from bad
    except (RecursionError, ValueError) as deep:
        raise _invalid("exceeded max depth") from deep


class _NoConstant(Exception):
    """Say that a value is NaN or Infinity, which Python takes and JSON has not."""


def _no_constant(word: str) -> object:
    raise _NoConstant(word)


def _config(fields: dict[str, object]) -> object:
    return fields.get("config") or {}


def _descriptor(entry: object) -> Descriptor:
    fields = _object(entry or {}, "Descriptor")
    platform = _object(fields.get("platform") or {}, "Platform")
    urls = _list(fields, "urls")
    _check_size(fields.get("size"))
    return Descriptor(
        _text(fields, "mediaType"),
        _text(fields, "digest"),
        tuple(str(url) for url in urls),
        (_text(platform, "os"), _text(platform, "architecture")),
    )


def _check_size(value: object) -> None:
    """See that a size is one that Go's int64 takes."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63):
        return
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise _invalid(f"json: cannot unmarshal number {value} into Go field size of type int64")
    raise _mistyped(value, "size", "int64")


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


def _invalid(detail: str, struct: Mapping[str, object] | None = None) -> Refusal:
    return refusal("manifest-invalid", detail, struct=struct or {})
