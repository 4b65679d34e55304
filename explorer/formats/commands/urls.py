"""The URLs of a command line: what curl makes of them before it sends."""

from __future__ import annotations

import re
from itertools import product
from urllib.parse import quote

from explorer.formats.commands.words import has_hole
from explorer.spec.locations import without_dots

MOST = 100
"""So many requests are made of the braces and brackets of one URL."""

_GLOB = re.compile(
    r"\{([^{}]*,[^{}]*)\}|\[(\d{1,9})-(\d{1,9})(?::(\d{1,9}))?\]|\[([a-zA-Z])-([a-zA-Z])(?::(\d{1,3}))?\]|\\([{}\[\]])"
)
PLACEHOLDER = re.compile(
    r"<[A-Za-z][^<>\n]{0,80}>|\{\{[^{}\n]{1,80}\}\}|\{[A-Za-z][\w .-]{0,60}\}|\[[A-Za-z][A-Za-z_ .]{1,60}\]"
    r"|%[A-Za-z_]{3,40}%|\$env:\w+"
)
"""What people write for a value that they do not show."""


def expanded(url: str) -> list[str]:
    """Return the URLs that curl makes of braces and brackets, at most MOST of them (glob is its word for it)."""
    pieces: list[list[str]] = []
    at = 0
    count = 1
    for found in _GLOB.finditer(url):
        options = _options(found, MOST // count)
        count *= max(1, len(options))
        pieces += [[url[at : found.start()]], options]
        at = found.end()
    pieces.append([url[at:]])
    return ["".join(choice) for choice in product(*pieces)][:MOST]


def _options(found: re.Match[str], most: int) -> list[str]:
    if found[8] is not None:
        return [found[8]]
    if found[1] is not None:
        return found[1].split(",")[: max(1, most)]
    if found[2] is not None:
        width = len(found[2]) if found[2].startswith("0") else 0
        numbers = range(int(found[2]), int(found[3]) + 1, max(1, int(found[4] or 1)))[: max(1, most)]
        return [f"{number:0{width}d}" for number in numbers]
    letters = range(ord(found[5]), ord(found[6]) + 1, max(1, int(found[7] or 1)))[: max(1, most)]
    return [chr(letter) for letter in letters]


def with_file_name(url: str, file: str) -> str:
    """Return the URL of an upload: where its path ends in a slash, curl appends the name of the file (`-T`)."""
    end = min((at for at in (url.find("?"), url.find("#")) if at >= 0), default=len(url))
    front, rest = url[:end], url[end:]
    if "/" not in front.rpartition("://")[2] and not has_hole(front):
        front += "/"
    if not front.endswith("/"):
        return url
    name = file.rpartition("/")[2]
    return front + (name if has_hole(name) else quote(name, safe="", encoding="latin-1")) + rest


def squashed(target: str) -> str:
    """Return a target without `/./` and `/../` in its path, as curl sends it unless told `--path-as-is`."""
    path = target.partition("?")[0]
    if has_hole(path) or not re.search(r"/\.\.?(?:/|$)", path):
        return target
    return without_dots(target)


def with_query(target: str, query: str) -> str:
    """Return a target with more of a query, joined as curl joins it."""
    if not query:
        return target
    return f"{target}{'&' if '?' in target else '?'}{query}"
