"""Lessons in line mode: each is played to its end by numbered answers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from explorer.jobs.learning import open_lesson
from explorer.learnt import Taken
from explorer.lessons import lesson_named, lessons
from explorer.plain.lessons import LessonPrompts, lesson_lines
from explorer.teaching import Mending, Over, Teaching

Lines = list[str]


@pytest.fixture
def teaching(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Teaching]:
    made = open_lesson(request.param, str(tmp_path / "lesson.jsonl"))
    yield made
    made.close()


def take(teaching: Teaching, answer: Callable[[str], str]) -> tuple[int, str]:
    """Take a lesson; `answer` is given each prompt."""
    said: Lines = []

    def ask(prompt: str) -> str:
        said.append(prompt)
        return answer(prompt)

    status = LessonPrompts(teaching, said.append, ask).run()
    return status, "\n".join(said)


def first_choice(prompt: str) -> str:
    return {"Your guess> ": "1", "mend> ": "give up"}.get(prompt, "")


@pytest.mark.parametrize("teaching", list(lessons()), indirect=True)
def test_a_lesson_is_played_to_its_end(teaching: Teaching) -> None:
    status, said = take(teaching, first_choice)
    assert (status, isinstance(teaching.stage, Over)) == (0, True)
    assert "What was learned:" in said
    assert said.count("Your guess: ") >= 3
    assert all(part in said.replace("\n", " ") for part in teaching.kind.learned)


@pytest.mark.parametrize("teaching", ["first-push"], indirect=True)
def test_a_question_is_asked_before_the_request_is_sent(teaching: Teaching) -> None:
    _, said = take(teaching, first_choice)
    assert said.index("Question 1: Which status") < said.index("Your guess> ") < said.index("  HTTP/1.1 404 Not Found")


@pytest.mark.parametrize("teaching", ["first-push"], indirect=True)
def test_the_answer_stands_beside_the_guess(teaching: Teaching) -> None:
    _, said = take(teaching, lambda prompt: "404" if prompt == "Your guess> " else "")
    assert "Your guess: 404\nIt was:     404  (right)" in said
    assert "Your guess: 404\nIt was:     202\n" in said


@pytest.mark.parametrize("teaching", ["three-repairs"], indirect=True)
def test_a_request_is_mended_line_by_line(teaching: Teaching) -> None:
    tries = iter(["", "nonsense", "show", "1", ""])

    def answer(prompt: str) -> str:
        if prompt != "mend> ":
            return "1" if prompt == "Your guess> " else ""
        typed = next(tries, "q")
        if typed == "1" and isinstance(teaching.stage, Mending):
            mended = teaching.stage.mend.solution.head().decode().split("\r\n")[0]
            return f"1 {mended}"
        return typed

    status, said = take(teaching, answer)
    assert status == 130
    assert "Not yet. The Location has a query already" in said
    assert "Mended." in said


@pytest.mark.parametrize("teaching", ["mount"], indirect=True)
@pytest.mark.parametrize("word", ["q", "QUIT"])
def test_a_lesson_can_be_left(teaching: Teaching, word: str) -> None:
    status, said = take(teaching, lambda _: word)
    assert (status, "What was learned" in said) == (130, False)


@pytest.mark.parametrize("teaching", ["mount"], indirect=True)
def test_what_was_typed_is_shown_without_control_characters(teaching: Teaching) -> None:
    _, said = take(teaching, lambda prompt: "\x1b[2J" if prompt == "Your guess> " else "")
    assert "\x1b" not in said


def test_the_list_tells_how_lessons_went() -> None:
    listed = "\n".join(lesson_lines({"mount": Taken(4, 5, "2026-01-01")}))
    assert "(taken, 4 of 5 right)" in listed
    assert all(kind.line in listed.replace("\n   ", " ") for kind in lessons().values())


def run(folder: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "explorer", "learn", *arguments],
        cwd=folder,
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "XDG_DATA_HOME": str(folder / "data")},
    )


def test_the_verb_takes_a_lesson_and_keeps_the_progress(tmp_path: Path) -> None:
    (tmp_path / "sessions").mkdir()
    done = run(tmp_path, "mount", "--plain", typed="\n" * 50)
    assert done.returncode == 0, done.stderr
    kept = tmp_path / "data" / "registry-explorer" / "lessons.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "(taken, 0 of 5 right)" in run(tmp_path).stdout


def test_the_verb_says_when_the_input_ends_early(tmp_path: Path) -> None:
    (tmp_path / "sessions").mkdir()
    assert run(tmp_path, "chunks", "--plain", typed="\n").returncode == 130
    assert not (tmp_path / "data").exists()


def test_the_verb_names_the_lessons_where_there_is_none_of_a_name(tmp_path: Path) -> None:
    done = run(tmp_path, "fourth", "--plain")
    assert done.returncode == 2
    assert "There is no lesson 'fourth'" in done.stderr


def test_without_a_terminal_the_screen_is_refused_in_a_sentence(tmp_path: Path) -> None:
    done = run(tmp_path, lesson_named("1").name)
    assert (done.returncode, "Use --plain here." in done.stderr) == (2, True)
