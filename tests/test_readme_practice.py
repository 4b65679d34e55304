"""README's part about the practice registry."""

from __future__ import annotations

import re

import click
import pytest
from click.testing import CliRunner

from explorer.cli import verb_named
from explorer.practice import Manner, personalities
from explorer.practice.byte_ranges import MOST_PARTS
from explorer.practice.manifests import LONGEST_MANIFEST
from explorer.wire.server import LONGEST_HEAD, MOST_CONNECTIONS, MOST_HEADERS
from tests.manual import README, table


def test_the_table_of_options_names_each_option_of_practice() -> None:
    practice = verb_named("practice")
    options = {word for param in practice.params if isinstance(param, click.Option) for word in param.opts}
    named = {option for cell in table("option of `practice`") for option in re.findall(r"--[a-z-]+", cell)}
    assert named == options


def test_the_table_of_personalities_names_each_one() -> None:
    named = [cell.strip("`") for cell in table("personality")]
    assert named == list(personalities())


@pytest.mark.parametrize("manner", personalities().values(), ids=personalities())
def test_a_personality_says_what_it_imitates_with_the_source(manner: Manner) -> None:
    assert f"| `{manner.name}` | {manner.imitates} |\n" in README
    said = CliRunner().invoke(verb_named("practice"), ["--personalities"]).output
    assert manner.imitates in said
    assert manner.source in said
    assert manner.unknown in said


def test_the_table_of_limits_says_what_they_are() -> None:
    rows = dict(
        re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", README.split("| limit | value |")[1].split("\n\n")[0], re.MULTILINE)
    )
    assert rows["connections at one time"].startswith(f"{MOST_CONNECTIONS};")
    assert rows["head of a request"].startswith(f"{LONGEST_HEAD // 1024} KiB and {MOST_HEADERS} header lines")
    assert rows["manifest"].startswith(f"{LONGEST_MANIFEST // 1024**2} MiB")
    assert rows["parts of a blob in one request"].startswith(f"{MOST_PARTS};")
