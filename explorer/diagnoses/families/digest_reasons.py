"""Why a digest is not of the bytes: it is a folder's name, of the unpacked layer, of another compression."""

from __future__ import annotations

import re
from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.families.digests import is_close, is_mismatch, whole_sha256, with_digest
from explorer.diagnoses.hashing import pieces, variants
from explorer.diagnoses.seen import Seen
from explorer.model import Slice, Unkept, body_size
from explorer.spec.digests import EMPTY_BLOB, is_digest


def body_names(seen: Seen) -> tuple[str, ...]:
    """Return what is said about where the body came from, for this exchange and those that filled its upload."""
    ids = [event.id for event in seen.upload.events] if seen.upload else []
    earlier = (seen.history.exchanges.get(id) for id in ids)
    requests = [seen.request, *(exchange.request for exchange in earlier if exchange)]
    found = []
    for request in requests:
        if isinstance(request.body, Slice):
            found += [request.body.path, request.body.source]
        elif isinstance(request.body, Unkept):
            found.append(request.body.source)
    return tuple(name for name in found if name)


@rule(
    "digest-is-save-dirname",
    "decides",
    when="always",
    before=True,
    fix="Hash the file that is sent: digest=sha256:$(sha256sum layer.tar | cut -d' ' -f1).",
    covers=("digest-mismatch", "digest-of-uncompressed"),
    sources=("podman-container-tools/skopeo#11", "distribution/distribution#1662"),
)
def digest_is_save_dirname(seen: Seen) -> Iterator[Found]:
    """The digest is the name of the layer's folder in a docker-save archive, which is an id and no hash of any file.

    A registry wants the sha256 of exactly the bytes that are sent: of layer.tar itself.
    """
    if not seen.digest.startswith("sha256:") or not is_digest(seen.digest) or not is_close(seen) or seen.worked:
        return
    hex_digits = seen.digest.partition(":")[2]
    named = next((name for name in body_names(seen) if f"{hex_digits}/" in name or f"/{hex_digits}" in name), "")
    noted = next((line for line in seen.notes if _names_folder(line, hex_digits)), "")
    own = whole_sha256(seen)
    if own == seen.digest or (seen.named.repository, seen.digest) in seen.history.present or len(hex_digits) < 12:
        return
    is_of_layer = any(name.rstrip(")'\" ").endswith("layer.tar") for name in body_names(seen))
    is_mentioned = "layer.tar" in " ".join(seen.notes)
    if not (named or noted or ((is_of_layer or is_mentioned) and not own and seen.is_refused)):
        return
    evidence = (
        f"; the file is {_shown(named)}"
        if named
        else f"; it stands there as a folder: {_shown(noted.strip())}"
        if noted
        else ""
    )
    proof = f"the digest parameter says {seen.digest}, which is the name of the layer's folder in the archive{evidence}"
    if own:
        proof = f"sha256 of the body is {own}, " + proof
    elif not (named or noted):
        proof = (
            "the file is called layer.tar, as in a docker-save archive, where folders have names that look like digests"
        )
    is_of_save = any(sign in line for line in seen.notes for sign in ("docker save", "VERSION", "repositories"))
    certain = "" if named or noted else "likely" if is_of_save else "hint"
    next_up = "" if is_mismatch(seen) or seen.is_draft or seen.response is None else "next:"
    yield Found(
        "the digest is a folder's name and not the layer's sha256",
        proof,
        (seen.at_query("digest"),),
        with_digest(seen, own) if own else None,
        f"digest={own}, the sha256 of the bytes" if own else "",
        key=f"{next_up}{seen.digest}",
        certainty=certain,
        experiment="" if own else "sha256sum layer.tar",
    )


def _names_folder(line: str, hex_digits: str) -> bool:
    """Say whether a line has the digits as a folder's name, and not as a digest or in the path of a registry's storage.

    Storage keeps a blob under `sha256/d7/d79f…/data` or `_layers/sha256/d79f…/link`.
    """
    return any(
        not re.search(r"sha256[/:](?:[0-9a-f]{2}/)?$", line[: found.start()])
        for found in re.finditer(rf"(?<![:=0-9a-f])(?<!%3[Aa]){re.escape(hex_digits)}(?=/|\s*$|['\"])", line)
    )


def _shown(text: str) -> str:
    return text if len(text) <= 160 else f"…{text[-158:]}"


@rule(
    "digest-of-uncompressed",
    "decides",
    when="always",
    before=True,
    fix="Hash the bytes as they are sent, compressed; the diffID in the config is of the unpacked layer and stays "
    "there.",
    covers=("digest-mismatch",),
    sources=("distribution/distribution#1662", "moby/moby#22011", "opencontainers/image-spec#328"),
)
def digest_of_uncompressed(seen: Seen) -> Iterator[Found]:
    """The digest is of the unpacked layer (its diffID), and the packed bytes were sent; or the other way round."""
    if not is_mismatch(seen):
        return
    found = next((words for words, digest in _variants(seen).items() if digest == seen.digest), "")
    if found == "unpacked from gzip":
        own = whole_sha256(seen)
        yield Found(
            "the digest is of the layer as it is unpacked",
            f"sha256 of the body unpacked from gzip is {seen.digest}; of the body as it was sent, {own}",
            (seen.at_query("digest"),),
            with_digest(seen, own) if own else None,
            "the digest of the bytes as they are sent",
        )


def _variants(seen: Seen) -> dict[str, str]:
    request = seen.request
    if seen.upload and not seen.size and seen.upload.accepted_from:
        request = seen.history.exchanges[seen.upload.accepted_from].request
    return variants(request.body, seen.may_read)


@rule(
    "recompressed-layer",
    "likely",
    fix="Push the blob as it was first stored (keep the archive), or let the digest of the new compression go "
    "into the manifest.",
    covers=("digest-mismatch",),
    sources=("moby/moby#23684", "google/go-containerregistry#895"),
)
def recompressed_layer(seen: Seen) -> Iterator[Found]:
    """The layer was compressed anew: the same content, another compression, another digest.

    Engines that keep layers unpacked compress them again for each push; level and header of gzip differ.
    """
    if not is_mismatch(seen):
        return
    start = next(iter(pieces(seen.request.body, seen.may_read)), b"")[:10]
    was_there = any(digest == seen.digest for (_, digest) in seen.history.present)
    if start[:2] == b"\x1f\x8b" and was_there and whole_sha256(seen) not in ("", seen.digest):
        yield Found(
            "the layer was compressed anew",
            f"{seen.digest} was seen before; the bytes are gzip and hash to {whole_sha256(seen)}",
            (seen.at_query("digest"),),
        )


@rule(
    "sha512-renamed",
    "hint",
    when="answered",
    fix="Use the digest that the answer gives, or sha256 from the beginning.",
    sources=("observed with distribution 2.8 and 3",),
)
def sha512_renamed(seen: Seen) -> Iterator[Found]:
    """The blob was given as sha512 and is stored as sha256: distribution takes the one and answers the other."""
    given = seen.digest or (seen.named.reference if seen.kind in ("blob", "manifest") else "")
    answered = seen.r("Docker-Content-Digest") or ""
    if seen.worked and given.startswith("sha512:") and answered.startswith("sha256:"):
        yield Found(
            "sha512 was given, and sha256 is what it is stored under",
            f"{answered}",
            (seen.at_answer("Docker-Content-Digest"),),
        )
    elif seen.status == 400 and seen.kind == "manifest" and seen.named.reference.startswith("sha512:"):
        yield Found("the registry takes no sha512 for a manifest", "", (seen.at_target(),), certainty="likely")


@rule(
    "empty-blob-quirk",
    "hint",
    fix="Leave the empty blob out, or put a proxy or registry there that takes a body of no bytes.",
    sources=("observed with distribution 2.8 and 3", "zot, source"),
)
def empty_blob_quirk(seen: Seen) -> Iterator[Found]:
    """The blob has no bytes. That is legal, and some old registries and proxies refuse it."""
    is_empty = seen.digest == EMPTY_BLOB and is_close(seen) and body_size(seen.request.body) == 0
    if is_empty and seen.is_refused and (seen.upload is None or not seen.upload.accepted):
        yield Found(
            "an upload of no bytes was refused", f"{EMPTY_BLOB} is the sha256 of nothing", (seen.at_query("digest"),)
        )
