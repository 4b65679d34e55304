"""What curl makes of `-F` and `--form-string`: parts, each with its name, its kind and its content.

After curl's src/tool_formparse.c; checked against curl 7.88.1.
"""

from __future__ import annotations

import re

BOUNDARY = "-" * 24 + "0" * 16
"""Stands for the boundary that curl draws by lot, with as many signs (until curl 8.6)."""

_PARAMETER = re.compile(r'\s*([^=;]*)(?:=("(?:\\.|[^"\\])*"|[^;]*))?(?:;|$)')
_NAMES = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


def part_of(kind: str, value: str) -> tuple[str, str]:
    """Return a part with its boundary before it, and the name of the file whose content it lacks ("": of none)."""
    name, _, content = value.partition("=")
    text, parameters = (content, "") if kind == "form-string" else _split(content)
    given = {found[1].strip().lower(): _plain(found[2] or "") for found in _PARAMETER.finditer(parameters)}
    file = text[1:] if kind == "form" and text[:1] in ("@", "<") else ""
    is_attached = bool(file) and text.startswith("@")
    type = given.get("type", "application/octet-stream" if is_attached else "")
    file_name = given.get("filename", file.rpartition("/")[2] if is_attached else None)
    head = f'Content-Disposition: form-data; name="{name.translate(_NAMES)}"'
    if file_name is not None:
        head += f'; filename="{file_name.translate(_NAMES)}"'
    if type:
        head += f"\r\nContent-Type: {type}"
    return f"--{BOUNDARY}\r\n{head}\r\n\r\n{'' if file else text}\r\n", file


def _split(content: str) -> tuple[str, str]:
    """Return the content of a part, without quotes, and the parameters after it."""
    sign, content = (content[0], content[1:]) if content[:1] in ("@", "<") else ("", content)
    found = re.match(r'\s*"((?:\\.|[^"\\])*)"\s*(?:;|$)', content)
    if found:
        return sign + re.sub(r'\\(["\\])', r"\1", found[1]), content[found.end() :]
    text, _, parameters = content.partition(";")
    return sign + text, parameters


def _plain(value: str) -> str:
    value = value.strip()
    return re.sub(r'\\(["\\])', r"\1", value[1:-1]) if len(value) > 1 and value[0] == value[-1] == '"' else value
