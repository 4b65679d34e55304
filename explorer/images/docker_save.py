"""What `docker save` wrote until docker 25, and `skopeo copy … docker-archive:` still does: `manifest.json` at the top.

It names a config and layers by their paths and has no manifest of a registry's kind, so one is made here.
"""

from __future__ import annotations

import re

from explorer.errors import FormatError, InputError
from explorer.frozen import frozen
from explorer.images.building import build
from explorer.images.documents import At, as_list, as_object, as_text, as_texts, parse, parse_object
from explorer.images.files import Files, read_small
from explorer.images.making import Making
from explorer.images.names import Candidate, called, listed, pick, suggestion
from explorer.model import Image

MANIFEST = "manifest.json"


@frozen
class _Entry:
    """An image as manifest.json has it: the paths of its config and of its layers."""

    config: str
    layers: tuple[str, ...]
    at: At


def read_docker_save(files: Files, choose: str | None, making: Making) -> Image:
    """Read the one image, or the chosen one; raises FormatError, and InputError where the choice is not clear."""
    candidates = _candidates(files)
    found = pick(candidates, choose, files.path)
    if found is None:
        raise InputError(f"'{files.path}' holds no image '{choose}', but {listed(candidates)}.")
    entry = found.value
    config = files.slice(entry.config, f"the config in {entry.at.place}")
    parse_object(read_small(files, entry.config, "a config"), At(files.path, entry.config))
    layers = [files.slice(layer, f"layer {number} in {entry.at.place}") for number, layer in enumerate(entry.layers, 1)]
    return build(suggestion(called(found.names, choose), files.path), config, layers, making.schema or "docker", making)


def _candidates(files: Files) -> list[Candidate[_Entry]]:
    at = At(files.path, MANIFEST)
    listing = as_list(parse(read_small(files, MANIFEST, "a manifest.json"), at), at)
    if not listing:
        raise FormatError(files.path, "the list of images is empty.", MANIFEST)
    found: dict[tuple[str, tuple[str, ...]], Candidate[_Entry]] = {}
    for number, value in enumerate(listing, 1):
        here = at.part(f"image {number}")
        fields = as_object(value, here)
        config = as_text(fields.get("Config"), here.part("Config"))
        layers = tuple(as_texts(fields.get("Layers"), here.part("Layers")))
        names = tuple(as_texts(fields.get("RepoTags"), here.part("RepoTags")))
        known = found.get((config, layers))
        entry = _Entry(config, layers, here)
        found[config, layers] = Candidate((*known.names, *names) if known else names, _image_id(config), entry)
    return list(found.values())


def _image_id(config: str) -> str:
    """Return the digest by which docker calls the image, where the config is named after it."""
    digits = re.search(r"([0-9a-f]{64})(\.json)?$", config)
    return f"sha256:{digits[1]}" if digits else ""
