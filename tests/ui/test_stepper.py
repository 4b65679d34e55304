"""The main screen, driven by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static, TextArea

from explorer.formats.session import read_session
from explorer.model import Headers, Request, Response
from explorer.stepping import Blocked, Done
from explorer.ui.app import ExplorerApp
from explorer.ui.panes.lines import Lines
from explorer.ui.panes.timeline import Timeline
from explorer.ui.screens.editor import Editor
from explorer.ui.screens.stepper import Stepper
from explorer.workbench import Workbench
from tests.ui.conftest import MadeUpWire

SIZES = [(40, 10), (60, 18), (80, 24), (120, 40), (200, 50)]


async def settle(pilot: Pilot[None]) -> None:
    """Wait until what was started is through and drawn."""
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one by one, and let each have its effect."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


def pane(pilot: Pilot[None], name: str) -> Lines:
    """Return one of the panes."""
    return pilot.app.screen.query_exactly_one(f"#{name}", Lines)


def seen(widget: Lines | Timeline) -> str:
    """Return what a pane draws, line by line."""
    return "\n".join(widget.render_line(y).text for y in range(widget.size.height))


async def test_nothing_is_sent_before_a_key_says_so(bench: Workbench, made_up: MadeUpWire) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "POST /v2/t/r/blobs/uploads/ HTTP/1.1" in pane(pilot, "request").text
        assert made_up.asked == []


async def test_enter_sends_one_request_and_shows_the_raw_answer(bench: Workbench, made_up: MadeUpWire) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter")
        assert len(made_up.asked) == 1
        assert "HTTP/1.1 202 Accepted" in pane(pilot, "answer").text
        assert "Location: /v2/t/r/blobs/uploads/4f?_state=opaque" in pane(pilot, "answer").text
        assert "PATCH /v2/t/r/blobs/uploads/4f?_state=opaque HTTP/1.1" in pane(pilot, "request").text


@pytest.mark.parametrize("size", SIZES)
async def test_enter_alone_leads_to_the_end_at_any_size(bench: Workbench, size: tuple[int, int]) -> None:
    async with ExplorerApp(bench).run_test(size=size) as pilot:
        for _ in range(30):
            await press(pilot, "enter")
            if isinstance(bench.state.outcome, Done):
                break
        assert isinstance(bench.state.outcome, Done)


async def test_all_runs_to_the_end(bench: Workbench, made_up: MadeUpWire) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "a")
        assert isinstance(bench.state.outcome, Done)
        assert [request.method for request in made_up.asked][-1] == "PUT"
        status = str(pilot.app.screen.query_exactly_one("#status", Static).content)
        assert "Done" in status


async def edit_target(pilot: Pilot[None], change: Callable[[str], str]) -> None:
    """Open the editor, change the request line, and send."""
    await press(pilot, "e")
    head = pilot.app.screen.query_exactly_one("#head", TextArea)
    first, _, rest = head.text.partition("\n")
    head.text = f"{change(first)}\n{rest}"
    await press(pilot, "f5")


async def break_the_put(pilot: Pilot[None]) -> None:
    """Step to the closing PUT and send it with a second question mark."""
    await press(pilot, "enter", "enter")
    await edit_target(pilot, lambda line: line.replace("&digest=", "?digest="))


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_each_pane_is_a_digit_away(bench: Workbench, size: tuple[int, int]) -> None:
    async with ExplorerApp(bench).run_test(size=size) as pilot:
        for digit, pane in zip("1203", ("request", "answer", "timeline", "meaning"), strict=True):
            await press(pilot, digit)
            assert pilot.app.focused is not None
            assert pilot.app.focused.id == pane
            assert str(pilot.app.focused.border_title).strip().startswith(digit)


async def test_a_broken_request_is_refused_and_mended(bench: Workbench, made_up: MadeUpWire, tmp_path: Path) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await break_the_put(pilot)
        assert made_up.asked[-1].target.count("?") == 2
        assert isinstance(bench.state.outcome, Blocked)
        assert "BLOB_UPLOAD_INVALID" in pane(pilot, "answer").text
        await press(pilot, "enter")
        assert bench.state.exchanges[-1].status == 201
    bench.close()
    recorded = read_session(tmp_path / "session.jsonl").session.exchanges
    assert [exchange.status for exchange in recorded] == [202, 202, 404, 201]
    assert recorded[2].is_edited
    assert recorded[2].after == recorded[3].after


async def test_a_refused_attempt_is_marked_in_words(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await break_the_put(pilot)
        lines = seen(pilot.app.screen.query_exactly_one(Timeline)).split("\n")
        assert "404 refused" in lines[3]
        assert "202 ok" in lines[1]


async def test_a_sent_exchange_is_replayed_as_it_was(bench: Workbench, made_up: MadeUpWire) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "enter", "up", "up", "r")
        assert made_up.asked[2] == made_up.asked[0]
        assert len(bench.state.exchanges) == 3


async def test_a_sent_exchange_is_edited_for_another_attempt(bench: Workbench, made_up: MadeUpWire) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "up")
        await edit_target(pilot, lambda line: line.replace("uploads/", "uploads/?x=1"))
        assert made_up.asked[-1].target == "/v2/t/r/blobs/uploads/?x=1"
        assert bench.state.exchanges[1].after == 0


async def test_an_edit_that_is_kept_is_shown_and_can_be_undone(bench: Workbench, made_up: MadeUpWire) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "e")
        pilot.app.screen.query_exactly_one("#head", TextArea).text = "GET /v2/ HTTP/1.1\nHost: x"
        await press(pilot, "f2")
        assert "GET /v2/ HTTP/1.1" in pane(pilot, "request").text
        await press(pilot, "u")
        assert "POST /v2/t/r/blobs/uploads/ HTTP/1.1" in pane(pilot, "request").text
        assert made_up.asked == []


async def test_a_line_that_is_no_header_is_said_and_nothing_is_sent(bench: Workbench, made_up: MadeUpWire) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "e")
        head = pilot.app.screen.query_exactly_one("#head", TextArea)
        head.text += "\nContent-Type=application/json"
        await press(pilot, "f5")
        assert isinstance(pilot.app.screen, Editor)
        assert "no header" in str(pilot.app.screen.wrong.content)
        assert made_up.asked == []


async def test_an_edited_body_moves_a_true_content_length(bench: Workbench, made_up: MadeUpWire) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "e")
        pilot.app.screen.query_exactly_one("#text", TextArea).text = "abc"
        await press(pilot, "f5")
        assert made_up.asked[0].body == b"abc"
        assert made_up.asked[0].headers.get("Content-Length") == "3"


async def test_escape_leaves_the_editor_without_a_change(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(80, 24)) as pilot:
        await press(pilot, "e", "x", "escape")
        assert isinstance(pilot.app.screen, Stepper)
        assert bench.state.draft is None


async def test_the_flow_goes_on_from_an_earlier_exchange(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "enter", "enter", "up", "up", "up", "c")
        assert bench.state.path == (1,)
        assert bench.state.pending is not None
        assert bench.state.pending.request.method == "PATCH"


async def test_on_a_narrow_screen_the_request_is_in_view_before_it_is_sent(
    bench: Workbench, made_up: MadeUpWire
) -> None:
    async with ExplorerApp(bench).run_test(size=(80, 24)) as pilot:
        await press(pilot, "enter")
        assert pane(pilot, "answer").display
        await press(pilot, "enter")
        assert pane(pilot, "request").display
        assert len(made_up.asked) == 1


HOSTILE = "\x1b]0;owned\x07[/foo] [@click=app.quit]x[/] \x00\x9b31m \xe2\x80\xae rtl"


def hostile(request: Request) -> Response:
    """Answer with everything that a screen must not obey."""
    headers = Headers.of(("Location", f"/v2/t/r/blobs/uploads/1?{HOSTILE}"), (HOSTILE, HOSTILE), ("", ""))
    body = f'{{"errors":[{{"code":"{HOSTILE[1:]}","message":"[/x]","detail":"\\u001b[2J"}}]}}'.encode("latin-1")
    return Response(404 if request.method == "PUT" else 202, HOSTILE, "HTTP/1.1", headers, body)


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_text_is_inert_and_visible_everywhere(
    bench: Workbench, made_up: MadeUpWire, size: tuple[int, int]
) -> None:
    made_up.answer = hostile
    async with ExplorerApp(bench).run_test(size=size, notifications=True, tooltips=True) as pilot:
        await press(
            pilot, "enter", "enter", "enter", "enter", "enter", "enter", "2", "3", "up", "e", "escape", "f", "f"
        )
        drawn = "".join(strip.text for strip in pilot.app.screen._compositor.render_strips())
        assert not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in drawn)
        assert "\u202e" not in drawn
        assert "[@click=app.quit]x[/]" in pane(pilot, "answer").text


async def test_resizing_while_stepping_breaks_nothing(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(200, 50)) as pilot:
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await press(pilot, "enter", "2", "up")
        assert bench.state.exchanges


async def test_a_request_that_cannot_be_sent_is_said_and_stays(bench: Workbench, made_up: MadeUpWire) -> None:
    def refuse(request: Request) -> Response:
        from explorer.wire.sendable import check_sendable

        check_sendable(request)
        raise AssertionError("it cannot be sent")

    made_up.answer = refuse
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await edit_target(pilot, lambda line: line.replace("POST", "CONNECT"))
        status = str(pilot.app.screen.query_exactly_one("#status", Static).content)
        assert "CONNECT" in status
        assert bench.state.exchanges == ()
        assert bench.state.draft is not None


async def test_quitting_asks_nothing_and_keeps_the_recording(bench: Workbench, tmp_path: Path) -> None:
    async with ExplorerApp(bench).run_test(size=(80, 24)) as pilot:
        await press(pilot, "enter", "q")
    bench.close()
    assert len(read_session(tmp_path / "session.jsonl").session.exchanges) == 1


async def test_leaving_by_any_way_stops_what_is_being_sent(bench: Workbench, made_up: MadeUpWire) -> None:
    async with ExplorerApp(bench).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        pilot.app.exit()
        assert made_up.stops == 1


@pytest.mark.parametrize(("size", "name"), [((60, 18), "-narrow"), ((80, 24), "-narrow"), ((120, 40), "-wide")])
async def test_the_screen_is_laid_out_for_its_size_before_it_is_drawn(
    bench: Workbench, size: tuple[int, int], name: str
) -> None:
    classes: list[frozenset[str]] = []

    class Watched(Stepper):
        def on_mount(self) -> None:
            classes.append(self.classes)

    async with ExplorerApp().run_test(size=size) as pilot:
        await pilot.app.push_screen(Watched(bench))
    assert name in classes[0]


async def test_at_120_columns_the_list_has_times_and_the_meaning_stands_below_it(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter")
        screen = pilot.app.screen
        steps, meaning = screen.query_exactly_one("#timeline").region, pane(pilot, "meaning").region
        assert (meaning.x, meaning.y) == (steps.x, steps.bottom)
        assert "4ms 202 ok" in seen(screen.query_exactly_one(Timeline))


@pytest.mark.parametrize("size", [(60, 18), (80, 24)])
async def test_the_help_of_a_narrow_screen_lies_over_it(bench: Workbench, size: tuple[int, int]) -> None:
    async with ExplorerApp(bench).run_test(size=size) as pilot:
        before = pane(pilot, "request").region
        await press(pilot, "f1")
        help = pilot.app.screen.query_exactly_one("HelpPanel")
        assert help.region.width == size[0]
        assert pane(pilot, "request").region == before
        await press(pilot, "escape")
        assert not pilot.app.screen.query("HelpPanel")
