"""What is left: refusals that no other rule explains, told by their codes and statuses."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen
from explorer.model import body_size
from explorer.spec.digests import EMPTY_BLOB
from explorer.spec.errors import MEANINGS

SLOW = 2.5
"""Seconds after which an answer is called slow."""

SLOW_RATE = 100_000
"""Bytes a second below which a transfer that takes long is called slow."""


@rule(
    "empty-answer",
    "hint",
    who="registry",
    fix="Ask for the reason in the registry's log; zot answers many refusals without a body.",
    sources=("zot, source",),
)
def empty_answer(seen: Seen) -> Iterator[Found]:
    """The refusal has no body that says why. zot does so; a proxy that drops bodies of errors does, too."""
    is_refusal = seen.status >= 400 and seen.method != "HEAD" and seen.knows("response.body") and not seen.challenges
    if is_refusal and seen.response and seen.response.body == b"" and seen.exchange.error is None:
        yield Found(f"{seen.status} came without a body", "", (seen.at_answer(),), key=str(seen.status))


@rule(
    "empty-body",
    "likely",
    who="proxy",
    when="answered",
    fix="Ask again past what stands in front; a cache or a filter that drops bodies is the usual cause.",
    covers=("content-not-its-digest", "wrong-digest-header"),
    sources=("RFC 9110, 15.3.1",),
)
def empty_body(seen: Seen) -> Iterator[Found]:
    """200 came without a body, where a blob, a manifest or a list was asked for."""
    answer = seen.response
    asked = seen.kind in ("blob", "manifest", "tags", "catalog", "referrers") and seen.method == "GET"
    if answer is None or seen.status != 200 or not asked or not seen.knows("response.body") or seen.exchange.error:
        return
    is_empty_blob = EMPTY_BLOB in (seen.named.reference, seen.r("Docker-Content-Digest"))
    if body_size(answer.body) == 0 and not is_empty_blob:
        declared = seen.r("Content-Length")
        yield Found(
            f"a {seen.kind} was asked for, and 200 came without a body",
            f"Content-Length: {declared}" if declared is not None else "",
            (seen.at_answer(), seen.at_body()),
        )


@rule(
    "slow-answer",
    "hint",
    who="network",
    when="answered",
    fix="See where the time goes: GET /v2/ answers at once from a registry that is well; a slow network shows in "
    "all answers.",
    sources=("observed",),
)
def slow_answer(seen: Seen) -> Iterator[Found]:
    """The answer was slow to come, or the body slow to go: what is in between may give up before it is through."""
    times = seen.exchange.timings
    if times.sent is None or times.first_byte is None:
        return
    waited = times.first_byte - times.sent
    size = seen.size or (body_size(seen.response.body) if seen.response else 0)
    rate = size / times.finished if times.finished and size else 0.0
    if waited >= SLOW:
        yield Found(
            f"the answer came {waited:.1f} s after the request", f"nothing came for {waited:.1f} s", (seen.at_answer(),)
        )
    elif times.finished and times.finished >= SLOW and rate < SLOW_RATE:
        yield Found(f"{size:,} bytes took {times.finished:.1f} s", f"{rate:,.0f} bytes a second", (seen.at_answer(),))


@rule(
    "wrong-type-of-error",
    "hint",
    who="registry",
    when="answered",
    fix="Read the body as JSON whatever its Content-Type says.",
    sources=("observed with go-containerregistry's test registry",),
)
def wrong_type_of_error(seen: Seen) -> Iterator[Found]:
    """The registry's error is JSON, and is sent as another Content-Type; strict clients do not read it."""
    kind = (seen.r("Content-Type") or "").lower()
    if seen.errors and kind and "json" not in kind:
        yield Found(f"the error is JSON, and is sent as {kind}", "", (seen.at_answer("Content-Type"),))


@rule(
    "unexplained-refusal",
    "hint",
    who="registry",
    fix="See what the code means (`explain CODE`), and look into the registry's log at this time.",
    sources=("distribution-spec, spec.md, Error Codes",),
)
def unexplained_refusal(seen: Seen) -> Iterator[Found]:
    """The registry refused, and no rule knows this refusal: its own words are all there is.

    The cause is often in the second or third error, and not in the first, from which the status is.
    """
    if seen.status < 400 or (seen.status == 401 and not seen.errors):
        return
    said = "; ".join(" ".join(filter(None, (e.code, e.message, e.detail[:120]))) for e in seen.errors[:4])
    code = seen.errors[-1].code if seen.errors else ""
    meaning = MEANINGS.get(code, "")
    what = f"{seen.method} was refused with {seen.status}" + (f": {meaning}" if meaning else "")
    is_unseen = code == "MANIFEST_INVALID" and seen.method == "PUT" and not seen.knows("request.body")
    yield Found(
        what,
        said or " ".join(seen.text.split())[:160],
        (seen.at_answer(), seen.at_body()),
        key=f"{seen.status} {code}",
        otherwise=_OF_A_MANIFEST if is_unseen else (),
        experiment="record it with the bytes of the manifest, as by curl --trace or registry-explorer record"
        if is_unseen
        else "",
    )


_OF_A_MANIFEST = (
    "manifest-type-field-mismatch: its mediaType is another than the Content-Type, or lacks where that is docker's",
    "manifest-not-json: it is cut off, empty or no JSON",
    "manifest-vs-index: it is an index, and was sent as a manifest, or the other way round",
)
"""What a manifest that nobody has seen may be refused for."""
