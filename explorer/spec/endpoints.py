"""The endpoints of the distribution specification: which one a request is for, and what it may be answered with.

distribution-spec, spec.md, "Endpoints": end-1 to end-14; `_catalog` and the token service are docker's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple


class Allowed(NamedTuple):
    """A status that an endpoint may answer, how usual it is (expected or allowed), and what it means there."""

    status: int
    grade: str
    meaning: str


@dataclass(frozen=True, slots=True, eq=False)  # each is one of a kind
class Endpoint:
    """One endpoint: its id in the specification, what it is for, and its answers, the wanted ones first.

    `must` names the headers that an answer with the status has to have.
    """

    id: str
    title: str
    answers: tuple[Allowed, ...]
    must: tuple[tuple[int, str], ...] = ()

    def answer(self, status: int) -> Allowed | None:
        """Return what is said of a status; None where the specification does not list it."""
        return next((allowed for allowed in self.answers if allowed.status == status), None)


def _wanted(status: int, meaning: str) -> Allowed:
    return Allowed(status, "expected", meaning)


def _may(status: int, meaning: str) -> Allowed:
    return Allowed(status, "allowed", meaning)


_NOT_THERE = _may(404, "the repository does not have it, which is a normal answer to the question")
_NAME_UNKNOWN = _may(404, "the registry does not know the repository, or has no such route")
_OPENED = _wanted(202, "an upload is open; its address is the Location")
_STORED = _wanted(201, "it is stored; the Location is where it can be got")

API = Endpoint(
    "end-1", "is there a registry", (_wanted(200, "the API is there"), _may(404, "no registry at this base"))
)
BLOB = Endpoint(
    "end-2",
    "get a blob, or ask for it",
    (
        _wanted(200, "here it is"),
        _wanted(206, "here is the part that was asked for"),
        _may(307, "it lies at another address, often in a storage service"),
        _may(302, "it lies at another address"),
        _may(304, "it is what the client has already"),
        _may(416, "the part that was asked for is not within it"),
        _NOT_THERE,
    ),
)
MANIFEST = Endpoint(
    "end-3",
    "get a manifest, or ask for it",
    (_wanted(200, "here it is"), _may(304, "it is what the client has already"), _NOT_THERE),
)
OPEN_UPLOAD = Endpoint("end-4a", "open an upload", (_OPENED, _NAME_UNKNOWN), ((202, "Location"),))
SINGLE_POST = Endpoint(
    "end-4b",
    "upload a blob in one POST",
    (
        _STORED,
        Allowed(202, "allowed", "not supported: an upload is open instead, and the bytes have to be sent again"),
        _may(400, "the digest, the size or the type of the body is not right"),
        _NAME_UNKNOWN,
    ),
    ((201, "Location"), (202, "Location")),
)
CHUNK = Endpoint(
    "end-5",
    "send bytes of an upload",
    (
        _wanted(202, "the bytes are kept; go on at the new Location"),
        _may(416, "this is not the place where the upload stands"),
        _may(404, "the upload is not known, or its state is not right"),
    ),
    ((202, "Location"), (202, "Range")),
)
CLOSE_UPLOAD = Endpoint(
    "end-6",
    "close an upload with the digest",
    (
        _STORED,
        _may(400, "the digest is not that of the bytes, or is none"),
        _may(404, "the upload is not known, or its state is not right"),
        _may(416, "the last part does not begin where the upload stands"),
    ),
    ((201, "Location"),),
)
PUT_MANIFEST = Endpoint(
    "end-7",
    "store a manifest",
    (
        _STORED,
        _may(400, "the manifest is not accepted, or names what is not there"),
        _may(404, "the registry does not know the repository, or the name or tag fits no route"),
        _may(413, "the manifest is too large"),
    ),
    ((201, "Location"),),
)
TAGS = Endpoint("end-8a", "list the tags", (_wanted(200, "here they are"), _NAME_UNKNOWN))
DELETE_MANIFEST = Endpoint(
    "end-9",
    "delete a manifest or a tag",
    (
        _wanted(202, "it is deleted"),
        _may(404, "it is not there"),
        _may(400, "deleting is not supported here"),
        _may(405, "deleting is switched off"),
    ),
)
DELETE_BLOB = Endpoint(
    "end-10",
    "delete a blob",
    (
        _wanted(202, "it is deleted"),
        _may(404, "it is not there"),
        _may(400, "deleting is not supported here"),
        _may(405, "deleting is switched off"),
    ),
)
MOUNT = Endpoint(
    "end-11",
    "take a blob over from another repository",
    (
        _wanted(201, "it is there; nothing has to be sent"),
        _wanted(202, "not taken over: an upload is open instead"),
        _NAME_UNKNOWN,
    ),
    ((201, "Location"), (202, "Location")),
)
REFERRERS = Endpoint(
    "end-12a",
    "list what refers to a manifest",
    (
        _wanted(200, "here they are, perhaps none"),
        _may(404, "this registry has no such list; the tag schema is what is left"),
        _may(400, "the digest is none"),
    ),
)
UPLOAD_STATUS = Endpoint(
    "end-13",
    "ask how far an upload is",
    (_wanted(204, "it is open; Range says how far it is"), _may(404, "the upload is not known")),
    ((204, "Location"), (204, "Range")),
)
CANCEL_UPLOAD = Endpoint(
    "end-14", "give an upload up", (_wanted(204, "it is gone"), _may(404, "the upload is not known"))
)
CATALOG = Endpoint(
    "docker: _catalog", "list the repositories", (_wanted(200, "here they are"), _may(404, "there is no such list"))
)

ENDPOINTS = (
    API,
    BLOB,
    MANIFEST,
    OPEN_UPLOAD,
    SINGLE_POST,
    CHUNK,
    CLOSE_UPLOAD,
    PUT_MANIFEST,
    TAGS,
    DELETE_MANIFEST,
    DELETE_BLOB,
    MOUNT,
    REFERRERS,
    UPLOAD_STATUS,
    CANCEL_UPLOAD,
    CATALOG,
)

_READS = {"GET", "HEAD"}
_MANIFEST_PATH = re.compile(r"/v2/.+/manifests/[^/]+")
_BLOB_PATH = re.compile(r"/v2/.+/blobs/[^/]+")
_UPLOADS_PATH = re.compile(r"/v2/.+/blobs/uploads/?")
_TAGS_PATH = re.compile(r"/v2/.+/tags/list")
_REFERRERS_PATH = re.compile(r"/v2/.+/referrers/[^/]+")
_UPLOAD_PATH = re.compile(r"/v2/.+/blobs/uploads?/[^/]+|.*/artifacts-uploads/.+")


def endpoint_of(method: str, target: str) -> Endpoint | None:
    """Return the endpoint that a request is for; None where it is none of this API.

    An upload's address is opaque; one of an unknown shape is told by the method alone, PATCH, or PUT with a digest.
    """
    path, _, query = target.partition("?")
    if path in ("/v2/", "/v2") and method in _READS:
        return API
    if path == "/v2/_catalog" and method == "GET":
        return CATALOG
    return _of_upload(method, path, query) or _of_content(method, path)


def _of_upload(method: str, path: str, query: str) -> Endpoint | None:
    names = {part.partition("=")[0] for part in query.split("&")}
    if method == "POST" and _UPLOADS_PATH.fullmatch(path):
        if "mount" in names:
            return MOUNT
        return SINGLE_POST if "digest" in names else OPEN_UPLOAD
    if method == "PATCH":
        return CHUNK
    if _UPLOAD_PATH.fullmatch(path) or (method == "PUT" and "digest" in names):
        if method == "PUT":
            return CLOSE_UPLOAD
        return UPLOAD_STATUS if method in _READS else CANCEL_UPLOAD if method == "DELETE" else None
    return None


def _of_content(method: str, path: str) -> Endpoint | None:
    if _MANIFEST_PATH.fullmatch(path):
        return {"PUT": PUT_MANIFEST, "DELETE": DELETE_MANIFEST}.get(method, MANIFEST if method in _READS else None)
    if _BLOB_PATH.fullmatch(path):
        return DELETE_BLOB if method == "DELETE" else BLOB if method in _READS else None
    if _TAGS_PATH.fullmatch(path) and method in _READS:
        return TAGS
    return REFERRERS if _REFERRERS_PATH.fullmatch(path) and method in _READS else None
