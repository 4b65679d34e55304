"""The rows of the timeline as a list."""

from __future__ import annotations

from explorer.filters import Filter
from explorer.insight import Insight
from explorer.ui.entries import Entries, Entry
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
