"""What is left: refusals that no other rule explains, told by their codes and statuses."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen
from explorer.spec.errors import MEANINGS


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
    yield Found(
        what, said or " ".join(seen.text.split())[:160], (seen.at_answer(), seen.at_body()), key=f"{seen.status} {code}"
    )
