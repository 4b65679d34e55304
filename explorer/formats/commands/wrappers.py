"""Curl where another command runs it: `kubectl exec … -- curl`, `docker run curlimages/curl`, `timeout 5 curl`."""

from __future__ import annotations

import re
from collections.abc import Callable

from explorer.formats.commands.words import Command, Holes

_CURL = re.compile(r"(?:[\s\S]*[/\\])?curl(?:\.exe)?(?::[\w.-]+)?")
_NAMED_CURL = re.compile(r"(?i)(?:.*_)?curl(?:_.*)?")
RUNNERS = frozenset(
    """
    docker podman nerdctl kubectl oc crictl ctr lxc multipass vagrant minikube docker-compose podman-remote
    ssh timeout gtimeout retry watch xargs parallel nice nohup stdbuf strace ltrace unbuffer script torsocks
    proxychains proxychains4 nsenter ip chroot unshare faketime time env exec command builtin busybox sudo su doas
    eval sh bash ash dash zsh ksh RUN run: script: toolbox k3s microk8s nix-shell
    """.split()  # noqa: SIM905
)
"""Commands that run the command which is among their words."""

_SHELLS = frozenset(("sh", "bash", "ash", "dash", "zsh", "ksh", "eval", "ssh", "su", "watch", "script", "time"))
_MOST_WORDS = 60


def curls_of(
    command: Command, holes: Holes, commands_in: Callable[[str], list[Command]], depth: int = 0
) -> list[Command]:
    """Return the curl commands that a command is or runs; `commands_in` reads a text that is a script of its own."""
    words = command.words
    if is_curl(words[0] if words else "", holes):
        return [command]
    if not words or not (words[0].startswith("-") or words[0].rpartition("/")[2] in RUNNERS):
        return []
    for at, word in enumerate(words[1:_MOST_WORDS], start=1):
        if is_curl(word, holes):
            return [Command(command.line, words[at:], command.stdin, command.is_piped, command.reads)]
        if "curl" in word and re.search(r"\s", word) and depth < 2 and _SHELLS & set(words[:at]):
            inner = commands_in(word)
            return [found for one in inner for found in curls_of(one, holes, commands_in, depth + 1)]
    return []


def is_curl(word: str, holes: Holes) -> bool:
    """Say whether a word names curl; a variable whose name does so is taken to."""
    if _CURL.fullmatch(word):
        return True
    found = holes.of(word)
    return len(word) == 1 and len(found) == 1 and bool(_NAMED_CURL.fullmatch(found[0].name))
