"""The personalities: each a file with a MANNER, found by itself. `practice --as NAME` takes one."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from explorer.practice.manner import Manner


@cache
def personalities() -> dict[str, Manner]:
    """Return every personality by its name, in the order of their names."""
    modules = (import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    manners: list[Manner] = [module.MANNER for module in modules if hasattr(module, "MANNER")]
    return {manner.name: manner for manner in sorted(manners, key=lambda manner: manner.name)}
