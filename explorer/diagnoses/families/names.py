"""Names and paths: repositories, tags, digests in paths, the base of the API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen
from explorer.spec.digests import is_digest, why_not_a_digest

_COMPONENT = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*")
_TAG = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}")
_SLASHED = re.compile(r"/v2/[^?]*?/manifests/([^?]*/[^?]*)")
LONGEST_NAME = 255


def _at_name(seen: Seen, part: str = "") -> tuple[int, int]:
    name = seen.named.repository
    start = seen.target.find(f"/v2/{quote(name, safe='/')}")
    start = start + 4 if start >= 0 else max(seen.target.find(name), 0)
    inner = name.find(part) if part else 0
    return start + inner, start + inner + len(part or name)


def _refused(seen: Seen) -> bool:
    return seen.is_in_trouble and seen.status in (0, 400, 404, 500)


@rule(
    "repo-uppercase",
    "decides",
    when="always",
    before=True,
    fix="Write the repository's name in lower case; only tags may have upper case.",
    covers=("repo-name-grammar", "wrong-api-prefix", "repo-must-exist", "unexplained-refusal"),
    sources=("distribution-spec, spec.md, Pulling manifests", "distribution/distribution#1170"),
)
def repo_uppercase(seen: Seen) -> Iterator[Found]:
    """The repository's name has upper-case letters, and names are lower case.

    distribution has no route for such a path and answers "404 page not found" in plain text; others 400 NAME_INVALID.
    """
    name = seen.named.repository
    found = re.search(r"[A-Z]+", name)
    if found and _refused(seen) and seen.kind != "upload" and seen.tells(name):
        start, end = _at_name(seen)
        low = seen.target[:start] + seen.target[start:end].lower() + seen.target[end:]
        yield Found(
            f"the repository's name has upper-case letters: {found[0]} in {name}",
            "names are [a-z0-9]+ joined by '.', '_', '__' or '-', in parts joined by '/'",
            (seen.at_target(*_at_name(seen, found[0])),),
            seen.with_target(low),
            "the name in lower case",
            key=name,
        )


@rule(
    "repo-name-grammar",
    "decides",
    when="always",
    before=True,
    fix="Rename the repository: lower-case letters and digits, joined by single '.', '_', '__' or any number of '-'.",
    covers=("wrong-api-prefix", "repo-must-exist", "unexplained-refusal", "storage-error"),
    sources=("distribution-spec, spec.md, Pulling manifests", "observed with distribution 2.8 and 3"),
)
def repo_name_grammar(seen: Seen) -> Iterator[Found]:
    """The repository's name is none that the grammar allows: a part begins or ends with a sign, or is empty."""
    name = seen.named.repository
    bad = next((part for part in name.split("/") if not _COMPONENT.fullmatch(part)), None) if name else None
    said = "NAME_INVALID" in seen.codes
    if (bad is None and not said) or not _refused(seen) or name != name.lower() or "//" in seen.target:
        return
    if (seen.kind == "upload" and not said) or not seen.tells(name):
        return
    yield Found(
        f"'{name}' is no name of a repository" + (f": the part '{bad}' is not allowed" if bad is not None else ""),
        "each part is [a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*",
        (seen.at_target(*_at_name(seen, bad or "")),),
        key=name,
        fix=_WITHOUT_HOST if bad and _HOST.fullmatch(bad) and name.startswith(bad) else "",
    )


_HOST = re.compile(r"[a-z0-9.-]+:\d{1,5}")
_WITHOUT_HOST = "Leave the registry's address out of the path: it is where the request goes, and no part of the name."


@rule(
    "repo-name-too-long",
    "decides",
    when="always",
    before=True,
    fix=f"Shorten the name to at most {LONGEST_NAME} characters; many clients count the host, too.",
    covers=("unexplained-refusal", "storage-error"),
    sources=("observed with distribution 2.8 and 3",),
)
def repo_name_too_long(seen: Seen) -> Iterator[Found]:
    """The repository's name has more than 255 characters; distribution answers 500 UNKNOWN and says so in the
    detail.
    """
    length = len(seen.named.repository)
    if seen.is_in_trouble and (length > LONGEST_NAME or seen.says("must not be more than 255 characters")):
        yield Found(
            f"the repository's name has {length} characters",
            f"at most {LONGEST_NAME} are taken",
            (seen.at_target(*_at_name(seen)),),
        )


@rule(
    "tag-grammar",
    "decides",
    when="always",
    before=True,
    fix="Rename the tag: 1 to 128 letters, digits, '_', '.' or '-', beginning with a letter, a digit or '_'.",
    covers=("wrong-api-prefix", "unexplained-refusal", "manifest-missing"),
    sources=("distribution-spec, spec.md, Pulling manifests", "observed with distribution 2.8 and 3"),
)
def tag_grammar(seen: Seen) -> Iterator[Found]:
    """The reference in the path is neither a tag nor a digest; distribution has no route for it and answers 404 as
    text.
    """
    reference = seen.named.reference
    slashed = _SLASHED.search(seen.target.partition("?")[0])
    if slashed and seen.kind == "other" and _refused(seen) and seen.tells(slashed[1]) and not seen.errors:
        yield Found(
            f"'{slashed[1][:60]}' is no tag: a slash is in it",
            "what stands after /manifests/ is one tag, as [a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}, or one digest",
            (seen.at_target(*slashed.span(1)),),
            key=slashed[1],
        )
        return
    if seen.kind != "manifest" or ":" in reference or _TAG.fullmatch(reference) or not _refused(seen):
        return
    if not seen.tells(reference):
        return
    start = seen.target.find("/manifests/") + len("/manifests/")
    length = f"it has {len(reference)} characters" if len(reference) > 128 else "its signs are not all allowed"
    yield Found(
        f"'{reference[:60]}' is no tag",
        f"{length}; a tag is [a-zA-Z0-9_][a-zA-Z0-9._-]{{0,127}}",
        (seen.at_target(start, len(seen.target.partition("?")[0])),),
        key=reference,
    )


@rule(
    "digest-as-tag",
    "decides",
    when="always",
    before=True,
    fix="Give the whole digest: sha256: and 64 lower-case hex digits.",
    covers=("storage-error", "unexplained-refusal", "manifest-missing", "blob-missing", "wrong-api-prefix"),
    sources=("observed with distribution 2.8 and 3", "zot, source"),
)
def digest_as_tag(seen: Seen) -> Iterator[Found]:
    """The reference looks like a digest and is none, so that it is taken for a tag, or refused.

    distribution answers 500 UNKNOWN (filesystem: invalid path), zot 400 DIGEST_INVALID.
    """
    reference = seen.named.reference
    if seen.kind not in ("manifest", "blob", "referrers") or ":" not in reference or is_digest(reference):
        return
    if not seen.is_in_trouble or reference.startswith("sha512:") or not seen.tells(reference):
        return
    start = seen.target.rfind("/", 0, seen.target.find("?") if "?" in seen.target else None) + 1
    yield Found(
        f"'{reference[:80]}' is no digest: {why_not_a_digest(reference)}",
        seen.detail()[:160],
        (seen.at_target(start, len(seen.target.partition("?")[0])),),
        key=reference,
    )


@rule(
    "wrong-api-prefix",
    "likely",
    fix="Find the base with GET /v2/ (200 or 401 is a registry), and put exactly that before the repository's name.",
    sources=("observed with distribution 3",),
)
def wrong_api_prefix(seen: Seen) -> Iterator[Found]:
    """There is no such route: "404 page not found" as plain text, or a web server's own 404.

    The base is wrong (/v1/, /api/, a missing or doubled prefix), or the registry does not have this endpoint.
    """
    plain = seen.status == 404 and not seen.errors and seen.kind != "referrers"
    is_route = seen.text.strip() == "404 page not found" or (seen.kind in ("api", "other") and seen.who != "registry")
    is_upload = seen.kind == "upload" and seen.upload is not None
    if not plain or not is_route or seen.history.is_token_service(seen.exchange) or is_upload:
        return
    has_v2 = "/v2/" in seen.target or seen.target.endswith("/v2")
    before = f"what stands before /v2/ is {seen.named.prefix}" if seen.named.prefix else "the path has no /v2/ in it"
    yield Found(
        "nothing answers at this path",
        before if seen.named.prefix or not has_v2 else "the router knows no such path",
        (seen.at_target(), seen.at_body()),
        otherwise=("a name or tag that the grammar does not allow", "an endpoint that this registry does not have"),
        experiment=f"curl -i {seen.request.origin}/v2/",
        certainty="decides" if not has_v2 else "likely",
        # Where /v2/ has failed, docker's and podman's libraries ask for the first API as well.
        consequence_of=seen.history.failures_of("GET", "/v2/") if seen.target == "/v1/_ping" else (),
    )


@rule(
    "not-a-registry",
    "hint",
    when="answered",
    fix="Ask GET /v2/: a registry answers 200 or 401, nearly always with Docker-Distribution-Api-Version.",
    sources=("containers/image, source",),
)
def not_a_registry(seen: Seen) -> Iterator[Found]:
    """What answers takes everything with 200 and has none of a registry's marks: a web site, perhaps.

    A manifest that was PUT is answered 201 with a Location, and nearly always with Docker-Content-Digest.
    """
    put = seen.kind == "manifest" and seen.method == "PUT" and seen.status == 200
    opened = seen.kind == "uploads" and seen.method == "POST" and seen.status == 200
    if (put or opened) and seen.r("Docker-Content-Digest") is None and seen.knows("response.headers"):
        yield Found(
            f"{seen.method} was answered 200, without anything that a registry says",
            "201 or 202 with a Location was expected; there is no Docker-Content-Digest",
            (seen.at_answer(),),
            certainty="likely"
            if "html" in (seen.r("Content-Type") or "") or (opened and not seen.r("Location"))
            else "",
        )
