"""The error codes of registries: what each means, with which status, who says it and when.

distribution-spec, spec.md, "Error Codes" (code-1 to code-14); the sources of distribution 2.8 and 3, zot, Harbor, Quay
and go-containerregistry's test registry; vendors' codes as issue threads show them.
"""

from __future__ import annotations

from explorer.frozen import frozen


@frozen
class Code:
    """An error code: its meaning, the usual statuses, and when registries say it."""

    code: str
    meaning: str
    statuses: tuple[int, ...]
    when: str
    is_of_the_specification: bool = True


def _own(code: str, meaning: str, statuses: tuple[int, ...], when: str) -> Code:
    return Code(code, meaning, statuses, when, False)


CODES: tuple[Code, ...] = (
    Code(
        "BLOB_UNKNOWN",
        "the registry has no such blob in this repository",
        (404, 400),
        "A blob that is not "
        "there, or whose repository is not; the detail is its digest. zot answers 400 with it to a manifest that "
        "names a missing layer.",
    ),
    Code(
        "BLOB_UPLOAD_INVALID",
        "the upload session named by the URL cannot be used",
        (404, 400, 416),
        "distribution: the _state token is broken (detail: a position), not recognised (invalid secret, or {}), "
        "of another repository or upload or, in 2.x, not the newest (no detail). zot: 400 for lengths, 416 for "
        "ranges. Quay and Nexus: 400.",
    ),
    Code(
        "BLOB_UPLOAD_UNKNOWN",
        "the registry knows no such upload session",
        (404,),
        "Finished, cancelled, "
        "purged, or opened by a replica with other storage. distribution says it to GET …/uploads/, too.",
    ),
    Code(
        "DIGEST_INVALID",
        "the digest given does not fit the content, or is not a digest",
        (400,),
        "The closing "
        "PUT: digest missing, digest parsing failed, or content does not match. A manifest put under another "
        "digest (no detail). distribution 2.x: a tag that is to be deleted.",
    ),
    Code(
        "MANIFEST_BLOB_UNKNOWN",
        "the manifest names a blob that this repository does not have",
        (400, 404),
        "One error for each missing blob or child manifest; the detail is its digest.",
    ),
    Code(
        "MANIFEST_INVALID",
        "the manifest, or its Content-Type, was not accepted",
        (400, 415, 413),
        "A type that "
        "is none of a manifest, JSON that cannot be read, mediaType and Content-Type that differ, a manifest as "
        "an index, more than 4 MiB. zot answers 415 to types and 413 to sizes.",
    ),
    Code(
        "MANIFEST_UNKNOWN",
        "this repository has no such manifest",
        (404,),
        "No such tag or digest, no such repository, or a type that is not in Accept (the message says so).",
    ),
    Code(
        "NAME_INVALID",
        "the repository's name is not allowed",
        (400,),
        "distribution has no route for bad names and answers 404 page not found instead; others say this.",
    ),
    Code(
        "NAME_UNKNOWN",
        "the registry knows no such repository",
        (404,),
        "distribution says it only for tags/list. ECR: the repository must be created first.",
    ),
    Code(
        "SIZE_INVALID",
        "the length given does not fit the content",
        (400,),
        "distribution 3: Content-Length is not the length of Content-Range.",
    ),
    Code(
        "UNAUTHORIZED",
        "credentials are missing or do not suffice",
        (401,),
        "No token, a token that is not accepted, or one that allows too little; the detail lists what is needed.",
    ),
    Code(
        "DENIED",
        "access to this is denied",
        (403, 405),
        "The account lacks the right; also quotas (Harbor, "
        "Quay), read-only modes and names that do not exist (Docker Hub).",
    ),
    Code(
        "UNSUPPORTED",
        "the registry does not do this",
        (405, 400),
        "Deletes that are switched off, a push to a "
        "cache of another registry. Harbor: 400. ECR: an OCI manifest without mediaType.",
    ),
    Code(
        "TOOMANYREQUESTS",
        "there were too many requests",
        (429,),
        "Docker Hub's pull quota; zot's quota of repositories. Retry-After says how long to wait.",
    ),
    _own(
        "RANGE_INVALID",
        "the bytes do not continue where the upload stands",
        (416,),
        "distribution 3: a chunk out of order, or a Location that is not the newest (no detail).",
    ),
    _own("TAG_INVALID", "the tag is not allowed", (400,), "Schema 1, and ECR for tags that are immutable."),
    _own(
        "MANIFEST_UNVERIFIED",
        "the manifest's signature could not be verified",
        (400,),
        "distribution 2.x, for schema 1.",
    ),
    _own(
        "UNKNOWN",
        "something that the registry has no code for",
        (500,),
        "distribution: everything unmapped. A "
        "PATCH with a Content-Type other than application/octet-stream, a Content-Range that cannot be read, a "
        "name of more than 255 characters, a digest that is none taken for a tag. Read the detail, and the errors "
        "after this one.",
    ),
    _own("UNAVAILABLE", "the registry is not available at the moment", (503,), "distribution: a health check fails."),
    _own(
        "PAGINATION_NUMBER_INVALID",
        "the number of results asked for is not allowed",
        (400,),
        "distribution 3: n is no number, negative, or above the limit.",
    ),
    _own(
        "NOT_FOUND",
        "there is no such project, repository or artifact",
        (404,),
        "Harbor; a project has to be created before a push.",
    ),
    _own("CONFLICT", "it is there already, or in use", (409,), "Harbor."),
    _own("BAD_REQUEST", "the request cannot be understood", (400,), "Harbor; go-containerregistry's test registry."),
    _own("FORBIDDEN", "access to this is denied", (403,), "Harbor."),
    _own("METHOD_NOT_ALLOWED", "the method is not possible here", (405,), "Harbor."),
    _own(
        "METHOD NOT ALLOWED",
        "the method is not possible here",
        (405,),
        "Quay, with blanks in it: pushes are switched off.",
    ),
    _own("METHOD_UNKNOWN", "there is no such endpoint", (404,), "go-containerregistry's test registry."),
    _own("INTERNAL_SERVER_ERROR", "the registry failed", (500,), "go-containerregistry's test registry."),
    _own("TOO_MANY_REQUEST", "there were too many requests", (429,), "Harbor."),
    _own("PRECONDITION", "a condition is not met", (412,), "Harbor: the tag is configured as immutable."),
    _own(
        "PROJECTPOLICYVIOLATION",
        "a policy of the project refuses the image",
        (412,),
        "Harbor: it is not signed, or has vulnerabilities.",
    ),
    _own("REQUEST_ENTITY_TOO_LARGE", "the body is too large", (413,), "Harbor."),
    _own("INVALID_REQUEST", "the request cannot be understood", (400,), "Quay."),
    _own("TAG_EXPIRED", "the tag has expired", (404,), "Quay."),
    _own("TAG_IMMUTABLE", "the tag must not be moved", (409,), "Quay."),
    _own("TAG_ALREADY_EXISTS", "the tag is there already", (409,), "Quay."),
    _own("TOO_MANY_TAGS_REQUESTED", "too many tags were asked for at once", (413,), "Quay."),
)
"""Every code that is known, the specification's first."""

_BY_CODE = {entry.code: entry for entry in CODES}


def code_named(code: str) -> Code | None:
    """Return what is known of an error code; case does not matter. None where nothing is."""
    return _BY_CODE.get(code.strip().upper())
