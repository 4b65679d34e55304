"""A client of the conformance suite: each way to push a blob, and what must hold of every answer."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urljoin

from explorer.model import Origin
from explorer.spec.media_types import OCI_INDEX, OCI_MANIFEST

OCTETS = "application/octet-stream"
LEAST_CHUNK = 1024
ACCEPT = f"{OCI_INDEX}, {OCI_MANIFEST}"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, list[str]]  # by their names in lower case
    body: bytes

    def get(self, name: str) -> str:
        return self.headers.get(name.lower(), [""])[0]


@dataclass(frozen=True)
class Client:
    """Talks to one registry about one repository; `other` is a second one."""

    origin: Origin
    repository: str = "conformance/repo1"
    other: str = "conformance/repo2"

    def ask(self, method: str, target: str, body: bytes | None = None, **headers: str) -> Answer:
        """Send a request to a path of the registry, or to an absolute address of it."""
        connection = http.client.HTTPConnection(self.origin.host, self.origin.port, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, target.removeprefix(str(self.origin)), body, named)
            got = connection.getresponse()
            rows: dict[str, list[str]] = {}
            for name, value in got.getheaders():
                rows.setdefault(name.lower(), []).append(value)
            return Answer(got.status, rows, got.read())
        finally:
            connection.close()

    def path(self, rest: str, repository: str = "") -> str:
        return f"/v2/{repository or self.repository}/{rest}"

    def blob(self, method: str, digest: str, repository: str = "", **headers: str) -> Answer:
        return self.ask(method, self.path(f"blobs/{digest}", repository), None, **headers)

    def manifest(self, method: str, reference: str) -> Answer:
        return self.ask(method, self.path(f"manifests/{reference}"), Accept=ACCEPT)

    def put_manifest(self, reference: str, body: bytes, media_type: str = OCI_MANIFEST) -> Answer:
        return self.ask("PUT", self.path(f"manifests/{reference}"), body, Content_Type=media_type)

    def begin(self, query: str = "", repository: str = "") -> str:
        """Open an upload and return its Location, resolved."""
        target = self.path(f"blobs/uploads/{query}", repository)
        opened = self.ask("POST", target, Content_Length="0")
        assert opened.status == 202, opened
        return self.followed(target, opened)

    def followed(self, target: str, answer: Answer) -> str:
        assert answer.get("Location"), answer
        return urljoin(f"{self.origin}{target.removeprefix(str(self.origin))}", answer.get("Location"))

    def has(self, digest: str, data: bytes, repository: str = "") -> None:
        """See that HEAD and GET tell of the blob, and that GET sends it."""
        seen, sent = self.blob("HEAD", digest, repository), self.blob("GET", digest, repository)
        assert (seen.status, seen.body, sent.status, sent.body) == (200, b"", 200, data)
        for answer in (seen, sent):
            assert (answer.get("Content-Length"), answer.get("Docker-Content-Digest")) == (str(len(data)), digest)


def with_digest(location: str, digest: str) -> str:
    return f"{location}{'&' if '?' in location else '?'}digest={quote(digest, safe='')}"


def post_only(client: Client, data: bytes, digest: str, repository: str = "") -> Answer:
    target = client.path(f"blobs/uploads/?digest={digest}", repository)
    return client.ask("POST", target, data, Content_Type=OCTETS)


def post_put(client: Client, data: bytes, digest: str, repository: str = "") -> Answer:
    location = client.begin(repository=repository)
    return client.ask("PUT", with_digest(location, digest), data, Content_Type=OCTETS)


def stream(client: Client, data: bytes, digest: str, repository: str = "") -> Answer:
    location = client.begin(repository=repository)
    sent = client.ask("PATCH", location, data, Content_Type=OCTETS)
    assert sent.status == 202
    return client.ask("PUT", with_digest(client.followed(location, sent), digest), Content_Length="0")


def in_chunks(
    client: Client,
    data: bytes,
    digest: str,
    repository: str = "",
    *,
    put_last: bool = False,
    out_of_order: bool = False,
) -> Answer:
    """Push in up to three chunks; where `out_of_order`, each after one that does not fit, and a look at the status."""
    location = client.begin(repository=repository)
    size = min(max(len(data) // 3 + 1, LEAST_CHUNK), len(data))
    begin = 0
    while begin < len(data):
        end = min(begin + size, len(data))
        if out_of_order:
            location = _mislaid(client, location, data, digest, begin, size, put_last=put_last)
        headers = {"Content_Type": OCTETS, "Content_Range": f"{begin}-{end - 1}"}
        if put_last and end == len(data):
            return client.ask("PUT", with_digest(location, digest), data[begin:end], **headers)
        sent = client.ask("PATCH", location, data[begin:end], **headers)
        assert (sent.status, sent.get("Range")) == (202, f"0-{end - 1}")
        location = client.followed(location, sent)
        begin = end
    return client.ask("PUT", with_digest(location, digest), Content_Length="0")


def _mislaid(client: Client, location: str, data: bytes, digest: str, begin: int, size: int, *, put_last: bool) -> str:
    """Send a chunk that does not follow what is there; return the Location that the status gives."""
    wrong = begin + size if begin + size < len(data) else 0
    end = min(wrong + size, len(data))
    if wrong == begin:
        return location
    is_last = put_last and end == len(data)
    target = with_digest(location, digest) if is_last else location
    headers = {"Content_Type": OCTETS, "Content_Range": f"{wrong}-{end - 1}"}
    refused = client.ask("PUT" if is_last else "PATCH", target, data[wrong:end], **headers)
    assert refused.status == 416, refused
    told = client.ask("GET", target)
    assert (told.status, told.get("Range")) == (204, f"0-{max(0, begin - 1)}")
    return client.followed(target, told)


def chunked_and_put(client: Client, data: bytes, digest: str, repository: str = "") -> Answer:
    return in_chunks(client, data, digest, repository, put_last=True)


def chunked_out_of_order(client: Client, data: bytes, digest: str, repository: str = "") -> Answer:
    return in_chunks(client, data, digest, repository, out_of_order=True)


def chunked_out_of_order_and_put(client: Client, data: bytes, digest: str, repository: str = "") -> Answer:
    return in_chunks(client, data, digest, repository, put_last=True, out_of_order=True)


Push = Callable[[Client, bytes, str], Answer]

WAYS: dict[str, Push] = {
    "post only": post_only,
    "post and put": post_put,
    "stream": stream,
    "chunked": in_chunks,
    "chunked and put": chunked_and_put,
    "chunked out of order": chunked_out_of_order,
    "chunked out of order and put": chunked_out_of_order_and_put,
}


def fields(answer: Answer) -> dict[str, object]:
    found = json.loads(answer.body)
    assert isinstance(found, dict)
    return found
