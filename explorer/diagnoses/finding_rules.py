"""Which rules there are: every `Rule` in the files of `families/`, in the order in which a registry comes upon them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from explorer.diagnoses import families
from explorer.diagnoses.declared import Rule
from explorer.errors import InputError


@cache
def rules() -> dict[str, Rule]:
    """Return every rule by its name."""
    found: dict[str, Rule] = {}
    names = [module.name for module in iter_modules(families.__path__)]
    for name in sorted(names, key=_place):
        module = import_module(f"{families.__name__}.{name}")
        for number, value in enumerate(value for value in vars(module).values() if isinstance(value, Rule)):
            assert value.name not in found, f"two rules are called {value.name}"
            found[value.name] = replace(value, stage=(_place(name), number))
    return found


def _place(family: str) -> int:
    return families.ORDER.index(family)


def rule_named(name: str) -> Rule:
    """Return the rule of that name; raises InputError where there is none."""
    known = rules().get(name)
    if known is None:
        raise InputError(f"There is no rule '{name}'; the README and `explain` without a word list them.")
    return known
