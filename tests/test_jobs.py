"""From what a user asks for to a workbench, and from a recording back to one."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.errors import FormatError, InputError, Problem
from explorer.flows.push_blob import Shape
from explorer.formats.session import read_session
from explorer.jobs import PushJob, open_push, open_recording
from explorer.model import Headers, Slice, Step, sha256_of
from explorer.practice import PracticeRegistry
from explorer.stepping import Done
from explorer.workbench import Workbench

CONFIG = {"architecture": "amd64", "os": "linux"}
Make = Callable[..., PushJob]


@pytest.fixture
def loose(tmp_path: Path) -> Make:
    """Return what makes a job that pushes loose files, compressed in a temporary folder."""

    def make(name: str = "layer.tar", **more: object) -> PushJob:
        (tmp_path / name).write_bytes(bytes(range(256)) * 1024)
        (tmp_path / "config.json").write_text(json.dumps(CONFIG))
        job = PushJob("", (str(tmp_path / name),), str(tmp_path / "config.json"), gzip=True)
        return replace(job, recording=str(tmp_path / "one.jsonl"), **more)  # type: ignore[arg-type]  # fields of a job

    return make


@contextmanager
def opened(job: PushJob) -> Iterator[Workbench]:
    bench = open_push(job)
    try:
        yield bench
    finally:
        bench.close()


def listens(bench: Workbench) -> bool:
    pending = bench.state.pending or bench.state.exchanges[0]
    origin = pending.request.origin
    try:
        socket.create_connection((origin.host, origin.port), 2).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize("shape", Shape)
def test_without_a_target_the_built_in_registry_takes_the_push(tmp_path: Path, shape: Shape) -> None:
    with opened(PushJob(shape=shape, chunk_size=4000, recording=str(tmp_path / "a.jsonl"))) as bench:
        states = [*bench.run()]
    assert isinstance(states[-1].outcome, Done)
    assert len(states) == len(bench.state.outline)


def test_the_built_in_registry_ends_with_the_workbench(tmp_path: Path) -> None:
    with opened(PushJob(recording=str(tmp_path / "a.jsonl"))) as bench:
        assert listens(bench)
    assert not listens(bench)


def test_opening_a_push_sends_and_writes_nothing(loose: Make) -> None:
    job = loose()
    with opened(job) as bench:
        assert isinstance(bench.state.outcome, Step)
    assert not Path(job.recording).exists()


def test_temporary_bytes_go_with_the_workbench(loose: Make) -> None:
    with opened(loose()) as bench:
        [*bench.run()]
        body = bench.state.exchanges[1].request.body
    assert isinstance(body, Slice)
    assert not Path(body.path).exists()


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (PushJob("gone.tar"), "gone.tar"),
        (PushJob(target="nowhere"), "names no registry"),
        (PushJob(target=f"localhost:1/t/r@sha256:{'0' * 64}"), "asks for the digest"),
        (PushJob(choose="other"), "other"),
        (PushJob(schema="round"), "round"),
    ],
)
def test_a_job_that_cannot_be_is_a_sentence(job: PushJob, words: str) -> None:
    with pytest.raises(Problem, match=words):
        open_push(job)


def test_a_failed_opening_leaves_no_registry_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with pytest.raises(InputError):
        open_push(PushJob(choose="other"))
    assert [*tmp_path.iterdir()] == []


def test_a_file_whose_name_is_not_utf8_is_pushed_and_its_recording_opens(loose: Make) -> None:
    job = loose(os.fsdecode(b"\xff.tar"))
    with opened(job) as bench:
        [*bench.run()]
    again = open_recording(job.recording).workbench
    again.close()
    assert isinstance(again.state.outcome, Done)


def test_bytes_that_lay_in_a_temporary_folder_are_read_from_the_source_again(loose: Make) -> None:
    job = loose()
    with opened(job) as bench:
        [*bench.run()]
    again = open_recording(job.recording, job.recording + "2").workbench
    again.replay(1)
    state = again.send()
    again.close()
    sent = [exchange.sent_sha256 for exchange in (state.exchanges[1], state.exchanges[-1])]
    assert (state.exchanges[-1].status, sent[0]) == (202, sent[1])


def test_a_reopened_push_of_chunks_goes_on_in_the_middle(loose: Make) -> None:
    job = loose(shape=Shape.CHUNKED, chunk_size=100)
    with PracticeRegistry() as practice:
        job = replace(job, target=f"{practice.origin.authority}/t/r:v1")
        with opened(job) as bench:
            for _ in range(3):
                bench.send()
        again = open_recording(job.recording, job.recording + "2").workbench
        states = [*again.run()]
        again.close()
    assert isinstance(states[-1].outcome, Done)
    assert sha256_of(b"") in [exchange.sent_sha256 for exchange in states[-1].exchanges]


def test_a_source_that_is_gone_is_a_sentence(loose: Make) -> None:
    job = loose()
    with opened(job) as bench:
        bench.send()
    Path(job.layers[0]).unlink()
    again = open_recording(job.recording, job.recording + "2").workbench
    again.replay(1)
    with pytest.raises(Problem, match=r"layer\.tar"):
        again.send()
    again.close()


def test_a_taken_port_of_the_built_in_registry_is_a_sentence_and_another_registry_will_do(loose: Make) -> None:
    job = loose()
    with opened(job) as bench:
        old = bench.send().exchanges[0].request
    again = open_recording(job.recording, job.recording + "2").workbench
    with socket.create_server((old.origin.host, old.origin.port)), PracticeRegistry() as other:
        with pytest.raises(InputError, match="taken"):
            again.replay(1)
        again.edit(replace(old, origin=other.origin), attempt_of=1)
        assert again.send().exchanges[-1].status == 202
    again.close()


def test_a_recording_keeps_no_credentials_and_says_so(loose: Make) -> None:
    job = loose()
    with opened(job) as bench:
        pending = bench.state.pending
        assert pending
        bench.edit(replace(pending.request, headers=Headers.of(*AUTHORIZED)))
        bench.send()
    assert "hunter2" not in Path(job.recording).read_text()
    again = open_recording(job.recording, job.recording + "2").workbench
    with pytest.raises(InputError, match="kept no credentials"):
        again.replay(1)
    again.close()


AUTHORIZED = (("Host", "x"), ("Authorization", "Basic hunter2"), ("Content-Length", "0"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"name":"push-image"', '"name":"dance"'),
        ('"shape":"stream"', '"shape":"round"'),
        ('"target":"http', '"target":"ftp'),
        ('"blobs":[', '"blobs":[7,'),
        ('"chunk_size":', '"chunk_sizes":'),
        ('"digest":"sha256:', '"digest":"sha256:!'),
    ],
)
def test_a_recording_whose_flow_cannot_be_built_is_a_sentence(loose: Make, old: str, new: str) -> None:
    job = loose()
    with opened(job) as bench:
        bench.record()
    path = Path(job.recording)
    raw = path.read_text()
    assert old in raw
    path.write_text(raw.replace(old, new))
    with pytest.raises((FormatError, InputError)):
        open_recording(job.recording)


def test_a_torn_recording_opens_with_a_remark(loose: Make) -> None:
    job = loose()
    with opened(job) as bench:
        bench.send()
        bench.send()
    path = Path(job.recording)
    path.write_bytes(path.read_bytes()[:-9])
    again = open_recording(job.recording)
    again.workbench.close()
    assert ("cut off" in again.remark, len(again.workbench.state.exchanges)) == (True, 1)
    assert len(read_session(path).session.exchanges) == 1
