"""What the user said when the conversation began, by the values that it puts into requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from explorer.errors import Problem
from explorer.frozen import frozen
from explorer.origins.offers import SHORTEST
from explorer.spec.references import parse_target


@frozen
class Given:
    """What a value is, in words, and the role that it can have in a request (empty: any)."""

    words: str
    role: str = ""


def given_by(arguments: Mapping[str, object]) -> dict[str, Given]:
    """Return what the arguments of a call say, by value; arguments of another shape are passed over."""
    return {value: given for value, given in _all(arguments) if value}


def _all(arguments: Mapping[str, object]) -> Iterator[tuple[str, Given]]:
    for name, value in arguments.items():
        if name == "target":
            yield from _target(str(value))
        elif name in ("blobs", "manifests") and isinstance(value, list):
            yield from _described(value, name.removesuffix("s"))
        elif isinstance(value, dict):
            yield from _file(value)
        elif isinstance(value, str) and len(value) >= SHORTEST:
            yield value, Given(f"the argument {name}")


def _target(text: str) -> Iterator[tuple[str, Given]]:
    try:
        target = parse_target(text, plain_http=text.startswith("http:"))
    except Problem:
        return
    yield target.repository, Given("the repository of the target", "name")
    kind = "digest" if ":" in target.reference else "tag"
    yield target.reference, Given(f"the {kind} of the target", "reference")


def _described(entries: list[object], noun: str) -> Iterator[tuple[str, Given]]:
    for number, entry in enumerate(entries, start=1):
        if isinstance(entry, dict) and isinstance(entry.get("digest"), str):
            name = entry.get("name") or f"{noun} {number}"
            yield entry["digest"], Given(f"digest of {name}")


def _file(value: dict[str, object]) -> Iterator[tuple[str, Given]]:
    source = str(value.get("source") or "the file")
    for algorithm in ("sha256", "sha512"):
        if isinstance(value.get(algorithm), str):
            yield f"{algorithm}:{value[algorithm]}", Given(f"digest of {source}")
