"""What the manual says of the editor is so."""

from __future__ import annotations

import re

from textual.binding import Binding

from explorer.editing.bodies import MOST_CHANGED, NOTATIONS
from explorer.ui.panes.parts import Parts
from explorer.ui.screens.editor import Editor
from tests.manual import README, table

BINDINGS = [binding for binding in (*Editor.BINDINGS, *Parts.BINDINGS) if isinstance(binding, Binding)]


def test_the_table_of_the_editors_keys_names_each_of_them() -> None:
    named = {key for cell in table("key in the editor") for key in re.findall(r"`([^`]+)`", cell)}
    assert named == {key for binding in BINDINGS for key in binding.key.split(",")}


def test_the_table_of_the_editors_keys_names_each_id() -> None:
    rows = README.split("| key in the editor |")[1].split("\n\n")[0].split("\n")[2:]
    named = {id for row in rows for id in re.findall(r"`([^`]+)`", row.split("|")[2])}
    assert named == {binding.id for binding in BINDINGS}


def test_the_table_of_bodies_names_each_notation() -> None:
    assert [cell.strip("`") for cell in table("body")] == [notation for notation, _ in NOTATIONS]
    assert f"(up to {MOST_CHANGED // 1024**2} MiB)" in README
