"""Bytes that do not arrive as they were sent: altered uploads, digests that are another's, header lines taken away."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from explorer.faults.answers import error
from explorer.faults.arguments import text
from explorer.faults.bodies import AlteredBody, Blocks, drained
from explorer.faults.declared import Passing, Plays, fault
from explorer.spec.digests import EMPTY_BLOB, digest_of
from explorer.wire.server import BodyReader, Outgoing, pieces_of

LONGEST_MANIFEST = 8 * 1024 * 1024


def last_byte_altered(blocks: Blocks) -> Iterator[bytes | memoryview]:
    """Yield the blocks with another last byte."""
    held = b""
    for block in blocks:
        if held:
            yield held
        held = bytes(block)
    if held:
        yield held[:-1] + bytes([held[-1] ^ 1])


@fault("digest-mismatch", plays=Plays.PROXY)
def upload_altered(passing: Passing) -> Outgoing:
    """400 `DIGEST_INVALID`, "content does not match digest", though the client hashed and sent the right bytes.

    Something on the way alters one byte of what is uploaded.
    """
    asked = passing.asked
    if asked.kind not in ("open", "upload") or asked.method not in ("POST", "PATCH", "PUT"):
        return passing.on()
    return passing.on(body=AlteredBody(passing.incoming.body, last_byte_altered))


@fault("manifest-digest-mismatch", plays=Plays.PROXY)
def manifest_rewritten(passing: Passing) -> Outgoing:
    """400 `DIGEST_INVALID` without a detail for a manifest by digest; by tag 201, but with another digest.

    Something on the way has read the JSON and written it again, with other blanks.
    """
    if passing.asked.kind != "manifest" or passing.asked.method != "PUT":
        return passing.on()
    body = passing.incoming.body.read_all(LONGEST_MANIFEST)
    try:
        parsed = json.loads(body)
    except ValueError:
        return passing.on(body=BodyReader.of(body))
    written = json.dumps(parsed, ensure_ascii=False, separators=(",", ":")).encode()
    if written == body:
        written = json.dumps(parsed, ensure_ascii=False).encode()
    headers = passing.headers.without("Transfer-Encoding").set("Content-Length", str(len(written)))
    return passing.on(headers=headers, body=BodyReader.of(written))


@fault(
    "content-type-changed",
    plays=Plays.PROXY,
    argument=text("TYPE", "the type that arrives, or none", "none"),
    known_as=("manifest-no-content-type", "manifest-generic-type", "patch-content-type", "body-eaten-as-form"),
)
def content_type_changed(passing: Passing, kind: str) -> Outgoing:
    """400 `MANIFEST_INVALID`, "unsupported manifest media type": the Content-Type does not arrive, or as another.

    `application/json` is as bad for a manifest as none; `application/octet-stream; charset=utf-8` spoils a PATCH (500,
    "bad Content-Type"), `application/x-www-form-urlencoded` lets distribution take the body for a form (400
    `DIGEST_INVALID`).
    """
    if not passing.asked.pushes:
        return passing.on()
    if kind == "none":
        return passing.on(headers=passing.headers.without("Content-Type"))
    return passing.on(headers=passing.headers.set("Content-Type", kind))


@fault("accept-missing", plays=Plays.PROXY, needs="a registry that goes by Accept: --as distribution-3")
def accept_stripped(passing: Passing) -> Outgoing:
    """404 `MANIFEST_UNKNOWN` for a manifest that is there: "accept header does not support OCI manifests".

    The Accept header does not arrive. So it is, too, for curl without one, at distribution.
    """
    return passing.on(headers=passing.headers.without("Accept"))


@fault("sha512-renamed", plays=Plays.REGISTRY)
def sha512_renamed(passing: Passing) -> Outgoing:
    """201 for a blob pushed by its sha512, but Docker-Content-Digest and Location name its sha256.

    distribution keeps blobs by sha256 only. It is legal; a client that compares the texts takes it for an error.
    """
    answer = passing.on()
    digest = answer.headers.get("Docker-Content-Digest") or ""
    if not (passing.asked.is_closing and answer.status == 201 and digest.startswith("sha512:")):
        return answer
    bare = passing.headers.without("Content-Length", "Transfer-Encoding", "Range")
    target = f"/v2/{passing.asked.name}/blobs/{digest}"
    kept = passing.on(method="GET", target=target, headers=bare, body=drained(passing.incoming.body))
    if kept.status != 200:
        return answer
    hashed = hashlib.sha256()
    for block in pieces_of(kept.body):
        hashed.update(block)
    renamed = f"sha256:{hashed.hexdigest()}"
    location = (answer.headers.get("Location") or "").replace(digest, renamed)
    headers = answer.headers.set("Docker-Content-Digest", renamed)
    return replace(answer, headers=headers.set("Location", location) if location else headers)


@fault("empty-blob-quirk", plays=Plays.REGISTRY)
def empty_blob(passing: Passing) -> Outgoing:
    """400 `BLOB_UPLOAD_INVALID` for a blob of no bytes, which is legal: old zot and some proxies refuse it."""
    if passing.asked.is_closing and unquote(passing.asked.value("digest")) == EMPTY_BLOB:
        return error(400, "BLOB_UPLOAD_INVALID", "blob upload invalid")
    return passing.on()


@fault("wrong-digest-header", plays=Plays.REGISTRY, known_as=("digest-mismatch",))
def wrong_digest_header(passing: Passing) -> Outgoing:
    """Docker-Content-Digest names something else than what was sent or is received; status and body are right."""
    answer = passing.on()
    digest = answer.headers.get("Docker-Content-Digest")
    if digest is None:
        return answer
    return replace(answer, headers=answer.headers.set("Docker-Content-Digest", digest_of(digest.encode())))
