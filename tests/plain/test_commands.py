"""The commands of the line mode, each as it is typed: what it tells, and what it does to the session."""

from __future__ import annotations

import itertools
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.formats.importing import import_file
from explorer.formats.session import read_session
from explorer.jobs import PushJob, open_push, open_recording
from explorer.plain.commands import command_named, line_commands
from explorer.plain.declared import GROUPS
from explorer.plain.prompts import Prompts
from explorer.visible import visible
from explorer.workbench import Workbench

SESSIONS = Path(__file__).parents[2] / "sessions"
HOSTILE = SESSIONS / "hostile.jsonl"


@dataclass
class Told:
    """What line mode said to the lines that were typed, its exit status, and the workbench that it began with."""

    bench: Workbench
    lines: list[str] = field(default_factory=list)
    status: int = -1

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    def after(self, line: str) -> list[str]:
        """Return what was said after a line was typed, up to the next prompt."""
        rest = self.lines[self.lines.index(f"typed {line}") + 1 :]
        return [*itertools.takewhile(lambda one: not one.startswith("typed "), rest)]


def tell(bench: Workbench, *typed: str, is_script: bool = False) -> Told:
    """Type lines into line mode until it ends."""
    told = Told(bench)
    left = iter(typed)

    def ask(prompt: str) -> str:
        del prompt
        line = next(left, None)
        if line is None:
            raise EOFError
        told.lines.append(f"typed {line}")
        return line

    told.status = Prompts(bench, told.lines.append, ask, is_script=is_script).run()
    return told


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder to work in, with a place for recordings."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sessions").mkdir()
    return tmp_path


Push = Callable[..., Told]


@pytest.fixture
def push(here: Path) -> Iterator[Push]:
    """Return what types lines into a push of the sample into the built-in registry."""
    benches: list[Workbench] = []

    def push(*typed: str, is_script: bool = False) -> Told:
        benches.append(open_push(PushJob(recording=str(here / f"{len(benches)}.jsonl"))))
        return tell(benches[-1], *typed, is_script=is_script)

    yield push
    for bench in benches:
        bench.close()


def story(name: str, *typed: str) -> Told:
    """Type lines into a recording that comes with the program."""
    bench = open_recording(str(SESSIONS / f"{name}.jsonl")).workbench
    try:
        return tell(bench, *typed)
    finally:
        bench.close()


WRONG_PUT = ("", "", "edit", "1 PUT /v2/tiny/blobs/uploads/x?_state=y?digest=sha256:0 HTTP/1.1", "", "send")


@pytest.mark.parametrize("word", line_commands())
def test_every_command_is_explained_and_stands_in_the_list(push: Push, word: str) -> None:
    told = push("help", f"help {word}")
    one = line_commands()[word]
    assert one.group in GROUPS
    assert f"  {one.usage}: {one.line}" in told.after("help")
    assert one.usage in told.after(f"help {word}")


def test_no_two_commands_share_a_word() -> None:
    words = [word for one in line_commands().values() for word in (one.word, *one.also)]
    assert len(words) == len(set(words))


def test_a_word_can_be_cut_short_where_it_is_the_only_one() -> None:
    assert command_named("verd").word == "verdict"
    assert command_named("SEND").word == "send"


def test_after_a_command_that_changes_nothing_a_line_says_what_is_next(push: Push) -> None:
    assert push("list").after("list")[-2] == "Next: Step 1 of 10, layer 1: open upload."


@pytest.mark.parametrize(
    ("until", "count"),
    [("before layer 2", 3), ("~m PATCH", 2), ("~h docker-content-digest", 3), ("surprise", 10)],
)
def test_a_run_stops_at_its_breakpoint(push: Push, until: str, count: int) -> None:
    assert len(push(f"run until {until}").bench.state.exchanges) == count


def test_a_run_ends_where_it_is_refused_and_tells_that_exchange_whole(push: Push) -> None:
    told = push("faults on bad-gateway=PATCH", "run")
    assert [exchange.status for exchange in told.bench.state.exchanges] == [202, 502]
    assert "  HTTP/1.1 502 Bad Gateway" in told.after("run")
    assert told.status == 1


def test_an_answer_can_be_supposed_and_is_marked_as_made_up(push: Push) -> None:
    told = push("suppose", "1 HTTP/1.1 202 Accepted", "2 Location: /v2/tiny/blobs/uploads/9?_state=q", "", "list")
    [made_up] = told.bench.state.exchanges
    assert made_up.basis == "made up"
    assert "1. POST layer 1: open upload: 202, MADE UP" in told.after("list")
    assert any("PATCH /v2/tiny/blobs/uploads/9?_state=q HTTP/1.1" in line for line in told.lines)


def test_another_answer_of_an_earlier_exchange_is_supposed_or_given_up(push: Push) -> None:
    told = push("run", "suppose 1", "nonsense", "body refused", "- 2", "+ X: y", "cancel")
    assert len(told.bench.state.exchanges) == 10
    assert "Nothing is supposed." in told.said


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        (("parts", "switch 5", ""), "POST /v2/tiny/blobs/uploads/ HTTP/1.1|Host|User-Agent"),
        (
            ("parts", "+ &a=b", "repeat 3", ""),
            "POST /v2/tiny/blobs/uploads/&a=b&a=b HTTP/1.1|Host|User-Agent|Content-Length",
        ),
        (("parts", "down 3", ""), "POST /v2/tiny/blobs/uploads/ HTTP/1.1|User-Agent|Host|Content-Length"),
        (("parts", "- 4", "lines", "1 GET /x HTTP/1.1", ""), "GET /x HTTP/1.1|Host|Content-Length"),
        (("+ X: y", "undo", "redo", ""), "POST /v2/tiny/blobs/uploads/ HTTP/1.1|Host|User-Agent|Content-Length|X"),
        (("1 GET /x HTTP/1.1", "undo", "+ X: y", "undo", ""), ""),
        (("1 GET /x HTTP/1.1", "cancel"), ""),
    ],
)
def test_a_request_is_edited_by_its_lines_and_its_parts(push: Push, typed: tuple[str, ...], line: str) -> None:
    draft = push("edit", *typed).bench.state.draft
    head = draft.request.head().decode().strip().split("\r\n") if draft else [""]
    assert "|".join([head[0], *(row.partition(":")[0] for row in head[1:])]) == line


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("switch 1", "type parts first"),
        ("undo", "There is nothing to undo."),
        ("show upside down", "is shown as text or as hex"),
        ("show text", "The body is empty."),
        ("changes", "Nothing differs from the proposed request."),
        ("help", "cancel: end the editing; nothing is changed"),
        ("dance", "is no number"),
        ("curl", "curl --include"),
    ],
)
def test_what_is_typed_while_editing_is_answered_in_words(push: Push, line: str, said: str) -> None:
    assert any(said in one for one in push("edit", line, "cancel").after(line))


def test_a_pinned_length_stays_whatever_the_body_is(push: Push) -> None:
    told = push("edit", "pin", "body hello", "changes", "send")
    assert told.bench.state.exchanges[0].request.headers.get("Content-Length") == "0"
    assert "Body: was 0 bytes, is 5 bytes, or has other ones." in told.after("changes")


def test_the_next_failure_is_gone_to_and_is_then_at_hand(push: Push) -> None:
    told = push(*WRONG_PUT, "run", "failure", "verdict", "failure", "connection")
    assert "Exchange 3: layer 1: close (end-6, edited)" in told.after("failure")
    assert "Verdict: allowed." in told.after("verdict")
    assert "Exchange 3:" in told.after("connection")
    assert "No exchange has failed." in push("run", "failure").said


def test_a_list_is_filtered(push: Push) -> None:
    said = push("run", "list ~m PATCH").after("list ~m PATCH")
    assert [line.split()[0] for line in said if line[:2] != "3 " and line[0].isdecimal()] == ["2.", "5.", "8."]
    assert "3 of 10 exchanges." in said


def test_values_are_followed_to_where_they_came_from_and_went(push: Push) -> None:
    told = push("send", "origins", "send", "origins 2", "uses 1")
    assert any(line.endswith("Location of 1 (inferred)") for line in told.after("origins"))
    assert any(line.endswith("Location of 1 (inferred)") for line in told.after("origins 2"))
    assert "Location of answer 1: used by exchange 2, in its target (inferred)" in told.after("uses 1")


def test_a_stale_location_is_named_before_it_is_sent(push: Push) -> None:
    told = push("send", "send", "change 2", "+ X: y", "")
    assert any(line.startswith("STALE: ") and "exchange 2 has a newer one" in line for line in told.lines)


def test_what_is_opaque_is_decoded_and_the_upload_accounted_for(push: Push) -> None:
    told = push("send", "send", "decode", "account")
    assert "  Offset: 30743, which is the bytes sent so far" in told.after("decode")
    assert "Bytes that the answer's Range admits: 30743" in told.after("account")
    assert "All of it fits." in told.after("account")


def test_an_account_that_does_not_fit_is_told_at_once(push: Push) -> None:
    told = push("send", "edit", "body short", "", "faults on range-not-advancing", "send")
    assert told.bench.state.exchanges[-1].sent_size == 5
    assert "Bytes sent: 5" in tell(told.bench, "account").said


def test_what_is_expected_is_said_before_and_the_verdict_after(push: Push) -> None:
    told = push("expect", "send")
    assert any(line.startswith("  202: ") for line in told.after("expect"))
    assert "Verdict: as expected." in told.after("send")


def test_headers_and_words_are_explained(push: Push) -> None:
    told = push("send", "headers", "explain Content-Range: bytes 0-4/5")
    assert "  The value: as it should be" in told.after("headers")
    assert any("as it should be" in line or "unit" in line for line in told.after("explain Content-Range: bytes 0-4/5"))


def test_a_layer_is_listed_searched_and_paged(push: Push) -> None:
    told = push(
        "run", "files 2", "body 2 request hex", "search 0x1f8b", "more", "page 99999", "body 10 request", "more"
    )
    assert any(line.startswith("etc/motd, 21237 bytes") for line in told.after("files 2"))
    assert told.after("search 0x1f8b")[:2] == ["Found 1 time.", "Byte 0, on page 1"]
    assert any(line.startswith("0000000140  ") for line in told.after("more"))
    assert "There is no page 99999." in told.said
    assert any(line.startswith("/config/digest: ") for line in told.after("body 10 request"))


def test_exchanges_and_sessions_are_compared(push: Push, here: Path) -> None:
    told = push(*WRONG_PUT, "send", "compare 3 4", "run", "save a.jsonl", "compare a.jsonl", "compare session 1")
    assert told.after("compare 3 4")[1].startswith("They differ in target, status")
    assert "The 11 exchanges went the same way." in told.after("compare a.jsonl")
    assert "The 11 exchanges went the same way." in told.after("compare session 1")
    assert (here / "a.jsonl").is_file()


@pytest.mark.parametrize(("typed", "status"), [(("run", "replay", "run"), 0), (("run", "replay literal", "run"), 1)])
def test_a_conversation_is_had_again_in_a_session_of_its_own(push: Push, typed: tuple[str, ...], status: int) -> None:
    told = push(*typed)
    assert told.status == status
    assert len(told.bench.state.exchanges) == 10
    assert sum(line.startswith("Recording: ") for line in told.lines) == 1


def test_a_replay_can_begin_later_and_go_elsewhere(push: Push) -> None:
    to = push("run").bench.state.exchanges[0].request.origin
    told = push("run", f"replay from 4 to {to.authority}/other/name:v2", "run", "sessions", "session 1", "list")
    assert "Session 2 is at hand: replay of 1.jsonl to" in told.said
    assert any("PUT /v2/other/name/manifests/v2 HTTP/1.1" in line for line in told.lines)
    assert told.status == 0


def test_one_exchange_is_had_again_alone_with_what_leads_to_it(push: Push) -> None:
    told = push("run", "replay only 3", "run", "list")
    assert "Before exchange 3 come those whose answers lead to where it goes: 1, 2." in told.said
    assert [line.split(" ")[1] for line in told.after("list") if line[:2] in ("1.", "2.", "3.", "4.")] == [
        "POST",
        "PATCH",
        "PUT",
    ]


def test_the_same_push_is_made_as_another_client(push: Push) -> None:
    told = push("as crane", "run")
    assert any("crane/" in line for line in told.lines)
    assert told.status == 0
    assert "Only a push whose image" in story("pull", "as crane").said


def test_a_request_is_had_as_curl(push: Push, here: Path) -> None:
    told = push("curl", "curl next to next.sh", "curl next to next.sh")
    assert told.after("curl")[0].startswith("curl --include")
    assert stat.S_IMODE((here / "next.sh").stat().st_mode) == 0o600
    assert "is not overwritten" in told.said


def test_a_session_is_saved_exported_and_reported(push: Push, here: Path) -> None:
    told = push("run", "save a.jsonl", "export har a.har 1-3", "export nothing x", "report r.zip")
    assert len(read_session(here / "a.jsonl").session.exchanges) == 10
    assert len(import_file(str(here / "a.har")).session.exchanges) == 3
    assert "There is no kind 'nothing'" in told.said
    assert (here / "r.zip").stat().st_size > 1000
    assert any(line.startswith("Masked: ") for line in told.after("report r.zip"))


def test_faults_are_switched_and_listed(push: Push) -> None:
    told = push("faults on nginx-413=1k", "faults", "send", "send", "faults off nginx-413", "send")
    assert [exchange.status for exchange in told.bench.state.exchanges] == [202, 413, 202]
    assert "On: nginx-413=1k." in told.after("faults")
    assert "has no faults to switch" in story("first-push", "faults").said


def test_a_lesson_is_taken_and_come_back_from(push: Push, monkeypatch: pytest.MonkeyPatch, here: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(here))
    told = push("lessons", "learn first-push", "q", "send")
    assert any("first-push" in line for line in told.after("lessons"))
    assert "Lesson 1: Your first push." in told.said
    assert len(told.bench.state.exchanges) == 1


def test_another_conversation_is_begun_by_its_arguments(push: Push) -> None:
    at = push("run").bench.state.exchanges[0].request.origin.authority
    told = push(f"begin list-tags {at}/tiny n=5", "run", "flows list-tags")
    assert any("GET /v2/tiny/tags/list?n=5 HTTP/1.1" in line for line in told.lines)
    assert any(line.startswith("target (needed): ") for line in told.after("flows list-tags"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("begin", "Say which conversation"),
        ("begin dance", "There is no flow 'dance'"),
        ("begin list-tags", "needs target, too"),
        ("begin list-tags a/b c d", "is more than list-tags takes"),
        ("begin 'list", "cannot be read"),
        ("begin list-tags localhost:1/x n=many", "'many' is no number"),
        ("open", "hostile.jsonl"),
        ("open -", "Standard input is where commands come from"),
        ("open gone.jsonl", "cannot be read"),
        ("run sideways", "is no run"),
        ("run until", "A breakpoint is missing"),
        ("replay", "Nothing was sent yet"),
        ("replay from x", "Nothing was sent yet"),
        ("save x", "Nothing was sent yet"),
        ("compare", "Say what to compare"),
        ("more", "No body is at hand"),
        ("body 1 text hex", "Say one exchange"),
        ("ladder sideways", "is told, or drawn"),
        ("session 9", "There is no session 9"),
        ("undo", "Nothing is edited"),
        ("undo it", "takes nothing after it"),
        ("fix 4", "There is no finding 4"),
        ("learn", "Say which lesson"),
        ("learn dance", "dance"),
        ("explain dance", "Nothing is known of 'dance'"),
        ("list ~q x", "which is no operator"),
        ("as dance", "dance"),
        ("faults on dance", "dance"),
        ("search", "Say what to look for"),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_counts_for_scripts(push: Push, line: str, said: str) -> None:
    told = push(line)
    assert any(said in one for one in told.after(line)), told.after(line)


def test_a_script_with_a_command_that_could_not_be_done_does_not_end_in_success(push: Push) -> None:
    assert push("run", "dance", is_script=True).status == 2
    assert push("run", "dance").status == 0


LOOKING = [
    *("list", "next", "findings", "failure", "ladder", "ladder drawn", "where", "sessions", "list ~b e", "list ~h ~"),
    *(f"{word} {{n}}" for word in ("show", "origins", "uses", "decode", "account", "headers", "verdict", "expect")),
    *(f"{word} {{n}}" for word in ("connection", "findings", "curl", "body", "files")),
    *(f"body {{n}} {side} {way}" for side in ("request", "answer") for way in ("text", "hex", "raw", "tree", "files")),
    *("search e", "more", "compare {n} 1", "change {n}", "parts", "show text", "show hex", "changes", "curl", "cancel"),
    *("suppose {n}", "cancel"),
]


@pytest.mark.parametrize("template", [template for template in LOOKING if " {n}" in template] + ["list"])
def test_whatever_a_recording_holds_is_told_inert(template: str) -> None:
    count = len(import_file(str(HOSTILE)).session.exchanges)
    typed = [template.format(n=n) for n in range(1, count + 1)] if template != "list" else [*LOOKING[:10]]
    told = story("hostile", *itertools.chain.from_iterable((line, "more", "cancel") for line in typed))
    assert [line for line in told.lines if line != visible(line)] == []


SAFE = sorted(
    set(line_commands()) - {"begin", "open", "as", "learn", "save", "export", "report", "quit", "send", "run"}
)
TYPED = st.text(st.characters(codec="utf-8", exclude_characters="/"), max_size=12)


@pytest.mark.usefixtures("here")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from(SAFE), TYPED | st.sampled_from(["1", "next", "2 request", "3 4"])), max_size=6)
)
def test_whatever_is_typed_is_answered_in_words(typed: list[tuple[str, str]]) -> None:
    bench = open_recording(str(SESSIONS / "first-push.jsonl")).workbench
    try:
        told = tell(bench, *(f"{word} {rest}" for word, rest in typed if not (word == "again" or " to " in rest)))
    finally:
        bench.close()
    assert all(line == visible(line) for line in told.lines if not line.startswith("typed "))
