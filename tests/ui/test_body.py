"""A body alone on the screen."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static

from explorer.bodies.window import FilePart, Memory, Window
from explorer.model import Slice
from explorer.ui.app import ExplorerApp
from explorer.ui.panes.body_view import BodyView
from explorer.ui.screens.body import BodyScreen
from explorer.workbench import Workbench
from tests.ui.test_stepper import press


class OneBody(App[None]):
    """An app with one body on its screen."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self._window = window

    def on_mount(self) -> None:
        """Show it."""
        self.push_screen(BodyScreen("body", self._window))


def drawn(pilot: Pilot[None]) -> str:
    """Return what the view draws."""
    view = pilot.app.screen.query_exactly_one(BodyView)
    return "\n".join(view.render_line(y).text for y in range(view.size.height))


def said(pilot: Pilot[None]) -> str:
    """Return the line above the view."""
    return str(pilot.app.screen.query_exactly_one("#what", Static).render())


async def test_a_document_is_folded_and_unfolded() -> None:
    async with OneBody(Memory(b'{"layers": [{"size": 5}], "n": null}')).run_test(size=(80, 20)) as pilot:
        await press(pilot, "down", "enter")
        assert "[ 1 item ]" in drawn(pilot)
        await press(pilot, "enter")
        assert '"size": 5' in drawn(pilot)


async def test_the_same_bytes_are_seen_as_text_hex_and_raw() -> None:
    async with OneBody(Memory(b'{"a":\x20"b"}')).run_test(size=(80, 20)) as pilot:
        await press(pilot, "v")
        assert '1  {"a": "b"}' in drawn(pilot)
        await press(pilot, "v")
        assert "0000000000  7b 22 61 22 3a 20 22 62  22 7d" in drawn(pilot)
        await press(pilot, "v")
        assert drawn(pilot).startswith('▶{"a": "b"}')


async def test_a_search_counts_and_goes_from_place_to_place() -> None:
    text = b"".join(b"line %d%s\n" % (n, b" needle" if n % 100 == 7 else b"") for n in range(1000))
    async with OneBody(Memory(text)).run_test(size=(80, 20)) as pilot:
        await press(pilot, "slash", *"NEEDLE", "enter")
        assert "found 10" in said(pilot)
        assert "line 7 needle" in drawn(pilot)
        await press(pilot, "n")
        assert "line 107 needle" in drawn(pilot)
        await press(pilot, "N", "N")
        assert "line 907 needle" in drawn(pilot)


async def test_what_is_found_beyond_what_was_read_so_far_is_gone_to_when_it_was_read() -> None:
    text = b"a line of sixteen\n" * 1_200_000 + b"the needle\n"
    async with OneBody(Memory(text)).run_test(size=(80, 20)) as pilot:
        await press(pilot, "slash", *"needle", "enter")
        assert "▶1200001  the needle" in drawn(pilot)


async def test_the_place_stays_from_one_way_to_look_at_it_to_the_next() -> None:
    text = b"".join(b"%015d\n" % n for n in range(600))
    async with OneBody(Memory(text)).run_test(size=(100, 20)) as pilot:
        await press(pilot, "end", "v")
        assert "▶0000002570" in drawn(pilot)
        await press(pilot, "v", "v")
        assert pilot.app.screen.query_exactly_one(BodyView).cursor == 594


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"", "empty"), (b"\x28\xb5\x2f\xfd" + b"\0" * 20, "zstd"), (b"[1]", "JSON"),
     (gzip.compress(b"no tar", mtime=0), "gzip"), (b"\x7fELF\0\0", "hex")],
    ids=["empty", "zstd", "JSON", "gzip", "other"],
)  # fmt: skip
async def test_what_a_body_is_is_told_by_its_first_bytes(body: bytes, kind: str) -> None:
    async with OneBody(Memory(body)).run_test(size=(100, 20)) as pilot:
        await press(pilot, "home")
        assert kind in said(pilot)


async def test_the_end_of_a_big_file_is_one_key_away(tmp_path: Path) -> None:
    path = tmp_path / "big"
    with path.open("wb") as file:
        file.truncate(3 * 1024**3)
        file.seek(0, 2)
        file.write(b"the end")
    part = FilePart(Slice(str(path), 0, path.stat().st_size))
    async with OneBody(part).run_test(size=(100, 20)) as pilot:
        await press(pilot, "end")
        assert "the end" in drawn(pilot)


async def test_the_files_of_a_layer_are_listed() -> None:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("etc/[red]os-release"))
    async with OneBody(Memory(gzip.compress(held.getvalue()))).run_test(size=(100, 20)) as pilot:
        await press(pilot, "home")
        assert "etc/[red]os-release" in drawn(pilot)
        assert "1 files" in said(pilot)


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (200, 50)])
@pytest.mark.parametrize("body", [b"", b"\x00\x1b[31m\x9b", b"[/red]\x1b]0;x\x07\xe2\x80\xae", b"a" * 100_000])
async def test_whatever_a_body_holds_is_shown_inert(size: tuple[int, int], body: bytes) -> None:
    async with OneBody(Memory(body)).run_test(size=size) as pilot:
        for _ in range(4):
            await press(pilot, "v", "end", "home", "right")
            assert not set("\x1b\x07\x9b\u202e") & set(drawn(pilot))


async def test_the_body_of_the_focused_pane_is_opened_and_left_again(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "1", "b")
        assert "body of the next request" in said(pilot)
        await press(pilot, "escape")
        assert pilot.app.screen.query("#timeline")
