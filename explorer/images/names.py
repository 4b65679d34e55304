"""Which of several images is meant, and what a repository may be called after it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Generic, TypeVar

from explorer.errors import InputError
from explorer.frozen import frozen
from explorer.images.files import shown
from explorer.spec.references import check_repository, check_tag

_ENDINGS = re.compile(r"(\.(tar|tgz|gz|oci|docker))+$", re.IGNORECASE)
_DOCKER_HUB = ("docker.io", "index.docker.io")

T = TypeVar("T")


@frozen
class Candidate(Generic[T]):
    """One image of a source: what it is called (often nothing, sometimes several names) and its digest."""

    names: tuple[str, ...]
    digest: str
    value: T

    def __str__(self) -> str:
        return " = ".join(shown(name) for name in self.names) or self.digest or "one without a name"


def pick(candidates: Sequence[Candidate[T]], choose: str | None, source: str) -> Candidate[T] | None:
    """Return the image that is chosen, the only one where nothing is, or None where the choice fits none.

    Raises InputError where it is not clear which one is meant.
    """
    if choose is None:
        if len(candidates) > 1:
            raise InputError(f"'{source}' holds {len(candidates)} images, so choose one: {listed(candidates)}.")
        return candidates[0]
    exact = [each for each in candidates if choose and choose in (*each.names, each.digest)]
    fitting = exact or [each for each in candidates if any(_fits(choose, name) for name in each.names)]
    if len(fitting) > 1:
        raise InputError(f"'{choose}' fits several images of '{source}', so choose more exactly: {listed(fitting)}.")
    return fitting[0] if fitting else None


def listed(candidates: Sequence[object]) -> str:
    """Return the images for a sentence, the first 20 of them."""
    texts = [str(each) for each in candidates[:20]]
    more = len(candidates) - len(texts)
    return "; ".join(texts) + (f"; and {more} more" if more else "")


def _split(name: str) -> tuple[str, str, str]:
    """Split an image's name into host (empty for Docker Hub, as docker does), repository and tag (may be empty)."""
    rest = name.partition("@")[0]
    host, slash, path = rest.partition("/")
    if slash and ("." in host or ":" in host or host == "localhost"):
        rest = path
    else:
        host = ""
    repository, colon, tag = rest.rpartition(":")
    if not colon:
        repository, tag = rest, ""
    return "" if host in _DOCKER_HUB else host, repository.removeprefix("library/"), tag


def _fits(choose: str, name: str) -> bool:
    """Say whether a choice means a name, although it leaves the host or the tag out."""
    host, repository, tag = _split(choose)
    its_host, its_repository, its_tag = _split(name)
    same_host = host == its_host or not host or not its_host
    return repository == its_repository and same_host and tag in ("", its_tag or "latest")


def called(names: Sequence[str], choose: str | None) -> tuple[str, ...]:
    """Return the names of an image, those first that the choice means."""
    if not choose:
        return tuple(names)
    means = {name: name == choose or _fits(choose, name) or _split(name)[2] == choose for name in names}
    return tuple(sorted(names, key=lambda name: not means[name]))


def suggestion(names: Sequence[str], source: str) -> str:
    """Return `repository:tag` after the first name that has a repository, else after the file with the tag it has."""
    tag = ""
    for name in names:
        _, repository, found = _split(name)
        if "/" in name or ":" in name:
            return f"{_fitting_repository(repository)}:{_fitting_tag(found)}"
        tag = tag or repository
    path = Path(source)
    name = path.name if path.name not in ("", "..") else path.resolve().name
    return f"{_fitting_repository(_ENDINGS.sub('', name))}:{_fitting_tag(tag)}"


def _fitting_repository(text: str) -> str:
    components = (re.sub(r"[^a-z0-9]+", _joint, part).strip("-._") for part in text.lower().split("/"))
    name = "/".join(component for component in components if component)[:200].rstrip("/-._")
    try:
        return check_repository(name)
    except InputError:
        return "image"


def _joint(found: re.Match[str]) -> str:
    return found[0] if found[0] in (".", "_", "__") or not found[0].strip("-") else "-"


def _fitting_tag(text: str) -> str:
    tag = re.sub(r"[^\w.-]+", "-", text, flags=re.ASCII).lstrip(".-")[:128]
    try:
        return check_tag(tag)
    except InputError:
        return "latest"
