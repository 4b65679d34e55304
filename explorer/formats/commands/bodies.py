"""What curl makes of its data options: the body, as far as the command line tells it, and the files that it lacks.

After curl's src/tool_getparam.c and its manual; checked against curl 7.88.1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote_plus

from explorer.formats.commands.curl import Group
from explorer.formats.commands.forms import BOUNDARY, part_of
from explorer.formats.commands.words import has_hole

FORM_TYPE = "application/x-www-form-urlencoded"
JSON_TYPE = "application/json"


@dataclass(slots=True)
class Data:
    """A body: its text so far (one character per byte), the type that curl gives it, and the files that it lacks."""

    text: str = ""
    type: str = ""
    files: list[str] = field(default_factory=list)
    stripped: list[str] = field(default_factory=list)  # files whose line ends and NULs curl takes out
    is_json: bool = False
    is_form: bool = False
    is_chunked: bool = False
    is_given: bool = False

    @property
    def is_known(self) -> bool:
        """Whether all of it stands in the command line."""
        return not self.files and not has_hole(self.text)


def data_of(group: Group, stdin: str | None) -> Data:
    """Return the body of a group's data options; `stdin` is what a here-document gives, None where that is not told."""
    data = Data()
    if group.data and group.data[0][0].startswith("form"):
        return _form(group, data)
    for kind, value in group.data:
        if kind.startswith("form"):
            continue
        piece = _piece(kind, value, stdin, data)
        joint = "&" if data.is_given and kind != "json" else ""
        data.text += joint + piece
        data.is_given = True
        data.is_json = data.is_json or kind == "json"
    if data.is_given:
        data.type = JSON_TYPE if data.is_json else FORM_TYPE
    return data


def upload_of(name: str, stdin: str | None) -> Data:
    """Return the body of `-T name`."""
    data = Data(is_given=True)
    if name in ("-", "."):
        data.is_chunked = True
        if stdin is not None:
            data.text = stdin
            return data
    data.files.append(name)
    return data


def _piece(kind: str, value: str, stdin: str | None, data: Data) -> str:
    if kind == "data-urlencode":
        return urlencoded(value, data)
    if kind == "data-raw" or not value.startswith("@"):
        return value
    name = value[1:]
    strips = kind in ("data", "data-ascii")
    if name == "-" and stdin is not None:
        return stdin.translate({13: None, 10: None, 0: None}) if strips else stdin
    data.files.append(name)
    if strips:
        data.stripped.append(name)
    return ""


def urlencoded(value: str, data: Data) -> str:
    """Return what `--data-urlencode` makes of its value; a file that it names goes to those that `data` lacks."""
    at = min((at for at in (value.find("="), value.find("@")) if at >= 0), default=-1)
    if at < 0:
        return _escaped(value)
    name, sign, content = value[:at], value[at], value[at + 1 :]
    front = f"{name}=" if name else ""
    if sign == "@":
        data.files.append(content)
        return front
    return front + _escaped(content)


def _escaped(text: str) -> str:
    return quote_plus(text, safe="", encoding="latin-1", errors="replace")


def _form(group: Group, data: Data) -> Data:
    """Return a multipart body: curl draws its boundary by lot, so the one here is not that of the wire."""
    data.is_given = data.is_form = True
    data.type = f"multipart/form-data; boundary={BOUNDARY}"
    for kind, value in group.data:
        text, file = part_of(kind, value)
        data.text += text
        if file:
            data.files.append(file)
    data.text += f"--{BOUNDARY}--\r\n"
    return data
