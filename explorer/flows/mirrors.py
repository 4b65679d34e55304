"""Mirrors and caches: `ns=` says which registry is meant, OCI-Namespace that it was understood (distribution-spec)."""

from __future__ import annotations

from explorer.model import Exchange
from explorer.spec.locations import append_query
from explorer.spec.references import check_namespace


def through(target: str, namespace: str) -> str:
    """Return a target as a mirror is asked for it; itself where no registry is named that the mirror stands for."""
    return append_query(target, f"ns={check_namespace(namespace)}") if namespace else target


def stands_for(answered: Exchange) -> str:
    """Return what an answer says of the registry that it stands for, as the end of a sentence; often nothing."""
    said = answered.response.headers.get("OCI-Namespace") if answered.response else None
    return f" (for {said}, says the mirror)" if said else ""
