"""README names the id of every key, with the key that it has."""

from __future__ import annotations

import re
from itertools import chain

from textual.binding import Binding
from textual.dom import DOMNode

from explorer.ui.bindings import bound
from tests.manual import README

TABLE = README.split("| place | ids and their keys |", 1)[1].split("\n\n")[0]


def test_each_id_stands_in_the_table_with_its_key() -> None:
    named = dict(re.findall(r"`([a-z]+\.[a-z_-]+)` `([^`]+)`", TABLE))
    assert named == dict(chain.from_iterable(place.items() for place in bound().values()))


def test_every_key_of_the_program_has_an_id() -> None:
    bound()
    without = [
        (kind.__name__, binding)
        for kind in below(DOMNode)
        if kind.__module__.startswith("explorer.")
        for binding in kind.__dict__.get("BINDINGS", ())
        if not isinstance(binding, Binding) or not binding.id
    ]
    assert without == []


def below(kind: type[DOMNode]) -> list[type[DOMNode]]:
    """Return every class below one."""
    return [found for child in kind.__subclasses__() for found in (child, *below(child))]
