"""An OCI image layout (image-spec, image-layout.md): `index.json`, and blobs named by their digests.

The manifests are pushed as they are, byte for byte. Theirs are hashed here, as they are small; blobs are not: the
registry does that, and showing how is what this program is for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from explorer.errors import FormatError, InputError
from explorer.frozen import frozen
from explorer.images.building import compression
from explorer.images.diff_ids import check_count, check_one, listed_in
from explorer.images.documents import At, Descriptor, Json, as_list, descriptor, parse_object
from explorer.images.files import SMALL, Files, read_small
from explorer.images.names import Candidate, called, listed, pick, suggestion
from explorer.images.pulled import matching
from explorer.model import Blob, Image, Manifest, Slice
from explorer.spec.digests import digest_of
from explorer.spec.media_types import DOCKER_CONFIG, INDEXES, MANIFESTS, OCI_CONFIG, OCI_INDEX, OCI_MANIFEST, layer_type

INDEX, MARK = "index.json", "oci-layout"
_NAME_KEYS = ("io.containerd.image.name", "org.opencontainers.image.ref.name")
_ATTESTATION = "unknown/unknown"  # the platform that buildkit gives to what is no image
_CONFIGS = (OCI_CONFIG, DOCKER_CONFIG)
_PLAIN = (layer_type("oci", ""), layer_type("docker", ""))
_DEEPEST = 16  # indexes within indexes; nobody is known to need more than two


@frozen
class _Root:
    """What can be chosen: a manifest or index, and the names that it, or the index around it, goes by."""

    described: Descriptor
    names: tuple[str, ...]


def read_layout(files: Files, choose: str | None, platform: str = "", *, as_is: bool = False) -> Image:
    """Read the one image, or the chosen one; raises FormatError, and InputError where the choice is not clear.

    With a platform, only what an index has for it is read; the others need not be there.
    """
    candidates = _candidates(files)
    reader = _Reader(files, as_is)
    found = pick(candidates, choose, files.path)
    if found is None:
        candidates += reader.within(candidates)
        found = pick(candidates, choose, files.path)
    if found is None:
        raise InputError(f"'{files.path}' holds no image '{choose}', but {listed(candidates)}.")
    described = found.value.described
    if platform:
        described = reader.for_platform(described, platform, 0) or _not_there(reader, described, platform)
    reader.manifest(described, 0, "")
    name = suggestion(called(found.value.names, choose), files.path)
    return Image(name, tuple(reader.blobs.values()), tuple(reader.manifests.values()))


def _candidates(files: Files) -> list[Candidate[_Root]]:
    if files.has(MARK):
        version = parse_object(read_small(files, MARK, "an oci-layout"), At(files.path, MARK)).get("imageLayoutVersion")
        if not str(version).startswith("1."):
            raise FormatError(
                files.path, f"the layout should be of version 1.0.0, and this says {version!r:.40}.", MARK
            )
    at = At(files.path, INDEX)
    found: dict[str, Candidate[_Root]] = {}
    for each in _descriptors(parse_object(read_small(files, INDEX, "an index.json"), at), "manifests", at):
        names = tuple(each.annotations[key] for key in _NAME_KEYS if key in each.annotations)
        known = found.get(each.digest)
        names = tuple(dict.fromkeys((*known.names, *names))) if known else names
        found[each.digest] = Candidate(names, each.digest, _Root(each, names))
    if not found:
        raise at.wrong("it names no manifest, so there is no image in this layout.")
    return list(found.values())


def _descriptors(content: Json, key: str, at: At) -> list[Descriptor]:
    listing = as_list(content.get(key), at.part(key))
    return [descriptor(value, at.part(f"{key}[{number}]")) for number, value in enumerate(listing)]


@dataclass(slots=True)
class _Reader:
    """Collects manifests, children before those that name them, and blobs, each once."""

    files: Files
    as_is: bool = False
    manifests: dict[str, Manifest] = field(default_factory=dict)
    blobs: dict[str, Blob] = field(default_factory=dict)

    def within(self, roots: Sequence[Candidate[_Root]]) -> list[Candidate[_Root]]:
        """Return the images that the roots hold which are indexes, to be chosen by platform or digest."""
        found: dict[str, Candidate[_Root]] = {}
        for root in roots:
            if not self.files.has(root.value.described.blob_path):
                continue
            manifest, content, at = self._read(root.value.described)
            for child in _descriptors(content, "manifests", at) if manifest.media_type in INDEXES else ():
                names = tuple(filter(None, dict.fromkeys((child.platform, _without_variant(child.platform)))))
                found[child.digest] = Candidate(names, child.digest, _Root(child, root.value.names))
        return list(found.values())

    def for_platform(self, described: Descriptor, platform: str, depth: int) -> Descriptor | None:
        """Return what an index names for a platform, in nested indexes, too; a manifest by itself is what it is."""
        manifest, content, at = self._read(described)
        if manifest.media_type not in INDEXES:
            return described
        if depth > _DEEPEST:
            raise at.wrong(f"indexes lie within indexes more than {_DEEPEST} deep.")
        children = tuple(_descriptors(content, "manifests", at))
        chosen = matching(children, platform)
        nested = [chosen] if chosen else [each for each in children if _is_nested(each)]
        for child in nested:
            self._check_there(child, list(children), at)
            if found := self.for_platform(child, platform, depth + 1):
                return found
        return None

    def platforms(self, described: Descriptor) -> list[str]:
        """Return what an index names, each by its platform."""
        _, content, at = self._read(described)
        return [child.platform or child.digest for child in _descriptors(content, "manifests", at)]

    def manifest(self, described: Descriptor, depth: int, label: str) -> None:
        """Read a manifest or index with all that it names; raises FormatError."""
        if described.digest in self.manifests:
            return
        manifest, content, at = self._read(described)
        if depth > _DEEPEST:
            raise at.wrong(f"indexes lie within indexes more than {_DEEPEST} deep.")
        if manifest.media_type in INDEXES:
            children = _descriptors(content, "manifests", at)
            for child in children:
                self._check_there(child, children, at)
                self.manifest(child, depth + 1, f"{_platform_label(child)}, ")
        else:
            self._take_blobs(content, at, label)
        self.manifests[described.digest] = manifest

    def _read(self, described: Descriptor) -> tuple[Manifest, Json, At]:
        part = self._part(described, f"the manifest {described}")
        body = read_small(self.files, described.blob_path, "a manifest")
        at = At(self.files.path, described.blob_path)
        digest = digest_of(body, described.digest.partition(":")[0])
        if digest != described.digest:
            raise at.wrong(f"the manifest's {part.length} bytes should have the digest in its name, but have {digest}.")
        content = parse_object(body, at)
        return Manifest(digest, _media_type(content, described, at), body), content, at

    def _check_there(self, child: Descriptor, children: list[Descriptor], at: At) -> None:
        if self.files.has(child.blob_path):
            return
        there = [each for each in children if self.files.has(each.blob_path) and each.platform != _ATTESTATION]
        advice = (
            f"choose one that is there: {listed(there)}" if there else "save the image again with all its platforms"
        )
        raise at.wrong(
            f"the index names {child}, which the {self.files.kind} does not hold{self.files.doubt}; {advice}."
        )

    def _take_blobs(self, content: Json, at: At, label: str) -> None:
        config = descriptor(content.get("config"), at.part("config"))
        layers = _descriptors(content, "layers", at)
        for number, layer in enumerate(layers, 1):
            self._take(layer, f"{label}layer {number}", at)
        self._take(config, f"{label}config", at)
        if not self.as_is and config.media_type in _CONFIGS:
            self._compare(config, layers)

    def _compare(self, config: Descriptor, layers: list[Descriptor]) -> None:
        """Compare the layers with what a config lists, as far as their names tell: their number, and plain ones."""
        at = At(self.files.path, config.blob_path)
        if self._part(config, "a config").length > SMALL:
            return
        listed = listed_in(parse_object(read_small(self.files, config.blob_path, "a config"), at))
        if listed is None:
            return
        check_count(listed, len(layers), at)
        for number, (wanted, layer) in enumerate(zip(listed, layers, strict=True), 1):
            is_plain = layer.media_type in _PLAIN and not layer.urls
            if is_plain and not compression(self.blobs[layer.digest].body):
                check_one(wanted, layer.digest, number, at)

    def _take(self, described: Descriptor, name: str, at: At) -> None:
        if described.urls and not self.files.has(described.blob_path):
            return  # a foreign layer: whoever pulls gets it from there
        body = self._part(described, f"the {name} of the manifest {at.place}")
        self.blobs.setdefault(described.digest, Blob(described.digest, described.media_type, body, name))

    def _part(self, described: Descriptor, wanted: str) -> Slice:
        part = self.files.slice(described.blob_path, wanted)
        if part.length != described.size:
            raise FormatError(
                self.files.path,
                f"it has {part.length} bytes, and {described.size} are said where it is named as {wanted}.",
                described.blob_path,
            )
        algorithm, _, encoded = described.digest.partition(":")
        return replace(part, sha256=encoded if algorithm == "sha256" else None)


def _is_nested(child: Descriptor) -> bool:
    return child.media_type in INDEXES and not child.platform


def _not_there(reader: _Reader, described: Descriptor, platform: str) -> Descriptor:
    there = listed(reader.platforms(described)) or "none at all"
    raise InputError(f"'{reader.files.path}' holds no image for {platform}, but for: {there}.")


def _without_variant(platform: str) -> str:
    return "/".join(platform.split("/")[:2])


def _platform_label(child: Descriptor) -> str:
    if child.platform == _ATTESTATION:
        return "attestation"
    return child.platform or child.digest.partition(":")[2][:12]


def _media_type(content: Json, described: Descriptor, at: At) -> str:
    """Return what a manifest is sent as: its own word for it, else its descriptor's, else by what it holds."""
    if "manifests" in content and ("layers" in content or "config" in content):
        raise at.wrong(
            "it is an index and a manifest at once (it has 'manifests' and 'layers'), so nobody can tell which."
        )
    by_shape = OCI_INDEX if "manifests" in content else OCI_MANIFEST
    said = content.get("mediaType") or described.media_type or by_shape
    if said not in MANIFESTS or not isinstance(said, str):
        raise at.wrong(f"its media type is {said!r:.80}, which is no image manifest or index of docker or OCI.")
    if (said in INDEXES) != ("manifests" in content):
        raise at.wrong(f"it says that it is {said}, and does not hold what belongs to that.")
    return said
