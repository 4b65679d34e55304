"""The lesson of blobs that another repository has."""

from __future__ import annotations

from explorer.lessons.classroom import LAYER, Classroom
from explorer.lessons.declared import Ask, Lesson, Say, lesson
from explorer.lessons.preparing import push_quietly
from explorer.lessons.questions import choice, header_of, status
from explorer.model import Exchange
from explorer.spec.digests import digest_of

_FROM, _TO = "lesson/base", "lesson/copy"
_UNKNOWN = digest_of(b"nobody has this")


def _leads_to(exchange: Exchange) -> str:
    location = header_of(exchange, "Location")
    if "/uploads/" in location:
        return "to an upload"
    return "to the blob" if "/blobs/" in location else "there is none"


@lesson(
    "mount",
    4,
    "Blobs of another repository",
    "A blob belongs to a repository: one that another repository has is not there.",
    "POST with mount=DIGEST&from=REPOSITORY takes it over without sending a byte: 201.",
    "202 to a mount is no error: the registry did not mount, and has opened an upload instead.",
    "An upload that is not wanted is cancelled by DELETE.",
)
def teach(room: Classroom) -> Lesson:
    """Take a layer over from another repository, and see what happens where that cannot be done."""
    layer = digest_of(LAYER)
    yield Say(
        f"Many images share layers. This registry is given a layer in the repository {_FROM}; the push goes to {_TO}."
    )
    yield from push_quietly(room, _FROM, LAYER, "the layer")
    yield Ask(
        room.head(_TO, layer),
        f"The bytes are on the registry's disk, in {_FROM}. Is the blob there in {_TO}?",
        status(200, 307, 403, 404),
        "404: who may read one repository may not see another, so each has blobs of its own, if only by name.",
    )
    yield Ask(
        room.step("Mount", "POST", f"/v2/{_TO}/blobs/uploads/?mount={layer}&from={_FROM}", body=b"", spec="end-11"),
        "The POST that opens an upload can ask for the blob instead.",
        status(200, 201, 202, 404),
        "201, created: the blob is there and not a byte of it was sent.",
    )
    yield Ask(
        room.head(_TO, layer),
        "The same HEAD as before.",
        status(200, 202, 404),
        "200. It is the same bytes on the disk, and a second name for them.",
    )
    opened = yield Ask(
        room.step("Mount", "POST", f"/v2/{_TO}/blobs/uploads/?mount={_UNKNOWN}&from={_FROM}", body=b"", spec="end-11"),
        f"Now a digest that {_FROM} does not have.",
        choice("Where will the Location lead?", _leads_to, "to the blob", "to an upload", "there is none"),
        "The status is 202: the registry could not mount, and offers to take the bytes instead. A client goes on "
        "with PATCH "
        "or PUT there, or gives the upload up.",
    )
    yield Ask(
        room.at(opened, "Cancel", "DELETE"),
        "We do not have these bytes either, so the upload is given up.",
        status(200, 202, 204, 405),
        "204. Without it the upload would lie there until the registry purges it, after an hour or a week.",
    )
