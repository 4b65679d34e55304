"""What holds for every test: hypothesis takes its time, since other things may run beside it; and workbenches."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from explorer.flows.push_image import Push, call_of, push_image
from explorer.formats.session import SessionWriter
from explorer.model import Session
from explorer.workbench import Workbench
from tests.scripted import ScriptedWire, as_a_registry
from tests.workbenches import PUSH, Answers, Bench, Make

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
# One commit gives one answer: the examples follow from the test. `search` looks at new ones each time.
settings.register_profile("steady", PATIENT, derandomize=True)
settings.register_profile("search", PATIENT)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Return what makes a workbench over answers; it stands on exchanges where they are given."""

    def make(answers: Answers = as_a_registry, session: Session | None = None, push: Push = PUSH) -> Bench:
        wire = ScriptedWire(answers)
        path = tmp_path / f"{len(made)}.jsonl"
        session = session or Session("test", 1.0, call_of(push))
        bench = Workbench("push", session, lambda: push_image(push), wire, lambda start: SessionWriter(path, start))
        made.append(Bench(bench, wire, path))
        return made[-1]

    made: list[Bench] = []
    return make
