"""How a flow declares itself: name, arguments, example. `run`, `flows` and the menus enumerate these."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from enum import Enum
from typing import Any

from explorer.errors import InputError
from explorer.flows import Flow
from explorer.formats.values import Json, body_from_json, records
from explorer.frozen import frozen
from explorer.model import Blob, Origin, Slice
from explorer.spec.references import Target, parse_registry, parse_target


class Kind(Enum):
    """What an argument is, and so how it is read from the command line and kept in a recording."""

    TARGET = "host[:port]/repository[:tag|@digest]"
    REGISTRY = "host[:port]"
    FILE = "file"
    FILES = "file, perhaps with :MEDIA-TYPE, repeatable"
    DOCUMENT = "file of JSON"
    IMAGE = "image"
    DESTINATION = "folder or archive"
    TEXT = "text"
    TEXTS = "text, repeatable"
    NUMBER = "number"
    FLAG = "flag"


@frozen
class Argument:
    """One argument: positional where it is required and no flag, else an option `--name` with a default."""

    name: str
    kind: Kind
    help: str
    required: bool = False
    default: str | int | None = None
    choices: tuple[str, ...] = ()


TARGET = Argument("target", Kind.TARGET, "[http://|https://]host[:port]/repository[:tag|@digest]", required=True)
REGISTRY = Argument("target", Kind.REGISTRY, "[http://|https://]host[:port]", required=True)
PLATFORM = Argument("platform", Kind.TEXT, "only this one of a multi-platform image: os/architecture[/variant]")
NS = Argument("ns", Kind.TEXT, "the registry that a mirror stands for, as `ns=`: docker.io, registry.example")
DIGEST = Argument("digest", Kind.TEXT, "the digest of the blob, sha256:… or sha512:…", required=True)


class Arguments:
    """The values of a call, read by their kinds; a value of another kind raises ValueError."""

    def __init__(self, values: Json) -> None:
        self._values = values

    @property
    def target(self) -> Target:
        """The target; its scheme was settled when the call was made."""
        return self.target_of("target")

    @property
    def registry(self) -> Origin:
        """The registry that the target names; its scheme was settled when the call was made."""
        text = self.text("target")
        return parse_registry(text, plain_http=text.startswith("http:"))

    def target_of(self, name: str) -> Target:
        """Return a target; its scheme was settled when the call was made."""
        text = self.text(name)
        return parse_target(text, plain_http=text.startswith("http:"))

    def text(self, name: str) -> str:
        """Return a text; empty where there is none."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, str):
            raise ValueError(f"'{name}' is no text")
        return value or ""

    def texts(self, name: str) -> tuple[str, ...]:
        """Return several texts."""
        value = self._values.get(name) or []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ValueError(f"'{name}' is no list of texts")
        return tuple(value)

    @property
    def values(self) -> Json:
        """All values, as plain JSON."""
        return self._values

    def number(self, name: str) -> int | None:
        """Return a whole number; None where there is none."""
        value = self._values.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(f"'{name}' is no number")
        return value

    def flag(self, name: str) -> bool:
        """Say whether a flag is set."""
        return bool(self._values.get(name))

    def file(self, name: str) -> bytes | Slice:
        """Return the content of a file, by reference."""
        body = body_from_json(self._values[name])
        if isinstance(body, bytes | Slice):
            return body
        raise ValueError(f"'{name}' has no bytes")

    def files(self, name: str, algorithm: str = "sha256") -> tuple[Blob, ...]:
        """Return files as blobs with their media types; the digests were taken when the call was made."""
        found: list[Blob] = []
        for entry in records(self._values.get(name) or []):
            body = body_from_json(entry)
            if not isinstance(body, bytes | Slice) or not isinstance(entry.get(algorithm), str):
                raise ValueError(f"'{name}' has a file without bytes or digest")
            found.append(Blob(f"{algorithm}:{entry[algorithm]}", str(entry["media_type"]), body, str(entry["source"])))
        return tuple(found)

    def algorithm_of(self, name: str) -> str:
        """Return the algorithm of the digest that a file is known by; sha256 where none is said."""
        digest = self._values[name].get("digest")
        return str(digest).partition(":")[0] if digest else "sha256"

    def blob(self, name: str, algorithm: str = "sha256") -> Blob:
        """Return the content of a file as a blob; the digest was taken when the call was made."""
        digest = self._values[name].get(algorithm)
        if not isinstance(digest, str):
            raise ValueError(f"'{name}' has no {algorithm}")
        return Blob(f"{algorithm}:{digest}", "", self.file(name), self._values[name].get("source", name))


@frozen
class FlowKind:
    """A flow that can be called by name; `numbers` are those of the catalogue of conversations (F01 to F26)."""

    name: str
    numbers: tuple[str, ...]
    arguments: tuple[Argument, ...]
    example: str
    build: Callable[[Arguments], Flow[object]]
    asks_first: str = ""  # a question that has to be answered with yes before the flow begins

    @property
    def help(self) -> str:
        """The whole docstring: what the conversation is for and which endpoints it uses."""
        return inspect.getdoc(self.build) or ""

    @property
    def line(self) -> str:
        """The first sentence of the help."""
        return self.help.split("\n", 1)[0]


def flow(
    name: str,
    *numbers: str,
    arguments: tuple[Argument, ...] = (TARGET,),
    example: str = "",
    asks_first: str = "",
) -> Callable[[Callable[[Arguments], Flow[Any]]], FlowKind]:
    """Declare the decorated function to be a flow; it is called with the arguments and is a generator of steps."""

    def declare(build: Callable[[Arguments], Flow[Any]]) -> FlowKind:
        return FlowKind(name, numbers, arguments, example or f"{name} localhost:5000/demo/app:v1", build, asks_first)

    return declare


def checked(kind: FlowKind, values: Json) -> Json:
    """Return the values with defaults filled in; raises InputError where one is missing or not among its choices."""
    complete: Json = {}
    for argument in kind.arguments:
        value = values.get(argument.name)
        if value is None:
            value = argument.default
        if value is None and argument.required:
            raise InputError(f"'{kind.name}' needs {argument.name}: {argument.help}.")
        if argument.choices and value is not None and value not in argument.choices:
            raise InputError(f"{argument.name} is one of {', '.join(argument.choices)}; '{value}' is none of them.")
        complete[argument.name] = value
    return complete
