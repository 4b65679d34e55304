"""Lessons on the screen: each is played to its end, and what is to be seen is seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static, TextArea

from explorer import learnt
from explorer.jobs.learning import open_lesson
from explorer.lessons import lessons
from explorer.teaching import Answered, Asking, Mending, Over, Reading, Teaching
from explorer.ui.app import ExplorerApp
from explorer.ui.learning import LessonApp
from explorer.ui.panes.lines import Lines
from explorer.ui.screens.editor import Editor
from explorer.ui.screens.lesson import LessonScreen
from explorer.ui.screens.lessons import LessonsScreen
from explorer.ui.screens.start import Start


@pytest.fixture(autouse=True)
def _data_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sessions").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def teaching(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Teaching]:
    made = open_lesson(getattr(request, "param", "first-push"), str(tmp_path / "lesson.jsonl"))
    yield made
    made.close()


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.pause()


def talk(pilot: Pilot[None]) -> str:
    """Return all that was said so far."""
    return "\n".join(str(block.content) for block in pilot.app.screen.query("#talk > Static").results(Static))


async def play(pilot: Pilot[None], teaching: Teaching) -> None:
    """Take the first choice of everything; a request to be mended is shown by the program."""
    for _ in range(100):
        match teaching.stage:
            case Over():
                return
            case Mending():
                pilot.app.screen.query_exactly_one("#choices", OptionList).highlighted = 2
                await press(pilot, "enter")
            case _:
                await press(pilot, "enter")
    raise AssertionError("the lesson does not end")


@pytest.mark.parametrize("teaching", list(lessons()), indirect=True)
async def test_a_lesson_is_played_to_its_end(teaching: Teaching) -> None:
    app = LessonApp(teaching)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await play(pilot, teaching)
        assert isinstance(teaching.stage, Over)
        assert all(sentence in talk(pilot) for sentence in teaching.kind.learned)
        await press(pilot, "enter")
    assert app.return_code == 0


async def test_the_request_is_shown_and_asked_about_before_it_is_sent(teaching: Teaching) -> None:
    async with LessonApp(teaching).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert isinstance(teaching.stage, Reading)
        await press(pilot, "enter")
        assert isinstance(teaching.stage, Asking)
        assert "HEAD /v2/lesson/app/blobs/" in talk(pilot)
        assert "HTTP/1.1 404" not in talk(pilot)
        assert "Which status" in str(pilot.app.screen.query_exactly_one("#question", Static).content)


async def test_the_answer_stands_beside_the_guess(teaching: Teaching) -> None:
    async with LessonApp(teaching).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await press(pilot, "enter", "down", "down", "enter")
        assert isinstance(teaching.stage, Answered)
        assert "Your guess: 404\nIt was:     404  (right)" in talk(pilot)
        assert "< HTTP/1.1 404 Not Found" in talk(pilot)


async def test_who_cannot_tell_says_so(teaching: Teaching) -> None:
    async with LessonApp(teaching).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await press(pilot, "enter", "up", "enter")
        assert "Your guess: none\nIt was:     404" in talk(pilot)


async def test_a_guess_can_be_typed(teaching: Teaching) -> None:
    async with LessonApp(teaching).run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        while not pilot.app.screen.query("#typed"):
            await press(pilot, "enter")
        pilot.app.screen.query_exactly_one("#typed", Input).value = "[b]20"
        await press(pilot, "enter")
        assert "Your guess: [b]20\nIt was:     20" in talk(pilot)


@pytest.mark.parametrize("teaching", ["three-repairs"], indirect=True)
async def test_a_request_is_mended_in_the_editor(teaching: Teaching) -> None:
    async with LessonApp(teaching).run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        while not isinstance(teaching.stage, Mending):
            await press(pilot, "enter")
        mending = teaching.stage
        await press(pilot, "down", "enter")
        assert mending.mend.hints[0] in talk(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, Editor)
        head = pilot.app.screen.query_exactly_one("#head", TextArea)
        head.text = head.text.replace("?digest=", "&digest=")
        await press(pilot, "f2")
        assert isinstance(teaching.stage, Mending)
        await press(pilot, "enter")
        differs = pilot.app.screen.query_exactly_one("#differs", Lines)
        assert "~ differs" in str(differs.border_title)
        assert "&digest=" in differs.text
        await press(pilot, "escape")
        assert "This is how it stands now." in talk(pilot)
        assert "&digest=" in talk(pilot)
        await press(pilot, "down", "enter")
        assert "Mended." in talk(pilot)
        assert mending.mend.after in talk(pilot)


async def test_a_lesson_can_be_left_at_any_time(teaching: Teaching) -> None:
    app = LessonApp(teaching)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await press(pilot, "enter", "escape")
    assert app.return_code == 0
    assert not isinstance(teaching.stage, Over)


async def test_the_start_screen_leads_to_the_lessons_and_keeps_what_was_learned() -> None:
    app = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert isinstance(pilot.app.screen, Start)
        await press(pilot, "down", "enter")
        assert isinstance(pilot.app.screen, LessonsScreen)
        await press(pilot, "down", "down", "down", "enter")
        assert isinstance(pilot.app.screen, LessonScreen)
        await play(pilot, pilot.app.screen._teaching)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, LessonsScreen)
        shown = pilot.app.screen.query_exactly_one("#list", OptionList)
        assert "taken" in str(shown.get_option("mount").prompt)
        assert list(learnt.taken()) == ["mount"]
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, Start)
    app.finish()


async def test_a_broken_progress_file_is_said_and_lessons_go_on() -> None:
    path = learnt.progress_file()
    path.parent.mkdir(parents=True)
    path.write_text("[oops")
    app = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await press(pilot, "down", "enter")
        said = str(pilot.app.screen.query_exactly_one("#wrong", Static).content)
        assert "it is not the progress of the lessons" in said.replace("\n", " ")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, LessonScreen)
        await press(pilot, "escape")
    app.finish()
