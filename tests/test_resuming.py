"""An upload that was cut off is gone on with from its recording: the right bytes, from the right place."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.errors import FormatError, InputError
from explorer.flows import flow_named
from explorer.flows.push_blob import Shape
from explorer.formats.session import SessionWriter, read_session
from explorer.jobs import PushJob, ResumeJob, open_flow, open_push, open_resume
from explorer.model import FlowCall
from explorer.practice import PracticeRegistry
from explorer.spec.digests import digest_of
from explorer.state import State
from explorer.stepping import Done
from explorer.workbench import Workbench
from tests.layouts import multi_platform_layout

DATA = random.Random(1).randbytes(3_000_000)


@pytest.fixture
def registry() -> Iterator[str]:
    """Return host:port of a registry that runs."""
    with PracticeRegistry() as practice:
        yield practice.origin.authority


@pytest.fixture
def cut(registry: str, tmp_path: Path) -> Path:
    """Return the recording of a push of one blob that was stopped in the middle of its PATCH."""
    (tmp_path / "blob").write_bytes(DATA)
    return stopped(registry, tmp_path)


def stopped(registry: str, folder: Path, **words: object) -> Path:
    words = {"target": f"{registry}/t/r", "file": str(folder / "blob"), **words}
    bench = open_flow(flow_named("push-blob"), words, recording=str(folder / "cut.jsonl"))
    bench.send()
    bench.send(lambda done, total: bench.stop() if done < total else None)
    bench.close()
    assert bench.state.exchanges[-1].error
    return folder / "cut.jsonl"


def to_the_end(bench: Workbench) -> State:
    for _ in bench.run():
        pass
    bench.close()
    return bench.state


def resumed(path: Path, file: str = "") -> State:
    return to_the_end(open_resume(ResumeJob(str(path), file, str(path.with_suffix(".more")))))


def exists(registry: str, digest: str, folder: Path) -> str:
    words = {"target": f"{registry}/t/r", "digest": digest}
    state = to_the_end(open_flow(flow_named("blob-exists"), words, recording=str(folder / "exists.jsonl")))
    assert isinstance(state.outcome, Done)
    return str(state.outcome.result)


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_the_rest_is_sent_from_where_the_registry_is(registry: str, tmp_path: Path, algorithm: str) -> None:
    (tmp_path / "blob").write_bytes(DATA)
    state = resumed(stopped(registry, tmp_path, algorithm=algorithm))
    assert isinstance(state.outcome, Done), state.outcome
    status, patch, put = state.exchanges
    assert (status.request.method, put.request.method) == ("GET", "PUT")
    start = int((patch.request.headers.get("Content-Range") or "").partition("-")[0])
    assert start > 0
    assert patch.sent_size == len(DATA) - start
    assert exists(registry, digest_of(DATA, algorithm), tmp_path) == "there"


def test_an_upload_that_ended_between_chunks_is_gone_on_with(registry: str, tmp_path: Path) -> None:
    multi_platform_layout(tmp_path / "layout", "linux/amd64")
    job = PushJob(str(tmp_path / "layout"), target=f"{registry}/t/r:v1", shape=Shape.CHUNKED, chunk_size=50_000)
    bench = open_push(replace(job, recording=str(tmp_path / "cut.jsonl")))
    for _ in range(3):
        bench.send()
    bench.close()
    state = resumed(tmp_path / "cut.jsonl")
    assert isinstance(state.outcome, Done), state.outcome
    assert (state.exchanges[1].request.headers.get("Content-Range") or "").startswith("100000-")


def test_a_file_that_changed_meanwhile_is_not_sent(cut: Path, tmp_path: Path) -> None:
    (tmp_path / "blob").write_bytes(DATA[:-1] + b"x")
    with pytest.raises(FormatError, match="not the bytes that were being uploaded"):
        resumed(cut)


def test_a_file_that_is_gone_is_a_sentence(cut: Path, tmp_path: Path) -> None:
    (tmp_path / "blob").unlink()
    with pytest.raises(FormatError, match="gone"):
        resumed(cut)


def test_the_bytes_may_be_named(cut: Path, tmp_path: Path) -> None:
    (tmp_path / "blob").rename(tmp_path / "elsewhere")
    assert isinstance(resumed(cut, str(tmp_path / "elsewhere")).outcome, Done)


def test_named_bytes_must_be_the_right_ones(cut: Path, tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"other")
    with pytest.raises(FormatError, match="not the bytes"):
        resumed(cut, str(tmp_path / "other"))


def test_an_upload_that_was_closed_is_not_gone_on_with(cut: Path) -> None:
    resumed(cut)
    with pytest.raises(InputError, match="closed or cancelled"):
        resumed(cut.with_suffix(".more"))


def test_a_recording_without_an_upload_is_a_sentence(registry: str, tmp_path: Path) -> None:
    words = {"target": f"{registry}/t/r"}
    to_the_end(open_flow(flow_named("api-check"), words, recording=str(tmp_path / "a.jsonl")))
    with pytest.raises(InputError, match="no upload"):
        resumed(tmp_path / "a.jsonl")


def test_an_upload_to_the_built_in_registry_went_with_it(tmp_path: Path) -> None:
    bench = open_push(PushJob(recording=str(tmp_path / "a.jsonl")))
    bench.send()
    bench.close()
    with pytest.raises(InputError, match="practice --store"):
        resumed(tmp_path / "a.jsonl")


def test_a_recording_that_knows_no_bytes_asks_for_them(cut: Path, tmp_path: Path) -> None:
    bare = replace(read_session(cut).session, call=FlowCall(""))
    SessionWriter(tmp_path / "bare.jsonl", bare).close()
    with pytest.raises(InputError, match="--file"):
        resumed(tmp_path / "bare.jsonl")
    assert isinstance(resumed(tmp_path / "bare.jsonl", str(tmp_path / "blob")).outcome, Done)
