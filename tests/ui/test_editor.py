"""The editor: raw text and parts of the same request, its body, what differs, and the way back."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Label, TextArea

from explorer.ui.app import ExplorerApp
from explorer.ui.panes.footer import KeyLine
from explorer.ui.panes.lines import Lines
from explorer.ui.panes.parts import Parts
from explorer.ui.screens.editor import Editor
from explorer.workbench import Workbench
from tests.ui.conftest import MadeUpWire

SIZES = [(60, 18), (80, 24), (120, 40)]
TARGET, HOST, AGENT, LENGTH = 1, 2, 3, 4


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one after the other, each once the one before has had its effect."""
    for key in keys:
        await pilot.press(key)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


def editor(pilot: Pilot[None]) -> Editor:
    """Return the editor that is open."""
    screen = pilot.app.screen
    assert isinstance(screen, Editor)
    return screen


def head(pilot: Pilot[None]) -> TextArea:
    return editor(pilot).query_exactly_one("#head", TextArea)


def parts(pilot: Pilot[None]) -> str:
    return editor(pilot).query_exactly_one("#parts", Parts).text


def differs(pilot: Pilot[None]) -> str:
    """Return what is said to differ, and would fail."""
    pane = editor(pilot).query_exactly_one("#differs", Lines)
    return f"{pane.border_title}\n{pane.text}"


async def at_line(pilot: Pilot[None], number: int) -> None:
    """Open the editor, go to its parts, and there to a line."""
    await press(pilot, "e", "f3", *["down"] * number)


async def typed(pilot: Pilot[None], text: str) -> None:
    """Answer the question that is asked."""
    pilot.app.screen.query_exactly_one(Input).value = text
    await press(pilot, "enter")


@pytest.mark.parametrize("size", SIZES)
async def test_an_edit_that_changes_nothing_sends_what_was_proposed(
    bench: Workbench, made_up: MadeUpWire, size: tuple[int, int]
) -> None:
    proposed = bench.state.pending
    assert proposed
    async with ExplorerApp(bench).run_test(size=size) as pilot:
        await press(pilot, "e", "f3", "f7", "f7", "f3", "f5")
        assert made_up.asked == [proposed.request]


async def test_the_parts_show_the_request_line_by_line(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "e", "f3")
        lines = [line.strip() for line in parts(pilot).split("\n")]
        assert lines[:2] == ["POST", "path /v2/t/r/blobs/uploads/"]
        assert lines[HOST].startswith("[x]  Host: ")
        assert "as proposed" in differs(pilot)
        assert "space on/off" in str(editor(pilot).query_exactly_one("#how", Label).content)


async def test_a_header_is_switched_off_and_on(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await at_line(pilot, AGENT)
        await press(pilot, "space")
        assert "~ [ ]  User-Agent" in parts(pilot)
        assert "(switched off)" in differs(pilot)
        await press(pilot, "f3")
        assert "User-Agent" not in head(pilot).text
        await press(pilot, "f3", "space")
        assert "[x]  User-Agent" in parts(pilot)


async def test_a_line_of_the_target_is_not_switched_off_and_that_is_said(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(80, 24)) as pilot:
        await at_line(pilot, TARGET)
        await press(pilot, "space")
        assert "Only a header can be switched off" in str(editor(pilot).wrong.content)


@pytest.mark.parametrize("focused", ["head", "text"])
async def test_the_keys_of_the_editor_have_room_in_80_columns(bench: Workbench, focused: str) -> None:
    async with ExplorerApp(bench).run_test(size=(80, 24)) as pilot:
        await press(pilot, "e")
        getattr(editor(pilot).form, focused).focus()
        await press(pilot)
        line = editor(pilot).query_exactly_one(KeyLine)
        assert 0 < len(line.text) <= line.size.width


async def test_the_parts_say_where_their_values_came_from(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "1", "e", "f3")
        drawn = ["".join(each.text for each in editor(pilot).form.parts.render_line(y)) for y in range(8)]
        assert "← Location of 1" in drawn[TARGET]
        assert "← address" in next(line for line in drawn if "Host:" in line)


async def test_headers_are_moved_repeated_and_removed_as_they_go_out(bench: Workbench, made_up: MadeUpWire) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await at_line(pilot, HOST)
        await press(pilot, "J", "D", "K", "K", "f5")
        names = [name for name, *_ in made_up.asked[0].headers]
        assert names[:3] == ["Host", "User-Agent", "Host"]


async def test_a_removed_line_comes_back_by_undo_and_goes_by_redo(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await at_line(pilot, HOST)
        await press(pilot, "minus")
        assert "Host" not in parts(pilot)
        await press(pilot, "f8")
        assert "Host" in parts(pilot)
        await press(pilot, "f9")
        assert "Host" not in parts(pilot)


async def test_a_line_is_typed_anew_and_a_bad_one_asked_for_again(bench: Workbench, made_up: MadeUpWire) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await at_line(pilot, HOST)
        await press(pilot, "enter")
        await typed(pilot, "no colon")
        assert not isinstance(pilot.app.screen, Editor)
        await typed(pilot, "Host: elsewhere")
        await press(pilot, "up", "enter")
        await typed(pilot, "/v2//x?a=%3D")
        await press(pilot, "plus")
        await typed(pilot, "?digest=d")
        await press(pilot, "f5")
        assert made_up.asked[0].target == "/v2//x?digest=d?a=%3D"
        assert made_up.asked[0].headers.all("Host") == ("elsewhere",)


async def test_escape_in_a_question_leaves_the_line(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await at_line(pilot, HOST)
        await press(pilot, "enter", "x", "escape")
        assert "as proposed" in differs(pilot)


async def until_said(pilot: Pilot[None], words: str) -> None:
    """Wait until it was looked at what was typed, and words stand below the fields."""
    end = time.monotonic() + 60
    while words not in differs(pilot):
        assert time.monotonic() < end, differs(pilot)
        await pilot.pause(0.02)


async def test_what_is_typed_is_marked_while_it_is_typed(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "e")
        head(pilot).text = head(pilot).text.replace("uploads/", "uploads/?a=b?c=d")
        await until_said(pilot, "~ differs")
        await until_said(pilot, "+ ?a=b")


async def test_what_cannot_be_sent_is_said_before(bench: Workbench, made_up: MadeUpWire) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "e")
        head(pilot).text = head(pilot).text.replace("POST", "CONNECT")
        await until_said(pilot, "cannot be sent: CONNECT asks for a tunnel")
        head(pilot).text = "nonsense"
        await until_said(pilot, "no request line")
        assert made_up.asked == []


async def test_what_would_fail_is_said_before(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "enter", "e")
        head(pilot).text = head(pilot).text.replace("&digest=", "?digest=")
        await until_said(pilot, "before it is sent")
        await until_said(pilot, "?")


async def test_a_body_is_typed_as_hex(bench: Workbench, made_up: MadeUpWire) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "e", "f7")
        editor(pilot).form.text.text = "1f 8b\n08"
        await press(pilot, "f5")
        assert made_up.asked[0].body == b"\x1f\x8b\x08"
        assert made_up.asked[0].headers.get("Content-Length") == "3"


async def test_a_body_of_odd_bytes_is_hex_only(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "e", "f7")
        editor(pilot).form.text.text = "ff"
        await press(pilot, "f7")
        assert "cannot be edited as text" in str(editor(pilot).wrong.content)
        editor(pilot).form.text.text = "61"
        await press(pilot, "f7")
        assert editor(pilot).form.text.text == "a"


async def test_a_pinned_content_length_stays_when_the_body_changes(bench: Workbench, made_up: MadeUpWire) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "e", "f3", "P")
        assert "pinned" in str(editor(pilot).form.parts.border_subtitle)
        editor(pilot).form.text.text = "abc"
        await press(pilot, "f5")
        assert made_up.asked[0].body == b"abc"
        assert made_up.asked[0].headers.get("Content-Length") == "0"


async def test_a_part_of_a_file_with_a_byte_changed_is_the_body(
    bench: Workbench, made_up: MadeUpWire, tmp_path: Path
) -> None:
    (tmp_path / "layer").write_bytes(b"0123456789")
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "e")
        file = editor(pilot).query_exactly_one("#file", Input)
        file.value = f"{tmp_path}/layer@2+3"
        await press(pilot, "f3")
        file.value = "@0=ff"
        await press(pilot, "f5")
        assert made_up.asked[0].body == b"\xff34"
        assert made_up.asked[0].headers.get("Content-Length") == "3"


async def test_what_was_typed_and_cannot_be_kept_is_undone(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "e")
        head(pilot).text = "nonsense"
        await press(pilot, "f8")
        assert head(pilot).text.startswith("POST ")


async def test_the_edited_request_is_copied_as_curl(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "e")
        head(pilot).text = head(pilot).text.replace("POST", "BREW")
        await press(pilot, "f6")
        assert "--request BREW" in pilot.app.clipboard
        assert isinstance(pilot.app.screen, Editor)


async def test_a_screen_that_cannot_be_left_for_another_editor_says_so(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "e", "f4")
        assert "cannot be left" in str(editor(pilot).wrong.content)


async def test_an_attempt_is_compared_with_what_the_flow_had_proposed(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "e")
        head(pilot).text = head(pilot).text.replace("POST", "GET")
        await press(pilot, "f5", "up", "e")
        assert "- POST" in differs(pilot)


@pytest.mark.parametrize("keys", [["e"], ["e", "f3"], ["e", "shift+tab"]])
async def test_the_footer_begins_with_sending_whatever_field_has_the_focus(bench: Workbench, keys: list[str]) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, *keys)
        shown = [each.binding.id for each in editor(pilot).active_bindings.values() if each.binding.show]
        assert [*dict.fromkeys(shown)][:4] == ["edit.send", "edit.keep", "edit.view", "edit.body"]
