"""Lines of skopeo, podman and buildah (containers/image), and of docker, whose wording alone tells the cause."""

from __future__ import annotations

from explorer.diagnoses.lines.servers import Row

CONTAINERS_CLUES: tuple[Row, ...] = (
    (
        r"initiating layer upload to \S+ in \S+: blob upload unknown",
        ("post-became-get", "redirect-loop", "upload-redirected"),
        "the POST that opens an upload was answered as a GET is: it was redirected, and the client followed with a GET",
        "likely",
        "skopeo",
        "Opening an upload cannot miss one. Go's clients turn a POST into a GET after 301 and 302, and "
        "log the first hop only.",
    ),
    (
        r"initiating layer upload to \S+ in \S+: unsupported",
        ("pull-through-cache", "read-only", "unsupported"),
        "the registry opens no uploads",
        "likely",
        "skopeo",
        "",
    ),
    (
        r"[Rr]equesting bearer token: invalid status code from registry (?:404|405)|"
        r"failed to fetch (?:anonymous|oauth) token: unexpected status[^\n]{0,200}: (?:404|405)",
        ("realm-unreachable", "token-service-refused"),
        "the token service is not at the address that the challenge names",
        "likely",
        "",
        "",
    ),
    (
        r"[Rr]equesting bearer token: invalid status code from registry",
        ("token-service-refused", "login-refused", "realm-unreachable"),
        "the token service did not hand out a token",
        "likely",
        "",
        "",
    ),
    (
        r"invalid status code from registry 50[0-9]|\b503 \(Service Unavailable\)",
        ("health-503", "bad-gateway", "gateway-timeout", "rate-limited"),
        "what answers lets nobody through to a registry",
        "likely",
        "",
        "A proxy says 502, 503 or 504 where it has no registry to go to, and 503 for a limit of its own.",
    ),
    (
        r"StatusCode: (?:414|431)\b",
        ("head-too-large",),
        "the line of the request, or its headers, are too long for what answered",
        "decides",
        "",
        "",
    ),
    (
        r"stopped after \d+ redirects|too many redirects",
        ("redirect-loop",),
        "redirects lead round in a circle",
        "decides",
        "",
        "",
    ),
    (
        r"https?://[^\s\"]{1,500}[?&]service=[^\s\"]{0,500}\": dial tcp|"
        r"https?://[^\s\"]{1,500}[?&]service=[^\s\"]{0,500}\\\": dial tcp",
        ("realm-unreachable", "host-unreachable"),
        "the token service cannot be reached",
        "likely",
        "",
        "",
    ),
    (
        r"pinging (?:container|docker) registry [^\s:]+(?::\d+)?: invalid status code from registry [345]\d\d",
        ("wrong-api-prefix", "html-instead-of-json", "verb-blocked", "health-503"),
        "GET /v2/ was not answered as a registry answers it",
        "likely",
        "",
        "",
    ),
    (
        r"invalid reference format(?!: repository name must be lowercase)",
        ("tag-grammar", "repo-name-grammar", "repo-uppercase"),
        "the name or the tag is none that registries take",
        "likely",
        "",
        "Nothing was sent: the client read the name and stopped.",
    ),
)
