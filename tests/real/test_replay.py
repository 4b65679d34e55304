"""Recordings replayed against real registries: derived afresh, with the differences said at the end."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from explorer.cli import verb_named
from explorer.flows.push_blob import Shape
from explorer.formats.session import read_session
from explorer.jobs import PushJob, open_push, open_recording
from explorer.plain.transcript import exchange_lines
from explorer.practice import PracticeRegistry
from tests.real.conftest import Skopeo
from tests.real.test_exports import record
from tests.real.test_push import old_tar


def replayed(tmp_path: Path, *words: str) -> tuple[int, str]:
    """Run `replay` and return its exit status and what it printed."""
    done = CliRunner().invoke(
        verb_named("replay"), [*words, "--session", str(tmp_path / "again.jsonl")], standalone_mode=False
    )
    if done.exception:
        raise done.exception
    return int(done.return_value), done.output


@pytest.mark.parametrize("shape", [Shape.STREAM, Shape.CHUNKED, Shape.PUT])
def test_a_push_is_had_again_with_another_registry_and_another_name(
    docker_registry: str, skopeo: Skopeo, tmp_path: Path, shape: Shape
) -> None:
    path, _ = record(tmp_path, "tiny", shape)
    status, said = replayed(tmp_path, str(path), "--to", f"{docker_registry}/replayed/{shape}:v9")
    assert status == 0, said
    assert "The address is the Location of the new answer to" in said
    assert skopeo.pull(f"docker://{docker_registry}/replayed/{shape}:v9", "back")["layers"]


def test_a_registry_that_answers_otherwise_is_told_apart(docker_registry: str, tmp_path: Path) -> None:
    path, _ = record(tmp_path, "tiny", Shape.POST)
    status, said = replayed(tmp_path, str(path), "--to", f"{docker_registry}/replayed/post:v1")
    assert status == 1
    assert "status, now: 202 Accepted" in said


def test_the_bytes_come_from_the_original_files(
    docker_registry: str, skopeo: Skopeo, tmp_path: Path, layout: Path
) -> None:
    source = old_tar(tmp_path, layout, skopeo)
    path, _ = record(tmp_path, str(source), Shape.CHUNKED)
    status, said = replayed(tmp_path, str(path), "--to", f"{docker_registry}/replayed/files:v1")
    assert status == 0, said
    assert skopeo.pull(f"docker://{docker_registry}/replayed/files:v1", "back")["layers"]


def test_a_file_that_is_another_one_by_now_is_not_sent(tmp_path: Path, layout: Path, skopeo: Skopeo) -> None:
    source = old_tar(tmp_path, layout, skopeo)
    path, _ = record(tmp_path, str(source), Shape.STREAM)
    changed = bytearray(source.read_bytes())
    for at in range(0, len(changed), 512):
        changed[at] ^= 1
    source.write_bytes(changed)
    with (
        PracticeRegistry() as practice,
        pytest.raises(Exception, match=r"the bytes there are|cannot be read|is gone|none of"),
    ):
        replayed(tmp_path, str(path), "--to", f"{practice.origin.authority}/t/r:v1")


def test_a_literal_replay_meets_a_registry_that_does_not_know_the_old_uploads(tmp_path: Path) -> None:
    path, name = record(tmp_path, "tiny", Shape.STREAM)
    with PracticeRegistry() as practice:
        status, said = replayed(tmp_path, str(path), "--literal", "--to", f"{practice.origin.authority}/{name}:v1")
    assert status == 1
    assert "status, now: 404 Not Found" in said


def test_a_mount_is_had_again_where_its_source_is(docker_registry: str, tmp_path: Path) -> None:
    seed, _ = record(tmp_path, "tiny", Shape.STREAM)
    assert replayed(tmp_path, str(seed), "--to", f"{docker_registry}/replayed/seed:v1")[0] == 0
    (tmp_path / "again.jsonl").unlink()
    recording = tmp_path / "mounted.jsonl"
    was = f"{docker_registry}/replayed/was:v1"
    job = PushJob(target=was, recording=str(recording), mount_from="replayed/seed")
    bench = open_push(job)
    for _ in bench.run():
        pass
    bench.close()
    assert 201 in [one.status for one in bench.state.exchanges if "mount=" in one.request.target]
    status, said = replayed(tmp_path, str(recording), "--to", f"{docker_registry}/replayed/now:v1")
    assert status == 0, said


def test_a_redirect_that_was_imported_is_had_again(docker_registry: str, tmp_path: Path) -> None:
    path = Path(__file__).parents[1] / "captures" / "curl-01-post-no-slash.txt"
    status, said = replayed(tmp_path, str(path), "--to", f"{docker_registry}/replayed/redirected:v1")
    assert status == 0, said
    again = read_session(tmp_path / "again.jsonl").session
    assert [(one.request.method, one.status) for one in again.exchanges] == [("POST", 301), ("POST", 202)]


def test_a_recording_of_a_replay_opens_with_what_it_did(tmp_path: Path) -> None:
    path, _ = record(tmp_path, "tiny", Shape.STREAM)
    with PracticeRegistry() as registry:
        assert replayed(tmp_path, str(path), "--to", f"{registry.origin.authority}/re/again:v1")[0] == 0
        origin = str(registry.origin)
    opened = open_recording(str(tmp_path / "again.jsonl"))
    opened.workbench.close()
    assert opened.report[0].startswith(f"This is a replay of {path.name} to {origin}: ")
    said = [line for one in opened.workbench.state.exchanges for line in exchange_lines(one)]
    assert any("Location of the new answer" in line for line in said)


def test_a_login_that_is_left_out_is_no_difference(tmp_path: Path) -> None:
    path = Path(__file__).parents[2] / "sessions" / "expired-token.jsonl"
    with PracticeRegistry() as registry:
        status, said = replayed(tmp_path, str(path), "--to", f"{registry.origin.authority}/re/again:v1")
    assert status == 0, said
    assert "Authorization" not in said
