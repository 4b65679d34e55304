"""What differs from run to run without meaning anything: ids, dates, tokens, marks of masked secrets."""

from __future__ import annotations

import re

_PASSING = (
    (re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"), "{id}"),
    (re.compile(r"(?<=_state=)[^&#\s\"]+"), "{state}"),
    (re.compile(r"\[masked [0-9a-f]{8}\]|masked-[a-z]+-\d+"), "{secret}"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?"), "{date}"),
    (re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT"), "{date}"),
    (re.compile(r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"), "{token}"),
    (re.compile(r"(?<=/blobs/uploads/)[^/?#\s\"]{8,}"), "{id}"),
    (re.compile(r"(?<=/blobs/upload/)[^/?#\s\"]{8,}"), "{id}"),
)

_HEADERS = {
    "date": "the time of the answer",
    "age": "the time of the answer",
    "last-modified": "a time",
    "docker-upload-uuid": "the id of the upload",
    "blob-upload-uuid": "the id of the upload",
    "x-request-id": "the id of the request",
    "x-github-request-id": "the id of the request",
    "x-amz-request-id": "the id of the request",
    "x-amz-id-2": "the id of the request",
    "cf-ray": "the id of the request",
    "authorization": "a credential",
    "proxy-authorization": "a credential",
    "cookie": "a credential",
    "set-cookie": "a credential",
    "ratelimit-remaining": "what is left of a limit",
    "retry-after": "a time",
}

_FIELDS = {"token", "access_token", "refresh_token", "issued_at", "expires_in"}


def without_passing(text: str) -> str:
    """Return a text with ids, dates, states and tokens in it replaced by what they are."""
    for pattern, name in _PASSING:
        text = pattern.sub(name, text)
    return text


def why_header_passes(name: str, left: str, right: str) -> str:
    """Return why two values of a header may differ from run to run; empty where that is a real difference.

    Credentials pass only where their schemes are the same.
    """
    why = _HEADERS.get(name.lower(), "")
    if why == "a credential" and left.partition(" ")[0].lower() != right.partition(" ")[0].lower():
        return ""
    return why or why_text_passes(left, right)


def why_text_passes(left: str, right: str) -> str:
    """Return why two texts may differ from run to run; empty where that is a real difference."""
    return "ids, states, dates or tokens" if without_passing(left) == without_passing(right) else ""


def why_field_passes(path: str, left: str, right: str) -> str:
    """Return why two values at a path of a JSON body may differ from run to run; empty where that is real."""
    if path.rpartition("/")[2] in _FIELDS:
        return "what a token service makes anew"
    return why_text_passes(left, right)
