"""What a request that went by was for: a title and its endpoint in the specification, read from method and target."""

from __future__ import annotations

from explorer.spec.endpoints import endpoint_of

_SHOWN = 19


def title_of(method: str, target: str) -> tuple[str, str]:
    """Return a title, and the endpoint's name in the specification; empty where it is none of its endpoints.

    What stands before `/v2/` is a base path of the registry's.
    """
    inner = target[max(0, target.find("/v2/")) :]
    endpoint = endpoint_of(method, inner)
    path = inner.partition("?")[0]
    if endpoint is None:
        return f"{method} {path}", ""
    title = endpoint.title[:1].upper() + endpoint.title[1:]
    named = "/manifests/" in path or ("/blobs/" in path and "/blobs/uploads/" not in path)
    return (f"{title}: {path.rpartition('/')[2][:_SHOWN]}" if named else title), endpoint.id
