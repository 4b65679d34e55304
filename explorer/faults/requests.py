"""What a request is about, read from its method and target alone."""

from __future__ import annotations

import re

from explorer.frozen import frozen
from explorer.spec.locations import query_values

_NAME = r"(?P<name>[^?]+?)"
_SHAPES = (
    ("api", re.compile(r"/v2/?")),
    ("catalog", re.compile(r"/v2/_catalog")),
    ("open", re.compile(rf"/v2/{_NAME}/blobs/uploads?/?")),
    ("upload", re.compile(rf"/v2/{_NAME}/blobs/uploads?/(?P<word>[^/]+)")),
    ("blob", re.compile(rf"/v2/{_NAME}/blobs/(?P<word>[^/]+)")),
    ("manifest", re.compile(rf"/v2/{_NAME}/manifests/(?P<word>[^/]+)")),
    ("tags", re.compile(rf"/v2/{_NAME}/tags/list")),
    ("referrers", re.compile(rf"/v2/{_NAME}/referrers/(?P<word>[^/]+)")),
)


@frozen
class Asked:
    """What a request is about.

    `kind` is api, catalog, open (an upload), upload, blob, manifest, tags, referrers, token (a token service), v2
    (something else below /v2/) or other. `word` is the digest, the reference or the upload's id.
    """

    method: str
    kind: str
    name: str
    word: str
    target: str

    @property
    def is_read(self) -> bool:
        """Whether it changes nothing."""
        return self.method in ("GET", "HEAD", "OPTIONS")

    @property
    def is_v2(self) -> bool:
        """Whether it is for the registry API."""
        return self.kind not in ("token", "other")

    @property
    def pushes(self) -> bool:
        """Whether it writes a blob or a manifest."""
        return self.is_v2 and self.method in ("POST", "PUT", "PATCH")

    @property
    def is_closing(self) -> bool:
        """Whether it makes an upload a blob: a PUT to an upload, or one POST with the digest."""
        if self.kind == "upload":
            return self.method == "PUT"
        return self.kind == "open" and self.method == "POST" and self.value("digest") != ""

    @property
    def is_opening(self) -> bool:
        """Whether it is to open an upload (or to mount a blob)."""
        return self.kind == "open" and self.method == "POST"

    def value(self, name: str) -> str:
        """Return the first value of a parameter, as it is in the target; empty where there is none."""
        values = query_values(self.target, name)
        return values[0] if values else ""


def asked_for(method: str, target: str) -> Asked:
    """Return what a request is about."""
    path, _, _ = re.sub(r"^https?://[^/?]*", "", target).partition("?")
    for kind, shape in _SHAPES:
        if found := shape.fullmatch(path):
            words = found.groupdict()
            return Asked(method, kind, words.get("name") or "", words.get("word") or "", target)
    if path.startswith("/v2/"):
        return Asked(method, "v2", "", "", target)
    is_token = bool(query_values(target, "service") or query_values(target, "scope")) or path.endswith("/token")
    return Asked(method, "token" if is_token else "other", "", "", target)
