"""What a request that went by was for: a title and its endpoint in the specification, read from method and target."""

from __future__ import annotations

from explorer.spec.endpoints import endpoint_of

_SHOWN = 12
_TITLES = {
    ("end-1", "GET"): "Is there a registry",
    ("end-2", "HEAD"): "Is there blob",
    ("end-2", "GET"): "Get blob",
    ("end-3", "HEAD"): "Is there manifest",
    ("end-3", "GET"): "Get manifest",
    ("end-7", "PUT"): "Store manifest",
    ("end-9", "DELETE"): "Delete manifest",
    ("end-10", "DELETE"): "Delete blob",
    ("end-6", "PUT"): "Close the upload",
}


def title_of(method: str, target: str) -> tuple[str, str]:
    """Return a title, and the endpoint's name in the specification; empty where it is none of its endpoints.

    What stands before `/v2/` is a base path of the registry's.
    """
    inner = target[max(0, target.find("/v2/")) :]
    endpoint = endpoint_of(method, inner)
    path = inner.partition("?")[0]
    if endpoint is None:
        return f"{method} {path}", ""
    title = _TITLES.get((endpoint.id, method)) or endpoint.title[:1].upper() + endpoint.title[1:]
    named = "/manifests/" in path or ("/blobs/" in path and "/blobs/uploads/" not in path)
    return (f"{title} {_short(path.rpartition('/')[2])}" if named else title), endpoint.id


def _short(reference: str) -> str:
    algorithm, colon, digits = reference.replace("%3A", ":").partition(":")
    return f"{digits[:_SHOWN]}…" if colon and len(digits) > _SHOWN else algorithm
