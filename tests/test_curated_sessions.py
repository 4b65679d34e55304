"""The recordings in sessions/: each opens, the flow agrees with it step by step, and it goes out as every kind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from explorer.diagnoses import diagnose
from explorer.formats.exporting import export, writers
from explorer.formats.importing import import_file
from explorer.formats.session import read_session, session_lines
from explorer.jobs import open_recording
from explorer.jobs.exporting import ExportJob, prepare
from explorer.model import Session
from explorer.places import stories
from explorer.redact.naming import Choices
from explorer.redact.sessions import redact
from explorer.stepping import Diverged

SESSIONS = sorted((Path(__file__).parent.parent / "sessions").glob("*.jsonl"))
BY_NAME = pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)


@BY_NAME
def test_a_curated_session_opens_and_does_not_diverge(path: Path) -> None:
    opened = open_recording(str(path))
    assert opened.remark == ""
    assert opened.workbench.state.exchanges
    assert not isinstance(opened.workbench.state.outcome, Diverged)
    opened.workbench.close()


@BY_NAME
def test_a_curated_session_is_exported_to_every_kind(path: Path) -> None:
    material = prepare(ExportJob(str(path))).material
    for writer in writers():
        assert b"".join(export(material, writer.name))


@BY_NAME
def test_a_curated_session_is_redacted_already_and_names_no_place_of_a_machine(path: Path) -> None:
    session = read_session(path).session
    assert redact(session).session == session
    assert re.findall(rb"/(?:tmp|home|root|work|Users)/", path.read_bytes()) == []


def test_the_start_screen_can_list_them_all() -> None:
    told = stories()
    assert next(story.path.name for story in told) == "first-push.jsonl"
    assert {story.path.stem for story in told} == {path.stem for path in SESSIONS}
    assert all(10 < len(story.line) < 120 for story in told)


def test_the_stories_that_were_promised_are_told() -> None:
    assert {
        "first-push",
        "second-question-mark",
        "stale-location",
        "proxy-changes-the-scheme",
        "expired-token",
        "two-replicas",
        "resumed-upload",
        "mount",
        "multi-platform-push",
        "pull",
        "hostile",
    } <= {path.stem for path in SESSIONS}


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("second-question-mark", "second-question-mark"),
        ("two-replicas", "replica-secret-mismatch"),
        ("body-limit", "nginx-413"),
    ],
)
def test_the_cause_is_found_in_a_story_of_a_failure(name: str, rule: str) -> None:
    path = next(path for path in SESSIONS if path.stem == name)
    assert rule in [finding.rule for finding in diagnose(read_session(path).session)]


def test_the_story_that_the_project_began_with_is_told() -> None:
    path = next(path for path in SESSIONS if path.stem == "second-question-mark")
    opened = open_recording(str(path))
    refused, mended = (exchange for exchange in opened.workbench.state.exchanges if exchange.after == 2)
    assert (refused.status, mended.status) == (404, 201)
    assert refused.request.target == mended.request.target.replace("&digest=", "?digest=")
    opened.workbench.close()


CAPTURES = sorted(path for path in (Path(__file__).parent / "captures").iterdir() if path.name != "README.md")


@pytest.mark.parametrize("choices", [Choices(), Choices.of(["all"])], ids=["secrets", "all"])
@pytest.mark.parametrize("path", [*SESSIONS, *CAPTURES], ids=lambda path: path.stem)
def test_what_is_redacted_is_diagnosed_in_the_same_way(path: Path, choices: Choices) -> None:
    session = import_file(path).session
    after = redact(session, choices).session
    assert found_in(after) == found_in(session)
    assert [one.after for one in after.exchanges] == [one.after for one in session.exchanges]


def found_in(session: Session) -> list[tuple[str, tuple[int, ...]]]:
    return [(finding.rule, finding.exchanges) for finding in diagnose(session)]


@BY_NAME
def test_a_story_whose_names_are_masked_can_still_be_stepped(path: Path, tmp_path: Path) -> None:
    shared = tmp_path / path.name
    shared.write_bytes(b"".join(session_lines(redact(read_session(path).session, Choices.of(["all"])).session)))
    opened = open_recording(str(shared))
    assert not isinstance(opened.workbench.state.outcome, Diverged)
    opened.workbench.close()
