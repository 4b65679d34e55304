"""What refers to a manifest: signatures, bills of materials, attestations."""

from __future__ import annotations

from urllib.parse import quote

from explorer.errors import InputError, Stuck
from explorer.flows import Flow
from explorer.flows.answers import accept, answered
from explorer.flows.declared import TARGET, Argument, Arguments, Kind, flow
from explorer.flows.lists import object_of
from explorer.flows.paging import next_page
from explorer.flows.redirected import redirected
from explorer.flows.referrers_tag import tag_of
from explorer.flows.requests import request
from explorer.model import Exchange, Step
from explorer.spec.digests import is_digest
from explorer.spec.media_types import OCI_INDEX
from explorer.spec.references import Target

_TYPE = Argument("artifact-type", Kind.TEXT, "only those of this artifactType")
_MOST_PAGES = 1000


@flow(
    "referrers",
    "F19",
    "F20",
    arguments=(TARGET, _TYPE),
    example="referrers localhost:5000/demo/app@sha256:44136f… --artifact-type application/spdx+json",
)
def referrers(arguments: Arguments) -> Flow[str]:
    """List what refers to a manifest: signatures, bills of materials, attestations.

    GET /v2/NAME/referrers/DIGEST (end-12a, end-12b with artifactType): always an index, even an empty one;
    OCI-Filters-Applied says whether the registry filtered. 404: no such API, so the tag ALGORITHM-HEX is asked instead.
    """
    target = arguments.target
    kind = arguments.text("artifact-type")
    if not is_digest(target.reference):
        raise InputError("Referrers are of a digest: write the target as host/repository@sha256:….")
    path = f"/v2/{target.repository}/referrers/{target.reference}" + (f"?artifactType={quote(kind)}" if kind else "")
    asked = yield from redirected(
        answered(
            "list the referrers",
            request("GET", target.origin, path, ("Accept", OCI_INDEX)),
            spec="end-12b" if kind else "end-12a",
            why="An index of everything that names this manifest as its subject; 404 means that there is no such API.",
            expects=(200, 404),
        )
    )
    if asked.status == 404:
        found = yield from _by_tag(target)
    else:
        found = yield from _pages(asked)
    applied = "artifactType" in (asked.response.headers.get("OCI-Filters-Applied") or "") if asked.response else False
    chosen = [entry for entry in found if applied or not kind or entry.get("artifactType") == kind]
    return "; ".join(
        [f"{len(chosen)} referrer{'' if len(chosen) == 1 else 's'}", *(str(entry.get("digest")) for entry in chosen)]
    )


def _pages(page: Exchange) -> Flow[list[dict[str, object]]]:
    found = _manifests(page)
    seen = {page.request.target}
    for number in range(2, _MOST_PAGES):
        following = next_page(page)
        if following is None:
            return found
        if following.target in seen:
            raise Stuck(f"The Link leads back to {following.target}, which was there already.")
        seen.add(following.target)
        page = yield from answered(
            f"list the referrers, page {number}",
            following,
            spec="end-12a",
            why="Link of the page before led here.",
            expects=(200,),
        )
        found += _manifests(page)
    raise Stuck(f"There were {_MOST_PAGES} pages and still a Link to another; this is taken for endless.")


def _by_tag(target: Target) -> Flow[list[dict[str, object]]]:
    """Ask for the index under the tag that stands for the referrers, where there is no API (referrers tag schema)."""
    tag = tag_of(target.reference)
    asked = yield Step(
        "get the index under the referrers' tag",
        request("GET", target.origin, f"/v2/{target.repository}/manifests/{tag}", ("Accept", OCI_INDEX)),
        spec="end-3",
        why="Without the referrers API, clients keep this index themselves; 404 means that nothing refers to it.",
        expects=(200, 404),
    )
    return _manifests(asked) if accept(asked, 200, 404).status == 200 else []


def _manifests(page: Exchange) -> list[dict[str, object]]:
    listed = object_of(page).get("manifests") or []
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise Stuck("The answer's 'manifests' is no list of descriptors.")
    return listed
