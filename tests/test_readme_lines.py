"""The manual's table of the commands of the line mode."""

from __future__ import annotations

from explorer.plain.commands import line_commands
from tests.manual import README


def test_the_table_of_line_commands_says_what_each_says_of_itself() -> None:
    rows = README.split("| command in line mode | for | what it does |", 1)[1].split("\n\n", 1)[0].split("\n")[2:]
    told = [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows if row]
    assert told == [(f"`{one.usage}`", one.group, one.line) for one in line_commands().values()]
