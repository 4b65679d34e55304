"""README's part about the practice registry."""

from __future__ import annotations

import re

import click

from explorer.cli import verb_named
from tests.manual import table


def test_the_table_of_options_names_each_option_of_practice() -> None:
    practice = verb_named("practice")
    options = {word for param in practice.params if isinstance(param, click.Option) for word in param.opts}
    named = {option for cell in table("option of `practice`") for option in re.findall(r"--[a-z-]+", cell)}
    assert named == options
