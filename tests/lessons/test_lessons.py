"""Each lesson is played through: its registry answers what the words say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explorer.errors import InputError
from explorer.formats.session import read_session
from explorer.jobs.learning import open_lesson
from explorer.lessons import lesson_named, lessons
from explorer.teaching import Answered, Asking, Did, Mended, Mending, Over, Reading, Stage
from tests.lessons.playing import take

NAMES = tuple(lessons())


@pytest.fixture
def recording(tmp_path: Path) -> str:
    return str(tmp_path / "lesson.jsonl")


def over(stages: list[Stage]) -> Over:
    last = stages[-1]
    assert isinstance(last, Over)
    return last


def test_the_course_is_whole() -> None:
    assert NAMES == (
        "first-push",
        "chunks",
        "resume",
        "mount",
        "who-are-you",
        "many-platforms",
        "referrers",
        "three-repairs",
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_gets_to_its_end_and_says_what_was_learned(name: str, recording: str) -> None:
    stages, _ = take(name, recording)
    assert over(stages).learned == lesson_named(name).learned
    assert len(over(stages).learned) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_the_truth_of_each_question_is_among_its_choices(name: str, recording: str) -> None:
    stages, _ = take(name, recording)
    answered = [stage for stage in stages if isinstance(stage, Answered)]
    assert len(answered) >= 3
    offered = [one for one in answered if one.ask.question.choices]
    assert [(one.ask.question.words, one.truth) for one in offered if one.truth not in one.ask.question.choices] == []
    assert all(one.truth for one in answered)


@pytest.mark.parametrize("name", NAMES)
def test_who_knows_everything_is_right_throughout(name: str, recording: str) -> None:
    known: dict[int, str] = {}
    first, _ = take(name, recording)
    for number, stage in enumerate(stage for stage in first if isinstance(stage, Answered)):
        known[number] = stage.truth
    truths = iter(known.values())

    def answer(asking: Asking) -> str:
        # Digests and sizes are the same each time; what is not is never asked for.
        del asking
        return next(truths)

    stages, _ = take(name, f"{recording}.again", answer)
    assert over(stages).right == over(stages).asked >= 3


@pytest.mark.parametrize("name", NAMES)
def test_who_knows_nothing_is_never_right_and_gets_through(name: str, recording: str) -> None:
    stages, _ = take(name, recording, mend=False)
    assert (over(stages).right, over(stages).asked > 0) == (0, True)


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_is_recorded(name: str, recording: str) -> None:
    stages, _ = take(name, recording)
    sent = [stage for stage in stages if isinstance(stage, Did | Answered | Mended)]
    assert len(read_session(Path(recording)).session.exchanges) == len(sent)


def test_the_learners_password_and_tokens_are_not_recorded(recording: str) -> None:
    take("who-are-you", recording)
    text = Path(recording).read_text()
    assert "bGVhcm5lcjpzZWNyZXQ=" not in text
    assert "Bearer ey" not in text


def test_every_question_comes_before_its_request_is_sent(recording: str) -> None:
    teaching = open_lesson("first-push", recording)
    try:
        assert isinstance(teaching.stage, Reading)
        teaching.go_on()
        assert isinstance(teaching.stage, Asking)
        assert len(Path(recording).read_text().splitlines()) == 1
        teaching.guess("404")
        assert isinstance(teaching.stage, Answered)
        assert (teaching.stage.guess, teaching.stage.truth, teaching.stage.is_right) == ("404", "404", True)
    finally:
        teaching.close()


def test_blanks_and_case_do_not_make_a_guess_wrong(recording: str) -> None:
    stages, _ = take("chunks", recording, lambda asking: f" {(asking.ask.question.choices or ('',))[0].upper()} ")
    assert any(isinstance(stage, Answered) and stage.is_right for stage in stages)


def test_a_request_that_was_not_mended_stays_and_gives_a_hint(recording: str) -> None:
    teaching = open_lesson("three-repairs", recording)
    try:
        while not isinstance(teaching.stage, Mending):
            teaching.guess("no") if isinstance(teaching.stage, Asking) else teaching.go_on()
        before = teaching.stage
        teaching.send(before.request)
        after = teaching.stage
        assert isinstance(after, Mending)
        assert (after.tries, after.hint) == (1, before.mend.hints[0])
        assert after.exchange is not None
        assert "illegal base64" in json.dumps(str(after.exchange.response))
        teaching.send(after.mend.solution)
        assert isinstance(teaching.stage, Mended)
    finally:
        teaching.close()


def test_a_lesson_is_found_by_its_number() -> None:
    assert lesson_named("3").name == "resume"


def test_a_lesson_that_is_none_is_a_sentence() -> None:
    with pytest.raises(InputError, match="There is no lesson 'fourth'; there are first-push"):
        lesson_named("fourth")
