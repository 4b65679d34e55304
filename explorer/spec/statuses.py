"""The statuses of HTTP as this API uses them (distribution-spec, spec.md; RFC 9110, section 15)."""

from __future__ import annotations

from http import HTTPStatus

STATUSES: dict[int, str] = {
    100: "Go on with the body: the answer to Expect: 100-continue.",
    101: "The connection changes its protocol; not used by this API.",
    200: "Here it is: a blob, a manifest, a list, a token; or yes, it is there (HEAD).",
    201: "It is stored: a blob (PUT, single POST, mount) or a manifest. ECR answers a PATCH with it, too.",
    202: "An upload is open, or a chunk was taken: go on at the Location. To a mount: not mounted, upload "
    "instead. To a "
    "DELETE: it is deleted.",
    204: "How far the upload is stands in Range; or, to a DELETE, the upload is cancelled.",
    206: "Here is the part of the blob that Range asked for.",
    301: "It is at another address, mostly the same path with its final slash or without a double one. Clients "
    "turn a POST "
    "into a GET here, and Go's clients a PUT and a PATCH, too.",
    302: "It is at another address for now; the method may change as with 301.",
    303: "See another address, by GET.",
    304: "The client has it already (If-None-Match).",
    307: "It is at another address, to be asked with the same method and body: often object storage, without "
    "Authorization.",
    308: "It is at another address for good, to be asked with the same method and body.",
    400: "The request is not right: a digest, a manifest, a name, a number. A page of HTML means that a proxy did not "
    "understand it, or that http was spoken to an https port.",
    401: "Credentials are wanted (the challenge says which), or do not suffice. The first one is the normal beginning.",
    403: "The credentials do not allow this; quotas and read-only modes say so, too. From object storage: a "
    "signature that "
    "has expired.",
    404: "It is not there: a blob, a manifest, a repository, an upload. As 404 page not found in plain text: "
    "there is no such "
    "route, so a name or the base is wrong. To a HEAD before an upload it is normal.",
    405: "The method is not possible here: deletes are switched off, a cache of another registry, read-only mode, or a "
    "firewall that lets only GET through.",
    409: "It is there already and must not change (a tag, in Quay).",
    411: "A Content-Length is required: something in front does not take chunked bodies.",
    412: "A condition is not met: an immutable tag or a policy (Harbor).",
    413: "The body is larger than what stands in front, or the registry, takes.",
    414: "The URL is too long (zot: too many tag= parameters).",
    415: "The Content-Type is not taken (zot).",
    416: "The bytes do not continue where the upload stands, or the Location is not the newest; to a GET: the "
    "range is not "
    "within the blob.",
    417: "The Expect field is not supported by something in between.",
    429: "Too many requests: wait as long as Retry-After says.",
    431: "The header block is too large.",
    499: "The client left before the request was complete (nginx's and distribution's own status).",
    500: "The registry failed, or has no code for what is wrong: read the detail. distribution answers so to a "
    "PATCH with a "
    "wrong Content-Type, and to digests that are none.",
    501: "The method is not known to what answered.",
    502: "The proxy got no answer, or none that it understood, from the registry.",
    503: "Not available at the moment: a health check, a restart, a limit.",
    504: "The proxy waited too long for the registry; it may have finished all the same.",
    507: "There is no room left.",
    522: "Cloudflare could not connect to the registry.",
    524: "Cloudflare waited too long for the registry (100 s).",
}
"""What each status means here."""


def phrase_of(status: int) -> str:
    """Return the usual reason phrase of a status; empty where it has none."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
