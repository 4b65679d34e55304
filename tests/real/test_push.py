"""Pushes into docker-registry 2.8 and into the built-in registry, pulled back by skopeo."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.decoders.upload_state import state_of
from explorer.flows.push_blob import Shape
from explorer.formats.session import read_session
from explorer.jobs import PushJob, open_push
from explorer.practice import PracticeRegistry
from explorer.state import State
from explorer.stepping import Blocked, Done
from tests.real.conftest import Skopeo


@pytest.fixture(params=["docker-registry", "practice"])
def registry(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return host:port of either registry."""
    if request.param == "practice":
        with PracticeRegistry() as practice:
            yield practice.origin.authority
    else:
        where: str = request.getfixturevalue("docker_registry")
        yield where


def pushed(job: PushJob) -> State:
    """Push to the end and return how it stands."""
    workbench = open_push(job)
    for _ in workbench.run():
        pass
    workbench.close()
    assert isinstance(workbench.state.outcome, Done), workbench.state.outcome
    return workbench.state


def name_for(folder: Path) -> str:
    """Return a repository's name that no other test has."""
    return "t/" + hashlib.sha256(str(folder).encode()).hexdigest()[:12]


@pytest.mark.parametrize("shape", list(Shape))
def test_an_image_pushed_in_each_shape_is_pulled_back_equal(
    registry: str, skopeo: Skopeo, tmp_path: Path, layout: Path, shape: Shape
) -> None:
    skopeo.copy(f"oci:{layout}:latest", f"docker-archive:{tmp_path}/alpine.tar:alpine:latest")
    target = f"{registry}/{name_for(tmp_path)}:latest"
    job = PushJob(f"{tmp_path}/alpine.tar", target=target, shape=shape, chunk_size=7000)
    state = pushed(replace(job, recording=f"{tmp_path}/a.jsonl"))
    wanted = json.loads(state.exchanges[-1].request.body)  # type: ignore[arg-type]  # a manifest is bytes
    found = skopeo.pull(f"docker://{target}", "back")
    assert found["config"] == [wanted["config"]["digest"]]
    assert found["layers"] == [layer["digest"] for layer in wanted["layers"]]


def old_tar(folder: Path, layout: Path, skopeo: Skopeo) -> Path:
    """Make a docker-save archive as skopeo writes it."""
    skopeo.copy(f"oci:{layout}:latest", f"docker-archive:{folder}/old.tar:alpine:latest")
    return folder / "old.tar"


def packed(folder: Path, layout: Path, skopeo: Skopeo) -> Path:
    """Make the same, compressed."""
    (folder / "old.tar.gz").write_bytes(gzip.compress(old_tar(folder, layout, skopeo).read_bytes()))
    return folder / "old.tar.gz"


def unpacked(folder: Path, layout: Path, skopeo: Skopeo) -> Path:
    """Make the same, unpacked."""
    (folder / "old").mkdir()
    subprocess.run(["tar", "xf", str(old_tar(folder, layout, skopeo)), "-C", str(folder / "old")], check=True)
    return folder / "old"


def layout_tar(folder: Path, layout: Path, skopeo: Skopeo) -> Path:
    """Make a packed OCI layout."""
    skopeo.copy(f"oci:{layout}:latest", f"oci-archive:{folder}/oci.tar:latest")
    return folder / "oci.tar"


def layout_folder(folder: Path, layout: Path, skopeo: Skopeo) -> Path:
    """Take the layout as it is."""
    del folder, skopeo
    return layout


@pytest.mark.parametrize("make", [old_tar, packed, unpacked, layout_tar, layout_folder], ids=lambda make: make.__name__)
@pytest.mark.parametrize(("schema", "compress"), [(None, False), ("docker", True), ("oci", False)])
def test_each_kind_of_source_is_pushed_and_pulled_back(
    registry: str,
    skopeo: Skopeo,
    tmp_path: Path,
    layout: Path,
    make: Callable[[Path, Path, Skopeo], Path],
    schema: str | None,
    compress: bool,
) -> None:
    target = f"{registry}/{name_for(tmp_path)}:v1"
    source = str(make(tmp_path, layout, skopeo))
    job = PushJob(source, target=target, schema=schema, gzip=compress, recording=f"{tmp_path}/a.jsonl")
    state = pushed(job)
    outcome = state.outcome
    assert isinstance(outcome, Done)
    assert skopeo.manifest_digest(f"docker://{target}") == outcome.result
    assert len(skopeo.pull(f"docker://{target}", "back")["layers"]) == 2


def test_loose_files_are_pushed_and_pulled_back(registry: str, skopeo: Skopeo, tmp_path: Path, layout: Path) -> None:
    unpacked(tmp_path, layout, skopeo)
    listed = json.loads((tmp_path / "old" / "manifest.json").read_bytes())[0]
    target = f"{registry}/{name_for(tmp_path)}:v1"
    state = pushed(
        PushJob(
            "",
            layers=tuple(f"{tmp_path}/old/{layer}" for layer in listed["Layers"]),
            config=f"{tmp_path}/old/{listed['Config']}",
            target=target,
            recording=f"{tmp_path}/a.jsonl",
        )
    )
    assert state.status == 0
    assert len(skopeo.pull(f"docker://{target}", "back")["layers"]) == 2


def test_a_second_question_mark_is_refused_and_the_mended_request_goes_through(registry: str, tmp_path: Path) -> None:
    workbench = open_push(PushJob(target=f"{registry}/{name_for(tmp_path)}:v1", recording=f"{tmp_path}/a.jsonl"))
    workbench.send()
    pending = workbench.send().pending
    assert pending
    broken = replace(pending.request, target=pending.request.target.replace("&digest=", "?digest="))
    workbench.edit(broken)
    refused = workbench.send()
    assert isinstance(refused.outcome, Blocked)
    assert "BLOB_UPLOAD_INVALID" in refused.outcome.sentence
    assert workbench.send().exchanges[-1].status == 201
    workbench.close()
    recorded = read_session(tmp_path / "a.jsonl").session.exchanges
    assert [exchange.status for exchange in recorded] == [202, 202, 404, 201]
    assert recorded[2].request.target == broken.target


def test_the_token_of_docker_registry_is_decoded(docker_registry: str, tmp_path: Path) -> None:
    name = name_for(tmp_path)
    workbench = open_push(PushJob(target=f"{docker_registry}/{name}:v1", recording=f"{tmp_path}/a.jsonl"))
    answer = workbench.send().exchanges[0].response
    workbench.close()
    assert answer
    state = state_of(answer.headers.get("Location") or "")
    assert state
    assert (state.name, state.offset) == (name, 0)
    assert state.uuid in (answer.headers.get("Location") or "")


def test_a_post_without_its_final_slash_is_redirected_in_a_step_of_its_own(registry: str, tmp_path: Path) -> None:
    workbench = open_push(PushJob(target=f"{registry}/{name_for(tmp_path)}:v1", recording=f"{tmp_path}/a.jsonl"))
    pending = workbench.state.pending
    assert pending
    workbench.edit(replace(pending.request, target=pending.request.target.rstrip("/")))
    hop = workbench.send().pending
    assert workbench.state.exchanges[0].status == 301
    assert hop
    assert (hop.request.method, hop.request.target) == ("POST", pending.request.target)
    assert workbench.send().exchanges[1].status == 202
    workbench.close()


def test_skopeo_pushes_to_and_pulls_from_the_built_in_registry(skopeo: Skopeo, tmp_path: Path, layout: Path) -> None:
    with PracticeRegistry() as practice:
        target = f"docker://{practice.origin.authority}/{name_for(tmp_path)}:v1"
        skopeo.copy(f"oci:{layout}:latest", target)
        wanted = json.loads((layout / "index.json").read_bytes())["manifests"][0]["digest"]
        assert skopeo.manifest_digest(target) == wanted
        assert len(skopeo.pull(target, "back")["layers"]) == 2


def test_the_program_itself_pushes_and_skopeo_pulls(
    docker_registry: str, skopeo: Skopeo, tmp_path: Path, layout: Path
) -> None:
    source = old_tar(tmp_path, layout, skopeo)
    target = f"http://{docker_registry}/{name_for(tmp_path)}:latest"
    words = ["push", str(source), target, "--run", "--session", f"{tmp_path}/a.jsonl"]
    done = subprocess.run([sys.executable, "-m", "explorer", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert skopeo.pull(f"docker://{target.removeprefix('http://')}", "back")["layers"]
