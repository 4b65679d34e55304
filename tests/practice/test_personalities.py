"""The personalities: what each does otherwise than the specification, and that a push goes through each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import urljoin

import pytest

from explorer.model import Headers
from explorer.practice import BasicAccess, Registry, Store, Users, personalities
from explorer.spec.digests import digest_of
from explorer.spec.media_types import DOCKER_MANIFEST, OCI_CONFIG, OCI_INDEX, OCI_LAYER, OCI_MANIFEST
from explorer.wire.server import BodyReader, Incoming, Outgoing

Asking = Callable[..., Outgoing]
BASE = "http://reg:5000"
OCTETS = "application/octet-stream"
MEBIBYTE = 1024 * 1024


class Imitation:
    """A registry of some personality, asked without a socket; Locations are resolved and gone on with."""

    def __init__(self, store: Store, name: str) -> None:
        self.registry = Registry(store, manner=personalities()[name])
        self.location = ""

    def ask(self, method: str, target: str, body: bytes = b"", *, is_long: bool = True, **headers: str) -> Outgoing:
        pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
        if body or method in ("PUT", "PATCH"):
            pairs.append(("Content-Length", str(len(body))))
        target = (self.location + target[1:]) if target.startswith("^") else target
        reader = BodyReader.of(body)
        if not is_long:
            reader.length = None
        answer = self.registry.handle(Incoming(method, target, Headers.of(*pairs), reader, host="reg:5000"))
        if answer.headers.get("Location"):
            self.location = urljoin(BASE + target, answer.headers.get("Location") or "").removeprefix(BASE)
        return answer

    def closed(self, data: bytes) -> str:
        joint = "&" if "?" in self.location else "?"
        return f"^{joint}digest={digest_of(data)}"


@pytest.fixture
def imitate(store: Store) -> Callable[[str], Imitation]:
    return lambda name: Imitation(store, name)


def told(answer: Outgoing) -> tuple[int, str]:
    assert isinstance(answer.body, bytes)
    return answer.status, json.loads(answer.body)["errors"][0]["code"]


def image() -> bytes:
    parts = {"config": (b"{}", OCI_CONFIG), "layer": (b"hello", OCI_LAYER)}
    made = {
        key: {"mediaType": kind, "digest": digest_of(data), "size": len(data)} for key, (data, kind) in parts.items()
    }
    fields = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": made["config"], "layers": [made["layer"]]}
    return json.dumps(fields).encode()


def push(side: Imitation, repository: str = "p/r") -> list[int]:
    """Push an image in a stream and return the statuses."""
    statuses = []
    for data in (b"{}", b"hello"):
        statuses.append(side.ask("POST", f"/v2/{repository}/blobs/uploads/").status)
        statuses.append(side.ask("PATCH", "^", data, Content_Type=OCTETS).status)
        statuses.append(side.ask("PUT", side.closed(data)).status)
    statuses.append(side.ask("PUT", f"/v2/{repository}/manifests/v1", image(), Content_Type=OCI_MANIFEST).status)
    statuses.append(side.ask("GET", f"/v2/{repository}/manifests/v1", Accept=OCI_MANIFEST).status)
    return statuses


@pytest.mark.parametrize("name", personalities())
def test_a_push_in_a_stream_goes_through(imitate: Callable[[str], Imitation], name: str) -> None:
    patched = 201 if name == "ecr" else 202
    assert push(imitate(name)) == [202, patched, 201, 202, patched, 201, 201, 200]


@pytest.mark.parametrize(
    ("name", "location"),
    [
        ("specification", r"http://reg:5000/v2/a/b/blobs/uploads/[0-9a-f-]{36}\?_state=[\w%-]+"),
        ("distribution-2", r"http://reg:5000/v2/a/b/blobs/uploads/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]+\?_state=[\w%-]+"),
        ("distribution-3", r"http://reg:5000/v2/a/b/blobs/uploads/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]+\?_state=[\w%-]+"),
        ("harbor", r"http://reg:5000/v2/a/b/blobs/uploads/[0-9a-f-]{36}\?_state=[\w%-]+"),
        ("acr", r"http://reg:5000/v2/a/b/blobs/uploads/[0-9a-f-]{36}\?_nouploadcache=false&_state=[\w%-]+"),
        ("zot", r"/v2/a/b/blobs/uploads/[0-9a-f-]{36}"),
        ("quay", r"http://reg:5000/v2/a/b/blobs/uploads/[0-9a-f-]{36}"),
        ("nexus", r"http://reg:5000/v2/a/b/blobs/uploads/[0-9a-f-]{36}"),
        ("ghcr", r"/v2/a/b/blobs/upload/[0-9a-f-]{36}"),
        ("ecr", r"http://reg:5000/v2/a/b/blobs/uploads/[0-9a-f-]{36}"),
        ("gar", r"/artifacts-uploads/namespaces/practice/repositories/a/b/uploads/\w{1000,}"),
        ("crane", r"/v2/a/b/blobs/uploads/[0-9]+"),
    ],
)
def test_a_location_has_its_own_shape(imitate: Callable[[str], Imitation], name: str, location: str) -> None:
    answer = imitate(name).ask("POST", "/v2/a/b/blobs/uploads/")
    assert re.fullmatch(location, answer.headers.get("Location") or "")


def ranges(side: Imitation) -> list[str | None]:
    return [
        side.ask("POST", "/v2/a/b/blobs/uploads/").headers.get("Range"),
        side.ask("PATCH", "^", b"hello").headers.get("Range"),
        side.ask("PATCH", "^", b"world").headers.get("Range"),
        side.ask("GET", "^").headers.get("Range"),
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("specification", ["0-0", "0-4", "0-9", "0-9"]),
        ("zot", ["0-0", "0-4", "0-9", "0-9"]),
        ("quay", ["bytes=0--1", "0-4", "0-9", "bytes=0-10"]),
    ],
)
def test_a_range_is_written_in_its_own_way(imitate: Callable[[str], Imitation], name: str, said: list[str]) -> None:
    assert ranges(imitate(name)) == said


def test_zot_says_minus_one_after_an_empty_patch(imitate: Callable[[str], Imitation]) -> None:
    side = imitate("zot")
    opened = side.ask("POST", "/v2/a/b/blobs/uploads/")
    patched = side.ask("PATCH", "^")
    assert patched.headers.get("Range") == "0--1"
    assert opened.headers.get("Blob-Upload-UUID") is None
    assert patched.headers.get("Blob-Upload-UUID")


def test_zot_refuses_without_a_word(imitate: Callable[[str], Imitation]) -> None:
    side = imitate("zot")
    hello = digest_of(b"hello")
    posted = f"/v2/a/b/blobs/uploads/?digest={hello}"
    assert side.ask("POST", posted, b"hello", Content_Type=OCTETS).status == 201
    bare = [
        side.ask("POST", posted, b"hello", Content_Type="text/plain"),
        side.ask("POST", "/v2/a/b/blobs/uploads/?from=x"),
        side.ask("PUT", "/v2/a/b/manifests/x", b"{}", Content_Type=DOCKER_MANIFEST),
        side.ask("PUT", "/v2/a/b/manifests/x", image(), Content_Type=f"{OCI_MANIFEST}; charset=utf-8"),
        side.ask("GET", f"/v2/a/b/blobs/{hello}?digest={hello}&digest={hello}"),
    ]
    side.ask("POST", "/v2/a/b/blobs/uploads/")
    bare.append(side.ask("PUT", "^", b"hello"))
    assert [(answer.status, answer.body) for answer in bare] == [
        (415, b""),
        (405, b""),
        (415, b""),
        (415, b""),
        (400, b""),
        (400, b""),
    ]


def test_zot_speaks_otherwise_of_missing_blobs_and_ranges(imitate: Callable[[str], Imitation]) -> None:
    side = imitate("zot")
    missing = side.ask("PUT", "/v2/a/b/manifests/x", image(), Content_Type=OCI_MANIFEST)
    assert told(missing) == (400, "BLOB_UNKNOWN")
    assert isinstance(missing.body, bytes)
    assert "description" in json.loads(missing.body)["errors"][0]["detail"]
    side.ask("POST", "/v2/a/b/blobs/uploads/")
    assert told(side.ask("PATCH", "^", b"hello", Content_Range="5-9")) == (416, "BLOB_UPLOAD_INVALID")
    assert side.ask("POST", "/v2/a/b/blobs/uploads/?digest=x", b"x", is_long=False, Content_Type=OCTETS).status == 400


def test_zot_does_not_read_a_put_without_a_length(imitate: Callable[[str], Imitation]) -> None:
    side = imitate("zot")
    side.ask("POST", "/v2/a/b/blobs/uploads/")
    assert told(side.ask("PUT", side.closed(b"hello"), is_long=False)) == (400, "DIGEST_INVALID")


def test_zot_mounts_from_anywhere_whatever_from_says(imitate: Callable[[str], Imitation]) -> None:
    side = imitate("zot")
    push(side)
    assert side.ask("POST", f"/v2/b/blobs/uploads/?mount={digest_of(b'hello')}&from=none").status == 201


def test_zot_takes_46_tags(imitate: Callable[[str], Imitation]) -> None:
    side = imitate("zot")
    push(side)
    for count, status in ((46, 201), (47, 414)):
        query = "&".join(f"tag=t{number}" for number in range(count))
        target = f"/v2/p/r/manifests/{digest_of(image())}?{query}"
        assert side.ask("PUT", target, image(), Content_Type=OCI_MANIFEST).status == status


def test_harbor_has_projects_requests_and_no_details(imitate: Callable[[str], Imitation]) -> None:
    side = imitate("harbor")
    assert told(side.ask("GET", "/v2/alone/tags/list")) == (404, "NOT_FOUND")
    refused = side.ask("GET", f"/v2/a/b/blobs/{digest_of(b'x')}")
    assert isinstance(refused.body, bytes)
    assert "detail" not in json.loads(refused.body)["errors"][0]
    assert refused.headers.get("X-Request-Id")
    assert side.ask("GET", "//v2//a/b/tags/list").status == 404
    assert side.ask("GET", f"/v2/a/b/referrers/{digest_of(b'x')}").headers.get("Content-Type") == OCI_INDEX


def test_ghcr_takes_four_mebibytes_with_a_patch(imitate: Callable[[str], Imitation]) -> None:
    side = imitate("ghcr")
    opened = side.ask("POST", "/v2/a/b/blobs/uploads/")
    assert "docker-upload-uuid" in [row.name for row in opened.headers]
    assert opened.headers.get("x-github-request-id")
    assert opened.headers.get("Docker-Distribution-Api-Version") is None
    refused = side.ask("PATCH", "^", bytes(4 * MEBIBYTE + 1))
    assert refused.status == 416
    assert isinstance(refused.body, bytes)
    assert b"4.00 MiB" in refused.body
    assert side.ask("PATCH", "^", bytes(4 * MEBIBYTE)).status == 202


def test_ecr_wants_parts_of_a_size_and_repeats_its_range(imitate: Callable[[str], Imitation]) -> None:
    side = imitate("ecr")
    opened = side.ask("POST", "/v2/a/b/blobs/uploads/")
    assert opened.headers.get("OCI-Chunk-Min-Length") is None
    part = bytes(5 * MEBIBYTE)
    first = side.ask("PATCH", "^", part, Content_Range=f"0-{len(part) - 1}")
    second = side.ask("PATCH", "^", b"short", Content_Range=f"{len(part)}-{len(part) + 4}")
    assert [(answer.status, answer.headers.get("Range")) for answer in (first, second)] == [(201, "0-5242879")] * 2
    third = side.ask("PATCH", "^", b"x", Content_Range=f"{len(part) + 5}-{len(part) + 5}")
    assert third.status == 400
    assert isinstance(third.body, bytes)
    assert b"Layer parts must be at least 5 MiB" in third.body
    assert side.ask("GET", "/v2/_catalog").status == 405


def test_quay_tells_no_location_and_deletes_no_blobs(imitate: Callable[[str], Imitation]) -> None:
    side = imitate("quay")
    push(side)
    side.ask("POST", "/v2/a/b/blobs/uploads/")
    assert side.ask("GET", "^").headers.get("Location") is None
    assert told(side.ask("PUT", "^")) == (400, "BLOB_UPLOAD_INVALID")
    gap = side.ask("PATCH", "^", b"hello", Content_Range="5-9")
    assert told(gap) == (416, "BLOB_UPLOAD_INVALID")
    assert gap.headers.get("Location")
    assert side.ask("DELETE", f"/v2/p/r/blobs/{digest_of(b'hello')}").status == 405
    assert side.ask("POST", f"/v2/b/blobs/uploads/?mount={digest_of(b'hello')}").status == 202


def test_quay_drops_what_it_has_of_a_chunk_that_overlaps(imitate: Callable[[str], Imitation]) -> None:
    side = imitate("quay")
    side.ask("POST", "/v2/a/b/blobs/uploads/")
    side.ask("PATCH", "^", b"01234", Content_Range="0-4")
    assert side.ask("PATCH", "^", b"34567", Content_Range="3-7").headers.get("Range") == "0-7"
    assert side.ask("PATCH", "^", b"234", Content_Range="2-4").headers.get("Range") == "0-7"
    assert told(side.ask("PATCH", "^", b"56789", Content_Range="5-8")) == (400, "SIZE_INVALID")
    assert side.ask("GET", "^").headers.get("Range") == "bytes=0-8"
    closed = side.ask("PUT", f"^?digest={digest_of(b'0123456789')}", b"6789", Content_Range="6-9")
    assert closed.status == 201


@pytest.mark.parametrize(
    "name", [name for name in personalities() if name not in ("quay", "distribution-2", "gar", "crane")]
)
def test_others_refuse_a_chunk_that_overlaps(imitate: Callable[[str], Imitation], name: str) -> None:
    side = imitate(name)
    side.ask("POST", "/v2/a/b/blobs/uploads/")
    side.ask("PATCH", "^", b"01234", Content_Range="0-4")
    assert side.ask("PATCH", "^", b"34567", Content_Range="3-7").status == 416


def test_nexus_does_not_find_an_upload_in_its_own_words(imitate: Callable[[str], Imitation]) -> None:
    lost = imitate("nexus").ask("PUT", f"/v2/a/b/blobs/uploads/4f?digest={digest_of(b'')}")
    assert told(lost) == (400, "BLOB_UPLOAD_INVALID")


@pytest.mark.parametrize("value", ["bytes 0-4/5", "0-4/5", "bytes=0-4"])
def test_acr_wants_a_bare_content_range(imitate: Callable[[str], Imitation], value: str) -> None:
    side = imitate("acr")
    side.ask("POST", "/v2/a/b/blobs/uploads/")
    refused = side.ask("PATCH", "^", b"hello", Content_Range=value)
    assert isinstance(refused.body, bytes)
    detail = json.loads(refused.body)["errors"][0]["detail"]
    assert detail == {"Range": value, "Reason": "the Content-Range header format is invalid"}
    assert side.ask("PATCH", "^", b"hello", Content_Range="0-4").status == 202


def test_gar_takes_no_chunks(imitate: Callable[[str], Imitation]) -> None:
    side = imitate("gar")
    side.ask("POST", "/v2/a/b/blobs/uploads/")
    assert side.ask("PATCH", "^", b"hello", Content_Range="0-4").status == 400
    assert side.ask("PUT", side.closed(b"hello"), b"hello").status == 201


def test_crane_s_registry_takes_nearly_everything(imitate: Callable[[str], Imitation]) -> None:
    side = imitate("crane")
    assert side.ask("GET", "/v2/").body == b""
    wrong = digest_of(b"something else")
    assert side.ask("PUT", f"/v2/a/b/manifests/{wrong}", image(), Content_Type=OCI_MANIFEST).status == 201
    index = json.dumps(
        {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [{"digest": digest_of(b"no")}]}
    ).encode()
    refused = side.ask("PUT", "/v2/a/b/manifests/x", index, Content_Type=OCI_INDEX)
    assert told(refused) == (404, "MANIFEST_UNKNOWN")
    assert refused.headers.get("Content-Type") == "text/plain; charset=utf-8"
    opened = side.ask("POST", "/v2/a/b/blobs/uploads/")
    assert opened.headers.get("Docker-Upload-Uuid") is None
    assert [side.ask(method, "^").status for method in ("GET", "DELETE")] == [400, 400]
    assert side.ask("PUT", side.closed(b"hello"), b"hello").headers.get("Location") is None
    assert side.ask("POST", f"/v2/b/blobs/uploads/?mount={digest_of(b'hello')}&from=a/b").status == 202
    assert told(side.ask("GET", f"/v2/a/b/referrers/{digest_of(b'')}")) == (404, "METHOD_UNKNOWN")
    assert side.ask("GET", "/v2/a/b/tags/list?n=-1").body != b""


@pytest.mark.parametrize("name", personalities())
def test_a_personality_says_where_it_is_from(name: str) -> None:
    manner = personalities()[name]
    assert manner.name == name
    assert manner.imitates.endswith(".")
    assert manner.source


def test_zot_s_401_is_one_object(store: Store) -> None:
    registry = Registry(store, BasicAccess(Users.of("ann:a")), personalities()["zot"])
    answer = registry.handle(Incoming("GET", "/v2/", Headers(), BodyReader.of(b""), host="reg:5000"))
    assert isinstance(answer.body, bytes)
    assert (answer.status, json.loads(answer.body)["code"]) == (401, "UNAUTHORIZED")
