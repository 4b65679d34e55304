"""What the manual says of the editor is so."""

from __future__ import annotations

import re

from textual.binding import Binding

from explorer.editing.bodies import MOST_CHANGED, NOTATIONS
from explorer.ui.panes.parts import Parts
from explorer.ui.screens.editor import Editor
from tests.manual import README, table


def test_the_table_of_the_editors_keys_names_each_of_them() -> None:
    bindings = [*Editor.BINDINGS, *Parts.BINDINGS]
    bound = {key for binding in bindings if isinstance(binding, Binding) for key in binding.key.split(",")}
    named = {key for cell in table("key in the editor") for key in re.findall(r"`([^`]+)`", cell)}
    assert named == bound


def test_the_table_of_bodies_names_each_notation() -> None:
    assert [cell.strip("`") for cell in table("body")] == [notation for notation, _ in NOTATIONS]
    assert f"(up to {MOST_CHANGED // 1024**2} MiB)" in README
