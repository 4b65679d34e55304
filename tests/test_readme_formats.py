"""The manual names every format that can be opened."""

from __future__ import annotations

from explorer.formats.importing import readers
from tests.manual import table


def test_the_table_of_formats_names_each_reader() -> None:
    assert {cell.strip("`") for cell in table("format | what it is")} == {reader.name for reader in readers()}
