"""What the panes say, as rows: pure functions of a state and of what is selected in it."""

from __future__ import annotations

from explorer.ui.rows.answers import answer_lines, connection_rows
from explorer.ui.rows.locations import location_rows, sent_state_rows
from explorer.ui.rows.requests import request_lines, step_rows
from explorer.ui.rows.timelines import group_row, mark_of, next_row, planned_row, pointed_out, timeline_row

__all__ = [
    "answer_lines",
    "connection_rows",
    "group_row",
    "location_rows",
    "mark_of",
    "next_row",
    "planned_row",
    "pointed_out",
    "request_lines",
    "sent_state_rows",
    "step_rows",
    "timeline_row",
]
