"""What the manual says about sharing is what there is."""

from __future__ import annotations

import re

import click
import pytest

from explorer.cli import verb_named
from explorer.formats.exporting import writers
from tests.manual import README, table


def options_of(*verbs: str) -> set[str]:
    """Return the long options of verbs."""
    params = [param for verb in verbs for param in verb_named(verb).params if isinstance(param, click.Option)]
    return {word for param in params for word in param.opts if word.startswith("--")}


def test_the_table_of_kinds_names_each_kind_of_export() -> None:
    assert [cell.strip("`") for cell in table("kind of export")] == [writer.name for writer in writers()]


def test_the_options_of_sharing_stand_in_the_manual() -> None:
    named = {word for cell in table("option of sharing") for word in re.findall(r"--[a-z-]+", cell)}
    assert named == options_of("export", "redact", "report")


def test_the_options_of_replay_stand_in_the_manual() -> None:
    named = {word for cell in table("option of `replay`") for word in re.findall(r"--[a-z-]+", cell)}
    assert named <= options_of("replay")
    assert options_of("replay") - named <= options_of("open")


@pytest.mark.parametrize("verb", ["export", "redact", "report", "replay", "diff"])
def test_each_verb_stands_in_an_example_or_a_sentence(verb: str) -> None:
    assert README.count(f"`{verb}") + README.count(f"registry-explorer {verb}") >= 2
