"""The program as it is called: what it prints, and the status that it leaves with."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.formats.session import read_session
from tests.ports import free_port


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder to run in, with a place for recordings."""
    (tmp_path / "sessions").mkdir()
    return tmp_path


def run(folder: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    return subprocess.run(
        [sys.executable, "-m", "explorer", *words],
        cwd=folder,
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
    )


@pytest.mark.parametrize("shape", ["stream", "chunked", "put", "post"])
def test_run_pushes_the_sample_in_each_shape(folder: Path, shape: str) -> None:
    done = run(folder, "push", "tiny", "--run", "--shape", shape, "--chunk-size", "16k")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "> POST /v2/tiny/blobs/uploads/" in done.stdout
    assert "< HTTP/1.1 201 Created" in done.stdout
    assert "Done: push tiny:latest" in done.stdout


def test_a_run_that_is_refused_says_the_likeliest_reason_once_and_what_mends_it(folder: Path) -> None:
    done = run(folder, "push", "tiny", "--run", "--fault", "bad-gateway")
    assert done.returncode == 1
    assert done.stdout.count("[bad-gateway, decides, exchange 1]") == 1
    assert "fix      (proxy) Start the registry" in done.stdout


def test_a_run_that_ends_well_gives_no_reason(folder: Path) -> None:
    assert "  why  " not in run(folder, "push", "tiny", "--run").stdout


def test_the_recording_is_named_at_the_end_and_holds_every_exchange(folder: Path) -> None:
    done = run(folder, "push", "tiny", "--run")
    named = re.search(r"Recording: (\S+)", done.stdout)
    assert named
    path = folder / named[1]
    assert path.parent == folder / "sessions" / "local"
    assert len(read_session(path).session.exchanges) == 10
    assert path.stat().st_mode & 0o777 == 0o600


def test_line_mode_steps_edits_is_refused_and_goes_on(folder: Path) -> None:
    typed = "1\n1\n2\n1 PUT /v2/tiny/blobs/uploads/x?_state=y?digest=sha256:0 HTTP/1.1\n\n1\n4\n0\n"
    done = run(folder, "push", "tiny", "--plain", typed=typed)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Step 3 of 10: " in done.stdout
    assert "was answered 404" in done.stdout
    assert "Done: push tiny:latest" in done.stdout
    assert "\x1b" not in done.stdout


def test_line_mode_that_ends_before_the_end_says_what_was_next(folder: Path) -> None:
    done = run(folder, "push", "tiny", "--plain", typed="1\n")
    assert done.returncode == 130
    assert "Left before the end" in done.stdout


def test_an_opened_recording_is_shown_and_replayed_into_a_new_one(folder: Path) -> None:
    run(folder, "push", "tiny", "--run", "--session", "a.jsonl")
    before = (folder / "a.jsonl").read_bytes()
    done = run(folder, "open", "a.jsonl", "--plain", "--session", "b.jsonl", typed="8\n7 10\n5 1\n0\n")
    assert "PUT /v2/tiny/manifests/latest HTTP/1.1" in done.stdout
    assert (folder / "a.jsonl").read_bytes() == before
    assert len(read_session(folder / "b.jsonl").session.exchanges) == 11


def test_looking_at_a_recording_sends_nothing_and_writes_nothing(folder: Path) -> None:
    run(folder, "push", "tiny", "--run", "--session", "a.jsonl")
    done = run(folder, "open", "a.jsonl", "--plain", typed="7 1\n0\n")
    assert done.returncode == 0
    assert sorted(path.name for path in folder.rglob("*.jsonl")) == ["a.jsonl"]


BAD_USAGE = {
    "no source": (["push"], "Missing SOURCE"),
    "no such verb": (["pusch"], "No such command"),
    "layer without config": (["push", "--layer", "x"], "--config is missing"),
    "upper-case name": (["push", "tiny", "localhost:5000/Demo", "--run"], "upper-case"),
    "bad tag": (["push", "tiny", "localhost:5000/demo:-x", "--run"], "no tag"),
    "no host": (["push", "tiny", "demo/app", "--run"], "names no registry"),
    "http elsewhere": (["push", "tiny", "http://reg.example/demo", "--run"], "--plain-http"),
    "other digest": (["push", "tiny", f"localhost:5000/demo@sha256:{'0' * 64}", "--run"], "asks for the digest"),
    "chunk size": (["push", "tiny", "--run", "--chunk-size", "0"], "no size"),
    "TLS within TLS": (["record", "https://reg.test", "--plain", "--proxy", "https://p.test"], "one with --proxy, or"),
    "no terminal": (["push", "tiny"], "--plain or --run"),
    "no terminal at start": ([], "needs a terminal"),
}


@pytest.mark.parametrize(("words", "said"), BAD_USAGE.values(), ids=BAD_USAGE.keys())
def test_bad_usage_is_one_sentence_and_status_2(folder: Path, words: list[str], said: str) -> None:
    done = run(folder, *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_nothing_listening_is_a_sentence_and_status_3(folder: Path) -> None:
    done = run(folder, "push", "tiny", f"127.0.0.1:{free_port()}/demo", "--run")
    assert done.returncode == 3
    assert "the connection was refused" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_image_is_a_sentence_and_status_4(folder: Path) -> None:
    (folder / "image.tar").write_text("this is no image")
    done = run(folder, "push", "image.tar", "--run")
    assert done.returncode == 4
    assert "image.tar" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("words", [("open",), ("resume",), ("replay", "--screen")], ids=lambda words: words[0])
def test_without_a_terminal_a_file_that_is_not_there_is_said_first(folder: Path, words: tuple[str, ...]) -> None:
    done = run(folder, *words, "missing.jsonl")
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert "missing.jsonl: the file cannot be read: No such file or directory." in done.stderr


def test_without_a_terminal_a_file_that_is_there_is_told_what_to_use(folder: Path) -> None:
    (folder / "x.jsonl").write_text("{}\n")
    done = run(folder, "open", "x.jsonl")
    assert (done.returncode, "Use --plain here" in done.stderr) == (2, True)


def test_a_file_that_is_no_recording_is_a_sentence_and_status_4(folder: Path) -> None:
    (folder / "x.jsonl").write_text("{}\n")
    done = run(folder, "open", "x.jsonl", "--plain")
    assert done.returncode == 4
    assert "no HTTP exchange was found in it" in done.stderr


def test_a_recording_is_never_overwritten(folder: Path) -> None:
    (folder / "a.jsonl").write_text("mine")
    done = run(folder, "push", "tiny", "--run", "--session", "a.jsonl")
    assert done.returncode == 2
    assert (folder / "a.jsonl").read_text() == "mine"


def test_practice_serves_until_it_is_interrupted(folder: Path) -> None:
    words = [sys.executable, "-u", "-m", "explorer", "practice", "--port", "0"]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, text=True, env=env) as served:
        assert served.stdout
        found = re.search(r"http://(127\.0\.0\.1:\d+)", served.stdout.readline())
        assert found
        done = run(folder, "push", "tiny", f"{found[1]}/demo/app:v1", "--run")
        served.send_signal(signal.SIGINT)
        assert served.wait(20) == 0
    assert done.returncode == 0


def test_an_interrupt_leaves_a_recording_that_opens(folder: Path) -> None:
    words = [sys.executable, "-u", "-m", "explorer", "push", "tiny", "--plain", "--session", "a.jsonl"]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=folder, text=True, env=env, stdin=pipe, stdout=pipe, stderr=pipe) as stepping:
        assert stepping.stdin
        assert stepping.stdout
        stepping.stdin.write("1\n")
        stepping.stdin.flush()
        while "Step 2" not in stepping.stdout.readline():
            pass
        stepping.send_signal(signal.SIGINT)
        assert stepping.wait(20) == 130
    assert len(read_session(folder / "a.jsonl").session.exchanges) == 1


def test_an_attempt_that_is_interrupted_is_recorded(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        target = f"127.0.0.1:{silent.getsockname()[1]}/demo"
        words = [sys.executable, "-m", "explorer", "push", "tiny", target, "--run", "--session", "a.jsonl"]
        env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        with subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env) as waiting:
            connection, _ = silent.accept()
            with connection:
                assert connection.recv(100)
                waiting.send_signal(signal.SIGTERM)
                assert waiting.wait(20) == 130
    (interrupted,) = read_session(folder / "a.jsonl").session.exchanges
    assert interrupted.error
    assert interrupted.error.kind == "interrupted"


def test_output_that_cannot_be_written_is_a_sentence(folder: Path) -> None:
    words = [sys.executable, "-m", "explorer", "push", "tiny", "--run"]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(words, cwd=folder, stdout=full, stderr=subprocess.PIPE, text=True, env=env, check=False)
    assert done.returncode == 4
    assert done.stderr.strip() == "registry-explorer: The output cannot be written: No space left on device."
