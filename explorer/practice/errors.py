"""Error bodies as distribution 3 writes them: compact JSON with Go's escapes, the status that of the first error."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.practice.answers import answer
from explorer.spec.go_json import go_json
from explorer.wire.server import Outgoing

Detail = object
"""Whatever JSON can say; None stands for no detail."""

CODES = {
    "BLOB_UNKNOWN": (404, "blob unknown to registry"),
    "BLOB_UPLOAD_INVALID": (404, "blob upload invalid"),
    "BLOB_UPLOAD_UNKNOWN": (404, "blob upload unknown to registry"),
    "DENIED": (403, "requested access to the resource is denied"),
    "DIGEST_INVALID": (400, "provided digest did not match uploaded content"),
    "MANIFEST_BLOB_UNKNOWN": (400, "blob unknown to registry"),
    "MANIFEST_INVALID": (400, "manifest invalid"),
    "MANIFEST_UNKNOWN": (404, "manifest unknown"),
    "NAME_UNKNOWN": (404, "repository name not known to registry"),
    "PAGINATION_NUMBER_INVALID": (400, "invalid number of results requested"),
    "RANGE_INVALID": (416, "invalid content range"),
    "SIZE_INVALID": (400, "provided length did not match content length"),
    "UNAUTHORIZED": (401, "authentication required"),
    "UNKNOWN": (500, "unknown error"),
    "UNSUPPORTED": (405, "The operation is unsupported."),
}
"""Status and message of each code that this registry uses."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One element of `errors`; without a detail it has no key of that name, unless `keeps_null`."""

    code: str
    detail: Detail = None
    message: str = ""
    keeps_null: bool = False


class Refusal(Exception):
    """Stop handling a request and answer with errors, and with the headers where there are any."""

    def __init__(self, *faults: Fault, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults
        self.headers = headers


def refusal(code: str, detail: Detail = None, message: str = "") -> Refusal:
    """Return the refusal with one error."""
    return Refusal(Fault(code, detail, message))


def error_answer(refused: Refusal) -> Outgoing:
    """Return the answer that lists the errors of a refusal."""
    status, _ = CODES[refused.faults[0].code]
    kind = ("Content-Type", "application/json")
    return answer(status, kind, *refused.headers, body=error_body(*refused.faults))


def error_body(*faults: Fault) -> bytes:
    """Return the bytes of an error body."""
    return go_json({"errors": [_element(fault) for fault in faults]})


def _element(fault: Fault) -> dict[str, object]:
    element: dict[str, object] = {"code": fault.code, "message": fault.message or CODES[fault.code][1]}
    if fault.detail is not None or fault.keeps_null:
        element["detail"] = fault.detail
    return element
