"""The two passes over a session that is shared: secrets found by their places, then wherever they occur again."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from explorer.decoders.upload_state import MAC_LENGTH
from explorer.redact.assignments import secret_kind
from explorer.redact.base64_runs import LONG_RUN, NO_CORES, decoded_run
from explorer.redact.escapes import layers_of
from explorer.redact.ledger import Ledger
from explorer.redact.lines import credential, without_line_secrets
from explorer.redact.marks import is_hidden
from explorer.redact.multipart import pieces_of
from explorer.redact.packing import is_packed, unchunked, unpack, unpack_beginning
from explorer.redact.recording import is_secret
from explorer.redact.values import Values, is_binary
from explorer.redact.wide import narrowed

_SECRET_NAME = re.compile(r"(?i)(?:^|-)(?:token|api-?key|secret|password|auth|credentials?|art-api|signature|jwt)$")
_STATE = re.compile(r"[A-Za-z0-9_-]{43}(?=7Ik5hbWUiOiJ)")
_CODED = re.compile(r"(?:eyJ|ey[AI]|ewo|ew0|W3s)[A-Za-z0-9+/_-]{8,1000000}={0,2}$")
_URL_SAFE = re.compile(r"[-_]")
_DEEPEST = 60
_DEEPEST_TEXT = 4
_MOST_SEEN = 200
_SHORT = 300
_LONG = 1000
_MOST_CLEAN = 5000
_LOGIN = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_PAIR = re.compile(rb"[A-Za-z0-9][\w.@$+-]{0,63}:[\x21-\x7e]{4,}")


class _Clean(set[str]):
    """Short texts that nothing was found in: in a long session, most headers come again and again."""

    def add(self, text: str) -> None:
        """Remember a text, where it is short."""
        if len(text) <= _SHORT:
            if len(self) >= _MOST_CLEAN:
                self.clear()
            super().add(text)


class ByPlace:
    """Replaces what its place gives away; in `addressed` bodies and in binary ones it is only noted."""

    def __init__(self, ledger: Ledger, addressed: frozenset[str]) -> None:
        self._ledger = ledger
        self._addressed = addressed
        self._clean = _Clean()
        self._seen: set[str] = set()  # texts that were looked beneath; the same one stands in several places
        self._barren: dict[bytes, int] = {}  # runs that nothing was found in, and how deep they stood

    def at(self, place: str) -> None:
        """Take note of where the parts that follow stand."""
        self._ledger.place = place

    def text(self, text: str) -> str:
        """Return a text of the wire."""
        if text in self._clean:
            return text
        named = self._ledger.named_so_far
        masked = self._masked(text)
        if masked == text and self._ledger.named_so_far == named:
            self._clean.add(text)
        return masked

    def _masked(self, text: str) -> str:
        text = self._states(text)
        masked = without_line_secrets(text, self._ledger.give)
        if text not in self._seen:
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            self._seen.add(text)
            with self._ledger.uncounted():
                self._beneath(text.encode("latin-1"), 0)
        return masked

    def _beneath(self, data: bytes, depth: int) -> None:
        """Note what shows its place only once escapes are undone, or base64: it is replaced by its value later."""
        for layer in layers_of(data):
            self._noted(layer.text, depth)
        if depth < _DEEPEST_TEXT:
            self._in_runs(data, depth)

    def _noted(self, data: bytes, depth: int) -> None:
        without_line_secrets(data.decode("latin-1"), self._ledger.give)
        if depth < _DEEPEST_TEXT:
            self._in_runs(data, depth)

    def _in_runs(self, data: bytes, depth: int) -> None:
        for found in LONG_RUN.finditer(data):
            run = found[0]
            if self._barren.get(run, _DEEPEST_TEXT) <= depth:
                continue
            named = self._ledger.named_so_far
            decoded = decoded_run(run, NO_CORES)
            if decoded and (text := readable(decoded.data)):
                self._noted(text, depth + 1)
                self._beneath(text, depth + 1)
            if len(run) <= _LONG and self._ledger.named_so_far == named:
                if len(self._barren) >= _MOST_CLEAN:
                    self._barren.clear()
                self._barren[run] = depth

    def header(self, name: str, value: str) -> str:
        """Return the value of a header."""
        if is_secret(name) or _SECRET_NAME.search(name.strip()):
            return credential(name, value, self._ledger.give)
        if is_login(value):
            return self._ledger.give("login", value)
        return self.text(value)

    def words(self, text: str) -> str:
        """Return a text for people."""
        return _as_wire(text, self.text)

    def host(self, host: str) -> str:
        """Return a host as it is."""
        return host

    def path(self, path: str) -> str:
        """Return the path of a file as it is."""
        return path

    def body(self, body: bytes) -> bytes:
        """Return a body."""
        content = unchunked(body) if not is_packed(body) else None
        content = readable(body if content is None else content)
        changed = self._json(self.text(content.decode("latin-1")).encode("latin-1"))
        for part in filter(is_packed, pieces_of(content)):
            self.text(readable(part).decode("latin-1"))
        if content[:2] != body[:2] and not is_packed(body):
            self.text(body.decode("latin-1"))  # what looks like UTF-16 may be none
        is_kept = content is not body or is_binary(content) or is_addressed(body, self._addressed)
        return body if is_kept else changed

    def _json(self, body: bytes) -> bytes:
        """Return JSON whose secrets are hidden behind escapes or within strings; written anew only where it has to be.

        What is only found within a string (JSON in JSON, in base64) is noted, and replaced by its value later.
        """
        if body.lstrip()[:1] not in (b"{", b"["):
            return body
        try:
            value = json.loads(body)
            left = self._values(value, 0)
        except (ValueError, RecursionError):
            return body
        return json.dumps(left).encode("ascii") if left != value and b"\\u" in body else body

    def _values(self, value: Any, depth: int) -> Any:
        if depth > _DEEPEST:
            return value
        if isinstance(value, str):
            self._within(value, depth)
            return value
        if isinstance(value, list):
            return [self._values(item, depth + 1) for item in value]
        if not isinstance(value, dict):
            return value
        named = value.get("name"), value.get("value")
        if isinstance(named[0], str) and isinstance(named[1], str) and named[1] and is_secret(named[0]):
            _as_wire(named[1], lambda text: self.header(str(named[0]), text))  # a header as HAR has it
        return {name: self._field(name, inner, depth) for name, inner in value.items()}

    def _within(self, text: str, depth: int) -> None:
        """Note the secrets of a string that is JSON itself, or JSON in base64."""
        if _CODED.match(text):
            try:
                raw = base64.b64decode(
                    text + "=" * (-len(text) % 4), altchars=b"-_" if _URL_SAFE.search(text) else None
                )
                text = raw.decode("utf-8")
            except (ValueError, UnicodeError):
                return
            _as_wire(text, self.text)
        if text.lstrip()[:1] in ("{", "["):
            try:
                self._values(json.loads(text), depth + 1)
            except (ValueError, RecursionError):
                return

    def _field(self, name: str, value: Any, depth: int) -> Any:
        kind = secret_kind(name)
        if kind and isinstance(value, str) and value and not is_hidden(value):
            return _as_wire(value, lambda secret: self._ledger.give(kind, secret))
        return self._values(value, depth + 1)

    def _states(self, text: str) -> str:
        """Return a text in which the MAC of each upload state is a number; what it is the MAC of stays."""
        return _STATE.sub(self._state, text) if "7Ik5hbWUiOiJ" in text else text

    def _state(self, found: re.Match[str]) -> str:
        signs = found[0]
        mac = base64.b64decode(signs + "7", altchars=b"-_")[:MAC_LENGTH]
        if mac.startswith(b"masked-mac-"):
            return signs
        name = self._ledger.name("mac", mac.decode("latin-1")).encode("ascii").ljust(MAC_LENGTH, b"\0")
        return base64.b64encode(name + b"{", altchars=b"-_").decode("ascii")[:-1]


class ByValue:
    """Replaces values wherever they occur, then digests of bodies by those that they have afterwards."""

    def __init__(self, values: Values, digests: Mapping[str, str], addressed: frozenset[str]) -> None:
        self._values = values
        self._digests = digests
        self._addressed = addressed
        self._clean = _Clean()
        self.changed: dict[str, str] = {}  # digests of bodies that came out otherwise, before and after

    def at(self, place: str) -> None:
        """Take no note: values are the same everywhere."""

    def text(self, text: str) -> str:
        """Return a text of the wire."""
        if text in self._clean:
            return text
        changed = self._with_digests(self._values.in_text(text))
        if changed == text:
            self._clean.add(text)
        return changed

    def header(self, name: str, value: str) -> str:
        """Return the value of a header."""
        del name
        return self.text(value)

    def words(self, text: str) -> str:
        """Return a text for people."""
        return _as_wire(text, self.text)

    def host(self, host: str) -> str:
        """Return a host."""
        return self.text(host)

    def path(self, path: str) -> str:
        """Return the path of a file."""
        return self.words(path)

    def body(self, body: bytes) -> bytes:
        """Return a body; one that is known by its digest, and a binary one, keeps its length."""
        if not is_packed(body) and is_addressed(body, self._addressed):
            changed = self._values.in_bytes(body, exact=True)
        else:
            changed = self._values.in_body(body)
        if self._digests:
            changed = self._with_digests(changed.decode("latin-1")).encode("latin-1")
        if changed != body:
            self.changed.update(zip(hashes_of(body), hashes_of(changed), strict=True))
        return changed

    def _with_digests(self, text: str) -> str:
        for before, after in self._digests.items():
            if before in text:
                text = text.replace(before, after)
        return text


def readable(data: bytes) -> bytes:
    """Return what data says: unpacked, and in UTF-8 where it is UTF-16."""
    for _ in range(_DEEPEST_TEXT):
        if not is_packed(data):
            break
        data = unpack(data) or unpack_beginning(data)
    wide = narrowed(data)
    return wide[0].removeprefix(b"\xef\xbb\xbf") if wide else data


def is_login(value: str) -> bool:
    """Say whether a value is nothing but a name and a password in base64."""
    if not _LOGIN.fullmatch(value):
        return False
    decoded = decoded_run(value.encode("latin-1"), NO_CORES)
    return decoded is not None and not decoded.front and _PAIR.fullmatch(decoded.data) is not None


def hashes_of(body: bytes) -> tuple[str, str]:
    """Return sha256 and sha512 of a body, in hex digits."""
    return hashlib.sha256(body).hexdigest(), hashlib.sha512(body).hexdigest()


def is_addressed(body: bytes, hashes: frozenset[str]) -> bool:
    """Say whether a body is one of those that are known by their digest."""
    return bool(body) and any(name in hashes for name in hashes_of(body))


def _as_wire(text: str, change: Callable[[str], str]) -> str:
    """Change a text for people as a text of the wire, one character per byte, and return it as one for people."""
    wire = text.encode("utf-8", "surrogatepass").decode("latin-1")
    return change(wire).encode("latin-1").decode("utf-8", "surrogatepass")
