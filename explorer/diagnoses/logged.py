"""What a registry's log says of an answer whose body nobody kept: `err.code`, `err.message`, `err.detail`."""

from __future__ import annotations

import re

from explorer.model import Exchange
from explorer.spec.errors import RegistryError

SAID = "server-said"
"""The kind of the notes that importers of registries' logs make."""

_CODE = re.compile("[a-z]+(?: [a-z]+)*")


def logged_errors(exchange: Exchange) -> tuple[RegistryError, ...]:
    """Return the errors that a log has of an exchange; none where it has none.

    distribution writes a code in lower case, with spaces: `blob upload invalid`.
    """
    said = [note for note in exchange.notes if note.kind == SAID and _CODE.fullmatch(note.value)]
    return tuple(_error(note.value, note.words) for note in said if f"{note.value}, " in note.words)


def logged_words(exchange: Exchange) -> str:
    """Return everything that a log has of the errors of an exchange, as text."""
    return "\n".join(note.words for note in exchange.notes if note.kind == SAID)


def _error(code: str, words: str) -> RegistryError:
    _, _, rest = words.removesuffix(".").partition(f"{code}, ")
    message, _, detail = rest.partition(", ")
    return RegistryError(code.upper().replace(" ", "_"), message, detail)
