"""README is the manual: what the program has, it names, and the other way round."""

from __future__ import annotations

import re
from pathlib import Path

import click

from explorer.cli import verb_named, verb_names
from explorer.flows import flows
from explorer.ui.keys import KEYS
from tests.manual import README, table


def test_the_table_of_commands_names_each_verb() -> None:
    named = {cell.strip("`").split()[1] for cell in table("command") if len(cell.split()) > 1}
    assert named == set(verb_names())


def test_the_table_of_options_names_each_option_of_push() -> None:
    push = verb_named("push")
    options = {word for param in push.params if isinstance(param, click.Option) for word in param.opts}
    named = set(re.findall(r"--[a-z][a-z0-9-]+", README.split("| option of `push`")[1].split("\nExit status")[0]))
    assert options <= named
    assert named <= options


def test_the_options_of_pull_stand_in_the_manual() -> None:
    pull = verb_named("pull")
    options = {word for param in pull.params if isinstance(param, click.Option) for word in param.opts}
    named = {option for cell in table("option of `pull`") for option in re.findall(r"--[a-z-]+", cell)}
    assert named == {"--platform", "--ns", "--as"}
    assert named <= options
    assert options - named <= set(re.findall(r"--[a-z][a-z0-9-]+", README))


def test_the_table_of_keys_names_each_key_of_the_main_screen() -> None:
    bound = {key for binding in KEYS if not isinstance(binding, tuple) for key in binding.key.split(",")}
    named = {key for cell in table("key") for key in re.findall(r"`([^`]+)`", cell)}
    assert named == bound


def test_the_table_of_flows_names_each_flow() -> None:
    assert {cell.strip("`") for cell in table("flow")} == set(flows())


def test_the_two_commands_stand_in_the_manual_as_they_are() -> None:
    assert "    python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/registry-explorer\n" in README
    assert "    python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest\n" in README


def test_the_picture_is_there() -> None:
    picture = re.search(r"!\[[^\]]*\]\(([^)]+)\)", README)
    assert picture
    assert (Path(__file__).parent.parent / picture[1]).is_file()


def test_what_the_screen_can_do_names_keys_that_there_are() -> None:
    bound = {key for binding in KEYS if not isinstance(binding, tuple) for key in binding.key.split(",")} | {
        "ctrl+p",
        "colon",
    }
    rows = README.split("| what | how |", 1)[1].split("\n\n", 1)[0].split("\n")[2:]
    named = {key for row in rows for key in re.findall(r"`([^`]+)`", row.split("|")[2])}
    assert named <= bound
    assert bound - named <= {"n", "u", "1", "2", "q", "f1"}
