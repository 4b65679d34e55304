"""The settings that mend a thing, by the proxy and the registry at hand; where they are not known, the usual ones."""

from __future__ import annotations

FORWARD_SCHEME = {
    "nginx": "proxy_set_header X-Forwarded-Proto $scheme;",
    "OpenResty": "proxy_set_header X-Forwarded-Proto $scheme;",
    "Apache httpd": 'RequestHeader set X-Forwarded-Proto "https"',
    "HAProxy": "http-request set-header X-Forwarded-Proto https if { ssl_fc }",
    "Caddy": "header_up X-Forwarded-Proto {scheme}",
    "Envoy": "use_remote_address: true (it then sets x-forwarded-proto itself)",
    "Traefik": "forwardedHeaders.trustedIPs, so that X-Forwarded-Proto of the proxy before it is kept",
}
"""How a proxy is told to say by which scheme it was asked."""

FORWARD_HOST = {
    "nginx": "proxy_set_header Host $http_host;",
    "OpenResty": "proxy_set_header Host $http_host;",
    "Apache httpd": "ProxyPreserveHost On",
    "HAProxy": "no http-request set-header Host (it forwards Host as it came)",
    "Caddy": "header_up Host {host}:{port}",
    "Envoy": "no host_rewrite_literal in the route",
    "Traefik": "passHostHeader: true",
}
"""How a proxy is told to forward Host as the client wrote it, with the port."""

OWN_ADDRESS = {
    "Harbor": "external_url in harbor.yml",
    "Nexus": "the Base URL capability, and X-Forwarded-Proto from the proxy",
    "Artifactory": "X-JFrog-Override-Base-Url from the proxy (X-Artifactory-Override-Base-Url before version 7)",
    "Quay": "SERVER_HOSTNAME and PREFERRED_URL_SCHEME: https in config.yaml",
    "GitLab": "registry_external_url in gitlab.rb",
}
"""How a registry is told under which address clients reach it; http.host is distribution's."""

BODY_LIMIT = {
    "nginx": "client_max_body_size 0;",
    "OpenResty": "client_max_body_size 0;",
    "Apache httpd": "LimitRequestBody 0",
    "HAProxy": "no limit of its own; look for one in front of it or behind it",
    "Envoy": "max_request_bytes of the buffer filter (or no buffer filter for /v2/)",
    "Traefik": "maxRequestBodyBytes of the buffering middleware (or no such middleware)",
    "Kong": "nginx_http_client_max_body_size = 0",
    "Caddy": "request_body max_size",
    "IIS": "maxAllowedContentLength of requestFiltering",
    "Cloudflare": "no setting lifts the limit of the plan; let pushes go past it (a DNS record that is not proxied)",
    "Azure Application Gateway": "the WAF policy's maximum request body size, or no body inspection for /v2/",
}
"""How a proxy is told to let large bodies through."""

READ_TIMEOUT = {
    "nginx": "proxy_read_timeout 900s; proxy_send_timeout 900s; proxy_request_buffering off;",
    "OpenResty": "proxy_read_timeout 900s; proxy_send_timeout 900s; proxy_request_buffering off;",
    "Apache httpd": "ProxyTimeout 900",
    "HAProxy": "timeout server 15m",
    "Envoy": "timeout: 0s in the route (stream_idle_timeout, too)",
    "Traefik": "respondingTimeouts.readTimeout=0 of the entry point",
    "Kong": "read_timeout and write_timeout of the service",
    "AWS load balancer": "the idle timeout of the load balancer",
    "Cloudflare": "100 s is fixed below the Enterprise plan; smaller layers, or past it",
}
"""How a proxy is told to wait longer for the registry."""


def setting(table: dict[str, str], name: str, usual: str = "nginx") -> str:
    """Return the setting for a proxy by its name; where it is not known, the usual one's, and that it is that one's."""
    if name in table:
        return f"{name}: {table[name]}"
    return f"for {usual}: {table[usual]}" if usual in table else ""


def own_address(registry: str) -> str:
    """Return how the registry is told its own address."""
    usual = "http.host: https://NAME or http.relativeurls: true in the registry's configuration"
    known = OWN_ADDRESS.get(registry)
    return f"{registry}: {known}" if known else usual
