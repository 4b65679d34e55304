"""What no wire can carry, found before anything is sent (RFC 9112, sections 3 and 5).

Everything else goes out as it stands, however wrong: a second '?', '//', a false Content-Length are there to be tried.
"""

from __future__ import annotations

from explorer.errors import InputError
from explorer.model import Request, Unkept

_BREAKS_A_LINE = {"\r": "a carriage return", "\n": "a line feed", "\0": "a NUL"}


def check_sendable(request: Request, *, is_passed_on: bool = False) -> None:
    """Raise InputError with a sentence where the request cannot be put on the wire at all.

    `is_passed_on`: its body comes from another answer while it is sent.
    """
    if not request.method:
        raise InputError("The method is missing: a request begins with one, such as POST.")
    if " " in request.method or "\t" in request.method:
        raise InputError(f"The method '{request.method}' has a blank in it; the method is a single word.")
    if request.method.upper() == "CONNECT":
        raise InputError("CONNECT asks for a tunnel, not for a resource of a registry; it cannot be sent from here.")
    if not request.target:
        raise InputError("The target is missing: it stands between the method and HTTP/1.1, and begins with '/'.")
    _check_line("method", request.method)
    _check_line("target", request.target)
    for name, value, gap in request.headers:
        _check_header(name, value, gap)
    if isinstance(request.body, Unkept) and not is_passed_on:
        raise InputError(
            f"The body of this request ({request.body.size} bytes) was not kept in the recording, "
            "only its size and sha256, so it cannot be sent again from here. Give a file for it instead."
        )


def _check_header(name: str, value: str, gap: str) -> None:
    if not name:
        raise InputError(f"A header line has no name before its colon (its value is '{value}').")
    if ":" in name:
        raise InputError(f"The header name '{name}' has a colon in it, which would end it.")
    if name[0] in " \t":
        raise InputError(f"The header line '{name}:' begins with a blank, which would make it part of the line before.")
    if gap.strip(" \t"):
        raise InputError(f"After the colon of '{name}' only blanks can stand before the value.")
    _check_line(f"header name '{name}'", name)
    _check_line(f"value of the header '{name}'", value)


def _check_line(what: str, text: str) -> None:
    if text.isascii() and text.isprintable():
        return
    for sign, words in _BREAKS_A_LINE.items():
        if sign in text:
            raise InputError(f"The {what} has {words} in it, which would end the line there; it cannot be sent.")
    try:
        text.encode("latin-1")
    except UnicodeEncodeError as bad:
        raise InputError(f"The {what} has the sign {text[bad.start]!r} in it, which stands for no byte.") from bad
