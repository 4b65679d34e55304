"""The section about recording other clients names what the verb has."""

from __future__ import annotations

import re

import click

from explorer.cli import verb_named
from explorer.recorder.commands import ADDRESS, PLACEHOLDER
from explorer.recorder.hints import CLIENTS
from explorer.recorder.mapping import MOUNT
from tests.manual import README, table


def section() -> str:
    return README.split("## Recording other clients")[1].split("\n## ")[0]


def test_the_table_of_options_names_each_option_of_record() -> None:
    record = verb_named("record")
    options = {word for param in record.params if isinstance(param, click.Option) for word in param.opts}
    named = {option for cell in table("option of `record`") for option in re.findall(r"--[a-z-]+", cell)}
    assert named <= options
    elsewhere = README.split("| option of `push`")[1].split("\nExit status")[0]
    assert options - named <= set(re.findall(r"--[a-z][a-z0-9-]+", elsewhere))


def test_what_a_command_is_given_stands_in_the_manual() -> None:
    assert ADDRESS in section()
    assert PLACEHOLDER in section()
    assert MOUNT in section()


def test_each_client_that_is_hinted_at_is_named() -> None:
    assert all(client in section() for client in CLIENTS)
