"""What curl makes of its command line, where that differs from what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.families.content import form_type
from explorer.diagnoses.seen import Seen

_NO_COLON = re.compile(r"""(?:-H|--header)[ =]?\s*(['"]?)([A-Za-z][A-Za-z0-9-]*)\s*=\s*([^'"\s\\]+)\1""")


@rule(
    "curl-header-equals-sign",
    "decides",
    when="always",
    fix="Write the header with a colon: -H 'Content-Type: application/octet-stream'.",
    covers=("manifest-generic-type", "manifest-no-content-type", "body-eaten-as-form", "patch-content-type"),
    sources=("observed with curl 7.88",),
)
def curl_header_equals_sign(seen: Seen) -> Iterator[Found]:
    """curl drops a -H that has no colon, without a word: 'Content-Type=…' is never sent.

    With -d or --data-binary it then sends its own application/x-www-form-urlencoded, which makes a registry read the
    body as a form, and refuse it as a manifest.
    """
    typed = dropped_header(seen)
    if typed is None or seen.worked:
        return
    name, value = typed
    sent = seen.q(name)
    explains = form_type(seen) and seen.codes & {"DIGEST_INVALID", "MANIFEST_INVALID", "UNKNOWN"}
    shown = f"the request went out with {name}: {sent}" if sent else f"the request went out without {name}"
    if not seen.knows("request.headers") and not sent:
        shown = "what went out is not in the evidence"
    yield Found(
        f"curl dropped the header '{name}={value}', which has no colon",
        f"the command has -H {name}={value}; {shown}",
        (seen.at_header(name),),
        seen.with_header(name, value),
        f"{name}: {value}",
        key=f"{'' if explains else 'next:'}{name}",
    )


def dropped_header(seen: Seen) -> tuple[str, str] | None:
    """Return name and value of a header that was typed with '=' and not sent; None where there is none."""
    for line in commands_of(seen):
        for found in _NO_COLON.finditer(line):
            sent = seen.q(found[2])
            if sent != found[3]:
                return found[2], found[3]
    return None


def commands_of(seen: Seen) -> Iterator[str]:
    """Yield the curl commands of the evidence that could have made this request."""
    path = seen.target.partition("?")[0]
    for line in _lines_with_curl(seen.notes):
        methods = re.findall(r"(?:-X|--request)[ =]?\s*['\"]?([A-Z]+)", line)
        same_method = seen.method in methods or (not methods and seen.method in ("PUT", "POST"))
        if same_method and (path in line or "$" in line or "..." in line or "…" in line):
            yield line


@lru_cache(maxsize=1)
def _lines_with_curl(notes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lines with a command of curl, continued ones as one; they are read once for all exchanges."""
    text = re.sub(r"[\\^`]\s*\n\s*(?:>\s*)?", " ", "\n".join(notes))
    return tuple(line for line in text.splitlines() if "curl" in line)
