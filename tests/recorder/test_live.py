"""A recorder in the app and on the command line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.formats.session import read_session
from explorer.jobs.recording import open_live
from explorer.live import LiveWorkbench
from explorer.model import FlowCall, Session
from explorer.practice import PracticeRegistry
from explorer.recorder import Recording
from explorer.ui.panes.lines import Lines
from explorer.ui.recording import RecordingApp
from tests.recorder.recording import wait_until


@pytest.fixture
def registry() -> Iterator[PracticeRegistry]:
    with PracticeRegistry() as practice:
        yield practice


@pytest.fixture
def live(registry: PracticeRegistry, tmp_path: Path) -> Iterator[LiveWorkbench]:
    wanted = Recording(registry.origin)
    bench = open_live(wanted, Session("test", 0.0, FlowCall("")), tmp_path / "a.jsonl")
    bench.start()
    yield bench
    bench.close()


def ask(live: LiveWorkbench) -> None:
    """Send a request through the recorder."""
    urllib.request.urlopen(f"{live.recorder.address}/v2/", timeout=10).close()


def collected(live: LiveWorkbench, count: int) -> None:
    """Wait until the state has so many exchanges."""
    wait_until(lambda: len(live.collect().exchanges) >= count)


def test_what_happens_appears_in_the_state_and_in_the_file(live: LiveWorkbench, tmp_path: Path) -> None:
    ask(live)
    ask(live)
    collected(live, 2)
    live.close()
    session = read_session(tmp_path / "a.jsonl").session
    assert [exchange.id for exchange in session.exchanges] == [1, 2]
    assert all(exchange.client for exchange in session.exchanges)


def test_an_exchange_can_be_sent_again_and_stands_beside_the_others(live: LiveWorkbench, tmp_path: Path) -> None:
    ask(live)
    collected(live, 1)
    live.replay(1)
    assert [exchange.id for exchange in live.state.exchanges] == [1, 2]
    assert live.state.exchanges[1].client is None
    live.close()
    assert len(read_session(tmp_path / "a.jsonl").session.exchanges) == 2


async def test_the_screen_follows_and_shows_the_output_of_the_command(live: LiveWorkbench) -> None:
    code = "import sys, urllib.request as u; u.urlopen('http://' + sys.argv[1] + '/v2/').close(); print('well done')"
    app = RecordingApp(live, [sys.executable, "-c", code, "{registry}"])
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.app.workers.wait_for_complete()
        for _ in range(600):
            await pilot.pause(0.1)
            if live.state.exchanges and "has ended" in live.state.listening:
                break
        await pilot.pause(0.3)
        output = pilot.app.screen.query_exactly_one("#output", Lines)
        assert any("well done" in output.render_line(y).text for y in range(output.size.height))
        assert [exchange.status for exchange in live.state.exchanges] == [200]
    assert app.command
    assert app.command.wait() == 0


def record(registry: PracticeRegistry, session: Path, *words: str) -> subprocess.Popen[str]:
    """Run the verb."""
    command = [sys.executable, "-m", "explorer", "record", registry.origin.authority, "--plain"]
    return subprocess.Popen(
        [*command, "--session", str(session), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_the_commands_exit_status_is_passed_on_and_its_output_stands_beside(
    registry: PracticeRegistry, tmp_path: Path
) -> None:
    code = "import os, sys; print(sys.argv[1] == os.environ['REGISTRY_EXPLORER_ADDRESS'], '$HOME'); sys.exit(7)"
    running = record(registry, tmp_path / "a.jsonl", "--", sys.executable, "-c", code, "{registry}")
    out, _ = running.communicate(timeout=60)
    assert running.returncode == 7
    assert "| True $HOME\n" in out


def test_a_command_that_is_not_there_is_a_sentence(registry: PracticeRegistry, tmp_path: Path) -> None:
    running = record(registry, tmp_path / "a.jsonl", "--", "no-such-command-anywhere")
    _, err = running.communicate(timeout=60)
    assert running.returncode == 2
    assert "'no-such-command-anywhere' cannot be started" in err


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 0), (signal.SIGKILL, -9)])
def test_however_it_is_ended_what_had_happened_is_there(
    registry: PracticeRegistry, tmp_path: Path, number: signal.Signals, status: int
) -> None:
    path = tmp_path / "a.jsonl"
    running = record(registry, path)
    assert running.stdout
    address = running.stdout.readline().split()[2]
    urllib.request.urlopen(f"http://{address}/v2/", timeout=10).close()
    while not running.stdout.readline().startswith("* 200 after"):
        pass
    running.send_signal(number)
    running.communicate(timeout=60)
    assert running.returncode == status
    assert [exchange.status for exchange in read_session(path).session.exchanges] == [200]


def test_listening_for_others_is_warned_of(registry: PracticeRegistry, tmp_path: Path) -> None:
    code = "pass"
    words = ["--listen", "0.0.0.0", "--", sys.executable, "-c", code]
    out, _ = record(registry, tmp_path / "a.jsonl", *words).communicate(timeout=60)
    assert "WARNING: this listens on every address of this machine" in out
    assert str(registry.origin) in out


def test_signals_reach_the_command(registry: PracticeRegistry, tmp_path: Path) -> None:
    code = "import signal, time; print('ready', flush=True); time.sleep(60)"
    running = record(registry, tmp_path / "a.jsonl", "--", sys.executable, "-c", code)
    assert running.stdout
    while "ready" not in running.stdout.readline():
        pass
    os.kill(running.pid, signal.SIGTERM)
    running.communicate(timeout=30)
    assert running.returncode == 128 + signal.SIGTERM
