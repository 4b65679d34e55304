"""A value in every way in which text escapes it: percent-encoded once or twice, in JSON, in HTML, in any mixture."""

from __future__ import annotations

import html
import re

_ESCAPES = re.compile(rb"%[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\[/\"\\]|&(?:amp|lt|gt|quot|#)")
_PERCENT = re.compile(rb"%([0-9a-fA-F]{2})")
_UNITS = re.compile(rb"(?:\\u[0-9a-fA-F]{4})+")
_SHORT = re.compile(rb"\\([/\"\\nrt])")
_SHORT_SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_IN_JSON = {'"': rb"\\\"", "/": rb"\\/", "\\": rb"\\\\", "\n": rb"\\n", "\t": rb"\\t", "\r": rb"\\r"}
_IN_HTML = {"&": rb"&amp;", "<": rb"&lt;", ">": rb"&gt;", '"': rb"&quot;|&#34;", "'": rb"&#39;|&#x27;"}


def has_escapes(data: bytes) -> bool:
    """Say whether anything in the data is escaped."""
    return _ESCAPES.search(data) is not None


def unescaped(data: bytes) -> bytes:
    """Return data without its escapes, percent-encoding undone twice: to see quickly what may be in it."""
    for _ in range(2):
        data = _PERCENT.sub(lambda found: bytes((int(found[1], 16),)), data)
    data = _UNITS.sub(_from_units, data)
    data = _SHORT.sub(lambda found: _SHORT_SIGNS.get(found[1], found[1]), data)
    return html.unescape(data.decode("latin-1")).encode("latin-1", "replace") if b"&" in data else data


def _from_units(found: re.Match[bytes]) -> bytes:
    units = bytes.fromhex(found[0].replace(rb"\u", b"").decode("ascii"))
    return units.decode("utf-16-be", "replace").encode("utf-8")


def any_escape(secret: bytes) -> bytes:
    """Return a pattern of a value, each of its characters as it is or escaped."""
    try:
        text = secret.decode("utf-8")
    except UnicodeDecodeError:
        text = secret.decode("latin-1")
        return b"".join(_sign(sign, sign.encode("latin-1")) for sign in text)
    return b"".join(_sign(sign, sign.encode("utf-8")) for sign in text)


def _sign(sign: str, raw: bytes) -> bytes:
    percent = b"".join(b"%%(?:25)?%s" % _any_case(b"%02x" % byte) for byte in raw)
    units = sign.encode("utf-16-be")
    json = b"".join(rb"\\u" + _any_case(units[at : at + 2].hex().encode()) for at in range(0, len(units), 2))
    ways = [re.escape(raw), percent, json, *filter(None, (_IN_JSON.get(sign), _IN_HTML.get(sign)))]
    if sign == " ":
        ways.append(rb"\+")
    return b"(?:" + b"|".join(ways) + b")"


def _any_case(digits: bytes) -> bytes:
    return b"".join(b"[%c%c]" % (digit, digit - 32) if digit >= 0x61 else b"%c" % digit for digit in digits)
