"""What goes wrong, by name, and how a registry says it: status, code, message and detail, in an error body.

A handler raises a Refusal of named conditions; which status and code a condition gets, and which of its three details,
is up to the manner that the registry answers in.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from explorer.frozen import frozen
from explorer.spec.go_json import go_json

Detail = object
"""Whatever JSON can say; None stands for no detail."""


class View(Enum):
    """Which detail of a fault is shown: this registry's own, distribution 3's, distribution 2's, or none."""

    HELP = "help"
    TEXT = "text"
    STRUCT = "struct"
    NONE = "none"


class _Same(Enum):
    SAME = 0


SAME = _Same.SAME
"""Stands for the detail before it: what has no text of its own has that of help, a struct that of text."""


@frozen
class Fault:
    """One condition: `help` for people, `text` as in distribution 3, `struct` as Go's JSON has it in distribution 2.

    Without a detail there is no key of that name, unless `keeps_null`. A `message` replaces that of the code.
    """

    condition: str
    help: Detail = None
    text: Detail = SAME
    struct: Detail = SAME
    message: str = ""
    keeps_null: bool = False

    def detail(self, view: View) -> Detail:
        """Return the detail in that view."""
        text = self.help if self.text is SAME else self.text
        details = {
            View.HELP: self.help,
            View.TEXT: text,
            View.STRUCT: text if self.struct is SAME else self.struct,
            View.NONE: None,
        }
        return details[view]


class Refusal(Exception):
    """Stop handling a request and answer with errors, and with the headers where there are any."""

    def __init__(self, *faults: Fault, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(", ".join(fault.condition for fault in faults))
        self.faults = faults
        self.headers = headers


def refusal(
    condition: str,
    help: Detail = None,
    text: Detail = SAME,
    struct: Detail = SAME,
    message: str = "",
    headers: tuple[tuple[str, str], ...] = (),
) -> Refusal:
    """Return the refusal of one condition."""
    return Refusal(Fault(condition, help, text, struct, message), headers=headers)


class Reply(NamedTuple):
    """How a condition is answered."""

    status: int
    code: str
    message: str = ""


MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "BLOB_UNKNOWN": "blob unknown to registry",
        "BLOB_UPLOAD_INVALID": "blob upload invalid",
        "BLOB_UPLOAD_UNKNOWN": "blob upload unknown to registry",
        "DENIED": "requested access to the resource is denied",
        "DIGEST_INVALID": "provided digest did not match uploaded content",
        "MANIFEST_BLOB_UNKNOWN": "blob unknown to registry",
        "MANIFEST_INVALID": "manifest invalid",
        "MANIFEST_UNKNOWN": "manifest unknown",
        "NAME_INVALID": "invalid repository name",
        "NAME_UNKNOWN": "repository name not known to registry",
        "PAGINATION_NUMBER_INVALID": "invalid number of results requested",
        "RANGE_INVALID": "invalid content range",
        "SIZE_INVALID": "provided length did not match content length",
        "UNAUTHORIZED": "authentication required",
        "UNKNOWN": "unknown error",
        "UNSUPPORTED": "The operation is unsupported.",
    }
)
"""The message of each code, in distribution's words."""

REPLIES: Mapping[str, Reply] = MappingProxyType(
    {
        "algorithm-unknown": Reply(400, "DIGEST_INVALID"),
        "blob-range": Reply(416, "RANGE_INVALID"),
        "blob-unknown": Reply(404, "BLOB_UNKNOWN"),
        "chunk-too-small": Reply(400, "SIZE_INVALID"),
        "content-type-wrong": Reply(415, "BLOB_UPLOAD_INVALID"),
        "delete-unsupported": Reply(405, "UNSUPPORTED"),
        "denied": Reply(403, "DENIED"),
        "digest-mismatch": Reply(400, "DIGEST_INVALID"),
        "digest-missing": Reply(400, "DIGEST_INVALID"),
        "digest-unparsable": Reply(400, "DIGEST_INVALID"),
        "manifest-digest-mismatch": Reply(400, "DIGEST_INVALID"),
        "manifest-invalid": Reply(400, "MANIFEST_INVALID"),
        "manifest-not-acceptable": Reply(404, "MANIFEST_UNKNOWN"),
        "manifest-too-big": Reply(413, "MANIFEST_INVALID"),
        "manifest-type": Reply(400, "MANIFEST_INVALID"),
        "manifest-unknown": Reply(404, "MANIFEST_UNKNOWN"),
        "method-wrong": Reply(405, "UNSUPPORTED"),
        "name-invalid": Reply(400, "NAME_INVALID"),
        "name-unknown": Reply(404, "NAME_UNKNOWN"),
        "page-number": Reply(400, "PAGINATION_NUMBER_INVALID"),
        "range-length": Reply(400, "SIZE_INVALID"),
        "range-out-of-order": Reply(416, "RANGE_INVALID"),
        "range-syntax": Reply(400, "BLOB_UPLOAD_INVALID"),
        "reference-digest": Reply(400, "DIGEST_INVALID"),
        "reference-invalid": Reply(400, "MANIFEST_INVALID"),
        "reference-missing": Reply(400, "MANIFEST_BLOB_UNKNOWN"),
        "schema-version": Reply(400, "MANIFEST_INVALID"),
        "tags-too-many": Reply(414, "MANIFEST_INVALID"),
        "unauthorized": Reply(401, "UNAUTHORIZED"),
        "unknown": Reply(500, "UNKNOWN"),
        "upload-offset": Reply(416, "RANGE_INVALID"),
        "upload-other": Reply(404, "BLOB_UPLOAD_INVALID"),
        "upload-state": Reply(404, "BLOB_UPLOAD_INVALID"),
        "upload-unknown": Reply(404, "BLOB_UPLOAD_UNKNOWN"),
    }
)
"""How each condition is answered by the specification, or where that is silent, as distribution does."""


def error_body(*elements: Mapping[str, object]) -> bytes:
    """Return the bytes of an error body."""
    return go_json({"errors": list(elements)})


def element(reply: Reply, fault: Fault, view: View) -> dict[str, object]:
    """Return one element of `errors`."""
    message = fault.message or reply.message or MESSAGES.get(reply.code, "")
    made: dict[str, object] = {"code": reply.code, "message": message}
    detail = fault.detail(view)
    if detail is not None or fault.keeps_null:
        made["detail"] = detail
    return made
