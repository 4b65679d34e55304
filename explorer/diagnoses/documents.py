"""A manifest's body as a rule reads it: its JSON, and what it names. Read leniently, and never trusted."""

from __future__ import annotations

import json
from typing import Any

from explorer.diagnoses.seen import Seen
from explorer.frozen import frozen

_LARGEST = 4 << 20


@frozen
class Named:
    """Something that a manifest names: as config, layer, manifest or subject; digest, size (-1: not told), type,
    urls.
    """

    role: str
    digest: str
    size: int
    media_type: str
    urls: tuple[str, ...] = ()


def body_of(seen: Seen) -> bytes:
    """Return the manifest that was sent, or that came; empty where its bytes are not in the evidence."""
    if seen.kind != "manifest":
        return b""
    body = seen.request.body if seen.method == "PUT" else seen.response.body if seen.response else b""
    return body if isinstance(body, bytes) and len(body) <= _LARGEST else b""


def document_of(seen: Seen) -> dict[str, Any] | None:
    """Return the manifest's JSON object; None where it is none."""
    body = body_of(seen)
    try:
        value = json.loads(body) if body else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def named_in(document: dict[str, Any]) -> tuple[Named, ...]:
    """Return what a manifest names, in order."""
    found: list[Named] = []
    for role, entries in (
        ("config", [document.get("config")]),
        ("layer", document.get("layers")),
        ("manifest", document.get("manifests")),
        ("subject", [document.get("subject")]),
    ):
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict) and isinstance(entry.get("digest"), str):
                size, urls = entry.get("size"), entry.get("urls")
                found.append(
                    Named(
                        role,
                        entry["digest"],
                        size if isinstance(size, int) and not isinstance(size, bool) else -1,
                        str(entry.get("mediaType", "")),
                        tuple(map(str, urls)) if isinstance(urls, list) else (),
                    )
                )
    return tuple(found)
