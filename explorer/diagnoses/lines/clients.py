"""Lines of clients: pattern, rules (likeliest first), meaning, certainty, speaker, why.

What docker, containerd, skopeo, podman, crane, oras and Go's own network code print; the first row that fits counts.
"""

from __future__ import annotations

from explorer.diagnoses.lines.servers import Row

CLIENT_CLUES: tuple[Row, ...] = (
    (
        r"invalid character '<' looking for beginning of value|Unexpected token '?<|invalid character 'p' after "
        "top-level",
        ("html-instead-of-json", "nginx-413", "bad-gateway", "verb-blocked"),
        "a web page came where the registry's JSON was expected: a proxy answered, not the registry",
        "likely",
        "",
        "The client decodes JSON blindly, and HTML begins with '<'. Which page it was, the line does not say.",
    ),
    (
        r"blob upload unknown",
        ("replica-split-storage", "replica-secret-mismatch", "second-question-mark", "upload-gone", "upload-purged"),
        "an upload's URL was answered 404",
        "likely",
        "docker",
        "docker prints this for any 404 on an upload's URL, so the code in the body (BLOB_UPLOAD_INVALID or "
        "_UNKNOWN) and "
        "its detail are needed to tell which it is. Behind several replicas, secrets or storage that differ are "
        "the usual cause.",
    ),
    (
        r"blob upload invalid|BLOB_UPLOAD_INVALID",
        ("replica-secret-mismatch", "second-question-mark", "stale-location", "state-dropped"),
        "the upload's URL could not be used",
        "likely",
        "",
        "The detail decides: a position or 'illegal base64' is a broken _state, 'invalid secret' or {} another "
        "replica's, none "
        "at all an older Location.",
    ),
    (
        r"(?:writing|uploading) manifest\b.*\bblob unknown",
        ("manifest-blob-unknown", "blob-in-other-repo", "index-child-unknown"),
        "the manifest names blobs that the repository does not have",
        "likely",
        "",
        "",
    ),
    (
        r"unknown blob|blob unknown(?! to registry)",
        (
            "patch-became-get-unknown-blob",
            "unknown-blob-after-push",
            "location-http-behind-tls",
            "replica-split-storage",
        ),
        "the blob is not there after its upload seemed to work",
        "likely",
        "docker",
        "docker asks for the blob with HEAD after each PUT, and got 404. Behind TLS that ends in a proxy, the "
        "usual cause is a "
        "Location of http: whose redirect turned PATCH and PUT into GET; else replicas that do not share storage.",
    ),
    (
        r"blob unknown to registry|MANIFEST_BLOB_UNKNOWN",
        ("manifest-blob-unknown", "blob-in-other-repo", "index-child-unknown"),
        "the manifest names blobs that the repository does not have",
        "decides",
        "",
        "",
    ),
    (
        r"requested access to the resource is denied|pull access denied|insufficient_scope: authorization failed",
        ("denied", "repo-must-exist", "insufficient-scope", "auth-required"),
        "the account may not do this, or nobody is logged in, or the name does not exist",
        "likely",
        "docker",
        "Docker Hub answers alike to a missing login, a missing right and a missing repository.",
    ),
    (
        r"permission_denied: |installation not allowed to|denied: .*(?:permission|token)|\bDENIED\b|: "
        r"denied\b|^denied: ",
        ("denied", "insufficient-scope", "quota-exceeded"),
        "the credentials do not allow this",
        "likely",
        "",
        "",
    ),
    (
        r"unauthorized: authentication required|unauthorized: access to the requested resource|no basic auth "
        "credentials|"
        r"authentication required|UNAUTHORIZED",
        ("auth-required", "insufficient-scope", "token-expired-mid-upload", "proxy-strips-authorization"),
        "credentials are missing, or do not suffice, or ran out",
        "likely",
        "",
        "",
    ),
    (
        r"incorrect username or password|unable to retrieve auth token: invalid username|invalid username/password|"
        r"401 Unauthorized.*login attempt",
        ("login-refused",),
        "name and password were not accepted",
        "decides",
        "",
        "",
    ),
    (
        r"body of the request cannot be replayed|cannot reuse body|request must be retried|http: "
        r"ContentLength=\d+ with Body length 0",
        ("body-not-replayable", "token-expired-mid-upload", "bad-gateway"),
        "a request was refused after its body had been streamed",
        "decides",
        "",
        "",
    ),
    (
        r"toomanyrequests|TOOMANYREQUESTS|HAP429|429 Too Many Requests|pull rate limit",
        ("rate-limited", "quota-exceeded"),
        "too many requests in too short a time",
        "decides",
        "",
        "",
    ),
    (
        r"did not match|digest mismatch|DIGEST_INVALID|provided digest did not match|content does not match digest|"
        r"digest invalid",
        ("digest-mismatch", "digest-of-uncompressed", "recompressed-layer", "body-eaten-as-form"),
        "the digest is not of the bytes",
        "likely",
        "",
        "",
    ),
    (
        r"MANIFEST_INVALID|manifest invalid",
        ("manifest-generic-type", "manifest-type-field-mismatch", "manifest-not-json", "schema1-refused"),
        "the manifest, or its Content-Type, was not accepted",
        "likely",
        "",
        "",
    ),
    (
        r"accept header does not support|not supported by client",
        ("accept-missing",),
        "the manifest's type is not in Accept",
        "decides",
        "",
        "",
    ),
    (
        r"manifest unknown|MANIFEST_UNKNOWN|manifest for .* not found",
        ("manifest-missing", "accept-missing", "repo-must-exist"),
        "there is no such tag or manifest, or its type was not accepted",
        "likely",
        "",
        "",
    ),
    (
        r"repository name not known|NAME_UNKNOWN|name unknown|repository .* does not exist|project .* not found",
        ("repo-must-exist", "repo-uppercase"),
        "the repository does not exist",
        "likely",
        "",
        "",
    ),
    (
        r"repository name must be lowercase|NAME_INVALID|invalid repository name",
        ("repo-uppercase", "repo-name-grammar", "tag-grammar"),
        "the name is none that registries take",
        "decides",
        "",
        "",
    ),
    (
        r"tag is immutable|TAG_IMMUTABLE|cannot be overwritten",
        ("tag-immutable",),
        "the tag must not be moved",
        "decides",
        "",
        "",
    ),
    (
        r"405 Method Not Allowed|StatusCode: 405|operation is unsupported|UNSUPPORTED|unsupported: The operation",
        ("read-only", "pull-through-cache", "delete-disabled", "verb-blocked"),
        "the registry, or what stands in front, does not do this",
        "likely",
        "",
        "",
    ),
    (r"read[- ]only mode", ("read-only",), "the registry is in read-only mode", "decides", "", ""),
    (r"411 Length Required", ("length-required-411",), "a Content-Length is required", "decides", "", ""),
    (
        r"416 Requested Range Not Satisfiable|RANGE_INVALID|range invalid",
        ("stale-location", "chunk-out-of-order", "chunk-too-large-416"),
        "the bytes do not continue where the upload stands",
        "likely",
        "",
        "",
    ),
    (
        r"(?:received unexpected HTTP status|unexpected status(?: code)?)[^\n]*\b50[023]\b|500 Internal Server Error|"
        r"StatusCode: 50[023]\b",
        ("storage-error", "bad-gateway", "health-503"),
        "the registry, or what stands in front, failed",
        "likely",
        "",
        "",
    ),
    (
        r"Only one auth mechanism allowed",
        ("s3-two-auth",),
        "S3 got a signed URL and an Authorization",
        "decides",
        "",
        "",
    ),
    (
        r"InvalidAuthenticationInfo",
        ("azure-two-auth",),
        "Azure's storage got a signed URL and an Authorization",
        "decides",
        "",
        "",
    ),
    (r"quota", ("quota-exceeded",), "a quota is used up", "likely", "", ""),
    (
        r"Layer parts must be at least|LayerPartTooSmall",
        ("chunk-too-small",),
        "the chunk is smaller than the registry takes",
        "decides",
        "",
        "",
    ),
    (
        r"StatusCode: 40[0-9], ?\"?<",
        ("html-instead-of-json", "wrong-api-prefix", "verb-blocked"),
        "a web page came where the registry's JSON was expected: a proxy answered, not the registry",
        "likely",
        "podman",
        "The client prints the status and the first bytes of the page, so it was no error of a registry's.",
    ),
    (
        r"content digest \S+: not found",
        ("blob-missing", "manifest-missing"),
        "content that an image names is not there: in the client's own store, or in the registry",
        "likely",
        "containerd",
        "containerd prints this of its own store too: an image that was pulled for one platform lacks the others' "
        "content, which a push of all platforms wants.",
    ),
    (
        r"failed to resolve \S+: \S+: not found|failed to resolve reference \S+: \S+: not found",
        ("manifest-missing", "repo-must-exist", "accept-missing"),
        "there is no such tag or manifest",
        "likely",
        "",
        "",
    ),
    (
        r"missing Docker-Content-Digest|Location header (?:is )?missing|no Location",
        ("location-missing", "not-a-registry"),
        "the answer lacks what a registry always says",
        "likely",
        "",
        "",
    ),
)
