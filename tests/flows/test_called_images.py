"""Images pushed and pulled in the ways that can be chosen, against the built-in registry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.errors import InputError
from explorer.flows import flow_named
from explorer.flows.push_blob import Shape
from explorer.jobs import PullJob, PushJob, open_flow, open_pull, open_push
from explorer.practice import PracticeRegistry
from explorer.spec.digests import digest_of
from explorer.state import State
from explorer.stepping import Blocked, Done
from explorer.workbench import Workbench
from tests.layouts import blobs_of, multi_platform_layout

PLATFORMS = ("linux/amd64", "linux/arm64/v8")


@pytest.fixture(scope="module")
def registry() -> Iterator[str]:
    """Return host:port of a registry that runs."""
    with PracticeRegistry() as practice:
        yield practice.origin.authority


@pytest.fixture
def job(registry: str, tmp_path: Path) -> PushJob:
    """Return a push of an image for two platforms."""
    multi_platform_layout(tmp_path / "layout", *PLATFORMS)
    name = "".join(sign for sign in tmp_path.name.lower() if sign.isalnum())
    return PushJob(str(tmp_path / "layout"), target=f"{registry}/{name}/app:v1", recording=str(tmp_path / "push.jsonl"))


def done(workbench: Workbench) -> State:
    for _ in workbench.run():
        pass
    workbench.close()
    return workbench.state


def methods(state: State) -> str:
    return " ".join(exchange.request.method for exchange in state.exchanges)


def test_one_platform_of_several_is_pushed_alone(job: PushJob) -> None:
    state = done(open_push(replace(job, platform="linux/arm64")))
    assert isinstance(state.outcome, Done), state.outcome
    assert len([e for e in state.exchanges if e.request.method == "POST"]) == 3
    body = state.exchanges[-1].request.body
    assert isinstance(body, bytes)
    assert "layers" in json.loads(body)


def test_one_platform_is_pushed_where_the_others_are_not_there(job: PushJob, tmp_path: Path) -> None:
    index = json.loads((tmp_path / "layout" / "index.json").read_bytes())
    root = json.loads((tmp_path / "layout" / "blobs" / index["manifests"][0]["digest"].replace(":", "/")).read_bytes())
    (tmp_path / "layout" / "blobs" / root["manifests"][1]["digest"].replace(":", "/")).unlink()
    assert isinstance(done(open_push(replace(job, platform="linux/amd64"))).outcome, Done)


def test_a_platform_that_is_not_there_is_a_sentence_that_names_those_that_are(job: PushJob) -> None:
    with pytest.raises(InputError, match=r"linux/amd64; linux/arm64/v8"):
        open_push(replace(job, platform="windows/amd64"))


def test_what_is_there_is_not_sent_again_where_it_is_asked_for_first(job: PushJob, tmp_path: Path) -> None:
    done(open_push(job))
    again = done(open_push(replace(job, check_first=True, recording=str(tmp_path / "again.jsonl"))))
    assert methods(again) == "HEAD " * 5 + "PUT PUT PUT"


@pytest.mark.parametrize("shape", list(Shape))
def test_blobs_are_mounted_from_another_repository(job: PushJob, tmp_path: Path, shape: Shape) -> None:
    done(open_push(job))
    source = job.target.partition("/")[2].rpartition(":")[0]
    other = replace(job, target=job.target.replace("/app:", "/mounted:"), mount_from=source, shape=shape)
    state = done(open_push(replace(other, recording=str(tmp_path / "again.jsonl"))))
    assert methods(state) == "POST " * 5 + "PUT PUT PUT"


@pytest.mark.parametrize("shape", list(Shape))
def test_what_is_not_mounted_is_sent_into_the_upload_that_was_opened(job: PushJob, shape: Shape) -> None:
    state = done(open_push(replace(job, mount_from="no/where", platform="linux/amd64", shape=shape)))
    assert isinstance(state.outcome, Done), state.outcome
    assert len([e for e in state.exchanges if e.request.method == "POST"]) == 3


def test_a_mount_from_a_name_that_cannot_be_is_refused_before_anything_is_sent(job: PushJob) -> None:
    with pytest.raises(InputError, match="upper-case"):
        open_push(replace(job, mount_from="Not/A/Name"))


@pytest.mark.parametrize("shape", [Shape.STREAM, Shape.PUT, Shape.POST])
def test_a_blob_that_is_not_what_its_name_says_is_found_while_it_is_sent(
    job: PushJob, tmp_path: Path, shape: Shape
) -> None:
    blobs = tmp_path / "layout" / "blobs" / "sha256"
    name = max(blobs.iterdir(), key=lambda path: path.stat().st_size)
    data = bytearray(name.read_bytes())
    data[1000] ^= 1
    name.write_bytes(data)
    state = done(open_push(replace(job, shape=shape)))
    assert isinstance(state.outcome, Blocked)
    assert digest_of(bytes(data)) in state.outcome.sentence
    assert "damaged or has a wrong name" in state.outcome.sentence
    if shape is Shape.STREAM:
        assert state.exchanges[-1].request.method == "PATCH"


def test_a_push_and_a_pull_are_called_by_their_names(job: PushJob, tmp_path: Path) -> None:
    words = {"image": job.source, "target": job.target}
    pushed = done(open_flow(flow_named("push-image"), words, recording=str(tmp_path / "a.jsonl")))
    assert isinstance(pushed.outcome, Done), pushed.outcome
    words = {"target": job.target, "dest": str(tmp_path / "out")}
    pulled = done(open_flow(flow_named("pull-image"), words, recording=str(tmp_path / "b.jsonl")))
    assert isinstance(pulled.outcome, Done), pulled.outcome
    assert blobs_of(tmp_path / "out") == blobs_of(tmp_path / "layout")


def test_a_mirror_is_told_for_which_registry_every_request_is(job: PushJob, tmp_path: Path) -> None:
    done(open_push(job))
    pull = PullJob(job.target, str(tmp_path / "out"), ns="docker.io", recording=str(tmp_path / "pull.jsonl"))
    state = done(open_pull(pull))
    assert isinstance(state.outcome, Done), state.outcome
    assert all(exchange.request.target.endswith("?ns=docker.io") for exchange in state.exchanges)


def test_a_mirror_stands_for_a_host_and_nothing_else(job: PushJob, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no registry's host"):
        open_pull(PullJob(job.target, str(tmp_path / "out"), ns="a&b=c"))


def test_a_blob_that_is_not_mounted_is_sent_where_its_bytes_are_given(job: PushJob, tmp_path: Path) -> None:
    (tmp_path / "blob").write_bytes(b"some bytes")
    words = {"target": job.target, "digest": digest_of(b"some bytes"), "file": [str(tmp_path / "blob")]}
    state = done(open_flow(flow_named("mount-blob"), words, recording=str(tmp_path / "m.jsonl")))
    assert isinstance(state.outcome, Done), state.outcome
    assert (state.outcome.result, methods(state)) == ("not mounted, but sent", "POST PATCH PUT")


def test_bytes_of_another_blob_are_refused_before_the_mount(job: PushJob, tmp_path: Path) -> None:
    (tmp_path / "blob").write_bytes(b"other bytes")
    words = {"target": job.target, "digest": digest_of(b"some bytes"), "file": [str(tmp_path / "blob")]}
    with pytest.raises(InputError, match="takes the bytes of"):
        open_flow(flow_named("mount-blob"), words)


def test_the_name_that_was_chosen_is_the_one_that_is_pushed_under(tmp_path: Path) -> None:
    multi_platform_layout(tmp_path / "layout", "linux/amd64")
    path = tmp_path / "layout" / "index.json"
    index = json.loads(path.read_bytes())
    [root] = index["manifests"]
    key = "io.containerd.image.name"
    names = [{**root, "annotations": {key: f"docker.io/library/{name}"}} for name in ("one:1", "two:2")]
    path.write_text(json.dumps({**index, "manifests": names}))
    for choose, wanted in (("one:1", "one:1"), ("two:2", "two:2"), ("two", "two:2")):
        workbench = open_push(PushJob(str(tmp_path / "layout"), choose=choose))
        assert f"push {wanted} " in workbench.state.title
        workbench.close()
