"""JSON as Go's encoder writes it, and with it every registry that is written in Go."""

from __future__ import annotations

import json


def go_json(value: object) -> bytes:
    """Return a value as Go's encoder writes it: compact, `<`, `>` and `&` escaped, a newline at the end."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text.encode("utf-8", "replace") + b"\n"
