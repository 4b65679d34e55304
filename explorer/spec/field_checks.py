"""Whether the value of a header field is as the specification wants it."""

from __future__ import annotations

import re
from collections.abc import Callable

from explorer.frozen import frozen
from explorer.model import Headers
from explorer.spec.challenges import parse_challenges
from explorer.spec.digests import is_digest, why_not_a_digest
from explorer.spec.ranges import bytes_received, parse_content_range

Check = Callable[[str, bool], str]
"""Gets a value and whether it is an answer's; returns what is wrong with it, as the end of a sentence, or nothing."""

_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(?:\s*;\s*[\w.-]+=(?:\"[^\"]*\"|[\w./+:-]+))*")
_HTTP_RANGE = re.compile(r"bytes=(?:\d+-\d*|-\d+)(?:\s*,\s*(?:\d+-\d*|-\d+))*")


def without_check(value: str, in_answer: bool) -> str:  # noqa: ARG001 - a check
    """Take any value."""
    return ""


@frozen
class Field:
    """A header field: its name, what it means in this API, the section that says so, and the check of its value."""

    name: str
    meaning: str
    section: str
    check: Check = without_check

    def objection(self, value: str, *, in_answer: bool) -> str:
        """Return what is wrong with a value; empty where it is as it should be."""
        return self.check(value.strip(), in_answer)


def a_number(value: str, in_answer: bool) -> str:  # noqa: ARG001 - a check
    """Want a whole number."""
    return "" if value.isdecimal() else f"'{value[:40]}' is no whole number"


def a_length(value: str, in_answer: bool) -> str:
    """Want one length."""
    parts = {part.strip() for part in value.split(",")}
    return a_number(parts.pop(), in_answer) if len(parts) == 1 else "it says several lengths"


def a_digest(value: str, in_answer: bool) -> str:  # noqa: ARG001 - a check
    """Want a digest."""
    return why_not_a_digest(value)


def a_quoted_digest(value: str, in_answer: bool) -> str:  # noqa: ARG001 - a check
    """Want something in quotes."""
    bare = value.removeprefix("W/")
    if bare[:1] != '"' or bare[-1:] != '"' or len(bare) < 2:
        return "an ETag stands in quotes"
    inner = bare[1:-1]
    if not inner.startswith(("sha256:", "sha512:")) or is_digest(inner):
        return ""
    return f"it looks like a digest, and is none: {why_not_a_digest(inner)}"


def a_media_type(value: str, in_answer: bool) -> str:
    """Want a media type; a form's is a mistake of the client."""
    if not _TYPE.fullmatch(value):
        return f"'{value[:60]}' is no media type"
    is_form = value.partition(";")[0].strip().lower() in ("application/x-www-form-urlencoded", "multipart/form-data")
    return "a form's type makes registries read the body as a form" if is_form and not in_answer else ""


def an_accept(value: str, in_answer: bool) -> str:  # noqa: ARG001 - a check
    """Want types that are named."""
    return "distribution reads no wildcards, and finds no OCI manifest for it" if value == "*/*" else ""


def an_api_version(value: str, in_answer: bool) -> str:  # noqa: ARG001 - a check
    """Want the one version that there is."""
    return "" if value == "registry/2.0" else "registry/2.0 was expected"


def an_expectation(value: str, in_answer: bool) -> str:  # noqa: ARG001 - a check
    """Want the one expectation that there is."""
    return "" if value.lower() == "100-continue" else "100-continue is the only expectation that there is"


def a_location(value: str, in_answer: bool) -> str:  # noqa: ARG001 - a check
    """Want an address."""
    if not value:
        return "it is empty"
    scheme = value.partition("://")[0]
    if "," in scheme and "://" in value:
        return f"'{scheme}' is no scheme: a list of values was copied into it"
    return "a second '?' stands in it" if value.count("?") > 1 else ""


def a_realm(value: str, in_answer: bool) -> str:  # noqa: ARG001 - a check
    """Want a challenge that can be answered."""
    challenges = parse_challenges(Headers.of(("WWW-Authenticate", value)))
    if not challenges:
        return "no challenge can be read in it"
    bearer = next((challenge for challenge in challenges if challenge.scheme == "bearer"), None)
    return (
        "its Bearer challenge has no realm, so there is nowhere to get a token"
        if bearer and not bearer.get("realm")
        else ""
    )


def ranges(value: str, in_answer: bool) -> str:
    """Want HTTP's own in an answer, and this API's in an upload."""
    if in_answer:
        is_size = re.fullmatch(r"bytes \*/\d+", value) is not None
        return "" if is_size or parse_content_range(value) else "bytes FIRST-LAST/TOTAL was expected"
    found = re.fullmatch(r"(\d{1,18})-(\d{1,18})", value)
    if not found:
        return "FIRST-LAST was expected, without a unit and without a total"
    return "it ends before it begins" if int(found[2]) < int(found[1]) else ""


def upload_range(value: str, in_answer: bool) -> str:
    """Want 0-LAST in an answer, and HTTP's own in a request."""
    if not in_answer:
        return "" if _HTTP_RANGE.fullmatch(value) else "bytes=FIRST-LAST was expected"
    if re.fullmatch(r"0-\d{1,18}", value):
        return ""
    return "0-LAST is the form of it" + ("; it is Quay's or zot's way" if bytes_received(value) is not None else "")
