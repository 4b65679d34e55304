"""What clients and servers print, and what it most likely means: the rules in question, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from explorer.diagnoses.lines.clients import CLIENT_CLUES
from explorer.diagnoses.lines.containers import CONTAINERS_CLUES
from explorer.diagnoses.lines.network import NETWORK_CLUES
from explorer.diagnoses.lines.servers import SERVER_CLUES
from explorer.frozen import frozen


@frozen
class Clue:
    """A line that says something: the rules that it speaks for, how certainly, and what it means in words."""

    rules: tuple[str, ...]
    what: str
    certainty: str = "likely"
    client: str = ""
    why: str = ""
    line: str = ""


_KNOWN = tuple(
    (re.compile(pattern, re.IGNORECASE), Clue(rules, what, certainty, client, why))
    for table in (CONTAINERS_CLUES, SERVER_CLUES, NETWORK_CLUES, CLIENT_CLUES)
    for pattern, rules, what, certainty, client, why in table
)

_SPEAKERS = (
    ("docker", r"Error response from daemon|docker push|docker pull|The push refers to repository|docker: "),
    ("buildkit", r"ERROR: failed to solve|failed to solve: failed to push|buildx|buildkitd|#\d+ ERROR"),
    ("nerdctl", r"nerdctl"),
    ("containerd", r"\bctr: |containerd|failed commit on ref|failed to do request"),
    (
        "skopeo",
        r"skopeo|writing blob: |writing manifest: |initializing \w+ docker:|trying to reuse blob",
    ),
    ("podman", r"podman"),
    ("buildah", r"buildah"),
    ("crane", r"\bcrane\b|go-containerregistry|retrying without mount"),
    ("kaniko", r"kaniko|error pushing image: failed to push to destination"),
    ("oras", r"\boras\b|Error response from registry: "),
    ("helm", r"\bhelm\b"),
    ("regctl", r"regctl|regclient"),
    ("curl", r"\bcurl\b|curl: \(\d+\)"),
    ("registry", r"http\.request\.method=|err\.code=|vars\.name=|level=\w+ msg=\"response completed"),
    ("proxy", r"client intended to send too large body|upstream prematurely closed|\[error\] \d+#\d+"),
)


def speaker(text: str) -> str:
    """Return who printed a text, by its manner; empty where that cannot be told."""
    return next((name for name, pattern in _SPEAKERS if re.search(pattern, text)), "")


def clues_in(lines: Iterable[str]) -> list[Clue]:
    """Return what the lines say, each meaning once, in the order of the lines."""
    found: dict[str, Clue] = {}
    for line in lines:
        for pattern, clue in _KNOWN:
            if pattern.search(line):
                found.setdefault(clue.rules[0], replace(clue, line=" ".join(line.split())[:200]))
                break
    return list(found.values())
