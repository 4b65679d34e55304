"""Line mode tells what is wrong, warns of what would fail, and mends it."""

from __future__ import annotations

from pathlib import Path

from explorer.jobs import PushJob, open_push
from explorer.plain.prompts import Prompts
from explorer.workbench import Workbench


def typed(bench: Workbench, *lines: str) -> str:
    """Type lines into line mode; TARGET in one stands for the target of the next request with a second '?'."""
    said: list[str] = []
    left = iter(lines)

    def ask(prompt: str) -> str:
        said.append(prompt)
        line = next(left, None)
        if line is None:
            raise EOFError
        pending = bench.state.pending
        return line.replace("TARGET", pending.request.target.replace("&digest", "?digest") if pending else "")

    Prompts(bench, said.append, ask).run()
    bench.close()
    return "\n".join(said)


WRONG = ("send", "send", "edit", "1 PUT TARGET HTTP/1.1", "")


def push(tmp_path: Path) -> Workbench:
    return open_push(PushJob(recording=str(tmp_path / "one.jsonl")))


def test_what_would_fail_is_warned_of(tmp_path: Path) -> None:
    with_warning = typed(push(tmp_path), *WRONG)
    assert "Warning 1: a second '?' stands in the URL" in with_warning
    assert "Warning 2" not in with_warning


def test_a_warning_can_be_mended_before_anything_is_sent(tmp_path: Path) -> None:
    bench = push(tmp_path)
    said = typed(bench, *WRONG, "fix 1", "send")
    assert "Fixed: '&' in the place of the second '?'" in said
    assert [exchange.status for exchange in bench.state.exchanges] == [202, 202, 201]


def test_a_refusal_is_explained_and_the_fix_is_said_to_have_helped(tmp_path: Path) -> None:
    bench = push(tmp_path)
    said = typed(bench, *WRONG, "send", "fix 1", "send")
    assert "(second-question-mark, decides, exchange 3)" in said
    assert "The fix for second-question-mark helped." in said
    assert [exchange.status for exchange in bench.state.exchanges] == [202, 202, 404, 201]


def test_a_next_request_that_nobody_edited_is_warned_of_and_mended(tmp_path: Path) -> None:
    bench = push(tmp_path)
    said = typed(bench, "send", "send", "from 1", "fix 1", "quit")
    assert "Warning 1: an older Location was used (stale-location)" in said
    assert "Fixed: the Location of exchange 2" in said


def test_a_fix_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    assert "There is no finding 4" in typed(push(tmp_path), "fix 4")


def test_a_push_as_it_should_be_is_warned_of_nothing(tmp_path: Path) -> None:
    bench = push(tmp_path)
    said = typed(bench, *["send"] * 12)
    assert bench.state.status == 0
    assert "Warning" not in said
    assert "decides" not in said
