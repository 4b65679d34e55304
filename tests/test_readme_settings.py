"""README names each setting, and each setting of README is one."""

from __future__ import annotations

import tomllib

from explorer.settings import KNOWN
from explorer.ui.bindings import usable
from explorer.ui.themes import THEMES
from tests.manual import README, table

EXAMPLE = "\n".join(
    line[4:] for line in README.split("## Settings")[1].split("| setting")[0].split("\n") if line[:4] == "    "
)


def test_the_table_names_each_setting() -> None:
    assert {cell.strip("`") for cell in table("setting")} == set(KNOWN)


def test_the_example_can_be_used_as_it_is() -> None:
    settings = tomllib.loads(EXAMPLE)
    assert settings.keys() == set(KNOWN)
    assert usable((("step.send", settings["keys"]["step"]["send"]),)) == ({"step.send": "f9,n"}, [])


def test_each_theme_stands_in_the_manual() -> None:
    assert [theme.name for theme in THEMES if theme.name not in README] == []
