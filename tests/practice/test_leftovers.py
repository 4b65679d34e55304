"""What a killed registry left in the folder for temporary files goes when the next one begins."""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path

import pytest

from explorer.practice import Store
from explorer.practice.leftovers import remove_leftovers
from explorer.practice.locking import FolderLock
from tests.practice.test_serving import serving


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an own folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_the_store_of_a_killed_process_goes_at_the_next_start(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, _, _):
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=60)
    (left,) = tmp_path.iterdir()
    with serving(tmp_path) as (process, _, _):
        assert not left.exists()
        process.terminate()
        process.wait(timeout=60)
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_is_in_use_stays(temporary: Path) -> None:
    first = Store()
    second = Store()
    assert first.folder.is_dir()
    second.close()
    first.close()
    assert list(temporary.iterdir()) == []


def test_only_what_has_a_lock_that_nobody_holds_goes(temporary: Path) -> None:
    for name in ("kind-unlocked", "other-free", "kind-free", "kind-held"):
        (temporary / name).mkdir()
    (temporary / "kind-file").write_text("")
    (temporary / "kind-link").symlink_to(temporary / "other-free")
    for name in ("other-free", "kind-free"):
        FolderLock(temporary / name).release()
    held = FolderLock(temporary / "kind-held")
    remove_leftovers("kind-")
    held.release()
    left = {path.name for path in temporary.iterdir()}
    assert left == {"kind-unlocked", "other-free", "kind-held", "kind-file", "kind-link"}
