"""What the path of a target names: a repository's blob, manifest, upload and so on (distribution-spec, spec.md,
"Endpoints").

Read for people and for diagnosis only, and leniently: a name that no registry takes is still read as a name. What is
under `prefix` stands before `/v2/`: a proxy's or a product's own path. Nothing here is used to build a request.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from explorer.frozen import frozen

_V2 = re.compile(r"(?P<prefix>.*?)/v2(?P<rest>/.*)?", re.DOTALL)
_RESTS = (
    ("catalog", re.compile(r"/_catalog/?")),
    ("uploads", re.compile(r"/(?P<name>.*)/blobs/uploads/?", re.DOTALL)),
    ("upload", re.compile(r"/(?P<name>.*)/blobs/uploads?/(?P<reference>[^/]+)", re.DOTALL)),
    ("blob", re.compile(r"/(?P<name>.*)/blobs/(?P<reference>[^/]*)", re.DOTALL)),
    ("manifest", re.compile(r"/(?P<name>.*)/manifests/(?P<reference>[^/]*)", re.DOTALL)),
    ("tags", re.compile(r"/(?P<name>.*)/tags/list/?", re.DOTALL)),
    ("referrers", re.compile(r"/(?P<name>.*)/referrers/(?P<reference>[^/]*)", re.DOTALL)),
)
_GOOGLE_UPLOAD = re.compile(
    r"(?P<prefix>.*)/artifacts-uploads/namespaces/(?P<name>.+)/uploads/(?P<reference>[^/]+)", re.DOTALL
)


@frozen
class Named:
    """What a target names: `kind` is api, catalog, uploads, upload, blob, manifest, tags, referrers or other.

    `repository` is the name as it stands in the path, `reference` the tag, the digest or the upload's id, decoded.
    """

    kind: str
    repository: str = ""
    reference: str = ""
    prefix: str = ""

    @property
    def is_of_an_image(self) -> bool:
        """Whether the path names a repository."""
        return bool(self.repository)


@lru_cache(maxsize=256)
def path_named(target: str) -> Named:
    """Return what a target or a whole URL names."""
    path = re.sub(r"^[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#]*", "", target).partition("?")[0]
    google = _GOOGLE_UPLOAD.fullmatch(path)
    if google:
        return Named("upload", unquote(google["name"]), google["reference"], google["prefix"])
    found = _V2.fullmatch(path)
    if not found:
        return Named("other")
    rest, prefix = found["rest"] or "", found["prefix"]
    if rest in ("", "/"):
        return Named("api", prefix=prefix)
    for kind, pattern in _RESTS:
        matched = pattern.fullmatch(rest)
        if matched:
            words = matched.groupdict()
            return Named(kind, unquote(words.get("name", "")), unquote(words.get("reference", "")), prefix)
    return Named("other", prefix=prefix)
