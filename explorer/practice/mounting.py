"""Mounting: a repository gets a blob of another one without its being sent (distribution-spec, end-11)."""

from __future__ import annotations

from explorer.practice.call import Call
from explorer.practice.digests import complaint
from explorer.practice.urls import is_repository


def mount(call: Call) -> bool:
    """Mount the blob that the query names, and say whether that could be done.

    Without `from`, it may come from any repository that the client may pull from.
    """
    manner, digest, source = call.manner.uploads, call.query.get("mount", ""), call.query.get("from", "")
    source = "" if manner.ignores_from else source
    if not manner.mounts or not digest or complaint(digest):
        return False
    if source:
        found = is_repository(source) and _has(call, source, digest)
    else:
        found = manner.mounts_from_anywhere and any(
            call.may_pull(name) for name in call.store.repositories_with(digest)
        )
    if found:
        call.store.link_blob(call.name, digest)
    return found


def _has(call: Call, name: str, digest: str) -> bool:
    return call.store.blob_size(name, digest) is not None
