"""`_state`: signing and checking the upload state tokens of distribution (registry/handlers/hmac.go).

A token is base64url, with padding, of HMAC-SHA256(secret, json) followed by json. `explorer.decoders.upload_state`
reads what one says; here is what needs the secret, and Go's way of saying what is wrong with one.
"""

from __future__ import annotations

import base64
import hmac
import json

from explorer.decoders.upload_state import MAC_LENGTH, UploadState, read_token

_ALPHABET = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
_LINE_ENDS = b"\r\n"
_PADDING = ord("=")


class BadToken(Exception):
    """Say, in distribution's words, why a token was refused."""

    def __init__(self, detail: str, struct: object) -> None:
        super().__init__(detail)
        self.detail = detail  # as distribution 3 says it
        self.struct = struct  # as distribution 2 does, which lets Go encode the error


def sign(secret: bytes, name: str, uuid: str, offset: int, started_at: str) -> str:
    """Return the token for an upload as it stands."""
    fields = {"Name": name, "UUID": uuid, "Offset": offset, "StartedAt": started_at}
    message = json.dumps(fields, separators=(",", ":")).encode("ascii")
    return base64.urlsafe_b64encode(hmac.digest(secret, message, "sha256") + message).decode("ascii")


def check(secret: bytes, token: str) -> UploadState:
    """Return what a percent-decoded token says; raises BadToken where it is not base64 or not of this secret."""
    encoded = token.encode("latin-1", "replace")
    bad = first_bad_byte(encoded)
    if bad is not None:
        raise BadToken(f"illegal base64 data at input byte {bad}", bad)
    raw = base64.urlsafe_b64decode(encoded.translate(None, _LINE_ENDS))
    mac, message = raw[:MAC_LENGTH], raw[MAC_LENGTH:]
    if len(mac) < MAC_LENGTH or not hmac.compare_digest(hmac.digest(secret, message, "sha256"), mac):
        raise BadToken("invalid secret", {})
    state = read_token(base64.urlsafe_b64encode(raw).decode("ascii"))
    if state is None:
        raise BadToken("invalid secret", {})
    return state


def first_bad_byte(encoded: bytes) -> int | None:
    """Return the index that Go's URL-safe base64 decoder complains of; None where it would decode."""
    place = 0  # within the group of four
    index = 0
    while index < len(encoded):
        sign = encoded[index]
        if sign in _ALPHABET:
            place = (place + 1) % 4
        elif sign not in _LINE_ENDS:
            return index if sign != _PADDING or place < 2 else _bad_padding(encoded, index + 1, place)
        index += 1
    # Go counts back from the end by the digits of the last group.
    return len(encoded) - place if place else None


def _bad_padding(encoded: bytes, index: int, place: int) -> int | None:
    """Say what is wrong from behind the first `=`, which stands at `place` of its group: 2 needs another one."""
    index = _past_line_ends(encoded, index)
    if place == 2:
        if index == len(encoded):
            return index
        if encoded[index] != _PADDING:
            return index - 1
        index = _past_line_ends(encoded, index + 1)
    return index if index < len(encoded) else None


def _past_line_ends(encoded: bytes, index: int) -> int:
    while index < len(encoded) and encoded[index] in _LINE_ENDS:
        index += 1
    return index
