"""What the default manner answers, where the specification says it or leaves it open."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from explorer.model import Headers
from explorer.practice import Manner, Registry, Store, TokenAccess, Users, personalities
from explorer.practice.accepting import is_accepted
from explorer.practice.manifests import LONGEST_MANIFEST
from explorer.spec.digests import digest_of
from explorer.spec.media_types import DOCKER_CONFIG, DOCKER_LIST, DOCKER_MANIFEST, OCI_CONFIG, OCI_INDEX, OCI_MANIFEST
from explorer.wire.server import BodyReader, Incoming, Outgoing
from explorer.wire.server_body import Input

Ask = Callable[..., Outgoing]
Hold = Callable[[str, bytes], str]

SPECIFICATION = personalities()["specification"]


@pytest.fixture
def manner() -> Manner:
    return replace(SPECIFICATION, uploads=replace(SPECIFICATION.uploads, chunk_min=4))


def told(answer: Outgoing) -> tuple[int, str, object]:
    """Return status, code and detail of the first error."""
    assert isinstance(answer.body, bytes)
    error = json.loads(answer.body)["errors"][0]
    return answer.status, error["code"], error.get("detail")


def place(answer: Outgoing) -> str:
    return (answer.headers.get("Location") or "").removeprefix("http://reg:5000")


def image(media_type: str = OCI_MANIFEST, **changed: object) -> bytes:
    kind = DOCKER_CONFIG if media_type == DOCKER_MANIFEST else OCI_CONFIG
    config = {"mediaType": kind, "digest": digest_of(b"{}"), "size": 2}
    return json.dumps({"schemaVersion": 2, "mediaType": media_type, "config": config, "layers": [], **changed}).encode()


@pytest.fixture
def put(ask: Ask, hold: Hold) -> Callable[..., Outgoing]:
    hold("t/r", b"{}")

    def putting(reference: str, body: bytes, media_type: str = OCI_MANIFEST) -> Outgoing:
        return ask("PUT", f"/v2/t/r/manifests/{reference}", body, Content_Type=media_type)

    return putting


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("/v2/UP/tags/list", "NAME_INVALID"),
        ("/v2/a..b/manifests/x", "NAME_INVALID"),
        ("/v2/-a/blobs/uploads/", "NAME_INVALID"),
        (f"/v2/{'a' * 256}/tags/list", "NAME_INVALID"),
        ("/v2/a/manifests/-x", "MANIFEST_INVALID"),
        (f"/v2/a/manifests/{'x' * 129}", "MANIFEST_INVALID"),
        ("/v2/a/manifests/sha256:abc", "DIGEST_INVALID"),
        ("/v2/a/blobs/x", "DIGEST_INVALID"),
        ("/v2/a/blobs/sha256:abc", "DIGEST_INVALID"),
        ("/v2/a/referrers/sha256:abc", "DIGEST_INVALID"),
        ("/v2/a/referrers/x", "DIGEST_INVALID"),
    ],
)
def test_a_wrong_name_is_400_and_said(ask: Ask, target: str, code: str) -> None:
    status, found, detail = told(ask("GET", target))
    assert (status, found) == (400, code)
    assert detail


def test_a_path_of_no_endpoint_is_404(ask: Ask) -> None:
    assert ask("GET", "/v2/a/nothing/here").status == 404
    assert ask("GET", "/v1/").status == 404


def test_a_wrong_method_is_405_with_the_right_ones(ask: Ask) -> None:
    answer = ask("BREW", "/v2/a/tags/list")
    assert told(answer)[:2] == (405, "UNSUPPORTED")
    assert answer.headers.get("Allow") == "GET, HEAD"


@pytest.mark.parametrize("target", ["/v2/", "/v2/_catalog", "/v2/t/r/tags/list", f"/v2/t/r/referrers/{digest_of(b'')}"])
def test_head_goes_wherever_get_goes(ask: Ask, put: Callable[..., Outgoing], target: str) -> None:
    put("v1", image())
    assert ask("HEAD", target).status == 200


@pytest.mark.parametrize(
    "accept", [None, "*/*", "application/*", f"{OCI_MANIFEST};q=0.5", f"text/html, {OCI_MANIFEST}"]
)
def test_a_manifest_goes_to_who_accepts_it(ask: Ask, put: Callable[..., Outgoing], accept: str | None) -> None:
    put("v1", image())
    answer = ask("GET", "/v2/t/r/manifests/v1", **({} if accept is None else {"Accept": accept}))
    assert answer.status == 200


@pytest.mark.parametrize("accept", [DOCKER_MANIFEST, "text/html", f"*/*, {OCI_MANIFEST};q=0", "*/*;q=0.0"])
def test_a_manifest_that_is_not_accepted_is_404_and_named(ask: Ask, put: Callable[..., Outgoing], accept: str) -> None:
    put("v1", image())
    status, code, detail = told(ask("GET", "/v2/t/r/manifests/v1", Accept=accept))
    assert (status, code) == (404, "MANIFEST_UNKNOWN")
    assert OCI_MANIFEST in str(detail)


def test_only_exact_names_count_without_wildcards() -> None:
    assert not is_accepted(["*/*"], OCI_MANIFEST, wildcards=False)
    assert is_accepted([f"{OCI_MANIFEST}; q=0"], OCI_MANIFEST, wildcards=False)


def test_docker_s_manifests_and_lists_are_kept_and_told_apart(ask: Ask, put: Callable[..., Outgoing]) -> None:
    child = image(DOCKER_MANIFEST)
    platform = {"os": "linux", "architecture": "amd64"}
    listed = {"mediaType": DOCKER_MANIFEST, "digest": digest_of(child), "size": len(child), "platform": platform}
    made = json.dumps({"schemaVersion": 2, "mediaType": DOCKER_LIST, "manifests": [listed]}).encode()
    assert put("one", child, DOCKER_MANIFEST).status == put("many", made, DOCKER_LIST).status == 201
    assert ask("GET", "/v2/t/r/manifests/many", Accept=DOCKER_LIST).body == made
    assert ask("GET", "/v2/t/r/manifests/many", Accept=DOCKER_MANIFEST).body == child


def test_a_manifest_may_have_four_mebibytes_and_no_more(put: Callable[..., Outgoing]) -> None:
    room = LONGEST_MANIFEST - len(image(annotations={"x": ""}))
    assert put("v1", image(annotations={"x": "y" * room})).status == 201
    status, code, detail = told(put("v1", image(annotations={"x": "y" * (room + 1)})))
    assert (status, code) == (413, "MANIFEST_INVALID")
    assert str(LONGEST_MANIFEST) in str(detail)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"schemaVersion": 1}, "MANIFEST_INVALID"),
        ({"layers": [{"mediaType": "x", "digest": digest_of(b"no"), "size": 1}]}, "MANIFEST_BLOB_UNKNOWN"),
        ({"layers": [{"mediaType": "x", "digest": "sha256:abc", "size": 1}]}, "DIGEST_INVALID"),
        ({"subject": {"mediaType": "x", "digest": "abc", "size": 1}}, "DIGEST_INVALID"),
    ],
)
def test_what_is_wrong_in_a_manifest_is_said(
    put: Callable[..., Outgoing], changed: dict[str, object], code: str
) -> None:
    status, found, detail = told(put("v1", image(OCI_MANIFEST, **changed)))
    assert (status, found) == (400, code)
    assert detail


def test_layers_that_are_not_distributed_need_not_be_there(put: Callable[..., Outgoing]) -> None:
    kind = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
    assert put("v1", image(layers=[{"mediaType": kind, "digest": digest_of(b"no"), "size": 1}])).status == 201


def test_tags_given_with_a_put_by_digest_are_made(ask: Ask, put: Callable[..., Outgoing]) -> None:
    answer = put(f"{digest_of(image())}?tag=a&tag=b&tag=a", image())
    assert answer.headers.all("OCI-Tag") == ("a", "b")
    assert ask("HEAD", "/v2/t/r/manifests/b").status == 200
    too_many = "&".join(f"tag=t{number}" for number in range(101))
    assert told(put(f"{digest_of(image())}?{too_many}", image()))[0] == 414
    assert told(put(f"{digest_of(image())}?tag=-x", image()))[:2] == (400, "MANIFEST_INVALID")
    assert put("v1?tag=c", image()).headers.all("OCI-Tag") == ()
    assert ask("HEAD", "/v2/t/r/manifests/c").status == 404


def test_referrers_come_in_pages(ask: Ask, put: Callable[..., Outgoing]) -> None:
    subject = {"mediaType": OCI_MANIFEST, "digest": digest_of(image()), "size": 1}
    for number in range(5):
        put(f"v{number}", image(subject=subject, annotations={"n": str(number)}, artifactType="a/b"))
    target: str | None = f"/v2/t/r/referrers/{digest_of(image())}?n=2&artifactType=a%2Fb"
    seen: list[str] = []
    while target:
        answer = ask("GET", target)
        assert isinstance(answer.body, bytes)
        seen += [entry["digest"] for entry in json.loads(answer.body)["manifests"]]
        target = (answer.headers.get("Link") or "").partition("<")[2].partition(">")[0]
    assert (len(seen), seen) == (5, sorted(set(seen)))
    assert told(ask("GET", f"/v2/t/r/referrers/{digest_of(b'')}?n=x"))[1] == "PAGINATION_NUMBER_INVALID"


def test_a_deleted_manifest_refers_to_nothing(ask: Ask, put: Callable[..., Outgoing]) -> None:
    body = image(subject={"mediaType": OCI_MANIFEST, "digest": digest_of(b"x"), "size": 1})
    put("v1", body)
    assert ask("DELETE", f"/v2/t/r/manifests/{digest_of(body)}").status == 202
    listed = ask("GET", f"/v2/t/r/referrers/{digest_of(b'x')}").body
    assert isinstance(listed, bytes)
    assert json.loads(listed)["manifests"] == []


def test_the_last_page_links_to_none(ask: Ask, hold: Hold) -> None:
    for name in ("a", "b", "c"):
        hold(name, b"{}")
        ask("PUT", f"/v2/{name}/manifests/v1", image(), Content_Type=OCI_MANIFEST)
    first, last = ask("GET", "/v2/_catalog?n=2"), ask("GET", "/v2/_catalog?n=2&last=b")
    assert first.headers.get("Link") == '</v2/_catalog?last=b&n=2>; rel="next"'
    assert (last.body, last.headers.get("Link")) == (b'{"repositories":["c"]}\n', None)
    assert ask("GET", "/v2/_catalog?n=3").headers.get("Link") is None


@pytest.fixture
def opened(ask: Ask) -> str:
    return place(ask("POST", "/v2/t/r/blobs/uploads/"))


def test_a_chunk_that_says_something_else_than_it_is_is_refused_whole(ask: Ask, opened: str) -> None:
    for value, status in (("bytes 0-4/5", 400), ("0-4/5", 400), ("0-3", 400), ("1-5", 416), ("4-0", 416)):
        assert ask("PATCH", opened, b"hello", Content_Range=value).status == status
    assert ask("GET", opened).headers.get("Range") == "0-0"
    assert ask("PATCH", opened, b"hello", Content_Range="0-4", Content_Type="text/plain").status == 202


def test_a_chunk_without_a_length_is_measured(store: Store) -> None:
    registry = Registry(store)

    def send(target: str, data: bytes, value: str) -> Outgoing:
        rest = memoryview(f"{len(data):x}\r\n".encode() + data + b"\r\n0\r\n\r\n")

        def receive(into: memoryview) -> int:
            nonlocal rest
            count = min(len(into), len(rest))
            into[:count], rest = rest[:count], rest[count:]
            return count

        headers = Headers.of(("Content-Range", value))
        return registry.handle(Incoming("PATCH", target, headers, BodyReader(Input(receive), None), host="reg:5000"))

    opened = registry.handle(Incoming("POST", "/v2/a/blobs/uploads/", Headers(), BodyReader.of(b""), host="reg:5000"))
    first = send(place(opened), b"hello", "0-4")
    assert first.headers.get("Range") == "0-4"
    assert told(send(place(first), b"too long", "5-6"))[:2] == (400, "SIZE_INVALID")
    assert send(place(first), b" world", "5-10").headers.get("Range") == "0-10"


def test_an_old_location_is_told_the_new_one(ask: Ask, opened: str) -> None:
    ask("PATCH", opened, b"hello")
    refused = ask("PATCH", opened, b" world")
    assert told(refused)[:2] == (416, "RANGE_INVALID")
    assert refused.headers.get("Range") == "0-4"
    assert ask("PATCH", place(refused), b" world").headers.get("Range") == "0-10"


def test_a_short_chunk_has_to_be_the_last_one(ask: Ask, opened: str) -> None:
    assert ask("POST", "/v2/t/r/blobs/uploads/").headers.get("OCI-Chunk-Min-Length") == "4"
    short = place(ask("PATCH", opened, b"abc"))
    assert told(ask("PATCH", short, b"def"))[:2] == (400, "SIZE_INVALID")
    assert ask("PUT", f"{short}&digest={digest_of(b'abcdef')}", b"def").status == 201


def test_a_single_post_with_another_digest_leaves_nothing(ask: Ask, store: Store) -> None:
    status, code, detail = told(ask("POST", f"/v2/t/r/blobs/uploads/?digest={digest_of(b'x')}", b"hello"))
    assert (status, code) == (400, "DIGEST_INVALID")
    assert digest_of(b"hello") in str(detail)
    assert told(ask("POST", "/v2/t/r/blobs/uploads/?digest=sha256:ABC", b"hello"))[1] == "DIGEST_INVALID"
    assert list((store.folder / "uploads").iterdir()) == []


def test_a_range_of_an_unknown_unit_is_not_looked_at(ask: Ask, hold: Hold) -> None:
    target = f"/v2/t/r/blobs/{hold('t/r', b'hello')}"
    assert ask("GET", target, Range="lines=0-1").status == 200
    assert told(ask("GET", target, Range="bytes=9-"))[0] == 416
    assert told(ask("GET", target, Range="bytes=-0"))[0] == 416


def test_a_blob_is_not_mounted_from_where_one_may_not_pull(store: Store, hold: Hold) -> None:
    digest = hold("secret", b"hello")
    users = Users.of("ann:a", "bob:b").granting("bob:mine:*")
    access = TokenAccess(users, clock=lambda: 1000.0)
    registry = Registry(store, access)

    def ask(method: str, target: str, **headers: str) -> Outgoing:
        pairs = Headers.of(*headers.items())
        return registry.handle(Incoming(method, target, pairs, BodyReader.of(b""), host="reg:5000"))

    def mount(login: str, *scopes: str) -> int:
        query = "&".join(f"scope={scope}" for scope in scopes)
        given = ask("GET", f"/token?{query}", Authorization=f"Basic {login}").body
        assert isinstance(given, bytes)
        bearer = f"Bearer {json.loads(given)['token']}"
        return ask("POST", f"/v2/mine/blobs/uploads/?mount={digest}", Authorization=bearer).status

    assert mount("Ym9iOmI=", "repository:mine:pull,push", "repository:secret:pull") == 202
    assert mount("YW5uOmE=", "repository:mine:pull,push", "repository:secret:pull") == 201


def test_an_index_needs_its_manifests_unless_sparse_ones_are_taken(store: Store) -> None:
    listed = {"mediaType": OCI_MANIFEST, "digest": digest_of(b"no"), "size": 1}
    body = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [listed]}).encode()
    kind = Headers.of(("Content-Type", OCI_INDEX), ("Content-Length", str(len(body))))
    sparse = replace(SPECIFICATION, manifests=replace(SPECIFICATION.manifests, sparse=True))
    statuses = [
        Registry(store, manner=manner).handle(Incoming("PUT", "/v2/a/manifests/x", kind, BodyReader.of(body))).status
        for manner in (SPECIFICATION, sparse)
    ]
    assert statuses == [400, 201]
