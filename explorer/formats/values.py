"""The nouns of `model` as plain JSON values, and back.

Bytes are written as text where they are UTF-8, else in base64; heads are written one character per byte (latin-1), so
every byte comes back. Readers raise ValueError, KeyError or TypeError for what is not of their shape.
"""

from __future__ import annotations

import base64
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from explorer.model import (
    Blob,
    Body,
    Header,
    Headers,
    Manifest,
    Origin,
    Request,
    Response,
    Slice,
    Unkept,
    sha256_of,
)
from explorer.spec.references import parse_origin

Json = dict[str, Any]

INLINE = 64 * 1024
"""Bodies up to this size, in bytes, are kept in the recording itself."""


_SHORT = 100  # a header value of fewer characters is remembered


def records(value: object) -> list[Json]:
    """Return the value as a list of objects; raises ValueError where it is none."""
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise ValueError("a list of objects was expected")
    return value


def is_json(data: bytes) -> bool:
    """Say whether bytes are JSON, and not too deep to be read."""
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def bytes_to_json(data: bytes) -> Json:
    """Return bytes as {"text": …} where they are UTF-8, else {"base64": …}."""
    try:
        return {"text": data.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode("ascii")}


def body_to_json(body: Body, source: str = "") -> Json:
    """Return a body; one above INLINE bytes by size, sha256 and `source`, a slice by its file."""
    match body:
        case b"":
            return {"text": ""}
        case bytes() if len(body) <= INLINE:
            return bytes_to_json(body)
        case bytes():
            return {"size": len(body), "sha256": sha256_of(body), "source": source}
        case Unkept():
            more = {"digest": body.digest} if body.digest else {}
            return {"size": body.size, "sha256": body.sha256, "source": body.source, **more}
        case Slice():
            return {
                "file": str(Path(body.path).absolute()),
                "offset": body.offset,
                "length": body.length,
                "sha256": body.sha256,
                "source": body.source,
            }


def body_from_json(value: Json) -> Body:
    """Return the body that `body_to_json` wrote."""
    if "text" in value:
        return str(value["text"]).encode("utf-8")
    if "base64" in value:
        return base64.b64decode(value["base64"], validate=True)
    source = str(value.get("source", ""))
    if "file" in value:
        digest = value.get("sha256")
        return Slice(
            str(value["file"]),
            count(value["offset"]),
            count(value["length"]),
            str(digest) if digest else None,
            source,
        )
    return Unkept(count(value["size"]), str(value["sha256"]), source, str(value.get("digest", "")))


def count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{value!r} is no number of bytes")
    return value


def blob_to_json(blob: Blob) -> Json:
    """Return a blob; its bytes stay in the recording where they are not in a file."""
    body = bytes_to_json(blob.body) if isinstance(blob.body, bytes) else body_to_json(blob.body)
    return {"digest": blob.digest, "media_type": blob.media_type, "name": blob.name, "body": body}


def blob_from_json(value: Json) -> Blob:
    """Return the blob that `blob_to_json` wrote."""
    body = body_from_json(value["body"])
    if isinstance(body, Unkept):
        raise ValueError("a blob to push needs its bytes")
    return Blob(str(value["digest"]), str(value["media_type"]), body, str(value["name"]))


def manifest_to_json(manifest: Manifest) -> Json:
    """Return a manifest with its exact bytes."""
    return {"digest": manifest.digest, "media_type": manifest.media_type, "body": bytes_to_json(manifest.body)}


def manifest_from_json(value: Json) -> Manifest:
    """Return the manifest that `manifest_to_json` wrote."""
    body = body_from_json(value["body"])
    if not isinstance(body, bytes):
        raise ValueError("a manifest to push needs its bytes")
    return Manifest(str(value["digest"]), str(value["media_type"]), body)


@lru_cache(1024)
def origin_from_text(text: str) -> Origin:
    """Return the origin written `scheme://host[:port]`; raises ValueError or InputError."""
    scheme, mark, authority = text.partition("://")
    if not mark or scheme not in ("http", "https"):
        raise ValueError(f"{text!r} is no origin")
    return parse_origin(authority, scheme, plain_http=True)


def headers_to_json(headers: Headers) -> list[list[str]]:
    """Return headers as [name, value] rows, with the blanks after the colon as a third item where they are not one."""
    return [[name, value] if gap == " " else [name, value, gap] for name, value, gap in headers.rows]


def headers_from_json(rows: object) -> Headers:
    """Return the headers that `headers_to_json` wrote."""
    if not isinstance(rows, list):
        raise ValueError("headers are a list of rows")
    return Headers(tuple([_header_from_json(row) for row in rows]))


def _header_from_json(row: list[str]) -> Header:
    if len(row) == 2 and isinstance(row[0], str) and isinstance(row[1], str) and len(row[1]) < _SHORT:
        return _short_header(row[0], row[1])
    return Header(*(latin(item) for item in row))


@lru_cache(1024)
def _short_header(name: str, value: str) -> Header:
    """Return a header whose value is short; most come again and again."""
    return Header(latin(name), latin(value))


def latin(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")
    value.encode("latin-1")
    return value


def request_to_json(request: Request) -> Json:
    """Return a request."""
    return {
        "method": request.method,
        "origin": str(request.origin),
        "target": request.target,
        "headers": headers_to_json(request.headers),
        "body": body_to_json(request.body, "typed or made in the program"),
    }


def request_from_json(value: Json) -> Request:
    """Return the request that `request_to_json` wrote."""
    return Request(
        latin(value["method"]),
        origin_from_text(value["origin"]),
        latin(value["target"]),
        headers_from_json(value["headers"]),
        body_from_json(value["body"]),
    )


def response_to_json(response: Response) -> Json:
    """Return an answer."""
    value: Json = {
        "status": response.status,
        "reason": response.reason,
        "version": response.version,
        "headers": headers_to_json(response.headers),
        "body": body_to_json(response.body, "the answer"),
    }
    if response.trailers.rows:
        value["trailers"] = headers_to_json(response.trailers)
    return value


def response_from_json(value: Json) -> Response:
    """Return the answer that `response_to_json` wrote."""
    body = body_from_json(value["body"])
    headers = headers_from_json(value["headers"])
    trailers = headers_from_json(value.get("trailers", []))
    return Response(count(value["status"]), latin(value["reason"]), latin(value["version"]), headers, body, trailers)
