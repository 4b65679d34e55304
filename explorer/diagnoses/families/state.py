"""The `_state` token of distribution: broken, cut, dropped, of another upload, of another replica, out of date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from explorer.decoders.upload_state import state_of
from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen
from explorer.model import Request
from explorer.spec.locations import append_query, query_values

_BASE64 = re.compile(r"[A-Za-z0-9_-]*={0,2}")


def raw_state(seen: Seen) -> str:
    """Return the value of `_state` as it stands in the target, up to the next '&'; empty where it is not told."""
    values = query_values(seen.target, "_state")
    return values[0] if values and seen.tells(values[0]) else ""


def says_invalid(seen: Seen) -> bool:
    """Say whether the answer is the one to a token that cannot be used, or there is no answer to tell."""
    return "BLOB_UPLOAD_INVALID" in seen.codes or (seen.is_refused and seen.status in (400, 404) and not seen.errors)


def refused_for_it(seen: Seen) -> bool:
    """Say whether there is trouble that a bad token could explain."""
    return seen.is_draft or seen.response is None or says_invalid(seen)


def position(seen: Seen) -> int:
    """Return the number in `illegal base64 data at input byte N`, or in 2.x the bare number; -1 where there is none."""
    detail = seen.detail("BLOB_UPLOAD_INVALID")
    found = re.fullmatch(r"(?:illegal base64 data at input byte )?(\d{1,9})", detail)
    return int(found[1]) if found else -1


@rule(
    "second-question-mark",
    "decides",
    when="always",
    before=True,
    fix="Join the digest with '&' where the Location has a query already: …?_state=…&digest=sha256:….",
    covers=("state-padding-cut", "state-double-encoded", "digest-missing", "replica-secret-mismatch", "upload-gone"),
    sources=(
        "distribution/distribution#2867",
        "distribution/distribution#1723",
        "observed with distribution 2.8 and 3",
    ),
)
def second_question_mark(seen: Seen) -> Iterator[Found]:
    """The digest was joined with '?' to a Location that has a query already, so it became part of `_state`.

    The registry decodes `_state` as base64, meets the '?', and answers 404 BLOB_UPLOAD_INVALID. The detail is the
    position of the first byte that is not base64: text in 3.x, a bare number in 2.x.
    """
    first = seen.target.find("?")
    second = seen.target.find("?", first + 1)
    if first < 0 or second < 0 or seen.worked:
        return
    mended = seen.target[:second] + "&" + seen.target[second + 1 :]
    yield Found(
        "a second '?' stands in the URL, where an '&' belongs",
        _where_the_second_begins(seen, second),
        (seen.at_target(second, second + 1),),
        seen.with_target(mended),
        "'&' in the place of the second '?'",
    )


def _where_the_second_begins(seen: Seen, second: int) -> str:
    start = seen.target.find("_state=") + len("_state=")
    token = unquote(seen.target[start:second]) if start > len("_state=") - 1 else ""
    number = position(seen)
    if number >= 0 and token and number == len(token):
        return (
            f"detail {number} is where the base64 of _state ends and your second '?' begins: "
            f"the token has {number} characters"
        )
    if number >= 0 and token and ("..." in token or "…" in token or "\u00e2\u0080\u00a6" in token):
        return f"detail {number} is the length that the token has, which is cut short here: there the second '?' begins"
    if number >= 0 and token:
        return f"detail {number} is a position within _state; up to the second '?', it has {len(token)} characters"
    return (
        f"the first '?' is at {seen.target.find('?')}, the second at {second}: the query goes on after it as one value"
    )


@rule(
    "state-double-encoded",
    "decides",
    when="always",
    before=True,
    fix="Use the Location as it came; append to it and encode nothing again.",
    covers=("state-padding-cut", "replica-secret-mismatch"),
    sources=("observed with distribution 3",),
)
def state_double_encoded(seen: Seen) -> Iterator[Found]:
    """The Location was percent-encoded once more: its %3D became %253D, which decodes to %3D and not to '='."""
    found = re.search(r"%25[0-9a-fA-F]{2}", seen.target.partition("?")[2])
    if not found or not refused_for_it(seen) or seen.worked:
        return
    at = seen.target.find("?") + 1 + found.start()
    query = seen.target.partition("?")[2]
    once = re.sub(r"%25([0-9a-fA-F]{2})", r"%\1", query)
    number = position(seen)
    proof = f"{found[0]} at {at} decodes to %{found[0][3:]}, and that is not base64"
    yield Found(
        f"the query was percent-encoded twice: {found[0]}",
        f"{proof}; detail {number} is its place in the token" if number >= 0 else proof,
        (seen.at_target(at, at + len(found[0])),),
        seen.with_target(f"{seen.target.partition('?')[0]}?{once}"),
        "encoded once, as the Location has it",
    )


@rule(
    "state-padding-cut",
    "likely",
    when="always",
    before=True,
    fix="Take the Location whole, its final = or %3D included; in a shell, quote it.",
    covers=("replica-secret-mismatch",),
    sources=("observed with distribution 3",),
)
def state_padding_cut(seen: Seen) -> Iterator[Found]:
    """The token's length is no multiple of 4: the = at its end was cut off, by a script, a spreadsheet or a shell.

    It may have lost more than that: compare it with the Location.
    """
    token = unquote(raw_state(seen)) if not seen.worked and refused_for_it(seen) else ""
    if not token or len(token) % 4 == 0 or not _BASE64.fullmatch(token):
        return
    known = _location_with(seen)
    whole = query_values(known, "_state")[0] if known else ""
    edit = seen.with_target(seen.target.replace(raw_state(seen), whole, 1)) if whole else None
    lost = f"; the Location has {len(unquote(whole))}" if whole else ""
    yield Found(
        "the end of the _state token is missing",
        f"it has {len(token)} characters, which is {len(token) % 4} more than a multiple of 4{lost}",
        (seen.at_query("_state"),),
        edit,
        "the token as the Location has it",
        certainty="decides" if whole and unquote(whole).startswith(token) else "",
    )


def _location_with(seen: Seen) -> str:
    location = seen.upload.location if seen.upload else ""
    return location if query_values(location, "_state") else ""


@rule(
    "state-dropped",
    "decides",
    when="always",
    before=True,
    fix="Use the Location with its query; with distribution 3 a GET of the bare URL answers with a new one.",
    covers=("replica-secret-mismatch", "stale-location"),
    sources=("oras-project/oras-dotnet#132", "observed with distribution 2.8 and 3"),
)
def state_dropped(seen: Seen) -> Iterator[Found]:
    """The Location carried a `_state`, and the request went out without it: rebuilt from the upload's id, or cut at
    '?'.
    """
    location = _location_with(seen)
    if seen.kind != "upload" or query_values(seen.target, "_state") or not refused_for_it(seen) or seen.worked:
        return
    if seen.method in ("GET", "HEAD") and seen.generation == "3":
        return
    if location and seen.upload:
        edit = at_location(seen, location)
        came = f"the Location of exchange {seen.upload.location_from} has _state, and this URL has none"
        yield Found("the query of the Location was dropped", came, (seen.at_target(),), edit, "the Location whole")
    elif seen.is_refused and seen.detail("BLOB_UPLOAD_INVALID") in ("invalid secret", "{}"):
        yield Found(
            "the URL has no _state, which this registry's Location carries",
            f"the detail, {seen.detail('BLOB_UPLOAD_INVALID')}, is what a missing token is answered with",
            (seen.at_target(), seen.at_body()),
            certainty="likely",
        )


def at_location(seen: Seen, location: str) -> Request:
    """Return the request going to a Location, with the parameters of its own that it had beside `_state`."""
    moved = seen.to(location)
    target = moved.target
    for part in seen.target.partition("?")[2].replace("?", "&").split("&"):
        if part and not part.startswith(("_state=", "_nouploadcache=")):
            target = append_query(target, part)
    return replace(moved, target=target)


@rule(
    "state-wrong-repo",
    "decides",
    when="always",
    before=True,
    fix="Use the Location as it came; where a proxy maps repository paths, let it map Location, too, or not map "
    "uploads.",
    who="client",
    covers=("replica-secret-mismatch", "stale-location"),
    sources=("observed with distribution 2.8 and 3",),
)
def state_wrong_repo(seen: Seen) -> Iterator[Found]:
    """The token was made for another repository than the one in the path: the URL was edited, or a proxy rewrote it."""
    state = seen.state
    if state is None or seen.kind != "upload" or not seen.is_in_trouble or state.name == seen.named.repository:
        return
    yield Found(
        f"the token is for repository {state.name}, and the path says {seen.named.repository}",
        f"the token decodes to Name {state.name}",
        (seen.at_query("_state"), seen.at_target()),
        seen.with_target(seen.target.replace(f"/v2/{seen.named.repository}/", f"/v2/{state.name}/", 1)),
        f"the path with the token's repository, {state.name}",
    )


@rule(
    "state-wrong-upload",
    "decides",
    when="always",
    before=True,
    fix="Keep each upload's own Location; in parallel scripts, one variable for each upload.",
    covers=("replica-secret-mismatch", "stale-location"),
    sources=("observed with distribution 2.8 and 3",),
)
def state_wrong_upload(seen: Seen) -> Iterator[Found]:
    """The token belongs to another upload than the one in the path: two sessions were mixed up."""
    state = seen.state
    if state is None or seen.kind != "upload" or not seen.is_in_trouble or state.uuid == seen.named.reference:
        return
    yield Found(
        "the token is of another upload than the path",
        f"the token decodes to UUID {state.uuid}, and the path has {seen.named.reference}",
        (seen.at_query("_state"), seen.at_target()),
        seen.with_target(seen.target.replace(f"/{seen.named.reference}", f"/{state.uuid}", 1)),
        "the path with the token's upload",
    )


@rule(
    "replica-secret-mismatch",
    "likely",
    who="registry",
    fix="Give all replicas one secret: http.secret in the configuration, or REGISTRY_HTTP_SECRET; keep it over "
    "restarts.",
    sources=(
        "distribution/distribution#2519",
        "distribution/distribution#1576",
        "distribution/distribution#1599",
        "observed with two replicas behind nginx",
    ),
)
def replica_secret_mismatch(seen: Seen) -> Iterator[Found]:
    """The token is whole and new, and the registry that got it does not recognise its own signature.

    Another replica made it, with another http.secret; or the registry was restarted, and makes a random secret at each
    start where none is set. With strict round robin and two requests to a blob, every push fails.
    """
    if seen.kind != "upload" or "BLOB_UPLOAD_INVALID" not in seen.codes or seen.status != 404:
        return
    detail = seen.detail("BLOB_UPLOAD_INVALID")
    if detail not in ("invalid secret", "{}") or seen.state is None or seen.upload is None:
        return
    sent, known = state_of(seen.target), state_of(seen.upload.location)
    if known and sent and (sent.mac, sent.offset) != (known.mac, known.offset):
        return
    yield Found(
        "the registry does not recognise the token that it handed out",
        f"the token decodes to Offset {seen.state.offset} of upload {seen.state.uuid} and is the one of exchange "
        f"{seen.upload.location_from}, byte for byte; the answer is {detail}",
        (seen.at_query("_state"), seen.at_body(detail)),
        otherwise=("the registry was restarted in between", "the token was changed on the way"),
        experiment="send the same request several times: answers that vary come from replicas with different secrets",
    )
