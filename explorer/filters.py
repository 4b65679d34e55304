"""A small language to pick exchanges by, close to mitmproxy's.

    ~m PATCH      the method            ~s 404, ~s 4xx, ~s 400-499   the status (0: no answer)
    ~p uploads    the path and query    ~h location                  a header of either side, name and value
    ~b errors     a body of either side ~t layer                     the title of the step
    ~e            no answer came        ~x                           failed: no answer, or a status of 400 and above
    ~edited       sent otherwise than proposed       ~inferred       read out of a log or a paste
    word          anything of the above that is text

`!` negates, `&` or a blank joins (both must hold), `|` offers a choice, brackets group, "quotes" keep blanks together.
Texts are looked for as they stand, without regard to case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from explorer.errors import InputError
from explorer.model import Exchange, Headers, Summary
from explorer.picking import Filter, all_of, any_of, none_of, where_text

__all__ = ["Filter", "parse_filter"]

_TOKENS = re.compile(r'\s*(?:([()|&!])|(~[a-z]+)|"((?:[^"\\]|\\.)*)"|([^\s()|&!"]+))')
_STATUS = re.compile(r"([0-9])xx|([0-9]{1,3})(?:-([0-9]{1,3}))?", re.IGNORECASE)
_DEEPEST = 50


def parse_filter(text: str) -> Filter:
    """Return what says whether an exchange is picked; an empty text picks all. Raises InputError with the place."""
    tokens = [*_tokens(text)]
    if not tokens:
        return Filter(lambda _: True, lambda _: True)
    reader = _Reader(tokens)
    picked = reader.choice(0)
    if reader.is_left:
        raise InputError(f"The filter cannot be read at '{reader.peek()}': a word or an operator was expected there.")
    return picked


def _tokens(text: str) -> Iterator[str]:
    at = 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKENS.match(text, at)
        if not found:
            raise InputError(f"The filter cannot be read at '{text[at:].strip()}': a quotation mark has no partner.")
        sign, operator, quoted, word = found.groups()
        if word and word.startswith("~"):
            raise InputError(f"The filter has '{word}', and an operator is a '~' with small letters, as in ~m.")
        yield sign or operator or (f'"{quoted}' if quoted is not None else f'"{word}')
        at = found.end()


class _Reader:
    """Reads tokens by the grammar: choices of joined terms; a word is a token that begins with a quotation mark."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def is_left(self) -> bool:
        return self._at < len(self._tokens)

    def peek(self) -> str:
        return self._tokens[self._at].lstrip('"') if self.is_left else "its end"

    def _takes(self, *signs: str) -> bool:
        if self.is_left and self._tokens[self._at] in signs:
            self._at += 1
            return True
        return False

    def choice(self, depth: int) -> Filter:
        options = [self._joined(depth)]
        while self._takes("|"):
            options.append(self._joined(depth))
        return options[0] if len(options) == 1 else any_of(options)

    def _joined(self, depth: int) -> Filter:
        terms = [self._term(depth)]
        while self._takes("&") or (self.is_left and self._tokens[self._at] not in ("|", ")")):
            terms.append(self._term(depth))
        return terms[0] if len(terms) == 1 else all_of(terms)

    def _term(self, depth: int) -> Filter:
        if depth > _DEEPEST:
            raise InputError(f"The filter nests more than {_DEEPEST} deep.")
        if self._takes("!"):
            return none_of(self._term(depth + 1))
        if self._takes("("):
            inner = self.choice(depth + 1)
            if not self._takes(")"):
                raise InputError("The filter has a bracket that is not closed.")
            return inner
        if not self.is_left or self._tokens[self._at] in ("|", "&", ")"):
            raise InputError(f"The filter breaks off at '{self.peek()}': a word or an operator is missing there.")
        token = self._tokens[self._at]
        self._at += 1
        return self._operator(token) if token.startswith("~") else _anything(token[1:])

    def _operator(self, name: str) -> Filter:
        if name in _PLAIN:
            return _PLAIN[name]
        if name not in _WITH_WORD:
            known = ", ".join(sorted((*_PLAIN, *_WITH_WORD)))
            raise InputError(f"The filter has '{name}', which is no operator; there are {known}.")
        if not self.is_left or not self._tokens[self._at].startswith('"'):
            raise InputError(f"The filter's {name} needs a word after it.")
        word = self._tokens[self._at][1:]
        self._at += 1
        return _WITH_WORD[name](word)


def _method(word: str) -> Filter:
    sought = word.lower()
    return Filter(
        lambda exchange: exchange.request.method.lower() == sought,
        lambda summary: summary.method.lower() == sought if summary.method else None,
    )


def _status(word: str) -> Filter:
    found = _STATUS.fullmatch(word)
    if not found:
        raise InputError(f"The filter's ~s '{word}' is no status: write 404, 4xx or 400-499.")
    if found[1]:
        first, last = int(found[1]) * 100, int(found[1]) * 100 + 99
    else:
        first, last = int(found[2]), int(found[3] or found[2])
    return Filter(lambda exchange: first <= exchange.status <= last, lambda summary: first <= summary.status <= last)


def _path(word: str) -> Filter:
    sought = word.lower()
    return where_text(word, lambda exchange: sought in exchange.request.target.lower())


def _title(word: str) -> Filter:
    sought = word.lower()
    return Filter(lambda exchange: sought in exchange.title.lower(), lambda summary: sought in summary.title.lower())


def _header(word: str) -> Filter:
    sought = word.lower()
    return where_text(word, lambda exchange: any(_in_headers(sought, headers) for headers in _both_headers(exchange)))


def _both_headers(exchange: Exchange) -> tuple[Headers, ...]:
    answer = (exchange.response.headers,) if exchange.response else ()
    return (exchange.request.headers, *answer)


def _in_headers(word: str, headers: Headers) -> bool:
    return any(word in f"{row.name}: {row.value}".lower() for row in headers)


def _body(word: str) -> Filter:
    sought = word.lower().encode("utf-8", "replace")

    def picks(exchange: Exchange) -> bool:
        bodies = (exchange.request.body, exchange.response.body if exchange.response else b"")
        return any(isinstance(body, bytes) and sought in body.lower() for body in bodies)

    return where_text(word, picks)


def _anything(word: str) -> Filter:
    parts = [make(word) for make in (_path, _title, _header, _body)]
    folded = word.lower()

    def picks(exchange: Exchange) -> bool:
        return (
            folded in exchange.request.method.lower()
            or folded == str(exchange.status)
            or any(part(exchange) for part in parts)
            or bool(exchange.error and folded in exchange.error.sentence.lower())
        )

    return where_text(word, picks)


def _is_failed(summary: Summary) -> bool:
    return summary.is_failed or summary.status >= 400


_WITH_WORD: dict[str, Callable[[str], Filter]] = {
    "~m": _method,
    "~s": _status,
    "~p": _path,
    "~u": _path,
    "~t": _title,
    "~h": _header,
    "~b": _body,
}
_PLAIN: dict[str, Filter] = {
    "~e": Filter(lambda exchange: exchange.error is not None, lambda summary: summary.is_failed),
    "~x": Filter(lambda exchange: exchange.error is not None or exchange.status >= 400, _is_failed),
    "~edited": Filter(lambda exchange: exchange.is_edited),
    "~inferred": Filter(lambda exchange: exchange.basis == "inferred"),
}
