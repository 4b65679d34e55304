"""Scripts whose variables hold a Location: what can be said though the value is not told."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen


@rule(
    "question-mark-after-variable",
    "likely",
    when="always",
    before=True,
    fix="Look at what the variable holds. Where the Location has a '?' already, as distribution's ?_state=… does, join "
    "with '&'.",
    sources=("distribution/distribution#2867", "distribution-spec, spec.md, Pushing a blob in chunks"),
)
def question_mark_after_variable(seen: Seen) -> Iterator[Found]:
    """A script joins the digest with '?' to a variable that holds a Location; most registries' have a query already.

    The second '?' becomes part of the query's last value: distribution answers 404 BLOB_UPLOAD_INVALID.
    """
    if not seen.variable or seen.method != "PUT" or not seen.digest or seen.worked:
        return
    mark = len(seen.variable)
    if seen.target[mark:].count("?") > 1 or not seen.target.startswith("?digest=", mark):
        return
    yield Found(
        f"'?' joins the digest to {seen.variable.lstrip('/')}, whose Location may have a query already",
        "what the variable holds is not told; with a query in it there are two '?'",
        (seen.at_target(mark, mark + 1),),
        seen.with_target(f"{seen.target[:mark]}&{seen.target[mark + 1 :]}"),
        "'&' in the place of '?'",
    )
