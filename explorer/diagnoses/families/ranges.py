"""Content-Range of uploads, which is not HTTP's: `first-last`, both inclusive, no unit, no total."""

from __future__ import annotations

import re
from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.families.state import at_location
from explorer.diagnoses.seen import Seen

_RANGE = re.compile(
    r"(?P<unit>bytes[ =]+)?(?P<first>\d{1,18})-(?P<last>\d{1,18})(?P<total>/(?:\*|\d{1,18}))?", re.IGNORECASE
)


def range_of(seen: Seen) -> re.Match[str] | None:
    """Return the parts of the request's Content-Range; None where there is none that can be read."""
    value = seen.q("Content-Range")
    return _RANGE.fullmatch(value.strip()) if value and seen.kind == "upload" else None


def _bare(found: re.Match[str]) -> str:
    return f"{found['first']}-{found['last']}"


def _troubled(seen: Seen) -> bool:
    return seen.is_in_trouble and seen.status in (0, 400, 416, 500, 422)


@rule(
    "content-range-with-unit",
    "decides",
    when="always",
    before=True,
    fix="Write Content-Range: FIRST-LAST, without bytes.",
    covers=("unexplained-refusal", "chunk-out-of-order", "storage-error", "content-range-with-total"),
    sources=("distribution-spec, spec.md, end-5", "dotnet/sdk-container-builds#258", "observed with distribution 3"),
)
def content_range_with_unit(seen: Seen) -> Iterator[Found]:
    """Content-Range was written as HTTP has it, with the unit: this API's has none.

    3.x answers 500 UNKNOWN (strconv.ParseInt: parsing "bytes 0"), zot 416, ACR names the header; 2.x takes no notice.
    """
    found = range_of(seen)
    if found and found["unit"] and _troubled(seen):
        yield Found(
            f"Content-Range has a unit: {found[0]}",
            seen.detail()[:120],
            (seen.at_header("Content-Range", 0, len(found["unit"])),),
            seen.with_header("Content-Range", _bare(found)),
            f"Content-Range: {_bare(found)}",
        )


@rule(
    "content-range-with-total",
    "decides",
    when="always",
    before=True,
    fix="Write Content-Range: FIRST-LAST, without the total.",
    covers=("unexplained-refusal", "chunk-out-of-order", "storage-error"),
    sources=("distribution-spec, spec.md, end-5", "observed with distribution 3"),
)
def content_range_with_total(seen: Seen) -> Iterator[Found]:
    """Content-Range was written with a total after a slash, as HTTP has it: this API's has none."""
    found = range_of(seen)
    if found and found["total"] and _troubled(seen):
        start = found.start("total")
        yield Found(
            f"Content-Range has a total: {found[0]}",
            seen.detail()[:120],
            (seen.at_header("Content-Range", start, found.end("total")),),
            seen.with_header("Content-Range", _bare(found)),
            f"Content-Range: {_bare(found)}",
        )


@rule(
    "content-range-malformed",
    "decides",
    fix="Write Content-Range: FIRST-LAST, two numbers, both inclusive.",
    covers=("unexplained-refusal", "storage-error"),
    sources=("distribution-spec, spec.md, end-5", "observed with distribution 3"),
)
def content_range_malformed(seen: Seen) -> Iterator[Found]:
    """Content-Range is not of the form FIRST-LAST at all."""
    value = seen.q("Content-Range")
    if value is not None and seen.kind == "upload" and range_of(seen) is None and _troubled(seen):
        yield Found(
            f"Content-Range cannot be read: {value[:60]}", seen.detail()[:120], (seen.at_header("Content-Range"),)
        )


@rule(
    "content-range-off-by-one",
    "decides",
    when="always",
    before=True,
    fix="Both ends are inclusive: the last byte is FIRST + length - 1.",
    covers=("chunk-out-of-order", "unexplained-refusal"),
    sources=("distribution-spec, spec.md, end-5", "observed with distribution 3", "zot, source"),
)
def content_range_off_by_one(seen: Seen) -> Iterator[Found]:
    """Content-Range names one byte more or less than the body has: its end is inclusive.

    3.x answers 400 SIZE_INVALID, zot 416.
    """
    found = range_of(seen)
    if not found or not _troubled(seen):
        return
    first, last = int(found["first"]), int(found["last"])
    declared = seen.q("Content-Length") or ""
    length = int(declared[:18]) if declared.isdecimal() else seen.size
    if length <= 0 or last - first + 1 == length:
        return
    right = f"{first}-{first + length - 1}"
    yield Found(
        f"Content-Range {found[0]} names {last - first + 1:,} bytes, and the body has {length:,}",
        f"{last} - {first} + 1 = {last - first + 1}; Content-Length is {length}; with both ends inclusive it is "
        f"{right}",
        (seen.at_header("Content-Range"), seen.at_header("Content-Length")),
        seen.with_header("Content-Range", right),
        f"Content-Range: {right}",
        certainty="" if abs(last - first + 1 - length) == 1 or "SIZE_INVALID" in seen.codes else "likely",
    )


@rule(
    "chunk-out-of-order",
    "decides",
    when="always",
    before=True,
    fix="Ask the upload's status (GET), and go on from the byte after its Range, with the Location of that answer.",
    covers=("digest-mismatch", "ghcr-digest-invalid"),
    sources=(
        "distribution-spec, spec.md, end-5",
        "distribution/distribution#3141",
        "observed with distribution 2.8 and 3",
    ),
)
def chunk_out_of_order(seen: Seen) -> Iterator[Found]:
    """The chunk does not begin where the upload stands.

    3.x answers 416 RANGE_INVALID, zot 416 BLOB_UPLOAD_INVALID. 2.x takes it, appends it where it stands, and fails
    at the closing PUT with a digest that does not fit.
    """
    found, upload = range_of(seen), seen.upload
    if not found or found["unit"] or found["total"]:
        return
    first = int(found["first"])
    accepted = upload.accepted if upload else seen.state.offset if seen.state else None
    is_taken = seen.status == 202 and (seen.generation == "2" or seen.registry in ("", "distribution"))
    in_trouble = seen.is_draft or seen.status == 416 or is_taken
    if not in_trouble or accepted is None or accepted == first:
        return
    if seen.status == 202 and (upload is None or not upload.opened):
        return
    if seen.method == "PUT" and seen.generation in ("2", "3"):
        return
    last = first + max(seen.size, int(found["last"]) - first + 1) - 1
    by = f"by exchange {upload.accepted_from}" if upload and upload.accepted_from else "so far"
    wanted = f"{accepted}-{accepted + last - first}"
    edit = at_location(seen, upload.location) if upload and upload.location else None
    yield Found(
        f"the chunk begins at byte {first:,}, and the upload stands at {accepted:,}",
        f"{accepted:,} bytes had been accepted {by}; Content-Range begins at {first:,}",
        (seen.at_header("Content-Range", 0, len(found["first"])), seen.at_answer()),
        edit if first == 0 and not accepted else None,
        f"Content-Range: {wanted}",
        certainty="likely" if seen.worked else "",
    )


@rule(
    "put-range-ignored",
    "hint",
    when="answered",
    fix="Send no Content-Range with the closing PUT, or a right one; distribution does not look at it.",
    sources=("opencontainers/distribution-spec#590", "observed with distribution 3"),
)
def put_range_ignored(seen: Seen) -> Iterator[Found]:
    """The closing PUT has a Content-Range that does not fit, and was accepted: distribution does not look at it
    there.
    """
    found = range_of(seen)
    if not found or seen.method != "PUT" or seen.status != 201:
        return
    accepted = seen.upload.accepted if seen.upload else 0
    if int(found["first"]) != accepted or int(found["last"]) - int(found["first"]) + 1 != seen.size:
        yield Found(
            f"the Content-Range of the closing PUT, {found[0]}, does not fit, and was not looked at",
            f"{accepted:,} bytes had been accepted, and {seen.size:,} were sent",
            (seen.at_header("Content-Range"),),
        )


@rule(
    "chunk-without-range",
    "hint",
    when="answered",
    fix="Send Content-Range with every chunk, so that a chunk that is sent twice is refused and not appended.",
    sources=("zot, source", "opencontainers/distribution-spec#303"),
)
def chunk_without_range(seen: Seen) -> Iterator[Found]:
    """A further PATCH has no Content-Range: a repeat of it would be appended a second time on some registries."""
    upload = seen.upload
    further = upload is not None and any(event.method == "PATCH" and event.status < 300 for event in upload.events)
    if seen.method == "PATCH" and further and seen.is_missing("Content-Range") and seen.worked:
        yield Found("a further chunk was sent without Content-Range", "", (seen.at_target(),))
