"""The lesson of an upload that breaks off."""

from __future__ import annotations

from explorer.lessons.classroom import LAYER, OCTETS, Classroom
from explorer.lessons.declared import NO_ANSWER, Ask, Do, Fault, Lesson, Say, lesson
from explorer.lessons.questions import choice, header, status, status_of
from explorer.spec.digests import digest_of

_NAME = "lesson/resume"
_KEPT = 7


@lesson(
    "resume",
    3,
    "Going on after a cut",
    "After a broken connection nobody knows what has arrived but the registry.",
    "GET on the last Location tells it, in Range, and gives a new Location.",
    "The next byte to send is the end of Range plus one.",
    "Only the bytes that are missing are sent again; the digest is still that of the whole.",
)
def teach(room: Classroom) -> Lesson:
    """Lose the connection in the middle of a PATCH, find out what arrived, and send the rest."""
    yield Say(
        "Connections break. In this lesson the practice registry has a fault switched on, request-cut: it closes the "
        "connection in the middle of the body."
    )
    opened = yield Do(room.open(_NAME), "An upload is opened.")
    yield Fault(f"request-cut={_KEPT}")
    yield Ask(
        room.at(opened, "Send all bytes", "PATCH", OCTETS, body=LAYER),
        f"All {len(LAYER)} bytes are sent, and the connection ends on the way.",
        choice("What will come back?", status_of, "202", "499", "500", NO_ANSWER),
        "No answer: that is not the same as a refusal. Some bytes may have arrived, or all of them, or none.",
    )
    yield Fault("request-cut", on=False)
    asked = yield Ask(
        room.at(opened, "What has arrived?", "GET"),
        "The last Location that is known is that of the POST. The upload can be asked there.",
        status(202, 204, 404, 416),
        "204, no content: all that matters is in the header lines, Range and Location.",
    )
    arrived = (asked.response.headers.get("Range") if asked.response else None) or "0-0"
    end = int(arrived.rpartition("-")[2]) if arrived.rpartition("-")[2].isdigit() else 0
    rest = LAYER[end + 1 :]
    sent = yield Ask(
        room.at(
            asked,
            "Send the rest",
            "PATCH",
            OCTETS,
            ("Content-Range", f"{end + 1}-{len(LAYER) - 1}"),
            body=rest,
        ),
        f"Range said {arrived}. So byte {end} was the last one, and the rest begins with byte {end + 1}: {len(rest)} "
        "bytes.",
        header("Range"),
        "It counts from the beginning of the upload, not of this request.",
    )
    yield Ask(
        room.close(sent, digest_of(LAYER)),
        "The digest is that of all bytes, those from before the cut included.",
        status(201, 202, 400),
        "201. Nothing was sent twice.",
    )
    yield Say(
        "distribution 2 cannot do this: it only answers to a Location whose offset is the present one, and after a cut "
        "there is none. Everything has to be sent again there."
    )
