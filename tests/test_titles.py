"""What a session is called says what it does, from where to where."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.flows import flow_named
from explorer.jobs import CopyJob, open_copy, open_flow


def test_a_copy_names_both_ends(tmp_path: Path) -> None:
    workbench = open_copy(CopyJob("localhost:5000/a/b:v1", "localhost:5001/c/d", recording=str(tmp_path / "a")))
    workbench.close()
    assert workbench.state.title == "copy-image http://localhost:5000/a/b:v1 to http://localhost:5001/c/d:v1"


@pytest.mark.parametrize("flow", ["api-check", "catalog"])
@pytest.mark.parametrize("target", ["localhost:5000", "localhost:5000/any"])
def test_what_is_asked_of_a_registry_names_no_tag(tmp_path: Path, flow: str, target: str) -> None:
    workbench = open_flow(flow_named(flow), {"target": target}, recording=str(tmp_path / "a"))
    workbench.close()
    assert workbench.state.title == f"{flow} http://localhost:5000"
