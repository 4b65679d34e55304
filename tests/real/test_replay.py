"""Recordings replayed against real registries: derived afresh, with the differences said at the end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from explorer.cli import verb_named
from explorer.flows.push_blob import Shape
from explorer.formats.exporting import export, write_private
from explorer.formats.session import read_session, session_lines
from explorer.jobs import PushJob, open_push, open_recording
from explorer.jobs.exporting import ExportJob, prepare
from explorer.model import Exchange, Failure, Header, Headers, Origin, Response
from explorer.plain.transcript import exchange_lines
from explorer.practice import PracticeRegistry
from tests.real.conftest import Skopeo
from tests.real.test_exports import record, run_script
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


def as_a_client_began(path: Path) -> Path:
    """Write a recording anew as that of a client that tries TLS first, asks for the challenge, and then logs in."""
    session = read_session(path).session
    first = session.exchanges[0].request
    tls = replace(
        first, method="", origin=Origin("http", "recorder.invalid", 80), target="/", headers=Headers(), body=b""
    )
    ping = replace(first, method="GET", target="/v2/", headers=Headers.of(("Host", first.origin.authority)), body=b"")
    challenge = Headers.of(("WWW-Authenticate", 'Basic realm="r"'), ("Content-Length", "0"))
    refused = Response(401, "Unauthorized", "HTTP/1.1", challenge)
    begun = (
        Exchange(1, 0, "Not HTTP", tls, tls, error=Failure("not-http", "The client began in TLS.")),
        Exchange(2, 1, "Is there a registry", ping, ping, refused),
    )
    with_logins = []
    for one in session.exchanges:
        headers = Headers((*one.request.headers.rows, Header("Authorization", "Basic [masked 12345678]")))
        request = replace(one.request, headers=headers)
        with_logins.append(replace(one, id=one.id + 2, after=one.after + 2, request=request, proposed=request))
    written = path.with_name("client.jsonl")
    written.write_bytes(b"".join(session_lines(replace(session, exchanges=(*begun, *with_logins)))))
    return written


def test_what_was_no_request_is_left_out_and_a_challenge_is_no_difference(docker_registry: str, tmp_path: Path) -> None:
    path = as_a_client_began(record(tmp_path, "tiny", Shape.STREAM)[0])
    status, said = replayed(tmp_path, str(path), "--to", f"{docker_registry}/replayed/client:v1")
    assert status == 0, said
    assert "Exchange 1 is left out: what was sent is no request of HTTP." in said
    assert "(edited)" not in said


def test_a_401_without_a_login_after_it_is_a_difference(docker_registry: str, tmp_path: Path) -> None:
    path = as_a_client_began(record(tmp_path, "tiny", Shape.STREAM)[0])
    session = read_session(path).session
    path.write_bytes(b"".join(session_lines(replace(session, exchanges=session.exchanges[:2]))))
    status, said = replayed(tmp_path, str(path), "--to", f"{docker_registry}/replayed/client:v1")
    assert status == 1
    assert "status, recorded: 401 Unauthorized" in said


def test_a_script_leaves_out_what_was_no_request_and_asks_the_registry(docker_registry: str, tmp_path: Path) -> None:
    path = as_a_client_began(record(tmp_path, "tiny", Shape.STREAM)[0])
    script = tmp_path / "push.sh"
    write_private(script, export(prepare(ExportJob(str(path), only="1,3-")).material, "curl"))
    assert "# Exchange 1 is left out: what was sent is no request of HTTP." in script.read_text()
    assert "recorder.invalid" not in script.read_text().partition("set -eu")[2]
    run_script(script, f"http://{docker_registry}", LOGIN="alice:any")
    kinds = [export(prepare(ExportJob(str(path))).material, kind) for kind in ("hurl", "http")]
    assert all(b"# Exchange 1 is left out" in b"".join(pieces) for pieces in kinds)
