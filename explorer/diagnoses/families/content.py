"""What became of the bytes on the way: eaten as a form, without line ends, with one more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.families.digests import is_close, is_mismatch, whole_sha256
from explorer.diagnoses.hashing import sent_sha256, variants
from explorer.diagnoses.seen import Seen

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def form_type(seen: Seen) -> str:
    """Return the request's Content-Type where it is one of a form; else empty."""
    kind = seen.q("Content-Type") or ""
    return kind if kind.partition(";")[0].strip().lower() in _FORMS else ""


@rule(
    "body-eaten-as-form",
    "decides",
    when="always",
    before=True,
    fix="Send Content-Type: application/octet-stream (curl: -H 'Content-Type: application/octet-stream', or -T FILE).",
    covers=("digest-mismatch", "content-length-absent", "digest-is-empty"),
    sources=("observed with distribution 2.8 and 3",),
)
def body_eaten_as_form(seen: Seen) -> Iterator[Found]:
    """The body was sent as a form, and Go's form parser read it (up to 10 MB) before the registry could store it.

    It looks for _state and digest there. What is left is nothing, whose digest does not fit. curl says
    application/x-www-form-urlencoded with -d and --data-binary, where no other Content-Type is given.
    """
    kind = form_type(seen)
    if not kind or seen.kind != "upload" or seen.method not in ("PUT", "POST") or seen.worked:
        return
    mismatch = "DIGEST_INVALID" in seen.codes
    size = seen.size
    if not (mismatch or seen.is_draft or seen.response is None) or (seen.knows("request.body") and not size):
        return
    own = whole_sha256(seen)
    fits = f"; the digest is right for the {size:,} bytes" if own and own == seen.digest else ""
    yield Found(
        f"the body was sent as {kind.partition(';')[0]}, and read as a form",
        f"Content-Type is {kind}{fits}",
        (seen.at_header("Content-Type"),),
        seen.with_header("Content-Type", "application/octet-stream"),
        "Content-Type: application/octet-stream",
        certainty="" if not own or own == seen.digest else "likely",
    )


@rule(
    "curl-d-strips-newlines",
    "decides",
    when="always",
    fix="Use --data-binary @FILE (or -T FILE): curl's -d leaves CR and LF out of files.",
    covers=("digest-mismatch", "manifest-digest-mismatch", "manifest-not-json"),
    sources=("observed with curl 7.88",),
)
def curl_d_strips_newlines(seen: Seen) -> Iterator[Found]:
    """curl's -d @FILE takes carriage returns and line feeds out of what it sends, so it is another blob or manifest.

    NULs it leaves out, too. A manifest by digest is refused (400 DIGEST_INVALID); by tag it is stored, under another
    digest.
    """
    expected = seen.digest or (seen.named.reference if seen.kind == "manifest" else "")
    body = seen.request.body
    if seen.method != "PUT" or seen.client not in ("curl", "") or not expected.startswith("sha256:"):
        yield from _from_command(seen)
        return
    if isinstance(body, bytes) and body and b"\n" not in body and b"\r" not in body and seen.is_refused:
        if _lacks_three_signs(body) and "DIGEST_INVALID" in seen.codes:
            yield Found(
                "curl -d left the line ends out",
                f"none of the {len(body):,} bytes of the body is 0x0A, 0x0D or 0x00, as after curl's -d "
                f"@FILE; in what is "
                "compressed, each of them comes once in 256 bytes",
                (seen.at_header("Content-Length"),),
                certainty="likely",
            )
            return
        known = _with_line_ends(seen, expected)
        if known:
            yield Found(
                "curl -d left the line ends out",
                f"the body of {len(body):,} bytes has no line end; {known}",
                (seen.at_header("Content-Length"),),
            )
            return
    yield from _from_command(seen)


def _lacks_three_signs(body: bytes) -> bool:
    """Say whether bytes that are no text have no CR, LF or NUL, though there are too many of them for chance."""
    return len(body) >= 2048 and b"\0" not in body and len(set(body)) > 200


def _with_line_ends(seen: Seen, expected: str) -> str:
    found = next(
        (words for words, digest in variants(seen.request.body, seen.may_read).items() if digest == expected), ""
    )
    has_breaks = "indented" in found or "line feed" in found
    return f"{found}, it hashes to the digest that was given" if has_breaks else ""


def _from_command(seen: Seen) -> Iterator[Found]:
    """Find it in the command that was typed."""
    if seen.method != "PUT":
        return
    path = seen.target.partition("?")[0]
    for words, option, value in _with_data_of_a_file(seen.notes):
        if any(path in word for word in words):
            at = seen.is_refused and bool(seen.codes & {"DIGEST_INVALID"})
            yield Found(
                "curl -d leaves the line ends of the file out",
                f"the command has {option} {value}",
                (seen.at_header("Content-Length"),),
                certainty="likely" if at else "hint",
                key="" if at else "next:",
            )
            return


@lru_cache(maxsize=1)
def _with_data_of_a_file(notes: tuple[str, ...]) -> tuple[tuple[list[str], str, str], ...]:
    """Return the words of each line that has -d @FILE, that option and its value; the lines are read once for all."""
    return tuple(
        (words, option, value)
        for words in map(str.split, notes)
        for option, value in pairwise(words)
        if option in ("-d", "--data", "--data-ascii") and value.strip("'\"").startswith("@")
    )


@rule(
    "trailing-newline",
    "decides",
    when="always",
    before=True,
    fix="Send the file without the line feed at its end (printf instead of echo; an editor that adds none), or "
    "hash it with it.",
    covers=("digest-mismatch", "manifest-digest-mismatch"),
    sources=("observed with distribution 3", "distribution/distribution#2098"),
)
def trailing_newline(seen: Seen) -> Iterator[Found]:
    """The body is what was hashed and a line feed more, or less: an editor, echo or a here-document put it there."""
    expected = _expected(seen)
    if not expected:
        return
    found = next(
        (words for words, digest in variants(seen.request.body, seen.may_read).items() if digest == expected), ""
    )
    if found == "without its last line feed" and isinstance(seen.request.body, bytes):
        body = seen.request.body[:-1]
        yield Found(
            "the body has a line feed at its end that was not hashed",
            f"without its last byte, 0x0A, the body hashes to {expected}",
            (replace(seen.at_body(), part="request.body", start=len(body), end=len(body) + 1),),
            replace(seen.request, body=body, headers=seen.request.headers.set("Content-Length", str(len(body)))),
            "without the last byte",
        )
    elif found in ("without its last line feed", "with a line feed at its end"):
        yield Found(
            "the line feed at the end was not hashed as it was sent", f"{found}, the body hashes to {expected}", ()
        )


@rule(
    "json-written-anew",
    "decides",
    when="always",
    before=True,
    fix="Send the manifest's bytes as they were hashed; never parse and write it again on the way.",
    covers=("manifest-digest-mismatch", "digest-mismatch"),
    sources=("opencontainers/distribution-spec#333", "distribution/distribution#2098"),
)
def json_written_anew(seen: Seen) -> Iterator[Found]:
    """The JSON is the one that was hashed, written in another way: blanks, line ends or the order of keys differ."""
    expected = _expected(seen)
    if not expected:
        return
    found = next(
        (words for words, digest in variants(seen.request.body, seen.may_read).items() if digest == expected), ""
    )
    if found.startswith("as ") and found != "as it is":
        yield Found(
            "the JSON was written anew after it was hashed",
            f"{found}, it hashes to {expected}; as it was sent, to sha256:{sent_sha256(seen.exchange)}",
            (replace(seen.at_body(), part="request.body"),),
        )


def _expected(seen: Seen) -> str:
    """Return the digest that was given for the body, where the body does not have it."""
    if is_close(seen) and is_mismatch(seen) and seen.size:
        return seen.digest
    reference = seen.named.reference
    if seen.kind == "manifest" and seen.method == "PUT" and reference.startswith("sha256:") and seen.is_in_trouble:
        return reference if f"sha256:{sent_sha256(seen.exchange)}" != reference else ""
    return ""
