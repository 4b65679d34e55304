"""From the words of a command line or a form to the arguments of a flow, as JSON values that a recording keeps."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from explorer.errors import FormatError, InputError
from explorer.flows.declared import Argument, FlowKind, Kind, checked
from explorer.formats.values import Json, bytes_to_json
from explorer.model import FlowCall, Progress
from explorer.spec.media_types import OCTET_STREAM
from explorer.spec.references import parse_registry, parse_target

DOCUMENT_LIMIT = 4 * 1024 * 1024
"""The largest document that is taken into a call, in bytes: what a registry takes for a manifest."""

_BLOCK = 1024 * 1024
_TYPED = re.compile(r"(.+):([\w.+-]+/[\w.+-]+)", re.ASCII)


def call_from_words(
    kind: FlowKind, words: Json, *, plain_http: bool = False, progress: Progress | None = None
) -> FlowCall:
    """Return the call of a flow; files are hashed here. Raises InputError or FormatError."""
    hashes = tuple(dict.fromkeys(("sha256", str(words.get("algorithm") or "sha256"))))
    values = {
        argument.name: _value(argument, words[argument.name], hashes, plain_http=plain_http, progress=progress)
        for argument in kind.arguments
        if words.get(argument.name) is not None
    }
    return FlowCall(kind.name, checked(kind, values))


def _value(
    argument: Argument, word: object, hashes: Sequence[str], *, plain_http: bool, progress: Progress | None
) -> object:
    match argument.kind:
        case Kind.TARGET:
            return str(parse_target(str(word), plain_http=plain_http))
        case Kind.REGISTRY:
            return str(parse_registry(str(word), plain_http=plain_http))
        case Kind.FILE:
            return _file(str(word), hashes, progress)
        case Kind.FILES:
            return [_typed_file(each, hashes, progress) for each in _texts(word)]
        case Kind.DOCUMENT:
            return _document(str(word))
        case Kind.TEXTS:
            return _texts(word)
        case Kind.NUMBER:
            return _number(argument.name, str(word))
        case Kind.FLAG:
            return bool(word)
        case Kind.TEXT:
            return str(word)
        case Kind.IMAGE:
            raise InputError("An image is pushed by the verb `push`, which has the options for it.")
        case Kind.DESTINATION:
            raise InputError("An image is pulled by the verb `pull`, which writes the layout or archive around it.")


def _number(name: str, word: str) -> int:
    try:
        return int(word)
    except ValueError as bad:
        raise InputError(f"{name} is a whole number; '{word}' is none.") from bad


def _texts(word: object) -> list[str]:
    return [str(each) for each in word] if isinstance(word, list | tuple) else [str(word)]


def _typed_file(word: str, hashes: Sequence[str], progress: Progress | None) -> Json:
    """Read FILE or FILE:MEDIA-TYPE; without a type it is octets."""
    typed = _TYPED.fullmatch(word)
    if typed and not Path(word).expanduser().exists():
        return {**_file(typed[1], hashes, progress), "media_type": typed[2]}
    return {**_file(word, hashes, progress), "media_type": OCTET_STREAM}


def _file(path: str, hashes: Sequence[str], progress: Progress | None) -> Json:
    file = Path(path).expanduser()
    digests = {name: hashlib.new(name) for name in hashes}
    done = 0
    try:
        with file.open("rb") as opened:
            total = file.stat().st_size
            while block := opened.read(_BLOCK):
                done += len(block)
                for digest in digests.values():
                    digest.update(block)
                if progress:
                    progress(done, total)
    except OSError as bad:
        raise FormatError(path, f"the file cannot be read: {bad.strerror}.") from bad
    return {
        "file": str(file.absolute()),
        "offset": 0,
        "length": done,
        **{name: digest.hexdigest() for name, digest in digests.items()},
        "source": file.name,
    }


def _document(path: str) -> Json:
    file = Path(path).expanduser()
    try:
        with file.open("rb") as opened:
            content = opened.read(DOCUMENT_LIMIT + 1)
    except OSError as bad:
        raise FormatError(path, f"the file cannot be read: {bad.strerror}.") from bad
    if len(content) > DOCUMENT_LIMIT:
        raise FormatError(path, f"it is larger than {DOCUMENT_LIMIT} bytes, which is more than a registry takes.")
    return bytes_to_json(content)
