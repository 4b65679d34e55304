"""Header lines as they are on the wire, and the small things that every noun needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from explorer.errors import InputError
from explorer.frozen import frozen


def wire_text(typed: str) -> str:
    """Return typed text as one character per byte of its UTF-8 form; raises InputError for half a surrogate pair."""
    try:
        return typed if typed.isascii() else typed.encode("utf-8", "surrogateescape").decode("latin-1")
    except UnicodeEncodeError as bad:
        sign = f"U+{ord(typed[bad.start]):04X}"
        raise InputError(f"Character {bad.start + 1} is {sign}, half of a pair, which no wire carries.") from bad


def sha256_of(data: bytes) -> str:
    """Return the sha256 of bytes as 64 lower-case hex digits."""
    import hashlib

    return hashlib.sha256(data).hexdigest()


class Header(NamedTuple):
    """One header line: `name`, `gap` (the blanks after the colon) and `value` as they are on the wire."""

    name: str
    value: str
    gap: str = " "


@frozen
class Headers:
    """Header lines in their order, with their case and their repeats."""

    rows: tuple[Header, ...] = ()

    @classmethod
    def of(cls, *pairs: tuple[str, str]) -> Headers:
        """Make headers from name and value pairs."""
        return cls(tuple(Header(name, value) for name, value in pairs))

    def __iter__(self) -> Iterator[Header]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def get(self, name: str) -> str | None:
        """Return the value of the first header of that name (case does not matter), or None."""
        folded = name.lower()
        for row in self.rows:
            if row.name.lower() == folded:
                return row.value
        return None

    def all(self, name: str) -> tuple[str, ...]:
        """Return the values of every header of that name, in order."""
        folded = name.lower()
        return tuple(row.value for row in self.rows if row.name.lower() == folded)

    def set(self, name: str, value: str) -> Headers:
        """Return headers whose first one of that name has the value; added at the end where there is none."""
        folded = name.lower()
        for index, row in enumerate(self.rows):
            if row.name.lower() == folded:
                return Headers((*self.rows[:index], row._replace(value=value), *self.rows[index + 1 :]))
        return Headers((*self.rows, Header(name, value)))

    def without(self, *names: str) -> Headers:
        """Return headers without those of the given names."""
        folded = {name.lower() for name in names}
        return Headers(tuple(row for row in self.rows if row.name.lower() not in folded))
