"""Lines of network code (Go, OpenSSL, curl): pattern, rules (likeliest first), meaning, certainty, speaker, why."""

from __future__ import annotations

from explorer.diagnoses.lines.servers import Row

NETWORK_CLUES: tuple[Row, ...] = (
    (
        r"server gave HTTP response to HTTPS client|wrong version number|first record does not look like a TLS "
        "handshake",
        ("https-to-http-port",),
        "TLS was spoken to a plain http port",
        "decides",
        "",
        "",
    ),
    (
        r"plain HTTP request was sent to HTTPS port|Client sent an HTTP request to an HTTPS server|"
        r"malformed HTTP response \"\\x15\\x03",
        ("http-to-https-port", "location-http-behind-tls"),
        "plain http was spoken to a TLS port",
        "decides",
        "",
        "",
    ),
    (
        r"certificate signed by unknown authority|self[- ]signed certificate|unable to get local "
        "issuer|certificate verify failed",
        ("tls-unknown-ca", "tls-expired", "tls-name-mismatch"),
        "the certificate's CA is not known to the client",
        "decides",
        "",
        "",
    ),
    (
        r"certificate has expired|is not yet valid",
        ("tls-expired",),
        "the certificate is out of its time",
        "decides",
        "",
        "",
    ),
    (
        r"certificate is valid for .*, not |doesn't contain any IP SANs|relies on legacy Common Name|"
        r"no alternative certificate subject name",
        ("tls-name-mismatch",),
        "the certificate is for another name",
        "decides",
        "",
        "",
    ),
    (
        r"tls: certificate required|bad certificate",
        ("tls-client-certificate",),
        "a client certificate is required",
        "likely",
        "",
        "",
    ),
    (
        r"unsupported protocol scheme|no Host in request URL|No scheme supplied",
        ("relative-location-unresolved",),
        "a Location that is only a path was used as a whole URL",
        "decides",
        "",
        "",
    ),
    (
        r"http2: |GOAWAY|REFUSED_STREAM|stream error: stream ID|INTERNAL_ERROR; received from peer|HTTP/2 stream",
        ("http2-stream-reset", "nginx-413"),
        "an HTTP/2 front end ended the stream",
        "likely",
        "",
        "",
    ),
    (
        r"dial tcp.*(?:connection refused|no such host|i/o timeout|no route to host)|Could not resolve "
        "host|Failed to connect to|"
        r"lookup .* on .*: (?:no such host|server misbehaving)",
        ("host-unreachable", "location-internal-host", "realm-unreachable", "storage-host-unreachable"),
        "a host could not be reached",
        "likely",
        "",
        "Where the host is not the registry's own, a Location, a realm or a redirect led there.",
    ),
    (
        r"use of closed network connection|connection reset by peer|broken pipe|unexpected EOF|: EOF\"?$|Empty reply "
        "from server",
        ("response-dropped", "nginx-413", "answer-cut-off", "client-closed-499"),
        "the connection was closed in the middle",
        "likely",
        "",
        "A body limit looks so where the client does not read the answer while it sends.",
    ),
    (
        r"context deadline exceeded|Client\.Timeout exceeded|net/http: (?:request canceled|timeout "
        "awaiting)|Operation timed out",
        ("timed-out", "gateway-timeout", "content-length-long"),
        "no answer came in time",
        "likely",
        "",
        "",
    ),
)
