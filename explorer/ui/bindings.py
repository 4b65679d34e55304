"""The keys that have an id, and what of the user's settings for them can be used."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from itertools import chain

from textual.binding import Binding
from textual.dom import DOMNode

from explorer.ui import panes, screens


def bound() -> dict[str, dict[str, str]]:
    """Return the keys of each binding with an id, by the place that they belong to. All screens are loaded for it."""
    for package in (screens, panes):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    import_module("explorer.ui.manners")
    found: dict[str, dict[str, str]] = {}
    for kind in _below(DOMNode):
        if not kind.__module__.startswith("explorer."):
            continue
        for binding in kind.__dict__.get("BINDINGS", ()):
            if isinstance(binding, Binding) and binding.id:
                found.setdefault(binding.id.partition(".")[0], {})[binding.id] = binding.key
    return found


def _below(kind: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for below in kind.__subclasses__():
        yield below
        yield from _below(below)


def usable(wanted: tuple[tuple[str, str], ...]) -> tuple[dict[str, str], list[str]]:
    """Return which of the wanted keys can be used, and a sentence for each that cannot."""
    places = bound()
    keymap: dict[str, str] = {}
    problems = []
    for id, keys in wanted:
        if id in chain.from_iterable(places.values()):
            keymap[id] = keys
        else:
            problems.append(f"Settings: no key has the id {id!r}. The README's table has the ids.")
    for place, bindings in places.items():
        while clash := _clash(bindings, keymap):
            id, key, other = clash
            problems.append(f"Settings: {key!r} for {id} is the key of {other}, too. {id} keeps its own key.")
            del keymap[id]
        del place
    return keymap, problems


def _clash(bindings: dict[str, str], keymap: dict[str, str]) -> tuple[str, str, str] | None:
    """Return an id that was given a key which another binding of its place has, the key, and the other."""
    for id in (id for id in bindings if id in keymap):
        for key in keymap[id].split(","):
            for other, own in bindings.items():
                if other != id and key in keymap.get(other, own).split(","):
                    return id, key, other
    return None
