"""Registries, by their names on the network, their headers, their habits and the shape of what they hand out.

The habits are those of the personalities that were read or observed (distribution 2.8 and 3, zot, Harbor, Quay and the
hosted ones as issue threads show them); hosts and product headers are the vendors' own.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from explorer.decoders.upload_state import state_of
from explorer.model import Exchange
from explorer.recognition.signs import Sign, answer_header, host
from explorer.spec.challenges import parse_challenges
from explorer.spec.errors import parse_errors

HOSTS = (
    ("GHCR", r"^(?:ghcr\.io|docker\.pkg\.github\.com|containers\.[\w.-]+\.ghe\.com)$"),
    ("ECR", r"\.dkr\.ecr(?:-fips)?\.[\w-]+\.amazonaws\.com(?:\.cn)?$|^public\.ecr\.aws$"),
    ("Quay", r"^(?:[\w-]+\.)?quay\.io$"),
    ("Docker Hub", r"^(?:registry-1|index|registry)\.docker\.io$|^docker\.io$"),
    ("GAR", r"-docker\.pkg\.dev$|^(?:[a-z]+\.)?gcr\.io$"),
    ("ACR", r"\.azurecr\.(?:io|cn|us)$"),
    ("GitLab", r"^registry\.gitlab\.com$"),
    ("Artifactory", r"\.jfrog\.io$"),
    ("Scaleway", r"^rg\.[\w-]+\.scw\.cloud$"),
)
"""A registry's name, and what its hosts are called."""

HEADERS = (
    ("GHCR", "X-Github-Request-Id", r"", "decides"),
    ("GitLab", "Gitlab-Container-Registry-Version", r"", "decides"),
    ("GitLab", "Gitlab-Container-Registry-Features", r"", "decides"),
    ("Artifactory", "X-Artifactory-Id", r"", "decides"),
    ("Artifactory", "X-Artifactory-Node-Id", r"", "decides"),
    ("Artifactory", "X-Jfrog-Version", r"", "decides"),
    ("Artifactory", "Server", r"^Artifactory/", "decides"),
    ("Nexus", "Server", r"^Nexus/", "decides"),
    ("ACR", "Server", r"^AzureContainerRegistry", "decides"),
    ("ACR", "Location", r"[?&]_nouploadcache=", "decides"),
    ("GAR", "Location", r"/artifacts-uploads/", "decides"),
    ("GHCR", "Location", r"/blobs/upload/", "likely"),
    ("Quay", "Range", r"^bytes=0--1$", "decides"),
    ("zot", "Blob-Upload-UUID", r"", "likely"),
    ("zot", "Range", r"^0--1$", "hint"),
    ("Docker Hub", "Docker-Ratelimit-Source", r"", "likely"),
    ("go-containerregistry's test registry", "Location", r"^/v2/[^?]*/blobs/uploads/-?\d+$", "likely"),
)
"""A registry's name, a header, what its value has in it, how certain that is."""

REALMS = (
    ("Harbor", r'^basic realm="harbor"', "decides"),
    ("Harbor", r'realm="[^"]*/service/token".*service="harbor-registry"', "decides"),
    ("GitLab", r'realm="[^"]*/jwt/auth"', "decides"),
    ("Nexus", r'realm="Sonatype Nexus', "decides"),
    (
        "Artifactory",
        r'realm="(?:Artifactory Realm|[^"]*/artifactory/api/docker/|[^"]*/v2/token".*service="[^"]*jfrog)',
        "likely",
    ),
    ("Docker Hub", r'realm="https://auth\.docker\.io/token"', "decides"),
    ("ECR", r'^basic realm="https://[\w-]+\.dkr\.ecr\.', "decides"),
    ("Quay", r'realm="[^"]*/v2/auth"', "likely"),
    ("ACR", r'realm="https://[^"]*/oauth2/token"', "likely"),
    ("GHCR", r'realm="https://ghcr\.io/token"', "decides"),
)
"""A registry's name, what its challenge has in it, how certain that is."""

_JSON = "application/json"
_CHALLENGES = answer_header("www-authenticate")


def _host(pattern: str) -> Callable[[Exchange], str]:
    compiled = re.compile(pattern)

    def look(exchange: Exchange) -> str:
        host = exchange.request.origin.host
        return f"the host is {host}" if compiled.search(host) else ""

    return look


def _header(name: str, pattern: str) -> Callable[[Exchange], str]:
    compiled = re.compile(pattern, re.IGNORECASE)

    def look(exchange: Exchange) -> str:
        value = exchange.response.headers.get(name) if exchange.response else None
        return f"an answer has {name}: {value[:80]}" if value is not None and compiled.search(value) else ""

    return look


def _realm(pattern: str) -> Callable[[Exchange], str]:
    compiled = re.compile(pattern, re.IGNORECASE)

    def look(exchange: Exchange) -> str:
        values = exchange.response.headers.all("WWW-Authenticate") if exchange.response else ()
        found = next((value for value in values if compiled.search(value)), "")
        return f"it challenges with {found[:100]}" if found else ""

    return look


def _path(pattern: str, words: str) -> Callable[[Exchange], str]:
    compiled = re.compile(pattern)
    return lambda exchange: words if compiled.search(exchange.request.target.partition("?")[0]) else ""


def _token(exchange: Exchange) -> str:
    location = exchange.response.headers.get("Location") if exchange.response else None
    is_there = (location and state_of(location)) or state_of(exchange.request.target)
    return "its Location carries a _state token of distribution's form" if is_there else ""


def _answers_as_distribution(exchange: Exchange) -> bool:
    answer = exchange.response
    return answer is not None and answer.headers.get("Docker-Distribution-Api-Version") == "registry/2.0"


def _with_charset(exchange: Exchange) -> str:
    answer = exchange.response
    if answer is None or not _answers_as_distribution(exchange) or not answer.body:
        return ""
    kind = answer.headers.get("Content-Type") or ""
    return f"its JSON is sent as {kind}" if kind == f"{_JSON}; charset=utf-8" else ""


def _without_charset(exchange: Exchange) -> str:
    answer = exchange.response
    if answer is None or not _answers_as_distribution(exchange) or not answer.body:
        return ""
    return f"its JSON is sent as {_JSON}, without charset" if answer.headers.get("Content-Type") == _JSON else ""


def _details(exchange: Exchange) -> tuple[str, ...]:
    answer = exchange.response
    if answer is None or not isinstance(answer.body, bytes) or answer.status < 400 or len(answer.body) > 65536:
        return ()
    return tuple(
        error.detail for error in parse_errors(answer.body) if error.code.startswith(("BLOB_UPLOAD", "DIGEST"))
    )


def _detail_is_a_struct(exchange: Exchange) -> str:
    found = next((d for d in _details(exchange) if d == "{}" or d.isdecimal() or '"Reason": {}' in d), "")
    return f"the detail of its error is a bare value, {found[:60]}, as Go's errors marshal in 2.x" if found else ""


def _detail_is_text(exchange: Exchange) -> str:
    texts = ("invalid secret", "illegal base64 data", "blob upload unknown", "invalid digest for referenced layer")
    found = next((d for d in _details(exchange) if d.startswith(texts)), "")
    return f"the detail of its error is text: {found[:60]}" if found else ""


def _seventh_version(exchange: Exchange) -> str:
    value = exchange.response.headers.get("Docker-Upload-Uuid") if exchange.response else None
    is_seventh = value and re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", value)
    return "its upload ids are UUIDs of version 7\n3.1 or newer" if is_seventh and _token(exchange) else ""


def _description(exchange: Exchange) -> str:
    answer = exchange.response
    if answer is None or answer.status < 400 or not isinstance(answer.body, bytes):
        return ""
    has_it = any('"description":' in error.detail for error in parse_errors(answer.body[:65536]))
    return "the details of its errors have a description" if has_it else ""


def _patch_201(exchange: Exchange) -> str:
    is_it = exchange.request.method == "PATCH" and exchange.status == 201
    return "it answers a PATCH with 201" if is_it else ""


def _scheme_of_amazon(exchange: Exchange) -> str:
    answer = exchange.response
    challenges = parse_challenges(answer.headers) if answer else ()
    is_it = any(c.scheme == "basic" and c.get("service") == "ecr.amazonaws.com" for c in challenges)
    return "its challenge names the service ecr.amazonaws.com" if is_it else ""


def _api_version(exchange: Exchange) -> str:
    return "it says Docker-Distribution-Api-Version: registry/2.0" if _answers_as_distribution(exchange) else ""


REGISTRIES: tuple[Sign, ...] = (
    *(Sign(name, "decides", _host(pattern), part=host) for name, pattern in HOSTS),
    *(
        Sign(name, certainty, _header(header, pattern), part=answer_header(header.lower()))
        for name, header, pattern, certainty in HEADERS
    ),
    *(Sign(name, certainty, _realm(pattern), part=_CHALLENGES) for name, pattern, certainty in REALMS),
    Sign("ECR", "decides", _scheme_of_amazon, part=_CHALLENGES),
    Sign("ECR", "hint", _patch_201),
    Sign("Nexus", "likely", _path(r"^/repository/[^/]+/v2/", "its path begins /repository/NAME/v2/")),
    Sign("Artifactory", "likely", _path(r"^/artifactory/api/docker/", "its path begins /artifactory/api/docker/")),
    Sign("zot", "likely", _description),
    Sign("distribution 2", "decides", _detail_is_a_struct, is_base=True),
    Sign("distribution 2", "likely", _with_charset, is_base=True),
    Sign("distribution 3", "decides", _seventh_version, is_base=True),
    Sign("distribution 3", "decides", _detail_is_text, is_base=True),
    Sign("distribution 3", "likely", _without_charset, is_base=True),
    Sign("distribution", "likely", _token, is_base=True),
    Sign("distribution", "hint", _api_version, is_base=True, part=answer_header("docker-distribution-api-version")),
)
