"""What looks secret and was not masked: long words without a meaning, and words that begin as known tokens do."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from explorer.frozen import frozen
from explorer.redact.lines import KNOWN_TOKEN

_WORD = re.compile(r"[A-Za-z0-9+/_~-]{20,}")
_KNOWN = re.compile(KNOWN_TOKEN.pattern + r"|-----BEGIN [A-Z ]*PRIVATE KEY-----")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_STATE = re.compile(r"bWFza2VkLW1hYy[A-Za-z0-9_-]*=*")
_HEX = re.compile(r"[0-9a-fA-F]+|[0-9]+")
_DIGEST_BEFORE = re.compile(r"sha\d+(?::|%3A)$", re.IGNORECASE)
_ORDINARY = re.compile(r"[a-z]+|[A-Z]+|[A-Z][a-z]+|[0-9]{1,4}")
_BITS_PER_SIGN = 3.4
_MASKED = re.compile(r"masked-[a-z]+-\d+|repo-[a-z]+0*|host-[a-z]+\.invalid")
_PARTS = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")


@frozen
class Suspect:
    """A text that looks secret: where it stands first, how it begins, its length, and an id to name it by.

    One that is unseen is a body that could not be looked into; its text says why.
    """

    id: str
    place: str
    text: str
    is_unseen: bool = False

    @property
    def shown(self) -> str:
        """The text cut to what helps to recognise it."""
        if self.is_unseen:
            return self.text
        return self.text if len(self.text) <= 24 else f"{self.text[:12]}… ({len(self.text)} characters)"


def unseen(place: str, data: bytes, why: str) -> Suspect:
    """Return what stands for a body that could not be looked into."""
    return Suspect(hashlib.sha256(data).hexdigest()[:8], place, why, is_unseen=True)


def suspects_in(texts: Iterable[tuple[str, str]]) -> tuple[Suspect, ...]:
    """Return what looks secret in texts, each with its place, in the order in which it is found."""
    found: dict[str, Suspect] = {}
    for place, text in texts:
        for word in _words(text):
            if word not in found:
                id = hashlib.sha256(word.encode("utf-8", "replace")).hexdigest()[:8]
                found[word] = Suspect(id, place, word)
    return tuple(found.values())


def _words(text: str) -> Iterator[str]:
    yield from (found[0] for found in _KNOWN.finditer(text))
    text = text.replace("%3A", ":").replace("%3a", ":").replace("%2F", "/").replace("%2f", "/")
    text = _STATE.sub(" ", text) if "bWFza2VkLW1hYy" in text else text
    for found in _WORD.finditer(_UUID.sub(" ", text)):
        word = found[0].strip("=/-_")
        before = text[max(0, found.start() - 9) : found.start()]
        if _HEX.fullmatch(word):
            if not _is_digest(word) and not _DIGEST_BEFORE.search(before) and len(word) >= 32:
                yield word
        else:
            yield from (piece for piece in word.split("/") if not _is_digest(piece) and looks_secret(piece))


def _is_digest(word: str) -> bool:
    return len(word) in (64, 96, 128) and _HEX.fullmatch(word) is not None


def looks_secret(word: str) -> bool:
    """Say whether a word is long, mixed and without a meaning, as keys and tokens are."""
    if len(word) < 20 or _MASKED.search(word):
        return False
    kinds = sum(any(test(sign) for sign in word) for test in (str.islower, str.isupper, str.isdigit))
    if kinds < 2 or (kinds == 2 and not any(sign.isdigit() for sign in word)):
        return False
    parts = [part for part in _PARTS.split(word) if part]
    if sum(len(part) for part in parts if len(part) >= 4 and part.isalpha()) * 2 > len(word):
        return False
    return entropy(word) >= _BITS_PER_SIGN


def entropy(word: str) -> float:
    """Return the entropy of a word in bits per character, from how often each occurs in it."""
    return -sum(count / len(word) * math.log2(count / len(word)) for count in Counter(word).values())
