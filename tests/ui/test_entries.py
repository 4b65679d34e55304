"""The rows of the timeline as a list."""

from __future__ import annotations

import pytest

from explorer.filters import Filter
from explorer.insight import Insight
from explorer.model import Exchange, FlowCall, Headers, Origin, Request, Response
from explorer.state import State
from explorer.stepping import Done
from explorer.ui.entries import Entries, Entry, letter_of
from explorer.workbench import Workbench


def entries_of(bench: Workbench) -> Entries:
    insight = Insight(bench.session.call)
    insight.follow(bench.state.exchanges)
    entries = Entries(insight)
    entries.follow(bench.state)
    return entries


def test_before_anything_is_sent_there_is_the_next_and_the_planned(bench: Workbench) -> None:
    entries = entries_of(bench)
    assert entries[0] == Entry("next", 0)
    assert entries[1] == Entry("planned", 0)
    assert len(entries) == 1 + len(bench.state.planned)


def test_every_exchange_has_a_row_and_leads_back(bench: Workbench) -> None:
    for _ in bench.run():
        pass
    entries = entries_of(bench)
    for exchange in bench.state.exchanges:
        row = entries.row_of(exchange.id)
        assert entries[row] == Entry("exchange", exchange.id - 1)
        assert entries.at(row) == exchange.id
    assert entries.at(len(entries)) is None
    assert entries.at(-1) is None


def test_growing_step_by_step_gives_the_same_rows(bench: Workbench) -> None:
    insight = Insight(bench.session.call)
    grown = Entries(insight)
    for state in bench.run():
        insight.follow(state.exchanges)
        grown.follow(state)
    whole = entries_of(bench)
    assert [grown[row] for row in range(len(grown))] == [whole[row] for row in range(len(whole))]


def test_moving_skips_what_the_filter_leaves_out(bench: Workbench) -> None:
    for _ in bench.run():
        pass
    entries = entries_of(bench)
    entries.pick(Filter(lambda exchange: exchange.request.method == "PUT"))
    entries.follow(bench.state)
    puts = [one.id for one in bench.state.exchanges if one.request.method == "PUT"]
    assert entries.shown == len(puts)
    assert entries.moved(0, -1) == puts[-1]
    assert entries.moved(puts[0], 1) == puts[1]
    assert entries.moved(puts[0], -5) == puts[0]
    assert entries.moved(puts[-1], 1) == 0


def test_nothing_picked_leaves_the_next_row(bench: Workbench) -> None:
    bench.send()
    entries = entries_of(bench)
    entries.pick(Filter(lambda exchange: exchange.id == 0))
    entries.follow(bench.state)
    assert (entries.row_of(1), entries.moved(0, -1)) == (0, 0)


def about(entries: Entries) -> list[str]:
    """Return the rows of exchanges in short: groups as -, exchanges by their ids."""
    rows = (entries[row] for row in range(len(entries)))
    return ["-" if kind == "group" else str(place + 1) for kind, place in rows if kind in ("group", "exchange")]


def put(exchange: int, method: str, target: str, location: str = "", after: int | None = None) -> Exchange:
    """Return an exchange of a recording whose steps have no names."""
    request = Request(method, Origin("http", "127.0.0.1", 5000), target)
    headers = Headers.of(("Location", location)) if location else Headers()
    status = 201 if "digest=" in target else 202
    before = exchange - 1 if after is None else after
    return Exchange(exchange, before, "", request, request, Response(status, "", "HTTP/1.1", headers))


UPLOADS = "/v2/t/r/blobs/uploads"
SIDE_BY_SIDE = [
    put(1, "POST", f"{UPLOADS}/", f"{UPLOADS}/a"),
    put(2, "POST", f"{UPLOADS}/", f"{UPLOADS}/b"),
    put(3, "GET", "/token?service=r"),
    put(4, "PATCH", f"{UPLOADS}/a", f"{UPLOADS}/a"),
    put(5, "PATCH", f"{UPLOADS}/b", f"{UPLOADS}/b"),
    put(6, "PUT", f"{UPLOADS}/b?digest=sha256:bb", "/v2/t/r/blobs/sha256:bb"),
    put(7, "PUT", f"{UPLOADS}/a?digest=sha256:aa", "/v2/t/r/blobs/sha256:aa"),
    put(8, "HEAD", "/v2/t/r/blobs/sha256:bb"),
]


def grown(exchanges: list[Exchange], picked: Filter | None = None, *, looks_late: bool = False) -> Entries:
    """Return the rows of a session that came exchange by exchange; what is known of each may come one later."""
    insight = Insight(FlowCall("", {}))
    entries = Entries(insight)
    entries.pick(picked)
    for count in range(1, len(exchanges) + 1):
        insight.follow(exchanges[: count - looks_late])
        entries.follow(state_of(exchanges[:count]))
    insight.follow(exchanges)
    entries.follow(state_of(exchanges))
    return entries


def state_of(exchanges: list[Exchange]) -> State:
    return State(len(exchanges), "", "", exchanges, (), Done(""), ())


@pytest.mark.parametrize("looks_late", [False, True])
def test_uploads_that_went_side_by_side_stand_each_under_its_blob(looks_late: bool) -> None:
    entries = grown(SIDE_BY_SIDE, looks_late=looks_late)
    assert about(entries) == ["-", "1", "4", "7", "-", "2", "3", "5", "6", "8"]
    assert [entries.at(entries.row_of(id)) for id in range(1, 9)] == [*range(1, 9)]


def test_what_stands_together_is_walked_through_as_it_stands() -> None:
    entries = grown(SIDE_BY_SIDE)
    walked = [1]
    while after := entries.moved(walked[-1], 1):
        walked.append(after)
    assert walked == [1, 4, 7, 2, 3, 5, 6, 8]
    assert entries.moved(0, -1) == 8


def test_a_click_on_a_group_selects_its_first_exchange() -> None:
    entries = grown(SIDE_BY_SIDE)
    assert [entries.at(row) for row in (0, 4)] == [1, 2]


def test_by_time_each_blob_is_headed_once_and_known_by_its_letter() -> None:
    entries = grown(SIDE_BY_SIDE)
    assert {entries.letter(index) for index in range(8)} == {""}
    entries.turn()
    assert about(entries) == ["-", "1", "-", "2", "3", "4", "5", "6", "7", "8"]
    assert "".join(entries.letter(index) for index in range(8)) == "abbabbab"
    entries.turn()
    assert about(entries)[:4] == ["-", "1", "4", "7"]
    assert {entries.letter(index) for index in range(8)} == {""}


def test_letters_go_on_after_z() -> None:
    names = [letter_of(number) for number in range(26 * 27 + 1)]
    assert (names[0], names[25], names[26], names[27], names[-2], names[-1]) == ("a", "z", "aa", "ab", "zz", "aaa")
    assert len({*names}) == len(names)


def test_a_filter_leaves_what_it_picks_together() -> None:
    entries = grown(SIDE_BY_SIDE, Filter(lambda exchange: exchange.request.method != "POST"))
    assert about(entries) == ["-", "4", "7", "-", "3", "5", "6", "8"]
    assert entries.at(entries.row_of(1)) == 3


def test_an_attempt_stands_under_its_step(bench: Workbench) -> None:
    for _ in bench.run():
        pass
    insight = Insight(bench.session.call)
    entries = Entries(insight)
    insight.follow(bench.state.exchanges)
    entries.follow(bench.state)
    count = len(bench.state.exchanges)
    bench.replay(1)
    insight.follow(bench.state.exchanges)
    entries.follow(bench.state)
    assert about(entries)[:4] == ["-", "1", str(count + 1), "2"]
    assert entries.attempts[count] == 2


def test_what_becomes_known_in_parts_is_put_together_when_all_of_it_is_known() -> None:
    insight = Insight(FlowCall("", {}))
    entries = Entries(insight)
    state = state_of(SIDE_BY_SIDE)
    entries.follow(state)
    assert about(entries) == [*"12345678"]
    for count in range(1, len(SIDE_BY_SIDE)):
        insight.follow(SIDE_BY_SIDE, count)
        entries.follow(state)
        assert about(entries) == [*"12345678"]
    insight.follow(SIDE_BY_SIDE)
    entries.follow(state)
    assert about(entries) == ["-", "1", "4", "7", "-", "2", "3", "5", "6", "8"]


def test_what_is_picked_anew_is_put_together_by_what_is_known() -> None:
    insight = Insight(FlowCall("", {}))
    entries = Entries(insight)
    state = state_of(SIDE_BY_SIDE)
    entries.follow(state)
    insight.follow(SIDE_BY_SIDE, 7)
    entries.follow(state)
    entries.pick(None)
    entries.follow(state)
    assert about(entries) == ["-", "1", "4", "7", "-", "2", "3", "5", "6", "8"]
