"""The personality distribution-2 beside the real docker-registry 2.8: the same requests, the same answers.

Compared are status, every header's name and value, and the body; what chance or the clock decides is masked first.
"""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from explorer.model import Origin
from explorer.practice import PracticeRegistry, personalities
from explorer.spec.digests import digest_of
from explorer.spec.media_types import DOCKER_CONFIG, DOCKER_LIST, DOCKER_MANIFEST, OCI_CONFIG, OCI_INDEX, OCI_MANIFEST
from tests.real.conftest import serve_registry

OCTETS = "application/octet-stream"
FORM = "application/x-www-form-urlencoded"
FOREIGN = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
LAYER = "application/vnd.oci.image.layer.v1.tar"
HELLO = digest_of(b"hello")
MASKS = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"), "{uuid4}"),
    (re.compile(r"_state=[A-Za-z0-9_%-]+"), "_state={state}"),
    (re.compile(r"boundary=[0-9a-f]{60}"), "boundary={boundary}"),
    (re.compile(r"--[0-9a-f]{60}"), "--{boundary}"),
    (re.compile(r'"tags":\[.*\]'), '"tags":{as the disk has them}'),
)


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: str
    location: str = field(compare=False)
    request: str = ""


@dataclass
class Side:
    """One of the two registries, and what it was last told and said."""

    origin: Origin
    repository: str
    seen: list[Answer] = field(default_factory=list)

    @property
    def location(self) -> str:
        return next(answer.location for answer in reversed(self.seen) if answer.location)

    def ask(self, method: str, target: str, body: bytes | None = None, **headers: str) -> Answer:
        """Send a request; `@` in the target stands for the repository, `^` for the latest Location."""
        if target.startswith("^"):
            target = self.location + target[1:]
        target = target.replace("@", self.repository)
        connection = http.client.HTTPConnection(self.origin.host, self.origin.port, timeout=20)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, target, body, named)
            got = connection.getresponse()
            raw = whole_or_not(got)
            place = (got.getheader("Location") or "").removeprefix(str(self.origin))
            rows = sorted((name, self.masked(value)) for name, value in got.getheaders() if name != "Date")
        finally:
            connection.close()
        answer = Answer(got.status, rows, self.masked(raw), place, self.masked(f"{method} {target} {headers}"))
        self.seen.append(answer)
        return answer

    def masked(self, text: str) -> str:
        text = text.replace(str(self.origin), "{origin}").replace(self.origin.authority, "{host}")
        for pattern, mask in MASKS:
            text = pattern.sub(mask, text)
        return text

    def blob(self, data: bytes, repository: str = "@") -> str:
        self.ask("POST", f"/v2/{repository}/blobs/uploads/")
        self.ask("PUT", f"^&digest={digest_of(data)}", data, Content_Type=OCTETS)
        return digest_of(data)


def whole_or_not(answer: http.client.HTTPResponse) -> str:
    try:
        return answer.read().decode("latin-1")
    except http.client.IncompleteRead as broken:
        return broken.partial.decode("latin-1") + " and then nothing"


def to(data: bytes, media_type: str, **more: object) -> dict[str, object]:
    return {"mediaType": media_type, "digest": digest_of(data), "size": len(data), **more}


def image(media_type: str, *layers: dict[str, object], **changed: object) -> bytes:
    config = DOCKER_CONFIG if media_type == DOCKER_MANIFEST else OCI_CONFIG
    listed = list(layers) or [to(b"hello", LAYER)]
    fields = {"schemaVersion": 2, "mediaType": media_type, "config": to(b"{}", config), "layers": listed, **changed}
    return json.dumps({name: value for name, value in fields.items() if value is not None}).encode()


def index(media_type: str, *children: dict[str, object], **changed: object) -> bytes:
    return json.dumps({"schemaVersion": 2, "mediaType": media_type, "manifests": list(children), **changed}).encode()


CHILD = image(DOCKER_MANIFEST)
OCI = image(OCI_MANIFEST)
LIST = index(DOCKER_LIST, to(CHILD, DOCKER_MANIFEST, platform={"os": "linux", "architecture": "amd64"}))
OTHER = index(DOCKER_LIST, to(CHILD, DOCKER_MANIFEST, platform={"os": "linux", "architecture": "arm64"}))
OCI_LIST = index(OCI_INDEX, to(OCI, OCI_MANIFEST))


def put(side: Side, reference: str, body: bytes, media_type: str) -> None:
    side.ask("PUT", f"/v2/@/manifests/{reference}", body, Content_Type=media_type)


def pushed(side: Side) -> None:
    side.blob(b"{}")
    side.blob(b"hello")
    put(side, digest_of(CHILD), CHILD, DOCKER_MANIFEST)
    put(side, digest_of(OCI), OCI, OCI_MANIFEST)
    put(side, "docker", CHILD, DOCKER_MANIFEST)
    put(side, "oci", OCI, OCI_MANIFEST)
    put(side, "list", LIST, DOCKER_LIST)
    put(side, "other", OTHER, DOCKER_LIST)
    put(side, "index", OCI_LIST, OCI_INDEX)


SCENARIOS: dict[str, Callable[[Side], None]] = {}


def scenario(walk: Callable[[Side], None]) -> Callable[[Side], None]:
    SCENARIOS[walk.__name__] = walk
    return walk


LINES = (
    "GET /v2/",
    "POST /v2/",
    "GET /v2",
    "GET /v1/",
    "HEAD /v1/",
    "POST /v2/@/blobs/uploads",
    "POST //v2/@/blobs/uploads/?x=1",
    "GET //v2/",
    "GET /v2/@/tags/list/",
    "GET /v2/@/tags/list",
    "GET /v2/@/tags/list?n=junk",
    "HEAD /v2/@/tags/list",
    "OPTIONS /v2/@/manifests/x",
    "BREW /v2/@/manifests/x",
    "DELETE /v2/_catalog",
    "GET /v2/_catalog?n=junk",
    "GET /v2/_catalog?n=-1",
    "GET /v2/_catalog?n=2000",
    "GET /v2/UP/tags/list",
    "GET /v2/@/manifests/!x",
    "GET /v2/@/manifests/sha256:abc",
    "GET /v2/@/manifests/none",
    "HEAD /v2/@/manifests/none",
    "DELETE /v2/@/manifests/none",
    f"GET /v2/@/manifests/{HELLO}",
    f"DELETE /v2/@/manifests/{HELLO}",
    "GET /v2/@/blobs/sha256:abc",
    f"GET /v2/@/blobs/sha256:{'A' * 64}",
    "GET /v2/@/blobs/md5:abc",
    f"GET /v2/@/blobs/{HELLO}",
    f"HEAD /v2/@/blobs/{HELLO}",
    f"DELETE /v2/@/blobs/{HELLO}",
    "PUT /v2/@/blobs/sha256:abc",
    "GET /v2/@/blobs/uploads/",
    "PUT /v2/@/blobs/uploads/",
    "GET /v2/@/blobs/uploads/nonsense",
    "PATCH /v2/@/blobs/uploads/nonsense",
    "DELETE /v2/@/blobs/uploads/nonsense?_state=AAAA",
    "GET /v2/a%2Fb/tags/list",
    "PUT /v2/@/manifests/x",
    f"GET /v2/@/referrers/{HELLO}",
    "GET /v2/a/../b/tags/list",
    "GET /",
    "POST /",
    f"GET /v2/{'a' * 256}/tags/list",
)


@scenario
def small_requests(side: Side) -> None:
    for line in LINES:
        method, target = line.split()
        side.ask(method, target)


@scenario
def a_push_in_a_stream(side: Side) -> None:
    side.ask("POST", "/v2/@/blobs/uploads/")
    side.ask("GET", "^")
    side.ask("HEAD", "^")
    side.ask("PATCH", "^", b"hel", Content_Type=OCTETS)
    side.ask("GET", "^")
    side.ask("PATCH", "^", b"lo")
    side.ask("PUT", f"^&digest={HELLO}")
    for verb in ("HEAD", "GET"):
        side.ask(verb, f"/v2/@/blobs/{HELLO}")


@scenario
def a_session_that_is_over(side: Side) -> None:
    side.ask("POST", "/v2/@/blobs/uploads/")
    place = side.location
    side.ask("PUT", f"{place}&digest={HELLO}", b"hello")
    side.ask("PUT", f"{place}&digest={HELLO}", b"hello")
    side.ask("GET", place)
    side.ask("PATCH", place, b"x")
    side.ask("DELETE", place)


@scenario
def a_cancelled_upload(side: Side) -> None:
    side.ask("POST", "/v2/@/blobs/uploads/")
    side.ask("DELETE", "^")
    side.ask("DELETE", "^")
    side.ask("GET", "^")


@scenario
def stale_and_foreign_states(side: Side) -> None:
    side.ask("POST", "/v2/@/blobs/uploads/")
    first = side.location
    side.ask("PATCH", first, b"hello")
    for verb, more in (("GET", ""), ("PATCH", ""), ("PUT", f"&digest={HELLO}"), ("DELETE", ""), ("POST", "")):
        side.ask(verb, first + more)
    side.ask("GET", first.partition("?")[0])
    side.ask("POST", "/v2/@/other/blobs/uploads/")
    other = side.location
    path, _, state = first.partition("?")
    side.ask("PATCH", f"{path}?{other.partition('?')[2]}", b"x")
    side.ask("PATCH", f"{path.replace('/blobs/', '/other/blobs/')}?{state}", b"x")
    side.ask("PUT", f"{first}?digest={HELLO}")
    side.ask("PUT", f"{first.replace('_state=', '_state=A')}&digest={HELLO}")
    side.ask("PUT", f"{path}?digest={HELLO}")


@scenario
def ranges_are_not_looked_at(side: Side) -> None:
    for value in ("0-4", "7-11", "junk", "bytes 0-4/5"):
        side.ask("POST", "/v2/@/blobs/uploads/")
        side.ask("PATCH", "^", b"hello", Content_Range=value)
        side.ask("PUT", f"^&digest={HELLO}", Content_Range=value)


@scenario
def wrong_digests(side: Side) -> None:
    side.ask("POST", "/v2/@/blobs/uploads/")
    place = side.location
    for digest in ("", "&digest=", "&digest=sha256:abc", "&digest=md5:x", f"&digest={HELLO.upper()}"):
        side.ask("PUT", place + digest)
    side.ask("PUT", f"{place}&digest={HELLO}", b"hellO")
    side.ask("PUT", f"{place}&digest={HELLO}", b"hello")
    side.ask("POST", "/v2/@/blobs/uploads/")
    side.ask("PUT", f"^&digest={HELLO}")
    side.ask("PUT", f"^&digest={digest_of(b'hello', 'sha512')}", b"hello")
    side.ask("HEAD", f"/v2/@/blobs/{digest_of(b'hello', 'sha512')}")
    side.ask("HEAD", f"/v2/@/blobs/{HELLO}")


@scenario
def content_types_of_uploads(side: Side) -> None:
    for kind in ("application/json", f"{OCTETS}; charset=utf-8", FORM, "multipart/form-data; boundary=x"):
        side.ask("POST", "/v2/@/blobs/uploads/")
        side.ask("PATCH", "^", b"hello", Content_Type=kind)
        side.ask("POST", "/v2/@/blobs/uploads/")
        side.ask("PUT", f"^&digest={HELLO}", b"hello", Content_Type=kind)


@scenario
def single_posts_and_mounts(side: Side) -> None:
    side.ask("POST", f"/v2/@/blobs/uploads/?digest={HELLO}", b"hello", Content_Type=OCTETS)
    side.ask("POST", "/v2/@/blobs/uploads/?digest-algorithm=sha512")
    side.blob(b"hello", "@/other")
    for query in (f"mount={HELLO}&from=@/other", f"mount={HELLO}", f"mount={HELLO}&from=none", "mount=x&from=@/other"):
        side.ask("POST", f"/v2/@/blobs/uploads/?{query}")
    side.ask("POST", f"/v2/@/blobs/uploads/?mount={HELLO}&from=NO")


@scenario
def parts_of_a_blob(side: Side) -> None:
    side.blob(b"0123456789")
    target = f"/v2/@/blobs/{digest_of(b'0123456789')}"
    for value in (
        "bytes=2-4",
        "bytes=7-",
        "bytes=-3",
        "bytes=0-99",
        "bytes=0-1,3-4",
        "bytes=0-1, 3-4, 99-",
        "bytes=-0",
    ):
        side.ask("GET", target, Range=value)
        side.ask("HEAD", target, Range=value)
    for value in ("bytes=10-", "bytes=4-2", "bytes=x", "junk", "bytes=", "chars=0-1"):
        side.ask("GET", target, Range=value)  # the body of a 416 breaks off
        side.ask("HEAD", target, Range=value)
    etag = f'"{digest_of(b"0123456789")}"'
    side.ask("GET", target, If_None_Match=etag)
    side.ask("GET", target, If_None_Match=f'W/"x", {etag}')
    side.ask("GET", target, If_Match='"x"')
    side.ask("GET", target, Range="bytes=0-1", If_Range=etag)
    side.ask("GET", target, Range="bytes=0-1", If_Range='"x"')
    side.blob(b"")
    for value in ("bytes=0-1", "bytes=-0", "bytes=", "bytes=0-,-0"):
        side.ask("GET", f"/v2/@/blobs/{digest_of(b'')}", Range=value)
    side.ask("GET", f"/v2/@/blobs/{digest_of(b'')}", Range="bytes=0-1", If_Range='"x"')


@scenario
def manifests_and_accept(side: Side) -> None:
    pushed(side)
    both = f"{OCI_MANIFEST}, {OCI_INDEX}"
    for tag in ("docker", "oci", "list", "other", "index"):
        for accept in (None, "*/*", OCI_MANIFEST, OCI_INDEX, DOCKER_MANIFEST, DOCKER_LIST, both):
            if accept is None:
                side.ask("GET", f"/v2/@/manifests/{tag}")
            else:
                side.ask("GET", f"/v2/@/manifests/{tag}", Accept=accept)
    for digest in (digest_of(LIST), digest_of(CHILD), digest_of(OCI)):
        side.ask("HEAD", f"/v2/@/manifests/{digest}", Accept=f"{DOCKER_LIST},{DOCKER_MANIFEST},{OCI_MANIFEST}")
    side.ask("GET", "/v2/@/manifests/oci", Accept=OCI_MANIFEST, If_None_Match=f'"{digest_of(OCI)}"')
    side.ask("GET", "/v2/@/tags/list")
    for target in ("docker", digest_of(OCI), digest_of(OCI)):
        side.ask("DELETE", f"/v2/@/manifests/{target}")
    side.ask("GET", "/v2/@/tags/list")
    side.ask("DELETE", f"/v2/@/blobs/{HELLO}")
    side.ask("DELETE", f"/v2/@/blobs/{HELLO}")


MISSING = to(b"missing", LAYER)
BROKEN: tuple[tuple[str, bytes], ...] = (
    ("", OCI),
    ("application/json", OCI),
    (f"{OCI_MANIFEST}; charset=utf-8", OCI),
    (OCI_MANIFEST, b""),
    (OCI_MANIFEST, b"{"),
    (OCI_MANIFEST, b"junk"),
    (OCI_MANIFEST, b'{"a": x}'),
    (OCI_MANIFEST, b"[]"),
    (OCI_MANIFEST, b"{}"),
    (OCI_MANIFEST, image(DOCKER_MANIFEST)),
    (DOCKER_MANIFEST, image(DOCKER_MANIFEST, mediaType=None)),
    (OCI_MANIFEST, image(OCI_MANIFEST, mediaType=None)),
    (OCI_MANIFEST, image(OCI_MANIFEST, manifests=[])),
    (OCI_INDEX, OCI),
    (OCI_INDEX, image(OCI_INDEX)),
    (DOCKER_LIST, image(DOCKER_LIST)),
    (OCI_MANIFEST, image(OCI_MANIFEST, schemaVersion=1)),
    (OCI_INDEX, index(OCI_INDEX, schemaVersion=1)),
    (DOCKER_MANIFEST, image(DOCKER_MANIFEST, schemaVersion=3)),
    (OCI_MANIFEST, image(OCI_MANIFEST, MISSING, to(b"also", LAYER))),
    (DOCKER_MANIFEST, image(DOCKER_MANIFEST, MISSING)),
    (OCI_INDEX, index(OCI_INDEX, to(b"missing", OCI_MANIFEST))),
    (DOCKER_LIST, index(DOCKER_LIST, to(b"missing", DOCKER_MANIFEST))),
    (OCI_MANIFEST, image(OCI_MANIFEST, {**MISSING, "digest": "sha256:abc"})),
    (OCI_MANIFEST, image(OCI_MANIFEST, {**MISSING, "digest": "nonsense"})),
    (OCI_MANIFEST, image(OCI_MANIFEST, {**MISSING, "digest": "md5:abc"})),
    (OCI_MANIFEST, image(OCI_MANIFEST, {**MISSING, "digest": ""})),
    (OCI_MANIFEST, image(OCI_MANIFEST, layers=[])),
    (OCI_MANIFEST, image(OCI_MANIFEST, config=to(b"no", OCI_CONFIG))),
    (OCI_MANIFEST, image(OCI_MANIFEST, layers=7)),
    (OCI_MANIFEST, image(OCI_MANIFEST, mediaType=7)),
    (OCI_MANIFEST, image(OCI_MANIFEST, layers={"a": [1]})),
    (OCI_MANIFEST, image(OCI_MANIFEST, config="x")),
    (OCI_MANIFEST, image(OCI_MANIFEST, schemaVersion="2")),
    (OCI_MANIFEST, image(OCI_MANIFEST, schemaVersion=2.5)),
    (DOCKER_MANIFEST, image(DOCKER_MANIFEST, layers=True)),
    (OCI_INDEX, index(OCI_INDEX, schemaVersion=False)),
    (OCI_INDEX, b'{"mediaType": "x", "manifests": "many"}'),
    (OCI_MANIFEST, b'{"x": NaN}'),
    (OCI_MANIFEST, b'{"layers": [{"size": Infinity}]}'),
    (OCI_MANIFEST, b'{"x": -Infinity}'),
    (OCI_MANIFEST, image(OCI_MANIFEST)[:-1] + b', "x": ' + b"9" * 5000 + b"}"),
    (DOCKER_LIST, b'{"mediaType": "x", "manifests": 4}'),
    (DOCKER_MANIFEST, image(DOCKER_MANIFEST, {**MISSING, "mediaType": FOREIGN})),
    (OCI_MANIFEST, image(OCI_MANIFEST, annotations={"x": "y" * 5_000_000})),
)


@scenario
def manifests_that_are_refused(side: Side) -> None:
    side.blob(b"{}")
    side.blob(b"hello")
    for media_type, body in BROKEN:
        if media_type:
            put(side, "v1", body, media_type)
        else:
            side.ask("PUT", "/v2/@/manifests/v1", body)
    put(side, HELLO, OCI, OCI_MANIFEST)
    put(side, digest_of(OCI, "sha512"), OCI, OCI_MANIFEST)
    put(side, f"{digest_of(OCI)}?tag=x", OCI, OCI_MANIFEST)
    put(side, "sha256:abc", OCI, OCI_MANIFEST)
    side.ask("GET", "/v2/@/manifests/x", Accept=OCI_MANIFEST)


@pytest.fixture(scope="module")
def docker_registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return host:port of a docker-registry whose catalog holds nothing of other tests."""
    yield from serve_registry(tmp_path_factory.mktemp("twin"))


@pytest.fixture(scope="module")
def practice() -> Iterator[PracticeRegistry]:
    with PracticeRegistry(manner=personalities()["distribution-2"], secret=b"aaa") as running:
        yield running


@pytest.mark.parametrize("name", SCENARIOS)
def test_both_answer_alike(docker_registry: str, practice: PracticeRegistry, name: str) -> None:
    host, _, port = docker_registry.rpartition(":")
    repository = f"twin/{name.replace('_', '-')}"
    theirs, ours = Side(Origin("http", host, int(port)), repository), Side(practice.origin, repository)
    for side in (theirs, ours):
        SCENARIOS[name](side)
    differing = [
        (number, our, their)
        for number, (our, their) in enumerate(zip(ours.seen, theirs.seen, strict=True))
        if our != their
    ]
    assert differing == []
