"""Bodies of answers, as clients print them: JSON, HTML, a line of text."""

from __future__ import annotations

import re

from explorer.formats.texts.scanning import Context, Scanner
from explorer.formats.texts.statuses import told_status
from explorer.formats.values import is_json
from explorer.model import Response

LONGEST = 1024 * 1024
"""A body of more characters is not put together."""

_OPENERS = {"{": "}", "[": "]"}
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]')
_HTML = re.compile(r"<(?:!doctype|html|\?xml|error)\b", re.IGNORECASE)
_OF_GO = ("Client sent an HTTP request to an HTTPS server.", "404 page not found", "Method not allowed")
_HTML_END = re.compile(r"</(?:html|error)>", re.IGNORECASE)


class MessageBody(Scanner):
    """The body of the answer before it; or JSON with errors, where no head of the answer is shown."""

    name = "body"
    title = "bodies of answers"
    rank = 9

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._lines: list[str] = []
        self._began = 0
        self._size = 0
        self._depth = 0
        self._is_html = False
        self._asked: Response | None = None  # whose first line after the head was looked at

    def begins(self, number: int, text: str) -> bool | str:
        """Take a line that begins a body."""
        answer = self.context.conversation.awaits_body
        stripped = text.lstrip()
        if stripped[:1] in _OPENERS and (answer or '"' in stripped or len(stripped) == 1):
            self._start(number, is_html=False)
            return self._json(stripped)
        if stripped[:1] == "<" and _HTML.match(stripped):
            self._start(number, is_html=True)
            return self._html(text)
        if answer and answer is not self._asked:
            self._asked = answer
            if _is_the_text(text, answer):
                return self.context.conversation.body(number, text.encode("latin-1", "replace"))
        return False

    def goes_on(self, number: int, text: str) -> bool | str:
        """Take the next line of a body that is not whole."""
        if not self._lines:
            return self.begins(number, text)
        return self._html(text) if self._is_html else self._json(text)

    def end(self) -> None:
        """Leave out a body that is not whole."""
        if self._lines and not self._is_html:
            self.context.dropped.add(self._began, "JSON that is not whole, or no answer")
        elif self._lines:
            self._hand_on()
        self._lines = []

    def _start(self, number: int, *, is_html: bool) -> None:
        self._lines, self._began, self._size, self._depth, self._is_html = [], number, 0, 0, is_html

    def _json(self, text: str) -> bool | str:
        for found in _TOKENS.finditer(text):
            sign = found[0]
            if sign in "{[":
                self._depth += 1
            elif sign in "}]":
                self._depth -= 1
                if self._depth <= 0:
                    self._lines.append(text[: found.end()])
                    is_taken = self._hand_on()
                    self._lines = []
                    rest = text[found.end() :].strip()
                    return rest if rest and is_taken else is_taken
        return self._keep(text)

    def _html(self, text: str) -> bool | str:
        if not text.strip() and self._size > 4096:
            return False
        if found := _HTML_END.search(text):
            self._lines.append(text[: found.end()])
            self._hand_on()
            self._lines = []
            return text[found.end() :].strip() or True
        return self._keep(text)

    def _keep(self, text: str) -> bool:
        self._size += len(text)
        if self._size > LONGEST:
            self._lines = []
            self.context.dropped.add(self._began, f"a body of more than {LONGEST} characters, or one without an end")
            return True
        self._lines.append(text)
        return True

    def _hand_on(self) -> bool:
        data = "\n".join(self._lines).encode("latin-1", "replace")
        if not self._is_html and not self.context.conversation.awaits_body and not told_status(data):
            return False
        if not self._is_html and not is_json(data) and not self.context.conversation.awaits_body:
            return False
        return self.context.conversation.body(self._began, data)


def _is_the_text(text: str, answer: Response) -> bool:
    """Say whether a line is the whole of a body in plain text."""
    if text.rstrip() in _OF_GO and answer.status >= 400:
        return True
    length, kind = answer.headers.get("Content-Length"), answer.headers.get("Content-Type")
    if not text.strip() or not length or not length.isdigit() or len(length) > 9:
        return False
    return abs(int(length) - len(text)) <= 2 and (kind is None or not kind.startswith("application/octet"))
