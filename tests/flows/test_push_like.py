"""A push like a client: its requests in its order, each looking as the client's own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from explorer.errors import InputError
from explorer.flows.clients import Join, client_named, clients
from explorer.flows.clients.go_http import joined
from explorer.flows.push_like import LikePush, push_like
from explorer.flows.referrers_tag import tag_of
from explorer.images import open_image
from explorer.model import Image, Manifest, Response, Step
from explorer.spec.digests import digest_of
from explorer.spec.media_types import OCI_MANIFEST
from explorer.spec.references import parse_target
from explorer.stepping import Blocked, Done
from tests.manual import table
from tests.scripted import Ran, answer, run

CAPTURE = Path(__file__).parents[1] / "data" / "crane-push.txt"
STATE = "zz%3D%3D"


def registry(step: Step) -> Response:
    """Answer as an empty registry does."""
    method = step.request.method
    if method == "HEAD":
        return answer(404)
    if method == "DELETE":
        return answer(204)
    if method == "PUT":
        return answer(201)
    if method == "GET":
        return answer(200)
    return answer(202, ("Location", f"/v2/t/r/blobs/uploads/4f?_state={STATE}"))


def having(*present: str) -> Callable[[Step], Response]:
    """Answer as a registry does that has something under these targets' beginnings."""

    def answers(step: Step) -> Response:
        if step.request.method == "HEAD" and any(part in step.request.target for part in present):
            return answer(200)
        return registry(step)

    return answers


def pushed(name: str, folder: Path, answers: Callable[[Step], Response] = registry, mount_from: str = "") -> Ran:
    """Push the sample like a client."""
    image = open_image("tiny", scratch=folder)
    push = LikePush(parse_target("localhost:5000/t/r:v1"), image, client_named(name), mount_from)
    return run(lambda: push_like(push), answers)


def methods(ran: Ran) -> str:
    """Return the methods, in a row."""
    return " ".join(step.request.method for step in ran.steps)


BLOBS = 3
ORDERS = {
    "skopeo": "GET" + " HEAD HEAD POST PATCH PUT" * 2 + " HEAD POST PATCH PUT PUT",
    "podman": "GET" + " HEAD HEAD POST PATCH PUT" * 2 + " HEAD POST PATCH PUT PUT",
    "crane": "GET HEAD" + " HEAD POST PATCH PUT" * BLOBS + " PUT",
    "docker": "GET" + " POST PATCH PUT HEAD" * 2 + " HEAD POST PATCH PUT HEAD PUT",
    "containerd": ("HEAD POST PUT " * BLOBS) + "HEAD PUT",
    "docker-containerd": ("HEAD POST PUT " * BLOBS) + "HEAD PUT",
    "oras": "HEAD" + " HEAD POST PUT" * BLOBS + " PUT",
    "regctl": "HEAD" + " HEAD POST PUT" * BLOBS + " PUT",
}


@pytest.mark.parametrize("name", sorted(clients()))
def test_requests_come_in_the_client_s_order(name: str, tmp_path: Path) -> None:
    after_upload = having("/blobs/") if name == "docker" else registry
    ran = pushed(name, tmp_path, registry if name != "docker" else _docker_s(after_upload))
    assert isinstance(ran.outcome, Done), ran.outcome
    assert methods(ran) == ORDERS[name]


def _docker_s(there: Callable[[Step], Response]) -> Callable[[Step], Response]:
    """Answer so that a blob is there once it was uploaded."""
    return lambda step: there(step) if "after" in step.title else registry(step)


def test_there_is_a_shape_for_each_client_in_the_manual() -> None:
    assert {cell.strip("`") for cell in table("client")} == set(clients())


def test_a_client_that_is_not_known_is_a_sentence() -> None:
    with pytest.raises(InputError, match="crane"):
        client_named("dokcer")


@pytest.mark.parametrize("name", sorted(clients()))
def test_each_client_says_what_it_imitates_and_where_that_is_known_from(name: str) -> None:
    client = clients()[name]
    assert client.imitates
    assert client.evidence
    assert "/" in client.user_agent


def test_crane_s_heads_are_those_that_were_seen() -> None:
    """The order of lines and every value, against a recorded push of crane; what differs from push to push left out."""
    seen = [_plain(head) for head in CAPTURE.read_text().strip().split("\n\n")]
    ran = pushed("crane", CAPTURE.parent)
    ours = {_plain(step.request.head().decode().replace("\r\n", "\n").strip()) for step in ran.steps}
    assert set(seen) <= ours


def _plain(head: str) -> str:
    for pattern, instead in (
        (r"sha256(:|%3A)[0-9a-f]{64}", r"sha256\1DIGEST"),
        (r"uploads/[0-9a-f-]+", "uploads/ID"),
        (r"_state=[\w%-]+", "_state=STATE"),
        (r"(?m)^Host: .*$", "Host: HOST"),
        (r"Content-Length: [1-9]\d*", "Content-Length: SIZE"),
        (r"/v2/demo/copy/|/v2/t/r/", "/v2/NAME/"),
        (r"application/vnd\.(oci\.image\.manifest\.v1|docker\.distribution\.manifest\.v2)\+json$", "MANIFEST"),
    ):
        head = re.sub(pattern, instead, head)
    return head


def test_docker_sends_in_chunks_and_no_length(tmp_path: Path) -> None:
    ran = pushed("docker", tmp_path, _docker_s(having("/blobs/")))
    patch = next(step.request for step in ran.steps if step.request.method == "PATCH")
    assert patch.headers.get("Transfer-Encoding") == "chunked"
    assert patch.headers.get("Content-Length") is None
    assert patch.headers.get("Content-Type") is None


def test_docker_stops_where_an_uploaded_blob_is_not_there(tmp_path: Path) -> None:
    ran = pushed("docker", tmp_path)
    assert isinstance(ran.outcome, Blocked)
    assert "unknown blob" in ran.outcome.sentence


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("skopeo", "?_state=zz%3D%3D&digest=sha256%3A"),
        ("containerd", "?_state=zz%3D%3D&digest=sha256%3A"),
        ("regctl", "?_state=zz%3D%3D&digest=sha256%3A"),
    ],
)
def test_the_digest_is_joined_in_the_client_s_way(name: str, query: str, tmp_path: Path) -> None:
    closing = [line for line in pushed(name, tmp_path).lines if line.startswith("PUT") and "digest=" in line]
    assert all(query in line for line in closing)


def test_sorting_moves_parameters_and_appending_does_not() -> None:
    target = "/u?_state=a%2Bb&x=1&Z=c+d"
    assert joined(target, Join.SORTED, ("digest", "sha256:0")) == "/u?Z=c+d&_state=a%2Bb&digest=sha256%3A0&x=1"
    assert joined(target, Join.APPENDED, ("digest", "sha256:0")) == f"{target}&digest=sha256%3A0"
    assert joined("/u", Join.APPENDED, ("digest", "sha256:0")) == "/u?digest=sha256%3A0"


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("skopeo", "?from=lib%2Fbase&mount=sha256%3A"),
        ("crane", "?from=lib%2Fbase&mount=sha256%3A"),
        ("docker", "?from=lib%2Fbase&mount=sha256%3A"),
        ("containerd", "?mount=sha256:"),
        ("oras", "?mount=sha256:"),
        ("regctl", "?from=lib%2Fbase&mount=sha256%3A"),
    ],
)
def test_a_mount_is_asked_for_in_the_client_s_way(name: str, target: str, tmp_path: Path) -> None:
    ran = pushed(name, tmp_path, having("/lib/base/"), "lib/base")
    mounts = [line for line in ran.lines if "mount=" in line and "from=" in line]
    assert mounts
    assert all(target in line for line in mounts)


def test_crane_names_the_origin_of_a_mount(tmp_path: Path) -> None:
    ran = pushed("crane", tmp_path, registry, "lib/base")
    assert any("&origin=localhost%3A5000" in line for line in ran.lines)


def test_skopeo_cancels_a_mount_that_became_an_upload(tmp_path: Path) -> None:
    ran = pushed("skopeo", tmp_path, having("/lib/base/"), "lib/base")
    assert methods(ran).startswith("GET HEAD HEAD POST DELETE HEAD POST PATCH PUT")


@pytest.mark.parametrize("name", ["crane", "containerd", "docker", "oras"])
def test_a_refused_mount_is_gone_on_from_without_it(name: str, tmp_path: Path) -> None:
    def answers(step: Step) -> Response:
        refused = "mount=" in step.request.target
        return answer(401) if refused else _docker_s(having("/blobs/"))(step)

    ran = pushed(name, tmp_path, answers, "lib/base")
    assert isinstance(ran.outcome, Done), ran.outcome


def test_regctl_asks_for_an_anonymous_mount_before_anything_else(tmp_path: Path) -> None:
    posts = [line for line in pushed("regctl", tmp_path).lines if line.startswith("POST")]
    assert all("?mount=sha256%3A" in line and "from=" not in line for line in posts)


SUBJECT = digest_of(b"subject")


def referring(name: str, says: str = "") -> Ran:
    """Push like a client what refers to something; the registry answers OCI-Subject so."""
    body = json.dumps({"subject": {"mediaType": OCI_MANIFEST, "digest": SUBJECT, "size": 7}}).encode()
    manifest = Manifest(digest_of(body), OCI_MANIFEST, body)
    push = LikePush(parse_target("localhost:5000/t/r:v1"), Image("x", (), (manifest,)), client_named(name))

    def answers(step: Step) -> Response:
        if step.request.method == "PUT" and says:
            return answer(201, ("OCI-Subject", says))
        return answer(404) if step.request.method == "GET" and "/manifests/" in step.request.target else registry(step)

    return run(lambda: push_like(push), answers)


INDEX_OF_SUBJECT = f"/v2/t/r/manifests/{tag_of(SUBJECT)}"


@pytest.mark.parametrize("name", ["crane", "oras", "regctl"])
def test_the_index_under_the_referrers_tag_is_kept_as_the_client_does(name: str) -> None:
    got, put = referring(name).steps[-2:]
    assert (got.request.method, put.request.method) == ("GET", "PUT")
    assert {got.request.target, put.request.target} == {INDEX_OF_SUBJECT}
    assert put.request.headers.get("User-Agent") == client_named(name).user_agent


@pytest.mark.parametrize("name", ["skopeo", "docker", "containerd"])
def test_clients_that_know_of_no_referrers_keep_none(name: str) -> None:
    assert INDEX_OF_SUBJECT not in [step.request.target for step in referring(name).steps]


@pytest.mark.parametrize("name", ["crane", "oras", "regctl"])
def test_a_registry_that_keeps_referrers_is_left_to_it(name: str) -> None:
    assert INDEX_OF_SUBJECT not in [step.request.target for step in referring(name, SUBJECT).steps]


@pytest.mark.parametrize("name", ["crane", "containerd", "oras", "regctl"])
def test_what_is_there_already_is_not_pushed(name: str, tmp_path: Path) -> None:
    root = open_image("tiny", scratch=tmp_path).root

    def answers(step: Step) -> Response:
        if step.request.method == "HEAD":
            return answer(200, ("Docker-Content-Digest", root.digest))
        return registry(step)

    ran = pushed(name, tmp_path, answers)
    assert isinstance(ran.outcome, Done)
    assert "PUT" not in methods(ran)


def test_a_tag_that_names_something_else_is_pushed_over(tmp_path: Path) -> None:
    def answers(step: Step) -> Response:
        if step.request.method == "HEAD" and "/manifests/" in step.request.target:
            return answer(200, ("Docker-Content-Digest", digest_of(b"other")))
        return registry(step)

    assert methods(pushed("crane", tmp_path, answers)).endswith(" PUT")
