"""A session made fit to be shared, as the user chose: what was masked, what looks secret, and when that is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from explorer.errors import InputError
from explorer.formats.shelves import kept
from explorer.frozen import frozen
from explorer.model import Session
from explorer.redact.naming import Choices
from explorer.redact.sessions import Redacted, redact
from explorer.redact.suspects import Suspect
from explorer.visible import visible

CHOICES = ("hosts", "repositories", "addresses", "users", "all")
"""What can be masked besides secrets."""

_MOST_LISTED = 20


@frozen
class Sharing:
    """How a session is shared.

    `mask` are some of CHOICES. `hide` and `reviewed` are ids of what looks secret: to be masked, too, or looked at and
    found to be none; `all` stands for every one. With `strict`, nothing is shared while something is in neither.
    """

    mask: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    reviewed: tuple[str, ...] = ()
    strict: bool = False


def share(session: Session, sharing: Sharing, besides: Iterable[str] = ()) -> Redacted:
    """Return the session as it may be shared; raises InputError where a choice is none, or `strict` forbids it.

    `besides` are texts around it that are not shared, and may give secrets away.
    """
    for name in sharing.mask:
        if name not in CHOICES:
            raise InputError(f"'{name}' cannot be masked by choice; there are {', '.join(CHOICES)}.")
    choices = Choices.of(sharing.mask)
    hide = sharing.hide
    if hide:
        found = tuple(suspect.id for suspect in redact(session, choices, (), besides, kept).suspects)
        if none := [id for id in hide if id not in found and id != "all"]:
            there = f"listed are {', '.join(found[:_MOST_LISTED])}" if found else "nothing is listed"
            raise InputError(f"--hide {visible(none[0])} is the id of nothing that looks secret; {there}.")
        hide = found if "all" in hide else hide
    redacted = redact(session, choices, hide, besides, kept)
    left = [s for s in redacted.suspects if s.id not in sharing.reviewed and "all" not in sharing.reviewed]
    if sharing.strict and left:
        listed = "; ".join(f"{s.id} in {s.place} {_beginning(s)}" for s in left[:_MOST_LISTED])
        raise InputError(
            f"Nothing was written: {len(left)} text{'s look' if len(left) > 1 else ' looks'} secret and "
            f"{'are' if len(left) > 1 else 'is'} not masked ({listed}). Mask with --hide ID, or say --reviewed ID."
        )
    return redacted


def _beginning(suspect: Suspect) -> str:
    return f"is {suspect.text}" if suspect.is_unseen else f"begins '{visible(suspect.text[:6])}'"


def what_was_masked(redacted: Redacted) -> Iterator[str]:
    """Yield in lines what was masked, and what looks secret and was not."""
    counts = Counter(named.kind for named in redacted.masked)
    words = ", ".join(f"{count} {_kind(kind, count)}" for kind, count in counts.items())
    yield f"Masked: {words or 'nothing, no secret was found'}."
    listed = [named for named in redacted.masked if named.kind != "mac"]
    for named in listed[:_MOST_LISTED]:
        times = "once" if named.count == 1 else f"{named.count} times"
        hint = "" if named.is_by_value else "; too short or too common to be masked elsewhere"
        yield f"  {visible(named.name)}: {times}, first in {visible(named.place)}{hint}"
    if len(listed) > _MOST_LISTED:
        yield f"  and {len(listed) - _MOST_LISTED} more"
    if redacted.suspects:
        yield "Looks secret and was not masked (--hide ID masks it, --reviewed ID says that it is none):"
    for suspect in redacted.suspects[:_MOST_LISTED]:
        yield f"  {suspect.id}: {visible(suspect.shown)} in {visible(suspect.place)}"
    if len(redacted.suspects) > _MOST_LISTED:
        yield f"  and {len(redacted.suspects) - _MOST_LISTED} more"


def _kind(kind: str, count: int) -> str:
    """Return the name of a kind of secret, for that many."""
    if kind == "mac":
        return "MAC of an upload state" if count == 1 else "MACs of upload states"
    one, many = {"repository": ("repository", "repositories"), "address": ("address", "addresses")}.get(
        kind, (kind, f"{kind}s")
    )
    return one if count == 1 else many
