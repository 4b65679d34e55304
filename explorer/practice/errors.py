"""Error bodies as distribution 3 writes them: compact JSON with Go's escapes, the status that of the first error."""

from __future__ import annotations

import json
from dataclasses import dataclass

from explorer.practice.answers import answer
from explorer.wire.server import Outgoing

Detail = str | dict[str, str] | dict[str, int] | None

CODES = {
    "BLOB_UNKNOWN": (404, "blob unknown to registry"),
    "BLOB_UPLOAD_INVALID": (404, "blob upload invalid"),
    "BLOB_UPLOAD_UNKNOWN": (404, "blob upload unknown to registry"),
    "DIGEST_INVALID": (400, "provided digest did not match uploaded content"),
    "MANIFEST_BLOB_UNKNOWN": (400, "blob unknown to registry"),
    "MANIFEST_INVALID": (400, "manifest invalid"),
    "MANIFEST_UNKNOWN": (404, "manifest unknown"),
    "NAME_UNKNOWN": (404, "repository name not known to registry"),
    "PAGINATION_NUMBER_INVALID": (400, "invalid number of results requested"),
    "RANGE_INVALID": (416, "invalid content range"),
    "SIZE_INVALID": (400, "provided length did not match content length"),
    "UNKNOWN": (500, "unknown error"),
    "UNSUPPORTED": (405, "The operation is unsupported."),
}
"""Status and message of each code that this registry uses."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One element of `errors`; no detail, no key."""

    code: str
    detail: Detail = None
    message: str = ""


class Refusal(Exception):
    """Stop handling a request and answer with errors."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults


def refusal(code: str, detail: Detail = None, message: str = "") -> Refusal:
    """Return the refusal with one error."""
    return Refusal(Fault(code, detail, message))


def error_answer(*faults: Fault) -> Outgoing:
    """Return the answer that lists errors."""
    status, _ = CODES[faults[0].code]
    return answer(status, ("Content-Type", "application/json"), body=error_body(*faults))


def error_body(*faults: Fault) -> bytes:
    """Return the bytes of an error body."""
    return go_json({"errors": [_element(fault) for fault in faults]})


def go_json(value: object) -> bytes:
    """Return JSON as Go's encoder writes it: compact, `<`, `>` and `&` escaped, a newline at the end."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text.encode("utf-8", "replace") + b"\n"


def _element(fault: Fault) -> dict[str, object]:
    element: dict[str, object] = {"code": fault.code, "message": fault.message or CODES[fault.code][1]}
    if fault.detail is not None:
        element["detail"] = fault.detail
    return element
