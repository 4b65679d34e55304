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
from explorer.model import Glimpse, Summary
from explorer.picking import Filter, all_of, any_of, by_texts, none_of

__all__ = ["Filter", "parse_filter"]

_TOKENS = re.compile(r'\s*(?:([()|&!])|(~[a-z]+)|"((?:[^"\\]|\\.)*)"|([^\s()|&!"]+))')
_STATUS = re.compile(r"([0-9])xx|([0-9]{1,3})(?:-([0-9]{1,3}))?", re.IGNORECASE)
_DEEPEST = 50
_BETWEEN = "\0"  # nobody can type it, so no word reaches from one text into the next


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
    return by_texts(
        lambda texts: texts.method.lower() == sought,
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
    return by_texts(lambda texts: first <= texts.status <= last, lambda summary: first <= summary.status <= last)


def _path(word: str) -> Filter:
    sought = word.lower()
    return by_texts(lambda texts: sought in texts.target.lower())


def _title(word: str) -> Filter:
    sought = word.lower()
    return by_texts(lambda texts: sought in texts.title.lower(), lambda summary: sought in summary.title.lower())


def _header(word: str) -> Filter:
    sought = word.lower()
    return by_texts(lambda texts: sought in _BETWEEN.join(texts.headers).lower())


def _body(word: str) -> Filter:
    sought = word.lower().encode("utf-8", "replace")
    return by_texts(lambda texts: any(sought in body.lower() for body in texts.bodies))


def _anything(word: str) -> Filter:
    sought = word.lower()
    in_bytes = sought.encode("utf-8", "replace")

    def picks(texts: Glimpse) -> bool:
        lines = _BETWEEN.join([texts.method, texts.target, texts.title, texts.error, *texts.headers])
        return (
            sought in lines.lower()
            or sought == str(texts.status)
            or any(in_bytes in body.lower() for body in texts.bodies)
        )

    return by_texts(picks)


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
    "~inferred": by_texts(lambda texts: texts.basis == "inferred"),
}
