"""How a registry answers where registries differ: the choices that a personality is made of.

A personality is a Manner; what it does not choose is as the specification has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from explorer.frozen import frozen
from explorer.practice.errors import REPLIES, Fault, Refusal, Reply, View, element, error_body
from explorer.practice.identifiers import uuid7
from explorer.spec.go_json import go_json
from explorer.spec.media_types import MANIFESTS
from explorer.wire.server import Outgoing

if TYPE_CHECKING:
    from explorer.practice.call import Call


@frozen
class ErrorManner:
    """How refusals are written."""

    replies: Mapping[str, Reply] = field(default_factory=dict)  # those that differ from REPLIES
    view: View = View.HELP
    content_type: str = "application/json"
    bare: frozenset[str] = frozenset()  # conditions that are answered with an empty body
    unwrapped: frozenset[str] = frozenset()  # conditions that are one object, not a list of errors
    edit: Callable[[dict[str, object], Fault], dict[str, object]] | None = None  # of each element

    def reply(self, fault: Fault) -> Reply:
        """Return how a condition is answered."""
        return self.replies.get(fault.condition) or REPLIES[fault.condition]

    def body(self, refused: Refusal) -> bytes:
        """Return the error body of a refusal."""
        if refused.faults[0].condition in self.unwrapped:
            return go_json(self._element(refused.faults[0]))
        return error_body(*(self._element(fault) for fault in refused.faults))

    def _element(self, fault: Fault) -> dict[str, object]:
        made = element(self.reply(fault), fault, self.view)
        return self.edit(made, fault) if self.edit else made


def plain_range(_verb: str, size: int, _first: int) -> str:
    """Return `0-<last byte>`; nothing and one byte are written alike."""
    return f"0-{max(0, size - 1)}"


@frozen
class UploadManner:
    """How blobs come in."""

    path: str = "/v2/{name}/blobs/uploads/{id}"
    new_id: Callable[[int], str] = uuid7  # of the time in nanoseconds
    has_state: bool = True  # the Location carries a `_state` that is signed and checked
    query: str = ""  # what the Location's query begins with, `&` at its end
    status_wants_state: bool = False  # as distribution 2: without the newest token, nothing is told
    id_header: str = "Docker-Upload-Uuid"
    id_on_post: bool = True
    range_of: Callable[[str, int, int], str] = plain_range  # of POST, PATCH or GET, bytes received, those of the first
    patch_status: int = 202
    patch_range: bool = True  # Content-Range of a PATCH is checked
    put_range: bool = True  # and that of a PUT
    trims: bool = False  # of a chunk that begins before the end, what is there already is dropped; otherwise 416
    octets_only: bool = False  # a PATCH of another Content-Type is refused
    forms_eat: bool = False  # a body that is declared a form is gone before it is stored
    single_post: bool = True  # POST with digest and body makes the blob; otherwise it opens an upload
    mounts: bool = True
    mounts_from_anywhere: bool = True  # without `from`, from whichever repository has it
    ignores_from: bool = False
    created_location: bool = True
    status_location: bool = True
    refused_location: bool = True  # 416 says where the upload stands
    algorithms: bool = True  # `digest-algorithm` is looked at
    chunk_min: int = 0  # OCI-Chunk-Min-Length
    announces_min: bool = True


@frozen
class ManifestManner:
    """How manifests come in and go out."""

    types: frozenset[str] = frozenset(MANIFESTS)
    sparse: bool = False  # what a manifest refers to need not be there
    checks_blobs: bool = True  # otherwise, only what an index refers to has to be
    checks_digest: bool = True
    sha256_only: bool = False
    wildcards: bool = True  # Accept is read as HTTP has it; otherwise by exact names
    wants_accept: frozenset[str] = frozenset(MANIFESTS)  # types that go only to whom accepts them
    list_fallback: bool = True  # who does not know docker's lists is sent the linux/amd64 image
    referrers: bool = True
    tag_parameters: int = 100  # most `tag=` that one PUT may have; with 0 they are not looked at
    tag_deletes: bool = True
    schema_1: bool = False  # who does not accept docker's schema 2 is to get schema 1, which cannot be made here
    checks_lists: bool = True  # a docker list that is an image, too, is refused
    deletes: bool = True


@frozen
class ListManner:
    """How lists are given."""

    pages: bool = True
    is_sorted: bool = True  # tags; otherwise as the disk has them
    lenient: bool = False  # an `n` that is no number does not matter
    looks_ahead: bool = True  # no Link where nothing follows
    most: int = 1000
    null_tags: bool = False  # no tags are `null`
    catalog: bool = True
    catalog_of_blobs: bool = False  # a repository is listed as soon as it has a blob


@frozen
class Manner:
    """A personality: what it is called and imitates, by which evidence, what is not known, and its choices."""

    name: str
    imitates: str
    source: str
    unknown: str = ""
    headers: tuple[tuple[str, str], ...] = (("Docker-Distribution-Api-Version", "registry/2.0"),)
    request_id: str = ""  # the name of a header that gets a new value with each answer
    lower_case: bool = False  # names of headers
    relative: bool = False  # Locations have no host
    json_type: str = "application/json"
    base_body: bytes = b"{}"
    is_distribution: bool = False  # routes, ranges and references are answered in its very own way
    merges_slashes: bool = False  # `//` is read as `/`; otherwise redirected
    head_everywhere: bool = True
    old_go: bool = False  # before 1.20: a 412 or 416 of a blob has the blob's Content-Length, so its body breaks off
    blob_deletes: bool = True
    sha256_canonical: bool = False  # a blob that came by its sha512 is known by its sha256
    errors: ErrorManner = ErrorManner()
    uploads: UploadManner = UploadManner()
    manifests: ManifestManner = ManifestManner()
    lists: ListManner = ListManner()
    before: Callable[[Call], Outgoing | None] | None = None  # may answer, or refuse, before the endpoint does
