"""What is said of the connection on the command line."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import click
import pytest

from explorer.cli import commands, verb_named
from explorer.cli.flow_commands import command_of
from explorer.cli.options import take_connection
from explorer.errors import FormatError, InputError
from explorer.flows import flows
from explorer.wire.options import ConnectionOptions, Timeouts

SHARED = ("ca", "client_cert", "client_key", "insecure", "resolve", "proxy", "unix_socket", "timeout")


def options_of(command: click.Command) -> set[str]:
    return {param.name or "" for param in command.params}


def words(*given: str) -> ConnectionOptions:
    """Return what those words make of a flow's connection."""
    command = command_of(flows()["api-check"])
    return take_connection(command.make_context("run", ["localhost:1", *given]).params)


@pytest.mark.parametrize("name", ["push", "open"])
def test_a_command_that_connects_takes_the_options_of_a_connection(name: str) -> None:
    assert options_of(verb_named(name)) >= set(SHARED)


@pytest.mark.parametrize("name", list(flows()))
def test_each_flow_takes_the_options_of_a_connection(name: str) -> None:
    assert options_of(command_of(flows()[name])) >= set(SHARED)


def test_what_is_not_said_is_as_it_is_by_itself() -> None:
    assert words() == ConnectionOptions()


def test_what_is_said_arrives(tmp_path: Path) -> None:
    file = tmp_path / "one.pem"
    file.touch()
    path = str(file)
    given = ["--ca", path, "--client-cert", path, "--client-key", path, "--insecure", "--resolve", "A:1:127.0.0.1"]
    assert words(*given, "--proxy", "", "--unix-socket", path, "--timeout", "2.5") == ConnectionOptions(
        path, path, path, True, (("a", 1, "127.0.0.1"),), "", path, Timeouts(2.5, 2.5, 2.5)
    )


@pytest.mark.parametrize(
    "given",
    [
        ("--timeout", "0"),
        ("--timeout", "-1"),
        ("--timeout", "nan"),
        ("--timeout", "inf"),
        ("--resolve", "a"),
        ("--proxy", "socks4://p"),
        ("--client-key", "/dev/null"),
    ],
)
def test_what_cannot_be_meant_is_a_sentence(given: tuple[str, str]) -> None:
    with pytest.raises(InputError):
        words(*given)


@pytest.mark.parametrize("option", ["--ca", "--client-cert", "--unix-socket"])
def test_a_file_that_is_not_there_is_named_before_anything_is_sent(option: str) -> None:
    with pytest.raises(FormatError, match=r"/none/such: .* cannot be read: No such file"):
        words(option, "/none/such")


def test_a_run_that_checks_no_certificates_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["push", "tiny", "--run", "--insecure", "--session", str(tmp_path / "one.jsonl")]
    assert commands.main(words, standalone_mode=False) == 0
    out = capsys.readouterr().out
    assert "INSECURE: certificates are not checked · push" in out
    assert out.startswith("* INSECURE: certificates are not checked\n* 1. ")
    assert out.count("* INSECURE") == out.count("(end-")


@pytest.mark.parametrize("insecure", [("--insecure",), ()])
def test_line_mode_says_with_each_step_that_no_certificates_are_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, insecure: tuple[str, ...]
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("send\nquit\n"))
    words = ["push", "tiny", "--plain", *insecure, "--session", str(tmp_path / "one.jsonl")]
    assert commands.main(words, standalone_mode=False) == 130
    assert capsys.readouterr().out.count("* INSECURE") == 2 * len(insecure)
