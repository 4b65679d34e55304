"""The 133 failures of the catalogue, each with who makes it: faults reproduce what is not the client's own mistake.

What is not reproduced says why: `client` (a request that is wrong: any registry shows it), `registry` (the practice
registry answers so by itself), `other` (with the words that follow).
"""

from __future__ import annotations


def _words(text: str) -> list[str]:
    return text.split()


CLIENT = _words("""
second-question-mark state-padding-cut repo-uppercase repo-name-grammar repo-name-too-long tag-grammar digest-as-tag
stale-location state-wrong-upload digest-missing digest-unparsable digest-of-uncompressed digest-is-save-dirname
recompressed-layer curl-d-strips-newlines curl-header-equals-sign trailing-newline content-length-short
content-length-absent content-length-long content-range-with-unit content-range-with-total content-range-off-by-one
chunk-out-of-order manifest-type-field-mismatch manifest-vs-index blob-in-other-repo manifest-not-json
bad-digest-inside wrong-descriptor-size schema-version schema1-refused layer-media-type
""")
"""Mistakes of a client."""

BY_ITSELF = _words("""
stale-after-failed-put put-range-ignored auth-required
""")
"""What the practice registry does anyway, as distribution does, or with --auth."""

NOT_HERE = {
    "http2-stream-reset": "the server speaks HTTP/1.1",
}
"""What cannot be reproduced, and why."""

FAULTS = _words("""
state-double-encoded state-dropped uploads-no-trailing-slash post-became-get patch-became-get-unknown-blob double-slash
wrong-api-prefix path-prefix-lost relative-location-unresolved location-missing not-a-registry
state-wrong-repo replica-secret-mismatch replica-split-storage upload-gone upload-purged cancel-needs-delete
mount-not-done mount-needs-source-scope status-unsupported
digest-mismatch body-eaten-as-form zot-chunked-put-ignored sha512-renamed empty-blob-quirk
chunk-too-small chunk-too-large-416 ecr-patch-201 range-not-advancing chunked-unsupported single-post-202
patch-content-type acr-416-on-put
manifest-no-content-type manifest-generic-type manifest-blob-unknown index-child-unknown manifest-digest-mismatch
manifest-too-big foreign-layer-url oci-needs-mediatype accept-missing subject-not-processed tag-immutable
auth-scheme-mismatch token-invalid token-expired-mid-upload body-not-replayable insufficient-scope
scope-partly-granted denied head-403-no-body realm-unreachable token-body-unusable proxy-strips-authorization
proxy-does-auth duplicate-authorization
location-http-behind-tls location-wrong-port location-internal-host location-malformed-scheme nginx-413 cdn-413
length-required-411 verb-blocked bad-gateway gateway-timeout client-closed-499 http-to-https-port https-to-http-port
tls-unknown-ca expect-100-stall response-dropped caching-proxy-stale-404
rate-limited quota-exceeded layer-too-large read-only pushes-disabled pull-through-cache delete-disabled
tag-delete-unsupported repo-must-exist policy-blocked storage-error health-503
s3-two-auth azure-two-auth signed-url-expired storage-host-unreachable head-on-get-signature
ghcr-digest-invalid harbor-scheme-switch nexus-missing-upload quay-range-prefix registry-proxy-rewrites-path
""")
"""What a server, a proxy or the deployment can cause."""
