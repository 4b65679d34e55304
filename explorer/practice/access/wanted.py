"""What a request needs: one action on one resource each (distribution, handlers/app.go, appendAccessRecords)."""

from __future__ import annotations

from collections.abc import Iterable

from explorer.frozen import frozen
from explorer.practice.urls import is_repository

_ACTIONS = {
    "GET": ("pull",),
    "HEAD": ("pull",),
    "POST": ("pull", "push"),
    "PUT": ("pull", "push"),
    "PATCH": ("pull", "push"),
    "DELETE": ("delete",),
}


@frozen
class Wanted:
    """One action that a request needs, or that a token allows."""

    type: str
    name: str
    action: str

    def as_detail(self) -> dict[str, str]:
        """Return it as distribution lists it in the detail of UNAUTHORIZED."""
        return {"Type": self.type, "Class": "", "Name": self.name, "Action": self.action}


CATALOG = Wanted("registry", "catalog", "*")
"""What listing the repositories needs."""


def wanted_of(method: str, name: str, source: str = "") -> tuple[Wanted, ...]:
    """Return what a request to a repository needs; nothing without one. A mount needs to pull from its source, too."""
    if not name:
        return ()
    needed = [Wanted("repository", name, action) for action in _ACTIONS.get(method, ())]
    if is_repository(source):
        needed.append(Wanted("repository", source, "pull"))
    return tuple(needed)


def scope_of(wanted: Iterable[Wanted]) -> str:
    """Return the `scope` of a challenge: resources parted by blanks, each once, with its actions."""
    actions: dict[tuple[str, str], list[str]] = {}
    for one in wanted:
        listed = actions.setdefault((one.type, one.name), [])
        if one.action not in listed:
            listed.append(one.action)
    return " ".join(f"{kind}:{name}:{','.join(listed)}" for (kind, name), listed in actions.items())


def parse_scopes(values: Iterable[str]) -> tuple[Wanted, ...]:
    """Return the actions that `scope` parameters ask for; what is not `type:name:actions` asks for nothing.

    A name may hold colons of its own, and a type a class in parentheses, which is dropped.
    """
    found: list[Wanted] = []
    for scope in (scope for value in values for scope in value.split()):
        resource, _, actions = scope.rpartition(":")
        kind, colon, name = resource.partition(":")
        if colon and kind and name:
            found += [Wanted(kind.partition("(")[0], name, action) for action in actions.split(",") if action]
    return tuple(dict.fromkeys(found))
