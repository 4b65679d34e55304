"""Hurl files: their requests; what they capture and assert is named in the notes, and nothing is run."""

from __future__ import annotations

import base64
import binascii
import re

from explorer.errors import FormatError
from explorer.formats.importers import Imported, Reader
from explorer.formats.scripted import Described, Script
from explorer.formats.sources import Source

_REQUEST = re.compile(r"([A-Z][A-Z_-]{0,19}) ((?:https?://|\{\{)\S*)\s*(?:#.*)?")
_ANSWER = re.compile(r"HTTP(?:/\d(?:\.\d)?)? (\d{3}|\*)\s*(?:#.*)?")
_SECTION = re.compile(r"\[([A-Za-z]{1,30})\]\s*(?:#.*)?")
_PAIR = re.compile(r'([^\s:"]{1,200}|"[^"]{1,200}")\s*:\s*(.*)')
_FILE = re.compile(r"file,((?:[^;\\]|\\.){1,1000});")
_CODED = re.compile(r"(base64|hex),([^;]*);", re.DOTALL)
_KNOWN = re.compile(
    rb"(?m)^(?:HTTP(?:/\d(?:\.\d)?)? (?:\d{3}|\*)[ \t\r]*(?:#.*)?$"
    rb"|\[(?:Captures|Asserts|QueryStringParams|FormParams)\])"
)
_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|(.))")
_SHORT = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_MOST_BODY = 16 * 1024 * 1024


def _recognise(head: bytes) -> float:
    has_request = re.search(rb"(?m)^[A-Z]{3,10} (?:https?://|\{\{)\S*[ \t\r]*(?:#.*)?$", head)
    return 0.7 if has_request and _KNOWN.search(head) else 0.0


class _Hurl:
    def __init__(self) -> None:
        self.script = Script()
        self._now: Described | None = None
        self._section = ""
        self._is_answer = False
        self._body: list[str] | None = None
        self._end = ""

    def line(self, number: int, text: str) -> None:
        """Take a line."""
        if self._body is not None:
            self._body_line(text)
            return
        stripped = text.strip()
        if not stripped or stripped.startswith("#"):
            return
        if found := _REQUEST.fullmatch(text):
            self.finish()
            self._now = Described(number, found[1], found[2])
            self._section, self._is_answer = "", False
        elif self._now is None:
            self.script.dropped.add(number, "before the first request")
        elif found := _ANSWER.fullmatch(text):
            self._is_answer, self._section = True, ""
            words = f"The script expects the status {found[1]}."
            self._now.notes.append(("expected", words, found[1]))
        elif found := _SECTION.fullmatch(text):
            self._section = found[1].lower()
        elif self._is_answer:
            self._of_answer(self._now, stripped)
        elif not self._of_request(self._now, stripped, text):
            self.script.dropped.add(number, "not understood")

    def finish(self) -> None:
        """Hand on the request that was being read."""
        if self._body is not None and self._now:
            self._now.body = "\n".join(self._body)
        self._body = None
        if self._now:
            self.script.add(self._now)
        self._now = None

    def _of_answer(self, now: Described, text: str) -> None:
        if self._section == "captures" and (found := _PAIR.fullmatch(text)):
            now.notes.append(("expected", f"The script keeps {found[2]} as {found[1]}.", text))

    def _of_request(self, now: Described, text: str, whole: str) -> bool:
        found = _PAIR.fullmatch(text)
        if self._section in ("querystringparams", "query") and found:
            now.query.append((found[1].strip('"'), found[2]))
        elif self._section in ("formparams", "form") and found:
            joint = "&" if now.body else ""
            now.body += f"{joint}{found[1]}={found[2]}"
            if not any(name.lower() == "content-type" for name, _ in now.headers):
                now.headers.append(("Content-Type", "application/x-www-form-urlencoded"))
        elif self._section == "basicauth" and found:
            secret = base64.b64encode(f"{found[1]}:{found[2]}".encode("latin-1", "replace")).decode("ascii")
            now.headers.append(("Authorization", f"Basic {secret}"))
        elif self._section == "cookies" and found:
            now.headers.append(("Cookie", f"{found[1]}={found[2]}"))
        elif self._section == "options" and found:
            now.notes.append(("option", f"Hurl was told {text}.", text))
            if found[1] == "variable" and "=" in found[2]:
                name, _, value = found[2].partition("=")
                self.script.variables[name.strip()] = value.strip()
        elif self._section in ("multipartformdata", "multipart"):
            now.files.append(text)
        elif text.startswith(("file,", "base64,", "hex,", "`", "{", "[", "<")):
            self._begin_body(now, text, whole)
        elif found and not self._section:
            now.headers.append((_plain(found[1]), _plain(found[2].partition(" #")[0].rstrip())))
        else:
            return False
        return True

    def _begin_body(self, now: Described, text: str, whole: str) -> None:
        if found := _FILE.fullmatch(text):
            now.files.append(_plain(found[1].strip()))
        elif found := _CODED.fullmatch(text):
            now.body = _decoded(found[1], found[2])
        elif text.startswith("```"):
            self._body, self._end = [], "```"
        elif text.startswith("`") and text.endswith("`") and len(text) > 1:
            now.body = _plain(text[1:-1])
        else:
            self._body, self._end = [whole], ""

    def _body_line(self, text: str) -> None:
        assert self._body is not None
        assert self._now
        if self._end:
            if text.strip() == self._end:
                self._now.body = "".join(f"{line}\n" for line in self._body)
                self._body = None
            else:
                self._body.append(text)
            return
        if not text.strip() or _ANSWER.fullmatch(text) or _REQUEST.fullmatch(text) or _SECTION.fullmatch(text):
            self._now.body = "\n".join(self._body)
            self._body = None
            self.line(self._now.line, text)
            return
        self._body.append(text)


def _plain(text: str) -> str:
    """Return a text without Hurl's escapes."""
    return _ESCAPE.sub(_sign, text) if "\\" in text else text


def _sign(found: re.Match[str]) -> str:
    if not found[1]:
        return _SHORT.get(found[2], found[2])
    number = int(found[1], 16)
    return chr(number).encode("utf-8", "replace").decode("latin-1") if number < 0x110000 else "?"


def _decoded(kind: str, text: str) -> str:
    bare = re.sub(r"\s", "", text)
    try:
        data = base64.b64decode(bare, validate=True) if kind == "base64" else bytes.fromhex(bare)
    except (binascii.Error, ValueError):
        return text
    return data.decode("latin-1")


def _read(source: Source) -> Imported:
    if source.size > _MOST_BODY:
        raise FormatError(source.name, f"a Hurl file of more than {_MOST_BODY} bytes is refused.")
    hurl = _Hurl()
    for number, raw in enumerate(source.lines(), start=1):
        hurl.line(number, raw.decode("latin-1").rstrip("\r\n").removeprefix("\xef\xbb\xbf"))
    hurl.finish()
    if not hurl.script.exchanges:
        raise FormatError(source.name, "no request of Hurl was found: a line with a method and a URL.")
    return hurl.script.imported("hurl", "Hurl files")


READER = Reader("hurl", "Hurl file", _recognise, _read)
