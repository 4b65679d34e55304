"""The lesson of uploads in several pieces."""

from __future__ import annotations

from explorer.lessons.classroom import LAYER, OCTETS, Classroom
from explorer.lessons.declared import Ask, Lesson, Say, lesson
from explorer.lessons.questions import header, next_location, status
from explorer.model import Exchange, Step
from explorer.spec.digests import digest_of

_NAME = "lesson/chunks"


def _chunk(room: Classroom, last: Exchange, begin: int, end: int) -> Step:
    return room.at(
        last,
        f"Bytes {begin} to {end - 1}",
        "PATCH",
        OCTETS,
        ("Content-Range", f"{begin}-{end - 1}"),
        body=LAYER[begin:end],
    )


@lesson(
    "chunks",
    2,
    "A blob in pieces",
    "Content-Range says which bytes come: first and last, both included, without a unit and without a total.",
    "Chunks go in order; one that does not continue is refused with 416 and changes nothing.",
    "Every PATCH gives a new Location, and an older one no longer holds.",
    "GET on an upload tells how far it is.",
)
def teach(room: Classroom) -> Lesson:
    """Send a layer in three chunks, one of them in the wrong place."""
    yield Say(
        f"A big layer is sent in chunks, so that a broken connection costs one of them and not all. Here the layer has "
        f"{len(LAYER)} bytes, and goes as 8, 8 and 4."
    )
    opened = yield Ask(
        room.open(_NAME),
        "It begins as any upload.",
        header("Range", "0-0", "0-19", "bytes=0-0"),
        "There is nothing yet, and yet Range says 0-0, which could mean one byte as well: between these two it cannot "
        "tell. Some registries leave the header away here.",
    )
    first = yield Ask(
        _chunk(room, opened, 0, 8),
        "The first chunk, bytes 0 to 7. Content-Range in a push has its own form: no `bytes`, no total.",
        header("Range", "0-7", "0-8", "8-15"),
        "Range always begins at 0: it tells what the upload has, not what this chunk was.",
    )
    yield Ask(
        _chunk(room, first, 16, 20),
        "Now the last chunk by mistake, bytes 16 to 19, while 8 to 15 have not been sent.",
        status(202, 400, 404, 416),
        "416: the bytes do not continue where the upload stands. The specification forbids gaps, so chunks cannot be "
        "sent in "
        "parallel.",
    )
    asked = yield Ask(
        room.at(first, "How far is it?", "GET"),
        "Did the refused chunk do any harm? GET asks the upload itself.",
        header("Range", "0-7", "0-11", "0-19"),
        "A chunk that was refused leaves everything as it was.",
    )
    second = yield Ask(
        _chunk(room, asked, 8, 16),
        "The right one, bytes 8 to 15.",
        next_location(),
        "Where the registry keeps the offset in the address (_state), each answer has another one. A client that "
        "goes on "
        "with an old Location sends its bytes to a place that is no more.",
    )
    yield Ask(
        room.close(second, digest_of(LAYER), ("Content-Range", "16-19"), body=LAYER[16:]),
        "The last chunk may ride in the PUT that closes the upload. Its digest is that of the whole layer.",
        status(200, 201, 202, 416),
        "201. One request less; the blob is there.",
    )
