"""Registries to talk to: the practice registry with faults, and Debian's docker-registry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from explorer.faults.switchboard import Switchboard
from explorer.practice import PracticeRegistry, TokenAccess, Users, personalities
from tests.diagnoses.talking import Talk

With = Callable[..., Talk]


@pytest.fixture
def practice() -> Iterator[With]:
    """Return what runs a practice registry and talks to it: `practice("nginx-413=10", auth=True, like="zot")`."""
    with ExitStack() as running:

        def run(*faults: str, auth: bool = False, like: str = "distribution-3") -> Talk:
            access = TokenAccess(Users.of("ann:secret")) if auth else None
            registry = PracticeRegistry(faults=Switchboard(faults), access=access, manner=personalities()[like])
            talk = Talk(running.enter_context(registry).origin)
            running.callback(talk.close)
            return talk

        yield run
