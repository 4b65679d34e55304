"""What a certificate says about itself, read from its DER (RFC 5280, section 4.1).

The standard library tells it only of certificates that were checked; here those that were not are told of, too.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

_MOST_NAMES = 8
_VERSION, _EXTENSIONS = 0xA0, 0xA3
_OCTETS, _OID, _UTC_TIME = 0x04, 0x06, 0x17
_DNS_NAME, _ADDRESS, _MAIL, _URI = 0x82, 0x87, 0x81, 0x86
_BMP_STRING = 0x1E
_ALTERNATIVE_NAMES = b"\x55\x1d\x11"
_ATTRIBUTES = {
    b"\x55\x04\x03": "CN",
    b"\x55\x04\x06": "C",
    b"\x55\x04\x07": "L",
    b"\x55\x04\x08": "ST",
    b"\x55\x04\x0a": "O",
    b"\x55\x04\x0b": "OU",
}


def certificate_text(der: bytes) -> str:
    """Return a certificate's subject, names, issuer and dates in one line."""
    try:
        return _text(der)
    except (ValueError, IndexError, StopIteration):
        return f"a certificate of {len(der)} bytes that cannot be read"


def _text(der: bytes) -> str:
    (_, certificate), *_ = _items(der)
    (_, signed), *_ = _items(certificate)
    fields = [(tag, value) for tag, value in _items(signed) if tag != _VERSION]
    issuer, validity, subject = (value for _, value in fields[2:5])
    begin, end = (_time(tag, value) for tag, value in _items(validity))
    extensions = next((value for tag, value in fields[5:] if tag == _EXTENSIONS), b"")
    parts = [_name(subject) or "no subject"]
    if names := list(_alternative_names(extensions)):
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        parts.append(f"names {', '.join(names[:_MOST_NAMES])}{more}")
    return "; ".join([*parts, f"issued by {_name(issuer) or 'no name'}", f"valid {begin} to {end}"])


def _items(der: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and value of one element after the other; raises ValueError where the lengths are false."""
    at = 0
    while at < len(der):
        tag, length = der[at], der[at + 1]
        at += 2
        if length >= 0x80:
            size = length & 0x7F
            length = int.from_bytes(der[at : at + size], "big")
            at += size
        if at + length > len(der):
            raise ValueError("an element goes beyond the end")
        yield tag, der[at : at + length]
        at += length


def _name(der: bytes) -> str:
    parts = []
    for _, group in _items(der):
        for _, pair in _items(group):
            (_, kind), (tag, value) = _items(pair)
            text = value.decode("utf-16-be" if tag == _BMP_STRING else "utf-8", "replace")
            parts.append(f"{_ATTRIBUTES.get(kind, '?')}={text}")
    return ", ".join(parts)


def _time(tag: int, value: bytes) -> str:
    digits = value.decode("ascii")
    if tag == _UTC_TIME:
        digits = ("19" if digits[:2] >= "50" else "20") + digits
    if not digits[:14].isdecimal() or len(digits) < 14:
        raise ValueError(f"{digits!r} is no time")
    date, clock = digits[:8], digits[8:14]
    return f"{date[:4]}-{date[4:6]}-{date[6:]} {clock[:2]}:{clock[2:4]}:{clock[4:]} UTC"


def _alternative_names(extensions: bytes) -> Iterator[str]:
    for _, rows in _items(extensions):
        for _, row in _items(rows):
            (kind, oid), *rest = _items(row)
            if (kind, oid) != (_OID, _ALTERNATIVE_NAMES):
                continue
            tag, octets = rest[-1]
            if tag != _OCTETS:
                raise ValueError("the value of an extension is no string of octets")
            for _, names in _items(octets):
                yield from (_alternative_name(tag, value) for tag, value in _items(names))


def _alternative_name(tag: int, value: bytes) -> str:
    if tag == _ADDRESS:
        return str(ipaddress.ip_address(value))
    if tag in (_DNS_NAME, _MAIL, _URI):
        return value.decode("latin-1")
    return "a name of another kind"
