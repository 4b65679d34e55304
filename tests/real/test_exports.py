"""Exported scripts run for real: against docker-registry and the built-in registry, ending in an image."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.faults.switchboard import Switchboard
from explorer.flows.push_blob import Shape
from explorer.formats.exporting import export, write_private
from explorer.jobs import PushJob, open_push
from explorer.jobs.exporting import ExportJob, prepare
from explorer.jobs.pulls import PullJob, open_pull
from explorer.practice import PracticeRegistry
from tests.real.conftest import Skopeo, need
from tests.real.test_push import name_for, old_tar


@pytest.fixture(params=["docker-registry", "practice"])
def other(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the origin of a registry that is not the one of the recording."""
    if request.param == "practice":
        with PracticeRegistry() as practice:
            yield str(practice.origin)
    else:
        yield f"http://{request.getfixturevalue('docker_registry')}"


def record(folder: Path, source: str, shape: Shape, *, break_it: bool = False) -> tuple[Path, str]:
    """Push into a registry of its own, that is gone afterwards; return the recording and the repository."""
    path, name = folder / "recorded.jsonl", name_for(folder)
    with PracticeRegistry() as practice:
        target = f"{practice.origin}/{name}:v1"
        workbench = open_push(PushJob(source, target=target, shape=shape, chunk_size=7000, recording=str(path)))
        if break_it:
            for _ in range(2):
                pending = workbench.send().pending
            assert pending
            broken = pending.request.target.replace("&digest=", "?digest=")
            workbench.edit(replace(pending.request, target=broken))
            workbench.send()
        for _ in workbench.run():
            pass
        assert workbench.state.status == 0
        workbench.close()
    return path, name


def run_script(script: Path, registry: str, **more: str) -> str:
    """Run a script with a shell that is no bash where there is one; return what it says."""
    need("curl")
    shell = shutil.which("dash") or "sh"
    done = subprocess.run(
        [shell, str(script)],
        env={**os.environ, "REGISTRY": registry, "http_proxy": "", **more},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.parametrize("shape", [Shape.STREAM, Shape.CHUNKED, Shape.PUT])
def test_a_curl_script_pushes_the_image_again(other: str, skopeo: Skopeo, tmp_path: Path, shape: Shape) -> None:
    path, name = record(tmp_path, "tiny", shape)
    prepared = prepare(ExportJob(str(path)))
    script = tmp_path / "push.sh"
    write_private(script, export(prepared.material, "curl"))
    assert "Everything went as it was recorded." in run_script(script, other)
    assert skopeo.pull(f"docker://{other.removeprefix('http://')}/{name}:v1", "back")["layers"]


def test_a_script_of_a_push_that_was_refused_is_refused_in_the_same_way(other: str, tmp_path: Path) -> None:
    path, _ = record(tmp_path, "tiny", Shape.STREAM, break_it=True)
    script = tmp_path / "push.sh"
    write_private(script, export(prepare(ExportJob(str(path))).material, "curl"))
    said = run_script(script, other)
    assert "?digest=" in next(line for line in said.splitlines() if line.startswith("3. "))
    assert said.count("?digest=") == 1
    assert ": 404\n" in said


STORIES = Path(__file__).parents[2] / "sessions"
HAD_AGAIN = ("first-push", "multi-platform-push", "second-question-mark", "stale-location", "whole-in-one")


@pytest.mark.parametrize("name", HAD_AGAIN)
def test_a_script_of_a_story_has_it_again_edits_and_refusals_too(
    name: str, docker_registry: str, tmp_path: Path
) -> None:
    prepared = prepare(ExportJob(str(STORIES / f"{name}.jsonl"), side_files=str(tmp_path / "side")))
    script = tmp_path / "again.sh"
    write_private(script, export(prepared.material, "curl"))
    assert "Everything went as it was recorded." in run_script(script, f"http://{docker_registry}")


def test_large_bodies_go_into_side_files_and_are_sent_from_there(
    docker_registry: str, skopeo: Skopeo, tmp_path: Path, layout: Path
) -> None:
    source = old_tar(tmp_path, layout, skopeo)
    path, name = record(tmp_path, str(source), Shape.CHUNKED)
    prepared = prepare(ExportJob(str(path), side_files=str(tmp_path / "side files")))
    script = tmp_path / "push.sh"
    write_private(script, export(prepared.material, "curl"))
    run_script(script, f"http://{docker_registry}")
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in (tmp_path / "side files").iterdir())
    assert skopeo.pull(f"docker://{docker_registry}/{name}:v1", "back")["layers"]


def test_a_script_puts_no_signed_address_into_the_list_of_processes_or_its_own_output(tmp_path: Path) -> None:
    """A curl of our own that says its arguments stands before the real one; it hands all of them on."""
    curl = need("curl")
    with PracticeRegistry(faults=Switchboard(["storage-redirect"])) as practice:
        pushed = open_push(PushJob("tiny", target=f"{practice.origin}/a/b:v1"))
        for _ in pushed.run():
            pass
        pushed.close()
        path = tmp_path / "pull.jsonl"
        pull = open_pull(PullJob(f"{practice.origin}/a/b:v1", str(tmp_path / "layout"), recording=str(path)))
        for _ in pull.run():
            pass
        pull.close()
        assert pull.state.status == 0
        script = tmp_path / "pull.sh"
        write_private(script, export(prepare(ExportJob(str(path))).material, "curl"))
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "curl").write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {tmp_path}/seen\nexec {curl} "$@"\n')
        (tmp_path / "bin" / "curl").chmod(0o700)
        said = run_script(script, str(practice.origin), PATH=f"{tmp_path}/bin:{os.environ['PATH']}")
    signed = [line for line in said.splitlines() if line.endswith("?...: 200")]
    assert len(signed) >= 2
    assert "ignature" not in said
    assert "ignature" not in (tmp_path / "seen").read_text()


def test_a_script_stops_where_the_other_registry_answers_otherwise(docker_registry: str, tmp_path: Path) -> None:
    path, _ = record(tmp_path, "tiny", Shape.POST)
    script = tmp_path / "push.sh"
    write_private(script, export(prepare(ExportJob(str(path))).material, "curl"))
    with pytest.raises(AssertionError, match="It was 201 when this was recorded"):
        run_script(script, f"http://{docker_registry}")


def test_a_script_stops_with_the_registrys_words_where_it_is_refused(tmp_path: Path) -> None:
    need("curl")
    path, _ = record(tmp_path, "tiny", Shape.STREAM)
    script = tmp_path / "push.sh"
    write_private(script, export(prepare(ExportJob(str(path), only="10")).material, "curl"))
    with PracticeRegistry() as practice:
        done = subprocess.run(
            ["sh", str(script)],
            env={**os.environ, "REGISTRY": str(practice.origin)},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
    assert done.returncode == 1
    assert "MANIFEST_BLOB_UNKNOWN" in done.stderr


@pytest.mark.skipif(shutil.which("hurl") is None, reason="hurl is not installed (Debian 12 has no package of it)")
def test_a_hurl_file_pushes_the_image_again(other: str, skopeo: Skopeo, tmp_path: Path) -> None:
    path, name = record(tmp_path, "tiny", Shape.STREAM)
    file = tmp_path / "push.hurl"
    write_private(file, export(prepare(ExportJob(str(path))).material, "hurl"))
    done = subprocess.run(
        ["hurl", "--variable", f"registry={other}", str(file)], capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
    assert skopeo.pull(f"docker://{other.removeprefix('http://')}/{name}:v1", "back")["layers"]
