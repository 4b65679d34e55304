"""The header fields of this API: what each means, where it is from, and whether a value is as it should be.

distribution-spec, spec.md; docker's token specification; RFC 9110 (HTTP), 9111 (caching), 9112 (HTTP/1.1).
"""

from __future__ import annotations

from explorer.spec import field_checks as check
from explorer.spec.field_checks import Field

_OCI = "distribution-spec, spec.md"
_HTTP = "RFC 9110"

FIELDS: tuple[Field, ...] = (
    Field(
        "Accept",
        "The types that the client can read. For manifests it must list every type; distribution reads no "
        "wildcards, so */* "
        "does not find an OCI manifest.",
        f"{_OCI}, Pulling manifests; {_HTTP}, 12.5.1",
        check.an_accept,
    ),
    Field("Accept-Encoding", "Which compressions of an answer's body the client can undo.", f"{_HTTP}, 12.5.3"),
    Field("Accept-Ranges", "bytes: parts of the blob can be asked for with Range.", f"{_HTTP}, 14.3"),
    Field(
        "Age",
        "Seconds that the answer lay in a cache. Its presence says that a cache answered.",
        "RFC 9111, 5.1",
        check.a_number,
    ),
    Field(
        "Allow", "The methods that are possible here. GET, HEAD alone at an upload: read-only mode.", f"{_HTTP}, 10.2.1"
    ),
    Field(
        "Authorization",
        "The credentials: Bearer with a token from the realm of the challenge, or Basic with name:password in "
        "base64. Only for "
        "the origin that asked for them.",
        f"{_HTTP}, 11.6.2",
    ),
    Field("Blob-Upload-UUID", "zot's name for the id of an upload.", "zot, source"),
    Field(
        "Cache-Control",
        "How long the answer may be kept. Blobs never change, so they may be kept for long.",
        "RFC 9111, 5.2",
    ),
    Field("Connection", "close: the connection ends after this exchange.", "RFC 9112, 9.6"),
    Field(
        "Content-Encoding", "A compression of the body on its way. Digests are of the body without it.", f"{_HTTP}, 8.4"
    ),
    Field(
        "Content-Length",
        "How many bytes of body follow. Smaller than the body: the registry stores only that part; larger: it "
        "waits for the rest.",
        f"{_HTTP}, 8.6",
        check.a_length,
    ),
    Field(
        "Content-Range",
        "In an upload: FIRST-LAST, both inclusive, no unit, no total; FIRST is where the upload stands. In a 206: "
        "HTTP's own, "
        "bytes FIRST-LAST/TOTAL.",
        f"{_OCI}, Pushing a blob in chunks; {_HTTP}, 14.4",
        check.ranges,
    ),
    Field(
        "Content-Type",
        "The media type of the body: application/octet-stream for blobs (distribution's PATCH takes nothing else), the "
        "manifest's own type for manifests. curl sends a form's type where none is given.",
        f"{_OCI}; {_HTTP}, 8.3",
        check.a_media_type,
    ),
    Field("Cookie", "Not used by this API; a load balancer may want it for affinity.", "RFC 6265"),
    Field(
        "Date",
        "When the answer was made, by the clock of what answered. Tokens live by such clocks.",
        f"{_HTTP}, 6.6.1",
    ),
    Field(
        "Docker-Content-Digest",
        "The digest of the content: of the blob or manifest that comes, or that was stored. Compare it with your "
        "own hash of "
        "the bytes.",
        f"{_OCI}, Pulling manifests",
        check.a_digest,
    ),
    Field(
        "Docker-Distribution-Api-Version",
        "registry/2.0: what answers speaks this API. A legacy of docker; its absence from a 401 or 404 hints at a "
        "proxy.",
        "docker's registry API, Errors",
        check.an_api_version,
    ),
    Field(
        "Docker-RateLimit-Source", "Docker Hub: the address or account that the pulls are counted for.", "Docker Hub"
    ),
    Field(
        "Docker-Upload-UUID",
        "The id of the upload. Only for logs: the address to go on with is Location, and nothing made of this.",
        "docker's registry API",
    ),
    Field(
        "ETag",
        "A name for exactly this content; registries use the digest in quotes.",
        f"{_HTTP}, 8.8.3",
        check.a_quoted_digest,
    ),
    Field(
        "Expect",
        "100-continue: the client waits with the body until it is told to go on. A final answer instead of 100 is "
        "normal.",
        f"{_HTTP}, 10.1.1",
        check.an_expectation,
    ),
    Field(
        "Forwarded",
        "A proxy's word for by which scheme and host it was asked; distribution makes its Locations of it.",
        "RFC 7239",
    ),
    Field(
        "Host",
        "The host and port that was asked, as the client knows it. Registries make their Locations of it.",
        f"{_HTTP}, 7.2",
    ),
    Field(
        "If-Match",
        "Only if the content is still this one (its ETag); guards the referrers tag against races.",
        f"{_HTTP}, 13.1.1",
    ),
    Field(
        "If-None-Match",
        "Only if it is another content than this one; the answer is 304 where it is not.",
        f"{_HTTP}, 13.1.2",
    ),
    Field(
        "Link",
        'The next page of a list: <URL>; rel="next". Relative to the request; pages stay on the same origin.',
        f"{_OCI}, Listing Tags; RFC 8288",
    ),
    Field(
        "Location",
        "After 202: where the upload goes on; opaque, to be resolved and appended to ('&' where it has a '?'), "
        "newest of each "
        "answer. After 201: where the content can be got. With 3xx: where it is instead.",
        f"{_OCI}, Pushing blobs; {_HTTP}, 10.2.2",
        check.a_location,
    ),
    Field(
        "OCI-Chunk-Min-Length",
        "The least size of a chunk, in bytes; the last one may be smaller.",
        f"{_OCI}, Pushing a blob in chunks",
        check.a_number,
    ),
    Field(
        "OCI-Filters-Applied",
        "Which filters the list of referrers went through (artifactType).",
        f"{_OCI}, Listing Referrers",
    ),
    Field(
        "OCI-Namespace",
        "The registry whose content a mirror answers with, as asked for by ?ns=.",
        f"{_OCI}, Registry Proxying",
    ),
    Field(
        "OCI-Subject",
        "The digest of the subject that the registry has taken notice of. Missing after a manifest with a "
        "subject: write the "
        "referrers tag yourself.",
        f"{_OCI}, Pushing Manifests with Subject",
        check.a_digest,
    ),
    Field("OCI-Tag", "The tags that were made by ?tag= of a PUT by digest.", f"{_OCI}, Pushing Manifests (1.2 draft)"),
    Field(
        "Proxy-Authorization", "The login for the proxy on the way; it never reaches the registry.", f"{_HTTP}, 11.7.2"
    ),
    Field(
        "Range",
        "In a request: the part of a blob that is wanted, bytes=FIRST-LAST. In an upload's answer: 0-LAST, what "
        "has arrived; "
        "0-0 is none or one byte.",
        f"{_OCI}, Pushing a blob in chunks; {_HTTP}, 14.2",
        check.upload_range,
    ),
    Field(
        "RateLimit-Limit",
        "How many requests are allowed, and in how many seconds (w=).",
        "Docker Hub; RFC draft RateLimit",
    ),
    Field("RateLimit-Remaining", "How many requests are left.", "Docker Hub; RFC draft RateLimit"),
    Field("Retry-After", "How long to wait: seconds, or a date.", f"{_HTTP}, 10.2.3"),
    Field(
        "Server", "Which software answered; registries mostly leave it out, so it names the proxy.", f"{_HTTP}, 10.2.4"
    ),
    Field("Set-Cookie", "Not used by this API; a load balancer's affinity, or Harbor's.", "RFC 6265"),
    Field("Strict-Transport-Security", "This host wants https from now on.", "RFC 6797"),
    Field("Trailer", "Which fields follow after a chunked body.", f"{_HTTP}, 6.6.2"),
    Field(
        "Transfer-Encoding",
        "chunked: the body comes in pieces of its own, and its length is not known before. docker sends layers "
        "so; some proxies "
        "answer 411 to it.",
        "RFC 9112, 6.1",
    ),
    Field("User-Agent", "Which client asks, and in which version.", f"{_HTTP}, 10.1.5"),
    Field("Vary", "Which fields of the request the answer depends on; caches need it.", f"{_HTTP}, 12.5.5"),
    Field("Via", "The proxies that the message went through.", f"{_HTTP}, 7.6.3"),
    Field(
        "Warning",
        '299 - "TEXT": something that the registry wants the user to read. To be shown, and not acted on.',
        f"{_OCI}, Warnings",
    ),
    Field(
        "WWW-Authenticate",
        "The challenge: Bearer with realm, service and scope (where to get a token, for what), or Basic with a "
        "realm. error= "
        "says what was wrong with the token that was sent.",
        f"docker's token specification; {_HTTP}, 11.6.1",
        check.a_realm,
    ),
    Field("X-Content-Type-Options", "nosniff: browsers shall believe the Content-Type.", "Fetch standard"),
    Field("X-Forwarded-Host", "A proxy's word for the host that it was asked for.", "distribution, source (urls.go)"),
    Field(
        "X-Forwarded-Proto",
        "A proxy's word for the scheme that it was asked by: one value, http or https. Missing behind TLS, "
        "Locations say http.",
        "distribution, source (urls.go)",
    ),
    Field("X-Request-Id", "A name for this request, to be found again in the logs of registry and proxies.", "a habit"),
    Field("X-GitHub-Request-Id", "GHCR's name for this request; GitHub's support asks for it.", "GHCR"),
)
"""Every header field that is of use here, by name."""

_BY_NAME = {field.name.lower(): field for field in FIELDS}


def field_named(name: str) -> Field | None:
    """Return what is known of a header field; case does not matter. None where nothing is."""
    return _BY_NAME.get(name.strip().lower())
