"""The manual's table of faults says what each fault says of itself."""

from __future__ import annotations

import re

import click
import pytest

from explorer.cli import verb_named
from explorer.faults import fault_named, faults
from explorer.faults.declared import FaultKind
from tests.manual import README


def row_of(kind: FaultKind) -> str:
    """Return the row of a fault as it stands in the manual."""
    argument = f"{kind.argument.name.replace('|', ', ')} ({kind.argument.default})" if kind.argument else ""
    reproduces = ", ".join(f"`{name}`" for name in kind.reproduces if name != kind.name)
    return f"| `{kind.name}` | {argument} | {kind.plays.value} | {kind.line} | {reproduces} |"


def rows() -> dict[str, str]:
    part = README.split("| fault | argument |", 1)[1].split("\n\n", 1)[0]
    return {found[1]: row for row in part.split("\n") if (found := re.match(r"\| `([^`]+)`", row))}


@pytest.mark.parametrize("name", faults())
def test_a_fault_stands_in_the_manual_as_it_is(name: str) -> None:
    assert rows()[name] == row_of(fault_named(name))


def test_the_manual_names_no_other_fault() -> None:
    assert set(rows()) == set(faults())


def test_the_options_of_practice_that_switch_faults_stand_in_the_manual() -> None:
    options = {
        word for param in verb_named("practice").params if isinstance(param, click.Option) for word in param.opts
    }
    assert {"--fault", "--control"} <= options
    assert "`practice --fault NAME[=ARGUMENT]`" in README
    assert "`practice --control`" in README
