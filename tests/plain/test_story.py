"""The whole story in line mode, by the real program: over pipes as a script, and typed in a terminal."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from explorer.formats.session import read_session
from tests.plain.terminal import Terminal, program

# An editor that makes the mistake that this project began with.
BREAKING = {"EDITOR": "sed -i s/.digest=/?digest=/", "VISUAL": ""}

STORY = (
    "send",
    "send",
    "edit",
    "editor",
    "",
    "send",
    "why",
    "fix 1 send",
    "compare 3 4",
    "run",
    "list",
    "save kept.jsonl",
    "replay",
    "run",
    "compare",
    "quit",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder to run in, with a place for recordings."""
    (tmp_path / "sessions").mkdir()
    return tmp_path


def run(folder: Path, *words: str, typed: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the program to its end, away from any terminal."""
    return subprocess.run(
        program(*words),
        cwd=folder,
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **environ},
        start_new_session=True,
        check=False,
    )


def script(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def test_the_story_is_told_to_a_script(folder: Path) -> None:
    done = run(folder, "push", "tiny", "--plain", typed=script(*STORY), **BREAKING)
    assert done.returncode == 0, done.stdout + done.stderr
    told = iter(done.stdout.split("\n"))
    for line in (
        "> send",
        "Warning 1: a second '?' stands in the URL",
        "> fix 1 send",
        "The fix for second-question-mark helped.",
        "They differ in target, status",
        "10. PUT config: close: 201, ok",
        "Written: kept.jsonl",
        "Session 2 is at hand: replay of",
        "The 11 exchanges went the same way.",
    ):
        assert any(said.startswith(line) for said in told), line
    statuses = [exchange.status for exchange in read_session(folder / "kept.jsonl").session.exchanges]
    assert statuses == [202, 202, 404, 201, 202, 202, 201, 202, 202, 201, 201]
    assert (folder / "kept.jsonl").stat().st_mode & 0o777 == 0o600
    assert "\x1b" not in done.stdout + done.stderr


def test_the_story_is_typed_in_a_terminal(folder: Path) -> None:
    with Terminal(folder, *program("push", "tiny", "--plain"), environ=BREAKING) as terminal:
        terminal.wait_for("\n> ")
        for line in ("send", "send", "edit"):
            terminal.type(line)
            terminal.wait_for("edit> " if line == "edit" else "\n> ")
        terminal.type("editor")
        assert "?digest=" in terminal.wait_for("edit> ")
        terminal.type("send")
        assert "illegal base64 data at input byte" in terminal.wait_for("\n> ")
        for line, said in (
            ("why", "second-question-mark, decides"),
            ("fix 1", "Fixed: '&' in the place of the second '?'"),
            ("send", "The fix for second-question-mark helped."),
            ("run", "Done: push tiny:latest"),
            ("replay", "Session 2 is at hand"),
            ("run", "11 of 11 recorded requests were sent again"),
            ("compare", "The 11 exchanges went the same way."),
            ("save kept.jsonl", "Written: kept.jsonl"),
        ):
            terminal.type(line)
            terminal.wait_for(said)
            terminal.wait_for("\n> ")
        terminal.type("quit")
        assert terminal.leave() == 0
        assert "\x1b" not in terminal.said
    assert len(read_session(folder / "kept.jsonl").session.exchanges) == 11


def test_ctrl_c_at_a_prompt_leaves_the_program_running_and_ctrl_d_ends_it(folder: Path) -> None:
    with Terminal(folder, *program("push", "tiny", "--plain")) as terminal:
        terminal.wait_for("\n> ")
        terminal.press(b"\x03")
        terminal.wait_for("Interrupted. quit leaves.")
        terminal.wait_for("\n> ")
        terminal.type("send")
        terminal.wait_for("Answered 202")
        terminal.wait_for("\n> ")
        terminal.press(b"\x04")
        assert terminal.leave() == 130


def test_ctrl_c_stops_a_transfer_and_not_the_program(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        target = f"127.0.0.1:{silent.getsockname()[1]}/t/r:v1"
        with Terminal(folder, *program("push", "tiny", target, "--plain", "--session", "a.jsonl")) as terminal:
            terminal.wait_for("\n> ")
            terminal.type("send")
            silent.settimeout(60)
            with silent.accept()[0] as asked:
                asked.settimeout(60)
                assert asked.recv(65536)
                terminal.press(b"\x03")
                terminal.wait_for("The exchange was stopped after 0 bytes of the body had left.")
                terminal.wait_for("\n> ")
            terminal.type("quit")
            assert terminal.leave() == 130
    [stopped] = read_session(folder / "a.jsonl").session.exchanges
    assert stopped.error
    assert stopped.error.kind == "stopped"


def test_ctrl_c_pauses_a_run_after_the_exchange_under_way(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as slow:
        target = f"127.0.0.1:{slow.getsockname()[1]}/t/r:v1"
        with Terminal(folder, *program("push", "tiny", target, "--plain", "--session", "a.jsonl")) as terminal:
            terminal.wait_for("\n> ")
            terminal.type("run")
            slow.settimeout(60)
            with slow.accept()[0] as asked:
                asked.settimeout(60)
                assert asked.recv(65536)
                terminal.press(b"\x03")
                terminal.wait_for("Pausing: the run ends after this exchange.")
                asked.sendall(
                    b"HTTP/1.1 202 Accepted\r\nLocation: /v2/t/r/blobs/uploads/1\r\nContent-Length: 0\r\n\r\n"
                )
                terminal.wait_for("1. POST layer 1: open upload: 202, ok")
                terminal.wait_for("\n> ")
            terminal.type("quit")
            assert terminal.leave() == 130
    assert [exchange.status for exchange in read_session(folder / "a.jsonl").session.exchanges] == [202]


def test_sigterm_ends_the_program_where_ctrl_c_does_not(folder: Path) -> None:
    with Terminal(folder, *program("push", "tiny", "--plain")) as terminal:
        terminal.wait_for("\n> ")
        os.kill(terminal.pid, signal.SIGTERM)
        assert terminal.leave() == 130


def test_a_command_of_a_script_that_could_not_be_done_shows_in_the_exit_status(folder: Path) -> None:
    assert run(folder, "push", "tiny", "--plain", typed=script("run", "dance")).returncode == 2
    assert run(folder, "push", "tiny", "--plain", typed=script("run", "list")).returncode == 0


def test_bytes_that_are_no_text_are_a_sentence_and_no_traceback(folder: Path) -> None:
    done = subprocess.run(
        program("push", "tiny", "--plain"),
        cwd=folder,
        input=b"\xff\xfe\x1b[31m\n\x00\n",
        capture_output=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "ascii"},
        start_new_session=True,
        check=False,
    )
    assert b"is none of the commands" in done.stdout
    assert b"Traceback" not in done.stdout + done.stderr
    assert b"\x1b" not in done.stdout


@pytest.fixture
def recording(folder: Path) -> Path:
    """Return a recording of a push that got through."""
    assert run(folder, "push", "tiny", "--run", "--session", "a.jsonl").returncode == 0
    return folder / "a.jsonl"


def test_a_recording_is_opened_and_looked_at(folder: Path, recording: Path) -> None:
    done = run(folder, "open", str(recording), "--plain", typed=script("show 2", "body request files", "account"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Exchange 2: layer 1: send bytes (end-5)" in done.stdout


def test_standing_input_that_is_a_recording_is_no_source_of_commands(folder: Path, recording: Path) -> None:
    done = run(folder, "open", "-", "--plain", typed=recording.read_text())
    assert (done.returncode, done.stderr) == (0, "")
    assert "Done: recording" in done.stdout


def test_the_screen_takes_the_terminal_after_standard_input_was_read(folder: Path, recording: Path) -> None:
    command = f"{' '.join(program('open', '-'))} < {recording.name}"
    with Terminal(folder, "sh", "-c", command, environ={"TERM": "xterm-256color"}) as terminal:
        terminal.wait_for("manifest latest")
        terminal.press(b"q")
        assert terminal.leave() == 0


def test_without_a_terminal_a_screen_from_standard_input_is_bad_usage(folder: Path, recording: Path) -> None:
    done = run(folder, "open", "-", typed=recording.read_text())
    assert done.returncode == 2
    assert "The screen needs a terminal" in done.stderr


def test_what_is_compared_can_be_named_by_its_format(folder: Path, recording: Path) -> None:
    assert run(folder, "diff", str(recording), str(recording), "--from", "session").returncode == 0
    wrong = run(folder, "diff", str(recording), str(recording), "--from", "session", "--from", "har")
    assert wrong.returncode == 4
    assert "Traceback" not in wrong.stderr
    assert run(folder, "diff", "-", "-").returncode == 2
