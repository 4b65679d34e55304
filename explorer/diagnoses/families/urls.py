"""URLs and heads that never get as far as a registry: no client sends them, or no server reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen

_NOWHERE = "unknown.invalid"  # the host of what an import has no host for
_TOO_LONG_HEAD = ("request header or cookie too large", "request header fields too large", "header line is too long")


@rule(
    "url-malformed",
    "decides",
    when="always",
    fix="Print the variable with its borders to see what is in it (printf '[%q]\\n' \"$LOCATION\"). Of a "
    "dumped head take "
    "the carriage return off (tr -d '\\r'), of sha256sum's line only the first word (cut -d' ' -f1); "
    "where it is empty, "
    "look at the answer that it was read from.",
    covers=(
        "stale-location",
        "digest-is-save-dirname",
        "digest-unparsable",
        "digest-missing",
        "state-padding-cut",
        "state-dropped",
        "second-question-mark",
        "question-mark-after-variable",
        "relative-location-unresolved",
    ),
    sources=("observed with curl 7.88", "RFC 3986, 2"),
)
def url_malformed(seen: Seen) -> Iterator[Found]:
    """The client did not take the URL, so nothing was sent: it is no URL, or has blanks or line ends in it.

    A Location that is read from a dumped head keeps the carriage return at its end; sha256sum prints the file's name
    after the digest; a variable that stayed empty leaves `&digest=…` alone. curl calls all of them (3), "URL using
    bad/illegal format".
    """
    error = seen.exchange.error
    if error is None or error.kind != "unsendable" or "(3)" not in error.sentence:
        return
    words, at = _what_is_wrong(seen)
    yield Found(
        f"the client did not take the URL: {words}",
        error.sentence,
        (seen.at_target(*at),),
        consequence_of=_failure_before(seen),
    )


def _failure_before(seen: Seen) -> tuple[int, ...]:
    """Return the exchange that failed just before, whose answer had no Location to fill the variable with."""
    last = seen.history.last_failure
    return (last,) if last and last == seen.id - 1 else ()


def _what_is_wrong(seen: Seen) -> tuple[str, tuple[int, int]]:
    """Return what a URL has in it that does not belong there, and where in the target."""
    found = re.search(r"[\x00-\x20\x7f]+", seen.target)
    if found and set(found[0]) & {"\r", "\n"}:
        return "a line end is in it, as a Location keeps it that was read from a dumped head", found.span()
    if found:
        return "a blank is in it, as sha256sum writes one between a digest and the file's name", found.span()
    if seen.request.origin.host != _NOWHERE:
        return "it is none", (0, 0)
    if seen.target != "/":
        return "it is only a path, as a Location may be: put scheme and host of the request before it", (0, 0)
    return "it has no host and no path, so the variable that it begins with was empty", (0, 0)


@rule(
    "head-too-large",
    "decides",
    who="proxy",
    fix="Let what stands in front take longer lines (nginx: large_client_header_buffers 4 64k; Apache: "
    "LimitRequestLine "
    "and LimitRequestFieldSize; HAProxy: tune.bufsize), or make them shorter: a token for fewer scopes, no cookies.",
    covers=("html-instead-of-json", "unexplained-refusal", "empty-answer"),
    sources=("observed with nginx 1.22", "RFC 9110, 15.5.15", "RFC 6585, 5"),
)
def head_too_large(seen: Seen) -> Iterator[Found]:
    """The request's line or its headers are longer than what stands in front reads.

    A Location with its `_state` has several hundred characters, some registries' over a thousand, and a token of many
    scopes several thousand. nginx's buffers are 8 KiB for each line where nobody sets them.
    """
    too_long = seen.status == 414 and not seen.errors
    if not (too_long or seen.status == 431 or (seen.status in (400, 494) and seen.says(*_TOO_LONG_HEAD))):
        return
    line = len(seen.method) + len(seen.target) + len("  HTTP/1.1")
    row = max(seen.request.headers, key=lambda row: len(row.value), default=None)
    longest = f"; the longest header is {row.name} with {len(row.value):,}" if row is not None else ""
    yield Found(
        f"the {'line of the request' if too_long else 'head of the request'} is too long for "
        f"{seen.proxy or 'what answered'} ({seen.status})",
        f"the line of the request has {line:,} characters{longest}",
        (seen.at_target() if too_long else seen.at_header(row.name if row else ""), seen.at_answer()),
        who="registry" if seen.who == "registry" else "",
    )
