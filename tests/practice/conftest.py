from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest

from explorer.model import Headers
from explorer.practice import PracticeRegistry, Registry, Store
from explorer.wire.server import BodyReader, Incoming, Outgoing

Ask = Callable[..., Outgoing]


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store(secret=b"aaa")
    yield made
    made.close()


@pytest.fixture
def ask(store: Store) -> Ask:
    """Ask a registry without a socket: `ask(method, target, body, Header_Name="value")`."""
    registry = Registry(store)

    def asking(method: str, target: str, body: bytes = b"", **headers: str) -> Outgoing:
        pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
        if body or method in ("PUT", "PATCH"):
            pairs.append(("Content-Length", str(len(body))))
        return registry.handle(Incoming(method, target, Headers.of(*pairs), BodyReader.of(body), host="reg:5000"))

    return asking


@pytest.fixture
def practice() -> Iterator[PracticeRegistry]:
    with PracticeRegistry(secret=b"aaa") as running:
        yield running


@pytest.fixture
def need() -> Callable[[str], str]:
    """Return a program's path; without it the test is skipped, or fails where real programs are required."""

    def needed(program: str) -> str:
        path = shutil.which(program)
        if path:
            return path
        if os.environ.get("REGISTRY_EXPLORER_REQUIRE_REAL") == "1":
            pytest.fail(f"{program} is not installed, and REGISTRY_EXPLORER_REQUIRE_REAL=1 requires it")
        pytest.skip(f"{program} is not installed")

    return needed
