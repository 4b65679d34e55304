"""Files of a tar, without unpacking it: each is a stretch of the archive. Links that stay in it are followed."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from pathlib import Path

from explorer.errors import FormatError
from explorer.images.files import inside, leaving, missing, shown
from explorer.images.tar_headers import Damage, Member, members
from explorer.model import Slice


class TarFiles:
    """The members of a tar, by name; `stored` is the uncompressed file that holds the bytes."""

    kind = "archive"

    def __init__(self, path: str, stored: Path) -> None:
        """List the members; raises FormatError where the tar is damaged or cut off."""
        self.path = path
        self.doubt = ""
        self._stored = stored.absolute()
        self._members: dict[str, Member] = {}
        with stored.open("rb") as file:
            try:
                self._list(members(file, stored.stat().st_size))
            except Damage as damage:
                raise damage.in_file(path) from damage

    def _list(self, found: Iterable[Member | None]) -> None:
        for member in found:
            if member is None:
                self.doubt = "; it ends without the end mark of a tar, so the rest may be cut off"
                continue
            name = inside(member.name)
            if name is not None:  # one that leads out can never be asked for
                self._members[name] = member

    def names(self) -> Iterable[str]:
        """Return the names of all members."""
        return self._members

    def has(self, name: str) -> bool:
        """Say whether there is such a file or link; never raises."""
        return inside(name) in self._members

    def slice(self, name: str, wanted: str) -> Slice:
        """Return where the bytes of a member are; raises FormatError where they are not in this archive."""
        member = self._resolve(name, wanted)
        if member.kind == "sparse":
            raise FormatError(
                self.path,
                f"it is {wanted}, and it is stored as a sparse file, which no registry takes: "
                "pack it again without --sparse.",
                shown(name),
            )
        if member.kind != "file":
            raise FormatError(self.path, f"it is {wanted}, and it is not a file but a {member.kind}.", shown(name))
        source = f"{shown(member.name)} in {posixpath.basename(self.path)}"
        return Slice(str(self._stored), member.offset, member.size, source=source)

    def _resolve(self, name: str, wanted: str) -> Member:
        here, seen = inside(name), set[str]()
        while here is not None:
            member = self._members.get(here)
            if member is None:
                raise missing(self, name if not seen else here, wanted)
            if member.kind not in ("link", "hard link"):
                return member
            if here in seen:
                raise FormatError(self.path, f"it is {wanted}, and its links lead in a circle.", shown(name))
            seen.add(here)
            base = posixpath.dirname(here) if member.kind == "link" else ""
            here = inside(posixpath.join(base, member.link))
        raise leaving(self, name, wanted)
