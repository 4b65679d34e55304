"""What the panes say, as rows: pure functions of a state and of what is selected in it."""

from __future__ import annotations

from explorer.ui.rows.answers import answer_rows, connection_rows
from explorer.ui.rows.locations import location_rows, sent_state_rows
from explorer.ui.rows.requests import request_rows, step_rows
from explorer.ui.rows.timelines import mark_of, next_row, planned_row, timeline_row

__all__ = [
    "answer_rows",
    "connection_rows",
    "location_rows",
    "mark_of",
    "next_row",
    "planned_row",
    "request_rows",
    "sent_state_rows",
    "step_rows",
    "timeline_row",
]
