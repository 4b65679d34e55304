"""What reading a value that is not of the expected shape may raise, and how that is said."""

from __future__ import annotations

import re

from explorer.errors import InputError

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, InputError)

_OF_PYTHON = re.compile(
    r"could not convert|invalid literal|cannot convert|(?:too many|not enough) values|Exceeds the limit|$"
)


def why(bad: Exception) -> str:
    """Return in words what is wrong with a value that could not be read."""
    match bad:
        case KeyError():
            return f"it lacks '{bad.args[0]}'"
        case UnicodeError():
            return "it has a character beyond those of one byte, where each stands for a byte of the wire"
        case RecursionError():
            return "it is nested too deeply"
        case ValueError() | InputError() if not _OF_PYTHON.match(f"{bad}"):
            return f"{bad}"
        case OSError():
            return "the file cannot be read there"
        case ArithmeticError():
            return "a number in it is too large"
        case _:
            return "a part of it is not of the kind that it has to be"
