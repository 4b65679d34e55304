"""`.http` files of JetBrains' HTTP Client and of the REST Client of VS Code; their scripts are named, and never run."""

from __future__ import annotations

import re

from explorer.errors import FormatError
from explorer.formats.importers import Imported, Reader
from explorer.formats.scripted import Described, Script
from explorer.formats.sources import Source

_METHODS = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE"
_REQUEST = re.compile(rf"(?:({_METHODS})[ \t]+)?((?:https?://|\{{\{{|/)\S*)(?:[ \t]+HTTP/\d(?:\.\d)?)?\s*")
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}):[ \t]*(.*)")
_VARIABLE = re.compile(r"@([\w.-]{1,100})\s*=\s*(.*)")
_NAMED = re.compile(r"(?:#|//)\s*@([\w-]{1,40})(?:[ \t=]+(.*))?")
_ANSWERS = re.compile(
    rb"(?m)^(?:HTTP/\d|\$ |[<>] (?:HTTP/|[A-Za-z-]{2,40}: |[A-Z]+ /)|\* Connected|20\d\d/\d\d/\d\d )"
    rb"|[^\s\"'`]HTTP/[12](?:\.[01])? [1-5]\d\d(?: [A-Z][A-Za-z -]{1,40})?\r?$"
)
_MOST = 16 * 1024 * 1024


def _recognise(head: bytes) -> float:
    lines = head.decode("latin-1").splitlines()
    for line in lines:
        bare = line.strip()
        if not bare or (bare.startswith("#") and not bare.startswith("###")) or bare.startswith("//"):
            continue
        if _VARIABLE.fullmatch(bare):
            continue
        is_request = bool(_REQUEST.fullmatch(bare)) and bare[:1] not in "/{"
        has_requests = any(_REQUEST.fullmatch(other.strip()) for other in lines[:200] if other.strip())
        is_it = bare.startswith("###") and has_requests
        return 0.6 if (is_request or is_it) and not _ANSWERS.search(head) else 0.0
    return 0.0


class _Http:
    def __init__(self) -> None:
        self.script = Script()
        self._now: Described | None = None
        self._is_body = False
        self._is_script = False
        self._body: list[str] = []

    def line(self, number: int, text: str) -> None:
        """Take a line."""
        stripped = text.strip()
        if self._is_script:
            self._is_script = "%}" not in stripped
            return
        if stripped.startswith("###"):
            self.finish()
        elif self._is_body:
            self._body_line(stripped, text)
        elif stripped.startswith(("#", "//")):
            self._comment(stripped)
        elif self._now is None:
            self._first(number, stripped)
        elif not stripped:
            self._is_body = True
        elif text[:1] in " \t" and stripped[:1] in "?&/" and not self._now.headers:
            self._now.url += stripped
        elif found := _HEADER.fullmatch(stripped):
            self._now.headers.append((found[1], found[2]))
        elif stripped[:1] in "?&":
            self._now.url += stripped
        else:
            self.script.dropped.add(number, "not understood")

    def finish(self) -> None:
        """Hand on the request that was being read."""
        if self._now:
            self._now.body = "\n".join(self._body).strip("\n") if not self._now.files else ""
            self.script.add(self._now)
        self._now, self._is_body, self._body = None, False, []

    def _comment(self, text: str) -> None:
        found = _NAMED.fullmatch(text)
        if found and self._now and found[1] in ("no-redirect", "name", "no-log"):
            self._now.notes.append(("option", f"The file says @{found[1]}.", text))

    def _first(self, number: int, text: str) -> None:
        if found := _VARIABLE.fullmatch(text):
            self.script.variables[found[1]] = found[2]
        elif found := _REQUEST.fullmatch(text):
            self._now = Described(number, found[1] or "GET", found[2])
        elif text:
            self.script.dropped.add(number, "not understood")

    def _body_line(self, stripped: str, text: str) -> None:
        assert self._now
        if stripped.startswith(("< {%", "> {%")):
            self._now.notes.append(("option", "A script of the file was not run.", stripped))
            self._is_script = "%}" not in stripped
        elif stripped.startswith(("> ", "<> ", ">> ", ">>! ")):
            self._now.notes.append(("option", "What the file does with the answer was left out.", stripped))
        elif (
            stripped.startswith("<") and re.match(r"<@? ?\S", stripped) and not stripped.startswith(("<?", "</", "<!"))
        ):
            name = re.sub(r"^<@?\w* ?", "", stripped) if stripped.startswith(("< ", "<@")) else ""
            if name:
                self._now.files.append(name)
            else:
                self._body.append(text)
        else:
            self._body.append(text)


def _read(source: Source) -> Imported:
    if source.size > _MOST:
        raise FormatError(source.name, f"a .http file of more than {_MOST} bytes is refused.")
    http = _Http()
    for number, raw in enumerate(source.lines(), start=1):
        http.line(number, raw.decode("latin-1").rstrip("\r\n").removeprefix("\xef\xbb\xbf"))
    http.finish()
    if not http.script.exchanges:
        raise FormatError(source.name, "no request was found: a line with a method and a URL.")
    return http.script.imported("http", ".http files")


READER = Reader("http", ".http file of JetBrains' HTTP Client or VS Code's REST Client", _recognise, _read)
