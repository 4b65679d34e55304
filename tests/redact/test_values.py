"""A secret is found again by its value, whatever it was put into."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import re
import zlib
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.redact.values import Value, Values, is_binary

SECRET = "s3cr3t/Pa+ss wörd"
NAME = b"masked-password-1"
RAW = SECRET.encode()

WAYS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "percent": lambda raw: quote(raw, safe="").encode(),
    "percent, lower case": lambda raw: re.sub("%..", lambda found: found[0].lower(), quote(raw, safe="")).encode(),
    "percent, twice": lambda raw: quote(quote(raw, safe=""), safe="").encode(),
    "form": lambda raw: quote_plus(raw).encode(),
    "json": lambda raw: json.dumps({"a": raw.decode()}).encode(),
    "json in a string": lambda raw: json.dumps(json.dumps(raw.decode(), ensure_ascii=False)).encode(),
    "json, slash escaped": lambda raw: json.dumps(raw.decode()).replace("/", "\\/").encode(),
    "json, all escaped": lambda raw: "".join(f"\\u{ord(sign):04X}" for sign in raw.decode()).encode(),
    "base64": base64.b64encode,
    "base64 after one": lambda raw: b"/auth/" + base64.b64encode(b"x" + raw),
    "base64 after two": lambda raw: base64.b64encode(b"me:" + b"ab" + raw + b"~~"),
    "base64url": lambda raw: base64.urlsafe_b64encode(b"\xff\xfe" + raw + b"\xff\xff\xff").rstrip(b"="),
    "base64 in base64": lambda raw: base64.b64encode(b'{"auth":"' + base64.b64encode(b"me:" + raw) + b'"}'),
    "base64, percent-encoded": lambda raw: quote(base64.b64encode(b"\xfb\xff" + raw), safe="").encode(),
    "gzip": lambda raw: gzip.compress(b"before " + raw + b" after"),
    "gzip of binary": lambda raw: gzip.compress(b"\0\xff" + raw + b"\0" * 600),
    "gzip in base64": lambda raw: base64.b64encode(gzip.compress(b"x" + raw)),
    "percent, four times": lambda raw: quote(quote(quote(quote(raw, safe=""), safe=""), safe=""), safe="").encode(),
    "percent, every sign, twice": lambda raw: every_sign(every_sign(raw)),
    "percent, every third sign": lambda raw: b"".join(
        b"%%%02X" % sign if at % 3 == 0 else b"%c" % sign for at, sign in enumerate(raw)
    ),
    "json, escaped twice": lambda raw: json.dumps(json.dumps(json.dumps(raw.decode()))).encode(),
    "json, slash escaped twice": lambda raw: json.dumps(json.dumps(raw.decode()).replace("/", "\\/")).encode(),
    "escapes of C": lambda raw: b"".join(rb"\x%02x" % sign for sign in raw),
    "octal": lambda raw: b"".join(rb"\%03o" % sign for sign in raw),
    "a shell's backslashes": lambda raw: re.sub(rb"([/+ ])", rb"\\\1", raw),
    "entities": lambda raw: "".join(f"&#{ord(sign)};" for sign in raw.decode()).encode(),
    "entities in hex": lambda raw: "".join(f"&#x{ord(sign):X};" for sign in raw.decode()).encode(),
    "hex": lambda raw: raw.hex().encode(),
    "hex, upper case": lambda raw: b"0x" + raw.hex().upper().encode(),
    "hex with colons": lambda raw: raw.hex(":").encode(),
    "hex of base64": lambda raw: base64.b64encode(raw).hex().encode(),
    "base64 of hex": lambda raw: base64.b64encode(raw.hex().encode()),
    "base64 in lines": lambda raw: base64.encodebytes(b"x" * 50 + raw + b"y" * 60),
    "base64 in lines in json": lambda raw: json.dumps(
        base64.encodebytes(b"x" * 50 + raw + b"y" * 40).decode()
    ).encode(),
    "base64, its signs escaped": lambda raw: (
        base64.b64encode(b"\xfb\xff?" + raw).replace(b"/", rb"\/").replace(b"+", rb"\u002B")
    ),
    "base64, percent-encoded twice": lambda raw: quote(quote(base64.b64encode(b"?>" + raw + b"?>")), safe="").encode(),
    "zlib in base64": lambda raw: base64.b64encode(zlib.compress(b"x" + raw)),
    "gzip in gzip": lambda raw: gzip.compress(gzip.compress(b"before " + raw)),
    "base32": base64.b32encode,
    "base32, small, without padding": lambda raw: base64.b32encode(raw).rstrip(b"=").lower(),
    "quoted-printable": lambda raw: binascii.b2a_qp(b"a=" + raw),
    "quoted-printable, every sign": lambda raw: b"=3D" + b"".join(b"=%02X" % sign for sign in raw),
    "quoted-printable, in two lines": lambda raw: b"a=3D" + raw[:5] + b"=\r\n" + binascii.b2a_qp(raw[5:]),
    "a part": lambda raw: parts(b"\x00\x01", raw),
    "gzip in a part": lambda raw: parts(b"\xff\x00", gzip.compress(b"x" + raw)),
    "the second member of gzip": lambda raw: gzip.compress(b"first ") + gzip.compress(b"second " + raw),
}


def parts(*contents: bytes) -> bytes:
    """Return contents as the parts of a form."""
    return b"".join(b"--b-1\r\nA: b\r\n\r\n%s\r\n" % content for content in contents) + b"--b-1--\r\n"


def every_sign(raw: bytes) -> bytes:
    return b"".join(b"%%%02x" % sign for sign in raw)


def plain_signs(data: bytes) -> bytes:
    """Return data with all escapes of signs undone, however often."""
    for _ in range(9):
        data = re.sub(rb"%([0-9A-Fa-f]{2})|\\x([0-9a-f]{2})", lambda f: bytes.fromhex((f[1] or f[2]).decode()), data)
        data = re.sub(rb"\\u00([0-9A-Fa-f]{2})", lambda found: bytes.fromhex(found[1].decode()), data)
        data = re.sub(rb"\\([0-7]{3})", lambda found: bytes((int(found[1], 8),)), data)
        if re.search(rb"=3D|=[C-F]", data):
            data = re.sub(rb"=\r?\n", b"", data)
            data = re.sub(rb"=([0-9A-F]{2})", lambda found: bytes.fromhex(found[1].decode()), data)
        data = re.sub(rb"&#(\d+);", lambda found: chr(int(found[1])).encode(), data)
        data = re.sub(rb"&#x(\w+);", lambda found: chr(int(found[1], 16)).encode(), data)
        data = re.sub(rb"\\([/\\\"+ ])", rb"\1", data)
    return data


def unwrapped(data: bytes, depth: int = 4) -> list[bytes]:
    """Return data with all that can be got out of it."""
    found = [data, plain_signs(data)]
    if re.fullmatch(rb"(?:0x)?[0-9a-fA-F:]+", data) and len(data) > 8:
        digits = data.removeprefix(b"0x").replace(b":", b"").decode()
        found += unwrapped(bytes.fromhex(digits[: len(digits) // 2 * 2]), depth - 1) if depth > 0 else []
    if depth > 0 and re.fullmatch(rb"[A-Za-z2-7]+=*", data):
        found.append(base64.b32decode(data.rstrip(b"=") + b"=" * (-len(data.rstrip(b"=")) % 8), casefold=True))
    for piece in re.findall(rb"\r\n\r\n(\x1f\x8b.*?)\r\n--b-1", data, re.DOTALL):
        found += unwrapped(gzip.decompress(piece), depth - 1)
    if depth > 0:
        if data[:2] == b"\x1f\x8b":
            found += unwrapped(gzip.decompress(data), depth - 1)
        for skip in range(4):
            for alphabet in (b"+/", b"-_"):
                piece = data.translate(bytes.maketrans(alphabet, b"+/"))[skip:]
                piece = bytes(sign for sign in piece if chr(sign).isascii() and (chr(sign).isalnum() or sign in b"+/"))
                if len(piece) >= 8:
                    found += unwrapped(base64.b64decode(piece[: len(piece) // 4 * 4]), 0)
    return found


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
def test_a_secret_is_gone_from_whatever_it_was_put_into(way: Callable[[bytes], bytes]) -> None:
    data = way(RAW)
    values = Values([Value(RAW, NAME)])
    changed = values.in_body(data)
    assert changed != data
    assert sum(values.counts.values()) == 1
    assert all(RAW not in piece for piece in unwrapped(changed))


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
def test_what_holds_no_secret_stays_byte_for_byte(way: Callable[[bytes], bytes]) -> None:
    data = way("another thing, ün+like/it".encode())
    assert Values([Value(RAW, NAME)]).in_body(data) == data


@given(st.binary(max_size=30), st.binary(min_size=8, max_size=20), st.binary(max_size=30))
def test_any_secret_is_found_in_the_middle_of_any_base64(before: bytes, secret: bytes, after: bytes) -> None:
    changed = Values([Value(secret, b"*")]).in_bytes(base64.b64encode(before + secret + after))
    found = base64.b64decode(changed + b"=" * (-len(changed) % 4))
    assert secret not in found


@given(st.binary(max_size=200), st.binary(min_size=4, max_size=12))
def test_binary_data_keeps_its_length(data: bytes, secret: bytes) -> None:
    body = b"\0" + data + secret + data
    changed = Values([Value(secret, NAME)]).in_body(body)
    assert is_binary(body)
    assert len(changed) == len(body)
    assert secret not in changed or secret in NAME + b"-" * 20


@given(st.binary(max_size=300))
def test_any_data_can_be_looked_into(data: bytes) -> None:
    Values([Value(RAW, NAME), Value(b"word", b"x", "word")]).in_body(data)


def test_a_short_secret_is_replaced_only_where_it_stands_alone() -> None:
    values = Values([Value(b"demo", b"masked-password-1", "word")])
    assert values.in_text("demonstration demo %2Fdemo") == "demonstration masked-password-1 %2Fmasked-password-1"


def test_a_broken_gzip_without_a_secret_stays_and_one_with_it_is_emptied() -> None:
    other, body = gzip.compress(b"nothing to see")[:-9], gzip.compress(RAW)[:-9]
    values = Values([Value(RAW, NAME)])
    assert values.in_body(other) == other
    assert len(values.in_body(body)) == len(body)
    assert RAW not in zlib.decompressobj(31).decompress(values.in_body(body))


@pytest.mark.parametrize("order", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_secret_in_utf_16_is_gone_and_the_text_can_be_read(order: str) -> None:
    changed = Values([Value(RAW, NAME)]).in_body(f"the password is {SECRET}".encode(order))
    assert changed.decode(order) == "the password is masked-password-1"
    other = f"the password is {SECRET[1:]}".encode(order)
    assert Values([Value(RAW, NAME)]).in_body(other) == other


def test_a_secret_in_utf_16_within_binary_data_keeps_its_length() -> None:
    secret = b"S3cretValue"
    data = b"\x80\xff\0" + secret.decode().encode("utf-16-le") + b"\xfe\x81"
    changed = Values([Value(secret, NAME)]).in_body(data)
    assert len(changed) == len(data)
    assert secret.decode().encode("utf-16-le") not in changed
    coded = Values([Value(secret, NAME)]).in_body(base64.b64encode(data))
    assert secret.decode().encode("utf-16-le") not in base64.b64decode(coded)


def test_an_escape_goes_only_with_what_it_is_part_of() -> None:
    values = Values([Value(b"s3cr3t/word", NAME)])
    data = rb"a%20b \u00e9 %2Fs3cr3t%2Fword%3D x\/y &amp; \n"
    assert values.in_bytes(data) == rb"a%20b \u00e9 %2Fmasked-password-1%3D x\/y &amp; \n"


@given(st.binary(max_size=60).filter(lambda data: b"s3cr3t" not in data))
def test_what_is_around_a_secret_stays_as_it_is_written(around: bytes) -> None:
    values = Values([Value(b"s3cr3t-word-7", NAME)])
    if b"\0" in around:
        return
    data = around + b" %733cr3t-word-7 " + around
    changed = values.in_bytes(data)
    assert changed == around + b" masked-password-1 " + around
