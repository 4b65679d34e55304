"""A whole image: blobs, then manifests, the tag last."""

from __future__ import annotations

import json

import pytest

from explorer.errors import InputError
from explorer.flows import build, flows
from explorer.flows.push_blob import Shape
from explorer.flows.push_image import Push, call_of, push_image, push_of
from explorer.model import FlowCall, Image, Manifest, Response, Slice, Step
from explorer.spec.references import parse_target
from explorer.stepping import Blocked, Done, outline
from tests.scripted import BLOB, answer, blob_of, manifest_of, moved_on, run

CHILD = manifest_of(b'{"child":1}')
ROOT = manifest_of(b'{"root":1}')
IMAGE = Image("app", (BLOB, blob_of(b"\xff\x00", "config")), (CHILD, ROOT))
TARGET = parse_target("http://localhost:5000/t/r:v1")


def push(image: Image = IMAGE, shape: Shape = Shape.STREAM, target: str = str(TARGET)) -> Push:
    return Push(parse_target(target), image, shape, 4)


@pytest.mark.parametrize("shape", Shape)
def test_blobs_come_before_manifests_and_the_tag_comes_last(shape: Shape) -> None:
    ran = run(lambda: push_image(push(shape=shape)))
    assert ran.lines[-2:] == [f"PUT /v2/t/r/manifests/{CHILD.digest}", "PUT /v2/t/r/manifests/v1"]
    assert not any("manifests" in line for line in ran.lines[:-2])


def test_the_flow_ends_with_the_digest_of_the_root() -> None:
    assert run(lambda: push_image(push())).outcome == Done(ROOT.digest)


def test_a_manifest_goes_out_as_its_exact_bytes_with_its_type() -> None:
    last = run(lambda: push_image(push())).last
    assert (last.body, last.headers.get("Content-Type")) == (ROOT.body, ROOT.media_type)


def test_a_target_with_a_digest_stores_the_root_by_it() -> None:
    ran = run(lambda: push_image(push(target=f"localhost:5000/t/r@{ROOT.digest}")))
    assert ran.lines[-1] == f"PUT /v2/t/r/manifests/{ROOT.digest}"


def test_a_media_type_beyond_ascii_goes_out_as_utf8() -> None:
    image = Image("app", (), (Manifest(ROOT.digest, "application/é→", ROOT.body),))
    assert "application/é→".encode() in run(lambda: push_image(push(image))).last.head()


def test_a_refused_manifest_blocks_the_push_with_every_error() -> None:
    def refuse(step: Step) -> Response:
        both = b'{"errors":[{"code":"MANIFEST_BLOB_UNKNOWN","detail":"d1"},{"code":"UNKNOWN","detail":{"a":1}}]}'
        return answer(400, body=both) if "manifests" in step.request.target else moved_on(step)

    outcome = run(lambda: push_image(push()), refuse).outcome
    assert isinstance(outcome, Blocked)
    assert 'MANIFEST_BLOB_UNKNOWN (d1); UNKNOWN ({"a": 1}).' in outcome.sentence


def test_a_redirected_blob_upload_is_a_visible_step() -> None:
    def move(step: Step) -> Response:
        is_first = step.request.target == "/v2/t/r/blobs/uploads/"
        return answer(307, ("Location", "/elsewhere/")) if is_first else moved_on(step)

    assert run(lambda: push_image(push()), move).lines[1] == "POST /elsewhere/"


@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize("reference", [":v1", f"@{ROOT.digest}"])
def test_a_push_is_built_again_from_its_call(shape: Shape, reference: str) -> None:
    one = push(shape=shape, target=f"localhost:5000/t/r{reference}")
    call = call_of(one)
    again = FlowCall(call.flow, json.loads(json.dumps(call.arguments)))
    assert push_of(again.arguments) == one
    assert outline(build(again)) == outline(lambda: push_image(one))


@pytest.mark.parametrize("target", ["http://registry.test/t/r:v1", "https://registry.test/t/r:v1", "localhost/t/r:v1"])
def test_a_call_keeps_the_target(target: str) -> None:
    one = Push(parse_target(target, plain_http=target.startswith("http:")), IMAGE)
    assert push_of(call_of(one).arguments).target == one.target


def test_a_blob_in_a_file_stays_there() -> None:
    blob = blob_of(b"")
    image = Image("app", (type(blob)(blob.digest, "", Slice("/layer.tar", 512, 10, "ab", "x")),), (ROOT,))
    assert push_of(call_of(push(image)).arguments).image == image


@pytest.mark.parametrize(
    "change",
    [
        {"manifests": []},
        {"manifests": 7},
        {"blobs": ["x"]},
        {"shape": "round"},
        {"chunk_size": "many"},
        {"target": "nowhere"},
        {"blobs": [{"digest": "d\nX: y", "media_type": "", "name": "", "body": {"text": ""}}]},
        {"blobs": [{"digest": BLOB.digest, "media_type": "", "name": "", "body": {"size": 1, "sha256": ""}}]},
    ],
)
def test_arguments_that_describe_no_push_are_refused(change: dict[str, object]) -> None:
    with pytest.raises((ValueError, InputError)):
        push_of({**call_of(push()).arguments, **change})


def test_a_flow_that_this_version_lacks_is_named() -> None:
    with pytest.raises(InputError, match=r"'dance'.*push-image"):
        build(FlowCall("dance"))


def test_flows_are_found_by_their_folder() -> None:
    assert "push-image" in flows()


def test_flows_have_help() -> None:
    assert all(make.__doc__ for make in flows().values())
