"""Redirects of requests with a body, and what clients make of them."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.families.astray import is_no_upload
from explorer.diagnoses.seen import Seen

_REDIRECTS = (301, 302, 303)


@rule(
    "uploads-no-trailing-slash",
    "decides",
    when="always",
    before=True,
    fix="Write the slash at the end: /blobs/uploads/.",
    covers=("post-became-get", "upload-redirected"),
    sources=("distribution-spec, spec.md, end-4a", "observed with distribution 2.8 and 3"),
)
def uploads_no_trailing_slash(seen: Seen) -> Iterator[Found]:
    """The path of the POST ends in /blobs/uploads, and the endpoint's ends in a slash.

    distribution redirects to the right path with 301, and most clients turn the POST into a GET there.
    """
    path, mark, query = seen.target.partition("?")
    if seen.method != "POST" or seen.worked:
        return
    if path.endswith("/blobs/uploads/") and (_leads_back(seen) or _loses_its_slash(seen)):
        yield Found(
            "the POST is redirected to the very path that it was sent to: a proxy changes it on the way"
            if _leads_back(seen)
            else "the POST is redirected to its path without the slash at the end, where no upload can be opened",
            f"the Location of the {seen.status} is {seen.r('Location')}"
            + (", which is what was asked for" if _leads_back(seen) else "; the registry redirects back from there"),
            (seen.at_target(len(path) - 1, len(path)), seen.at_answer("Location")),
            who="proxy",
            fix="Let the proxy leave the path as it is: no rewrite that takes the final slash, no slash at the "
            "end of its "
            "own prefix (proxy_pass http://registry:5000; without a path, in nginx).",
            otherwise=("double-slash: it joins its prefix and the path to //v2/",),
            experiment="the registry's access log shows the path that reached it",
        )
        return
    if not path.endswith("/blobs/uploads"):
        return
    yield Found(
        "the slash after /blobs/uploads is missing",
        f"the Location of the {seen.status} is the same path with it" if seen.status in (301, 308) else "",
        (seen.at_target(len(path) - len("uploads"), len(path)),),
        seen.with_target(f"{path}/{mark}{query}"),
        "a slash at the end of the path",
    )


def _leads_back(seen: Seen) -> bool:
    location = seen.location
    return seen.status in (301, 302, 307, 308) and location == (seen.request.origin, seen.target)


def _loses_its_slash(seen: Seen) -> bool:
    path = seen.target.partition("?")[0]
    leads_to = seen.location[1].partition("?")[0] if seen.location else ""
    return 300 <= seen.status < 400 and leads_to == path[:-1]


@rule(
    "double-slash",
    "decides",
    when="always",
    before=True,
    fix="Join base and path with one slash.",
    covers=("upload-redirected",),
    sources=("observed with distribution 3",),
)
def double_slash(seen: Seen) -> Iterator[Found]:
    """Two slashes stand side by side in the path: a base that ends in one was joined with a path that begins with one.

    distribution redirects to the cleaned path with 301, which turns uploads into GETs. Harbor cleans it by itself.
    """
    path, mark, query = seen.target.partition("?")
    at = path.find("//")
    if at < 0 or seen.worked or "://" in path:
        return
    cleaned = path
    while "//" in cleaned:
        cleaned = cleaned.replace("//", "/")
    yield Found(
        "there are two slashes side by side in the path",
        f"the registry redirects to {seen.r('Location')}" if seen.r("Location") else "",
        (seen.at_target(at, at + 2),),
        seen.with_target(f"{cleaned}{mark}{query}"),
        "one slash instead of two",
    )


@rule(
    "post-became-get",
    "decides",
    when="always",
    fix="Send the POST to the final URL at once; where a proxy redirects, let it answer 307 or 308, which keep "
    "the method.",
    covers=("status-unsupported", "upload-gone", "unexplained-refusal", "upload-redirected"),
    sources=("observed with curl 7.88 and distribution 3", "distribution/distribution#2225", "RFC 9110, 15.4"),
)
def post_became_get(seen: Seen) -> Iterator[Found]:
    """A POST was redirected, and the client followed with a GET: 301, 302 and 303 let it do so.

    The GET on …/uploads/ is answered 404 BLOB_UPLOAD_UNKNOWN or 405, and no upload was opened. curl keeps the method
    with -X POST or --post301; Go's clients never do.
    """
    if seen.kind == "uploads" and seen.method == "POST" and "BLOB_UPLOAD_UNKNOWN" in seen.codes and seen.status == 404:
        yield Found(
            "the POST has the answer of a GET, BLOB_UPLOAD_UNKNOWN: on its way it became one",
            "a POST opens an upload and cannot miss one; clients log only the first hop of a redirect that they follow",
            (seen.at_answer(), seen.at_body("BLOB_UPLOAD_UNKNOWN")),
            certainty="likely",
            experiment=f"curl -si -X POST {seen.request.url} shows a redirect, if there is one",
        )
    if seen.kind != "uploads" or seen.method != "GET":
        return
    before = seen.history.redirects.get(f"{seen.request.origin}{seen.target}")
    earlier = seen.history.exchanges.get(before) if before else None
    if earlier and before and earlier.request.method == "POST" and earlier.status in _REDIRECTS:
        yield Found(
            f"the POST of exchange {before} became a GET when the redirect was followed",
            f"POST was answered {earlier.status} with this URL as its Location, and a GET went there",
            (seen.at_target(),),
            also=(before,),
        )
    elif seen.status in (404, 405) and seen.is_refused:
        yield Found(
            "a GET went to …/blobs/uploads/, where only a POST is of use",
            "a redirect that was followed by the client looks like this, where its first hop was not recorded",
            (seen.at_target(),),
            certainty="likely",
        )


@rule(
    "patch-became-get-unknown-blob",
    "likely",
    who="proxy",
    when="always",
    fix="Make the registry hand out https: X-Forwarded-Proto from the proxy, or its own address in its configuration "
    "(Harbor: external_url; distribution: http.host or http.relativeurls).",
    covers=("unknown-blob-after-push", "manifest-blob-unknown"),
    sources=("goharbor/harbor#20973", "goharbor/harbor-helm#1833", "RFC 9110, 15.4"),
)
def patch_became_get_unknown_blob(seen: Seen) -> Iterator[Found]:
    """PATCH or PUT was redirected, became a GET, and the upload's status, 204, passed for success.

    It begins with a Location of http: on a registry of https:. Nothing was stored; the client finds out when it asks
    for the blob and prints "unknown blob".
    """
    if seen.kind == "upload" and seen.method == "PUT" and seen.status == 204 and seen.digest:
        if (seen.r("Docker-Upload-Uuid") or seen.r("Range")) and seen.r("Docker-Content-Digest") is None:
            yield Found(
                "the closing PUT has the answer of a status request, 204: on its way it became a GET",
                "201 with Docker-Content-Digest was expected; 204 with the upload's id or Range is the answer to a GET",
                (seen.at_answer(),),
            )
        return
    if seen.kind != "upload" or seen.method not in ("GET", "HEAD"):
        return
    before = seen.history.redirects.get(f"{seen.request.origin}{seen.target}")
    earlier = seen.history.exchanges.get(before) if before else None
    if earlier and before and earlier.request.method in ("PATCH", "PUT") and earlier.status in _REDIRECTS:
        yield Found(
            f"the {earlier.request.method} of exchange {before} became a {seen.method} when the redirect was followed",
            f"{earlier.status} let the method change; the {seen.status} of the status request was no success of "
            "the upload",
            (seen.at_target(),),
            also=(before,),
            certainty="decides",
        )


@rule(
    "upload-redirected",
    "likely",
    who="proxy",
    fix="Send uploads to the final URL at once (https, the right host); let the proxy redirect by 307 or 308 only.",
    when="answered",
    sources=("RFC 9110, 15.4", "observed with curl 7.88"),
)
def upload_redirected(seen: Seen) -> Iterator[Found]:
    """A request with a body, or one that opens an upload, was redirected.

    After 301, 302 or 303 clients in Go follow with a GET and drop the body; curl does so, too, unless the method is
    forced. Only 307 and 308 keep both.
    """
    if seen.method not in ("POST", "PUT", "PATCH") or seen.location is None or is_no_upload(seen):
        return
    origin, target = seen.location
    where = f"{origin}{target}" if origin != seen.request.origin else target
    is_ours = (seen.q("User-Agent") or "").startswith("registry-explorer")  # whose next step is the hop
    if seen.status in (307, 308) and not is_ours:
        yield Found(
            f"{seen.method} was redirected with {seen.status}, and the client has to follow, its body included",
            f"it leads to {where[:120]}; no answer to that is in the evidence so far",
            (seen.at_answer(), seen.at_answer("Location")),
            seen.to(seen.r("Location") or ""),
            "sent to the Location at once",
            fix="Send uploads to the final URL at once, or let the client follow redirects (curl -L).",
        )
    elif seen.status in _REDIRECTS:
        yield Found(
            f"{seen.method} was redirected with {seen.status}, which lets clients turn it into a GET",
            f"it leads to {where[:120]}",
            (seen.at_answer(), seen.at_answer("Location")),
            seen.to(seen.r("Location") or ""),
            "sent to the Location at once",
        )
