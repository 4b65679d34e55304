"""Bodies of which control characters are shown as dots, as `curl --trace-ascii` does.

Within JSON such a character can only stand between values, where a dot of the text itself cannot: there it was the end
of a line (or a tab, which the trace does not tell). All other dots are what they look like.
"""

from __future__ import annotations

import re

from explorer.formats.values import is_json

LOSSY = "The trace shows control characters of the body as dots (--trace-ascii), so it may not be what was sent."
LINE_ENDS = "The trace shows control characters as dots (--trace-ascii); those between values are taken for line ends."

_PIECE = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*\d|\.', re.DOTALL)


def undotted(data: bytes) -> tuple[bytes, str]:
    """Return a body as far as it can be told from its dots, and what is to be said of that (nothing where it is it)."""
    if b"." not in data or is_json(data):
        return data, ""
    if data.lstrip(b". ")[:1] in (b"{", b"["):
        mended = _PIECE.sub(lambda found: b"\n" if found[0] == b"." else found[0], data)
        if is_json(mended):
            return mended, LINE_ENDS
    return data, LOSSY
