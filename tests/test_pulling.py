"""A pull from the built-in registry, from the first look to what is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from explorer.errors import FormatError, InputError
from explorer.images import open_image
from explorer.jobs import PullJob, PushJob, open_pull, open_push, open_recording
from explorer.model import FlowCall, Image, Slice, Unkept
from explorer.plain.running import ending
from explorer.practice import PracticeRegistry
from explorer.pulling import when_pulled
from explorer.state import State
from explorer.stepping import Blocked, Done
from explorer.workbench import Workbench
from tests.layouts import blobs_of, multi_platform_layout

Pulls = Callable[..., Workbench]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stay in a folder of the test's own, with recordings in it."""
    (tmp_path / "sessions").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def registry(folder: Path) -> Iterator[PracticeRegistry]:
    """Return a registry that has the sample as demo/app:v1."""
    with PracticeRegistry(folder=folder / "store") as practice:
        to_the_end(open_push(PushJob(target=f"{practice.origin.authority}/demo/app:v1")))
        yield practice


@pytest.fixture
def sample(tmp_path: Path) -> Image:
    return open_image("tiny", scratch=tmp_path)


def to_the_end(workbench: Workbench) -> State:
    for _ in workbench.run():
        pass
    workbench.close()
    return workbench.state


@pytest.fixture
def pull(registry: PracticeRegistry) -> Pulls:
    def pulling(dest: str, name: str = "demo/app:v1", platform: str = "") -> Workbench:
        return open_pull(PullJob(f"{registry.origin.authority}/{name}", dest, platform))

    return pulling


def part_of(folder: Path, digest: str, data: bytes) -> Path:
    path = folder / "blobs" / f"{digest.replace(':', '/')}.part"
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    return path


def bytes_of(image: Image, number: int = 0) -> bytes:
    body = image.blobs[number].body
    return body if isinstance(body, bytes) else Path(body.path).read_bytes()


def test_a_pulled_layout_is_the_image_that_was_pushed(pull: Pulls, sample: Image, folder: Path) -> None:
    state = to_the_end(pull("layout"))
    assert (state.status, isinstance(state.outcome, Done)) == (0, True)
    read = open_image("layout", choose="v1", scratch=folder)
    assert (read.root, {b.digest for b in read.blobs}) == (sample.root, {b.digest for b in sample.blobs})
    assert ending(state).endswith(f"{folder}/layout is an OCI layout with the image v1.")


def test_a_pulled_archive_is_the_image_that_was_pushed(pull: Pulls, sample: Image, folder: Path) -> None:
    assert to_the_end(pull("app.tar")).status == 0
    read = open_image("app.tar", schema="oci", scratch=folder)
    assert [blob.digest for blob in read.blobs] == [blob.digest for blob in sample.blobs]
    assert not (folder / "app.tar.partial").exists()


def test_an_archive_that_exists_is_refused_before_anything_is_sent(pull: Pulls, folder: Path) -> None:
    (folder / "app.tar").touch()
    with pytest.raises(InputError, match="is not overwritten"):
        pull("app.tar")


def test_a_platform_is_written_with_slashes(pull: Pulls) -> None:
    with pytest.raises(InputError, match="'amd64' is no platform"):
        pull("layout", platform="amd64")


def test_a_half_is_gone_on_from(pull: Pulls, sample: Image, folder: Path) -> None:
    data = bytes_of(sample)
    part = part_of(folder / "layout", sample.blobs[0].digest, data[:1000])
    state = to_the_end(pull("layout"))
    assert state.exchanges[1].status == 206
    body = state.exchanges[1].response and state.exchanges[1].response.body
    assert isinstance(body, Slice)
    assert (body.offset, body.length) == (1000, len(data) - 1000)
    assert part.with_suffix("").read_bytes() == data
    assert not part.exists()


def test_a_half_with_wrong_bytes_is_begun_anew(pull: Pulls, sample: Image, folder: Path) -> None:
    part = part_of(folder / "layout", sample.blobs[0].digest, b"x" * 1000)
    state = to_the_end(pull("layout"))
    assert [exchange.status for exchange in state.exchanges[:3]] == [200, 206, 200]
    assert part.with_suffix("").read_bytes() == bytes_of(sample)
    assert state.status == 0


def test_an_image_that_is_there_is_not_pulled_again(pull: Pulls) -> None:
    to_the_end(pull("layout"))
    state = to_the_end(pull("layout"))
    assert len(state.exchanges) == 1
    assert "3 of them there already" in ending(state)


def test_a_damaged_blob_that_was_there_is_a_sentence_and_status_4(pull: Pulls, sample: Image, folder: Path) -> None:
    to_the_end(pull("layout"))
    blob = folder / "layout" / "blobs" / sample.blobs[0].digest.replace(":", "/")
    blob.write_bytes(b"x" * blob.stat().st_size)
    state = to_the_end(pull("layout"))
    assert state.status == 4
    assert "is damaged" in ending(state)


def test_bytes_that_do_not_match_are_not_left_behind(pull: Pulls, sample: Image, folder: Path) -> None:
    data = bytes_of(sample)
    [stored] = [path for path in (folder / "store").rglob("*") if path.is_file() and path.read_bytes() == data]
    stored.write_bytes(data[:-1] + b"!")
    state = to_the_end(pull("layout"))
    assert isinstance(state.outcome, Blocked)
    body = state.exchanges[-1].response and state.exchanges[-1].response.body
    assert isinstance(body, Unkept)
    assert f"sha256:{body.sha256}" in state.outcome.sentence
    assert sample.blobs[0].digest in state.outcome.sentence
    assert blobs_of(folder / "layout") == {}


def test_a_step_that_was_refused_is_sent_again_into_its_file(pull: Pulls, sample: Image, folder: Path) -> None:
    data = bytes_of(sample)
    [stored] = [path for path in (folder / "store").rglob("*") if path.is_file() and path.read_bytes() == data]
    stored.write_bytes(data[:-1] + b"!")
    workbench = pull("layout")
    list(workbench.run())
    stored.write_bytes(data)
    workbench.replay(2)
    assert to_the_end(workbench).status == 0


@pytest.fixture
def several(registry: PracticeRegistry, folder: Path) -> str:
    """Push an image for two platforms as demo/several:v1, and return the digest of its index."""
    digest = multi_platform_layout(folder / "source", "linux/amd64", "linux/arm/v7")
    to_the_end(open_push(PushJob("source", target=f"{registry.origin.authority}/demo/several:v1")))
    return digest


def test_an_image_for_several_platforms_is_pulled_whole(pull: Pulls, several: str, folder: Path) -> None:
    assert to_the_end(pull("layout", "demo/several:v1")).status == 0
    assert blobs_of(folder / "layout") == blobs_of(folder / "source")
    assert json.loads((folder / "layout" / "index.json").read_bytes())["manifests"][0]["digest"] == several


def test_one_platform_of_several_is_pulled_alone(pull: Pulls, several: str, folder: Path) -> None:
    state = to_the_end(pull("layout", "demo/several:v1", "linux/arm/v7"))
    assert state.status == 0
    assert len(blobs_of(folder / "layout")) == 4
    assert several.replace(":", "/") not in str(blobs_of(folder / "layout").keys())


def test_one_platform_of_several_becomes_an_archive(pull: Pulls, several: str, folder: Path) -> None:
    assert several
    assert to_the_end(pull("app.tar", "demo/several:v1", "linux/amd64")).status == 0
    assert len(open_image("app.tar", scratch=folder).blobs) == 3


def test_several_platforms_are_no_archive(pull: Pulls, several: str) -> None:
    assert several
    state = to_the_end(pull("app.tar", "demo/several:v1"))
    assert "choose one by --platform: linux/amd64; linux/arm/v7" in ending(state)
    assert len(state.exchanges) == 1


def test_looking_at_the_recording_of_a_pull_writes_nothing(pull: Pulls, folder: Path) -> None:
    state = to_the_end(pull("layout"))
    (folder / "layout" / "index.json").unlink()
    opened = open_recording(state.recording).workbench
    assert isinstance(opened.state.outcome, Done)
    opened.close()
    assert not (folder / "layout" / "index.json").exists()


def test_a_pull_is_gone_on_with_from_its_recording(pull: Pulls, sample: Image, folder: Path) -> None:
    workbench = pull("layout")
    workbench.send()
    workbench.send()
    workbench.close()
    state = to_the_end(open_recording(workbench.state.recording).workbench)
    assert state.status == 0
    assert open_image("layout", scratch=folder).root == sample.root


def test_a_saved_body_comes_back_from_its_recording(pull: Pulls) -> None:
    state = to_the_end(pull("layout"))
    opened = open_recording(state.recording).workbench
    assert [each.response for each in opened.state.exchanges] == [each.response for each in state.exchanges]
    opened.close()


def test_only_a_pull_has_something_to_write_at_its_end() -> None:
    assert when_pulled(FlowCall("push-image")) is None


def test_a_result_that_is_no_image_is_not_written(pull: Pulls) -> None:
    write = when_pulled(pull("layout").session.call)
    assert write
    with pytest.raises(InputError, match="no image was pulled"):
        write("something else")


@pytest.mark.parametrize("name", ["x" * 300, "x" * 250 + ".tar"])
def test_a_name_that_is_too_long_for_the_disk_is_a_sentence(pull: Pulls, name: str) -> None:
    with pytest.raises(FormatError, match="cannot be looked at: File name too long"):
        pull(name)
