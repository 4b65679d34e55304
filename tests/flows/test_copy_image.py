"""An image is copied from registry to registry: every manifest, every blob once, and nothing that is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.flows import Flow
from explorer.flows.copy_image import Copy, copy_image
from explorer.jobs import CopyJob, PushJob, open_copy, open_push, open_recording
from explorer.model import Headers, Origin, Response, Step, Unkept
from explorer.practice import PracticeRegistry
from explorer.spec.digests import digest_of
from explorer.spec.media_types import OCI_CONFIG, OCI_MANIFEST
from explorer.spec.references import parse_target
from explorer.state import State
from explorer.stepping import Blocked, Done
from tests.layouts import multi_platform_layout
from tests.scripted import answer, run

CONFIG = b"{}"
MANIFEST = json.dumps(
    {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": {"mediaType": OCI_CONFIG, "digest": digest_of(CONFIG), "size": len(CONFIG)},
        "layers": [],
    }
).encode()


def copying(target: str = "b.test/t/r:v1", source: str = "a.test/s/r:v1") -> Callable[[], Flow[object]]:
    call = Copy(parse_target(source, plain_http=True), parse_target(target, plain_http=True))
    return lambda: copy_image(call)


def registries(step: Step) -> Response:
    """Answer as two registries do."""
    target, method = step.request.target, step.request.method
    if method == "GET" and "/manifests/" in target:
        return answer(200, ("Content-Type", OCI_MANIFEST), body=MANIFEST)
    if method == "GET":
        passed = Unkept(len(CONFIG), digest_of(CONFIG).partition(":")[2])
        return Response(200, "OK", "HTTP/1.1", Headers(), passed)
    if method == "HEAD":
        return answer(404)
    if method == "PUT":
        return answer(201)
    return answer(202, ("Location", "/v2/t/r/blobs/uploads/4f?_state=1"))


def refusing(method: str, status: int, times: int = 1) -> Callable[[Step], Response]:
    """Answer as two registries do, but refuse the first requests of a method."""
    left = [times]

    def answers(step: Step) -> Response:
        if step.request.method == method and left[0]:
            left[0] -= 1
            return answer(status)
        return registries(step)

    return answers


def test_a_blob_is_passed_from_the_get_to_the_patch() -> None:
    ran = run(copying(), registries)
    assert isinstance(ran.outcome, Done)
    methods = [step.request.method for step in ran.steps]
    assert methods == ["GET", "HEAD", "POST", "GET", "PATCH", "PUT", "PUT"]
    relay = ran.steps[3].relay
    assert relay
    assert relay.step.request == ran.steps[4].request
    assert ran.steps[4].request.headers.get("Content-Length") == str(len(CONFIG))


def test_a_blob_that_is_there_is_not_sent() -> None:
    ran = run(copying(), refusing("HEAD", 200))
    assert [step.request.method for step in ran.steps] == ["GET", "HEAD", "PUT"]


def test_within_a_registry_blobs_are_mounted() -> None:
    ran = run(copying("a.test/t/r:v1"), refusing("POST", 201))
    assert ran.lines[1] == f"POST /v2/t/r/blobs/uploads/?mount={digest_of(CONFIG)}&from=s/r"
    assert len(ran.lines) == 3


def test_within_a_registry_what_is_not_mounted_is_sent() -> None:
    ran = run(copying("a.test/t/r:v1"), registries)
    assert [line.split()[0] for line in ran.lines] == ["GET", "POST", "GET", "PATCH", "PUT", "PUT"]


def test_a_mount_that_is_refused_is_gone_on_from_without_it() -> None:
    ran = run(copying("a.test/t/r:v1"), refusing("POST", 403))
    assert ran.lines[2] == "POST /v2/t/r/blobs/uploads/"
    assert isinstance(ran.outcome, Done)


def test_within_a_repository_only_the_name_is_new() -> None:
    ran = run(copying("a.test/s/r:v2"), registries)
    assert ran.lines == ["GET /v2/s/r/manifests/v1", "PUT /v2/s/r/manifests/v2"]


@pytest.mark.parametrize("status", [404, 416])
def test_an_upload_that_went_is_opened_anew_and_the_blob_got_again(status: int) -> None:
    ran = run(copying(), refusing("PATCH", status))
    assert isinstance(ran.outcome, Done)
    assert [step.request.method for step in ran.steps][4:8] == ["PATCH", "POST", "GET", "PATCH"]


def test_a_patch_that_is_refused_stops_the_copy() -> None:
    ran = run(copying(), refusing("PATCH", 413))
    assert isinstance(ran.outcome, Blocked)
    assert "413" in ran.outcome.sentence


def test_wrong_bytes_are_said_before_the_upload_is_closed() -> None:
    def answers(step: Step) -> Response:
        if step.relay:
            return Response(200, "OK", "HTTP/1.1", Headers(), Unkept(2, "0" * 64))
        return registries(step)

    ran = run(copying(), answers)
    assert isinstance(ran.outcome, Blocked)
    assert "0" * 64 in ran.outcome.sentence
    assert digest_of(CONFIG) in ran.outcome.sentence
    assert ran.last.method == "PATCH"


def test_a_digest_that_the_image_does_not_have_is_no_target() -> None:
    ran = run(copying(f"b.test/t/r@sha256:{'0' * 64}"), registries)
    assert isinstance(ran.outcome, Blocked)
    assert len(ran.steps) == 1


@pytest.fixture
def two() -> Iterator[tuple[Origin, Origin]]:
    """Return two registries that run."""
    with PracticeRegistry() as one, PracticeRegistry() as other:
        yield one.origin, other.origin


def to_the_end(job: PushJob | CopyJob) -> State:
    workbench = open_copy(job) if isinstance(job, CopyJob) else open_push(job)
    for _ in workbench.run():
        pass
    workbench.close()
    return workbench.state


@pytest.fixture
def several(two: tuple[Origin, Origin], tmp_path: Path) -> str:
    """Return an image of two platforms in the first registry."""
    multi_platform_layout(tmp_path / "layout", "linux/amd64", "linux/arm64")
    target = f"{two[0].authority}/src/app:v1"
    to_the_end(PushJob(str(tmp_path / "layout"), target=target, recording=str(tmp_path / "push.jsonl")))
    return target


def test_an_image_of_several_platforms_is_copied_whole(
    two: tuple[Origin, Origin], several: str, tmp_path: Path
) -> None:
    state = to_the_end(CopyJob(several, f"{two[1].authority}/dst/app", recording=str(tmp_path / "copy.jsonl")))
    assert isinstance(state.outcome, Done), state.outcome
    assert state.exchanges[-1].request.target == "/v2/dst/app/manifests/v1"
    passed = [exchange for exchange in state.exchanges if exchange.request.method == "PATCH"]
    assert len(passed) == 5
    assert all(exchange.sent_sha256 in str(exchange.request.body) for exchange in passed)


def test_one_platform_is_copied_by_itself(two: tuple[Origin, Origin], several: str, tmp_path: Path) -> None:
    job = CopyJob(several, f"{two[1].authority}/dst/one", "linux/arm64", recording=str(tmp_path / "copy.jsonl"))
    state = to_the_end(job)
    assert isinstance(state.outcome, Done), state.outcome
    assert len([exchange for exchange in state.exchanges if exchange.request.method == "PATCH"]) == 3
    [config] = [e.request for e in state.exchanges if e.request.method == "PUT" and "/manifests/v1" in e.request.target]
    assert b'"layers"' in (config.body if isinstance(config.body, bytes) else b"")


def test_the_recording_of_a_copy_is_gone_through_again(
    two: tuple[Origin, Origin], several: str, tmp_path: Path
) -> None:
    path = str(tmp_path / "copy.jsonl")
    state = to_the_end(CopyJob(several, f"{two[1].authority}/dst/app", recording=path))
    opened = open_recording(path).workbench
    assert (opened.state.path, opened.state.outcome) == (state.path, state.outcome)
    opened.close()


def test_a_patch_that_was_refused_is_sent_again_together_with_its_get(
    two: tuple[Origin, Origin], several: str, tmp_path: Path
) -> None:
    workbench = open_copy(CopyJob(several, f"{two[1].authority}/dst/app", recording=str(tmp_path / "copy.jsonl")))
    while not (workbench.state.pending and workbench.state.pending.relay):
        workbench.send()
    relay = workbench.state.pending.relay
    assert relay
    workbench.send()
    state = workbench.stand_after(workbench.state.path[-2])  # the PATCH is next, and its bytes went by
    assert state.pending
    assert state.pending.request.method == "PATCH"
    again = workbench.send()
    workbench.close()
    assert [exchange.request.method for exchange in again.exchanges[-2:]] == ["GET", "PATCH"]


def test_both_sides_of_a_passage_that_broke_off_are_done_again(
    two: tuple[Origin, Origin], several: str, tmp_path: Path
) -> None:
    workbench = open_copy(CopyJob(several, f"{two[1].authority}/dst/app", recording=str(tmp_path / "copy.jsonl")))
    while not (workbench.state.pending and workbench.state.pending.relay):
        workbench.send()
    pending = workbench.state.pending
    assert pending
    workbench.edit(replace(pending.request, origin=Origin("http", "127.0.0.1", 1)))
    broken = workbench.send()
    assert broken.exchanges[-1].error
    assert broken.pending == pending
    workbench.drop_draft()
    for _ in workbench.run():
        pass
    workbench.close()
    assert isinstance(workbench.state.outcome, Done)
