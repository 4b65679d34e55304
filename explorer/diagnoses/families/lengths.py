"""Content-Length: too short, too long, missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen
from explorer.model import Request, Slice, body_size


def declared_length(seen: Seen) -> int | None:
    """Return what Content-Length says; None where there is none, or it is no number."""
    value = (seen.q("Content-Length") or "").strip()
    return int(value) if value.isdecimal() and len(value) <= 18 else None


def _has_body(seen: Seen) -> int:
    """Return the size of the body that there is to send, in bytes."""
    return body_size(seen.request.body) if seen.knows("request.body") else 0


@rule(
    "content-length-short",
    "decides",
    when="always",
    before=True,
    fix="Send the true length, or let the client count.",
    covers=("digest-mismatch", "manifest-not-json", "response-dropped"),
    sources=("observed with distribution 3", "RFC 9112, 6.3"),
)
def content_length_short(seen: Seen) -> Iterator[Found]:
    """Content-Length says less than the body has: the registry stores that part, and takes the rest for the next
    request.
    """
    declared, there = declared_length(seen), _has_body(seen)
    if declared is not None and declared < there and seen.is_in_trouble:
        yield Found(
            f"Content-Length says {declared:,}, and the body has {there:,} bytes",
            f"{there - declared:,} bytes are left over",
            (seen.at_header("Content-Length"),),
            seen.with_header("Content-Length", str(there)),
            f"Content-Length: {there}",
        )
        return
    body = seen.request.body
    partial = isinstance(body, Slice) and seen.exchange.sent_size and seen.exchange.sent_size < body.length
    if (
        isinstance(body, Slice)
        and partial
        and seen.is_refused
        and seen.exchange.error is None
        and "DIGEST_INVALID" in seen.codes
    ):
        yield Found(
            f"{seen.exchange.sent_size:,} of the file's {body.length:,} bytes were sent",
            "",
            (seen.at_header("Content-Length"),),
        )


@rule(
    "content-length-long",
    "likely",
    when="always",
    before=True,
    fix="Send the true length: the other side waits for the rest until somebody gives up.",
    covers=("timed-out", "client-closed-499", "response-dropped"),
    sources=("observed with distribution 3", "RFC 9112, 6.3"),
)
def content_length_long(seen: Seen) -> Iterator[Found]:
    """Content-Length says more than the body has, so that the registry waits for the rest: a timeout, 499 or 400
    follows.

    A PATCH keeps what arrived.
    """
    declared, there = declared_length(seen), _has_body(seen)
    if declared is None or declared <= there or not seen.is_in_trouble or not seen.knows("request.body"):
        return
    if seen.exchange.basis != "observed" and not there:
        return
    error = seen.exchange.error
    if seen.method in ("GET", "HEAD") or (error and error.kind in ("unreachable", "tls", "not-http")):
        return
    yield Found(
        f"Content-Length says {declared:,}, and the body has {there:,} bytes",
        f"{declared - there:,} bytes never come",
        (seen.at_header("Content-Length"),),
        seen.with_header("Content-Length", str(there)),
        f"Content-Length: {there}",
        certainty="decides" if seen.is_draft or seen.exchange.error else "",
    )


@rule(
    "content-length-absent",
    "decides",
    when="always",
    before=True,
    fix="Send Content-Length, or Transfer-Encoding: chunked.",
    covers=("digest-mismatch", "length-required-411"),
    sources=("observed with distribution 3", "RFC 9112, 6.3"),
)
def content_length_absent(seen: Seen) -> Iterator[Found]:
    """The request has a body, and neither Content-Length nor chunked encoding says so: the registry sees no body at
    all.
    """
    there = _has_body(seen)
    framed = seen.q("Content-Length") is not None or seen.q("Transfer-Encoding") is not None
    if (
        there
        and not framed
        and seen.method in ("PUT", "PATCH", "POST")
        and seen.is_in_trouble
        and seen.is_missing("Content-Length")
    ):
        if seen.exchange.basis != "observed" and not seen.is_draft:
            return
        yield Found(
            f"the body of {there:,} bytes was sent without Content-Length",
            "",
            (seen.at_target(),),
            seen.with_header("Content-Length", str(there)),
            f"Content-Length: {there}",
        )


@rule(
    "length-said-twice",
    "decides",
    when="always",
    before=True,
    fix="Send either Content-Length or Transfer-Encoding: chunked, once.",
    covers=("html-instead-of-json", "unexplained-refusal", "curl-own-content-length"),
    sources=("RFC 9112, 6.1 and 6.3",),
)
def length_said_twice(seen: Seen) -> Iterator[Found]:
    """The length of the body is said twice, which servers refuse where it differs, as that is used to smuggle requests.

    Two equal ones are taken by some (Go), and refused by others (nginx 400, "duplicate header line").
    """
    lengths = seen.request.headers.all("Content-Length")
    both = bool(lengths) and seen.q("Transfer-Encoding") is not None
    if not (len(lengths) > 1 or both) or not seen.is_in_trouble:
        return
    differ = both or len(set(lengths)) > 1
    if not differ and not seen.is_draft and seen.status not in (0, 400, 413, 501):
        return
    yield Found(
        "Content-Length and Transfer-Encoding were both sent" if both else "Content-Length was sent twice",
        " and ".join(sorted(set(lengths)) if differ else lengths),
        (seen.at_header("Content-Length"),),
        seen.without_header("Transfer-Encoding") if both else _once(seen, lengths[-1]),
        "one of them",
        certainty="" if differ else "likely",
    )


def _once(seen: Seen, length: str) -> Request:
    bare = seen.without_header("Content-Length")
    return replace(bare, headers=bare.headers.set("Content-Length", length))
