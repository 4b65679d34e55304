"""Editing a request: as raw text, as parts, its body as text, hex, a file or a changed byte; and taking edits back.

What nobody touched stays the very bytes it was. Nothing here knows a screen.
"""

from __future__ import annotations

from explorer.editing.bodies import body_bytes, edit_body, file_body, from_hex, hex_lines, with_body
from explorer.editing.changes import Change, changes
from explorer.editing.messages import message_of, with_message
from explorer.editing.raw import head_lines, header_line, read_header, with_head, with_origin
from explorer.editing.sheets import HeaderRow, Sheet
from explorer.editing.targets import Part, joined_target, parts_of
from explorer.editing.undoing import History

__all__ = [
    "Change",
    "HeaderRow",
    "History",
    "Part",
    "Sheet",
    "body_bytes",
    "changes",
    "edit_body",
    "file_body",
    "from_hex",
    "head_lines",
    "header_line",
    "hex_lines",
    "joined_target",
    "message_of",
    "parts_of",
    "read_header",
    "with_body",
    "with_head",
    "with_message",
    "with_origin",
]
