"""Redirects that lead nowhere: round in a circle, or to a page for people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen

_TOO_MANY = re.compile(r"(?i)stopped after \d+ redirects|too many redirects|maximum \(\d+\) redirects")


@rule(
    "redirect-loop",
    "decides",
    who="proxy",
    when="always",
    fix="Find the two that send each other back: http to https in a proxy behind one that ends TLS (let it go by "
    "X-Forwarded-Proto), a slash at the end that one takes off and the other puts on, two host names.",
    covers=("upload-redirected", "uploads-no-trailing-slash", "response-dropped", "host-unreachable"),
    sources=("RFC 9110, 15.4", "observed with nginx in front of distribution 2.8"),
)
def redirect_loop(seen: Seen) -> Iterator[Found]:
    """Redirects lead round in a circle: to an address that has just redirected here.

    Clients stop after ten or twenty hops, or find that it is a loop, and say "too many redirects" or "stopped after 10
    redirects".
    """
    error = seen.exchange.error
    if error and _TOO_MANY.search(error.sentence):
        yield Found("redirects lead round in a circle", error.sentence, (seen.at_failure,))
    if not 300 <= seen.status < 400 or seen.location is None:
        return
    if seen.location == (seen.request.origin, seen.target) and not seen.target.endswith("/blobs/uploads/"):
        yield Found(
            "the redirect leads to where it came from",
            f"the Location of the {seen.status} is {seen.r('Location')}, which is what was asked for",
            (seen.at_answer("Location"),),
        )
        return
    came_from = seen.history.redirects.get(f"{seen.request.origin}{seen.target}")
    earlier = seen.history.exchanges.get(came_from) if came_from else None
    if earlier and (earlier.request.origin, earlier.request.target) == seen.location:
        origin, target = seen.location
        yield Found(
            "two addresses redirect to each other",
            f"exchange {earlier.id} led from {origin}{target} to {seen.request.url}, and this one leads back",
            (seen.at_answer("Location"),),
            also=(earlier.id,),
        )


@rule(
    "redirected-to-a-page",
    "likely",
    who="proxy",
    when="answered",
    fix="Let /v2/ go to the registry without the login of web pages (single sign-on, an access proxy, a captive "
    "portal): clients of registries log in by the registry's own 401. Where that must stay, use the way that it has "
    "for programs.",
    covers=("html-instead-of-json", "credentials-elsewhere", "leads-inside"),
    sources=("RFC 9110, 15.4", "observed with nginx 1.22"),
)
def redirected_to_a_page(seen: Seen) -> Iterator[Found]:
    """The request was redirected to an address that is none of a registry's: a login page, most often.

    Registries redirect blobs to their storage, and paths to themselves; no API request is sent to a page for people.
    """
    if is_no_upload(seen) and seen.location is not None:
        origin, target = seen.location
        yield Found(
            f"{seen.method} was redirected to something that is no registry",
            f"it leads to {origin}{target}"[:160],
            (seen.at_answer(), seen.at_answer("Location")),
        )


def is_no_upload(seen: Seen) -> bool:
    """Say whether a request of the API was redirected to what is none, and was not one that goes to storage."""
    if not 300 <= seen.status < 400 or seen.status == 304 or seen.location is None:
        return False
    path = seen.location[1].partition("?")[0]
    goes_to_storage = seen.kind in ("blob", "other") and seen.method in ("GET", "HEAD")
    is_of_api = seen.location_named.kind != "other" or "/v2" in path or "/uploads" in path
    return not goes_to_storage and not is_of_api and seen.kind not in ("other", "upload")
