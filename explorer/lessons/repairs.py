"""The lesson of three pushes that fail, to be mended by the learner."""

from __future__ import annotations

from dataclasses import replace

from explorer.lessons.classroom import LAYER, OCTETS, Classroom, config, manifest
from explorer.lessons.declared import Ask, Do, Lesson, Mend, Say, lesson
from explorer.lessons.preparing import push_quietly
from explorer.lessons.questions import choice, code, status
from explorer.model import Exchange, Step
from explorer.spec.digests import digest_of
from explorer.spec.media_types import OCI_MANIFEST

_NAME = "lesson/broken"


def _created(exchange: Exchange) -> bool:
    return exchange.status == 201


def _accepted(exchange: Exchange) -> bool:
    return exchange.status == 202


@lesson(
    "three-repairs",
    8,
    "Three broken pushes",
    "A Location that has a query gets its digest by &, not by a second ?.",
    "The newest Location counts; one from before has another offset in it.",
    "A manifest's Content-Type is the type that the manifest names, not application/json, and not left to the client.",
)
def teach(room: Classroom) -> Lesson:
    """Find out why a push fails, and mend it: the request can be changed in any way before it is sent again."""
    yield Say(
        "Three pushes of scripts that people really wrote. Each fails. You are told what the registry answers; then "
        "the "
        "request is yours: change what is wrong and send it until it gets through."
    )
    yield from _second_question_mark(room)
    yield from _old_location(room)
    yield from _wrong_type(room)


def _second_question_mark(room: Classroom) -> Lesson:
    opened = yield Do(room.open(_NAME), "The first push: an upload is opened.")
    sent = yield Do(room.at(opened, "Send the bytes", "PATCH", OCTETS, body=LAYER), "Its bytes are sent.")
    right = room.close(sent, digest_of(LAYER))
    wrong = replace(right, request=replace(right.request, target=right.request.target.replace("&digest=", "?digest=")))
    yield Ask(
        wrong,
        "The script joins Location and digest to an address, and closes the upload.",
        choice("Will it get through?", lambda one: "yes" if _created(one) else "no", "yes", "no"),
        "Look at the request line and at the detail of the error.",
    )
    yield Mend(
        wrong,
        "Mend the request line.",
        _created,
        right.request,
        (
            "The Location has a query already: it begins at the first ?.",
            "What is appended to a query begins with &. As it is, ?digest=… has become a part of _state.",
        ),
        "This is the mistake that this program was begun for. `illegal base64 data at input byte N` means: from "
        "there on it "
        "is no token any more.",
    )


def _old_location(room: Classroom) -> Lesson:
    opened = yield Do(room.open(_NAME), "The second push: an upload is opened.")
    first = yield Do(
        room.at(opened, "First chunk", "PATCH", OCTETS, ("Content-Range", "0-9"), body=LAYER[:10]),
        "The first chunk, bytes 0 to 9, is sent.",
    )
    right = room.at(first, "Second chunk", "PATCH", OCTETS, ("Content-Range", "10-19"), body=LAYER[10:])
    wrong: Step = room.at(opened, "Second chunk", "PATCH", OCTETS, ("Content-Range", "10-19"), body=LAYER[10:])
    yield Ask(
        wrong,
        "The script has kept the Location of the POST in a variable, and sends the second chunk there.",
        status(202, 400, 404, 416),
        "The bytes and their range are right. The token in the address says that the upload has 0 bytes, and it has "
        "10.",
    )
    new = first.response.headers.get("Location") if first.response else None
    yield Mend(
        wrong,
        f"Mend the request line. The answer to the first chunk had this Location:\n\n{new}",
        _accepted,
        right.request,
        (
            "Only the target in the first line has to change: take path and query of the newest Location.",
            "The part after _state= is another one in the newest Location; copy it whole.",
        ),
        "Each answer to a PATCH has a Location; a script has to read it every time.",
    )


def _wrong_type(room: Classroom) -> Lesson:
    image = manifest(config())
    yield from push_quietly(room, _NAME, LAYER, "the layer of the third push")
    yield from push_quietly(room, _NAME, config(), "its config")
    right = room.put_manifest(_NAME, "v1", image)
    wrong = room.put_manifest(_NAME, "v1", image, "application/json")
    yield Ask(
        wrong,
        "The third script sends the manifest as what it is, it thinks: JSON.",
        code("MANIFEST_INVALID", "MANIFEST_UNKNOWN", "UNSUPPORTED", "SIZE_INVALID"),
        f"The manifest itself names its type: look at its mediaType. It is {OCI_MANIFEST}.",
    )
    yield Mend(
        wrong,
        "Mend the request.",
        _created,
        right.request,
        (
            "One header line is wrong: Content-Type.",
            f"Content-Type: {OCI_MANIFEST}",
        ),
        "`curl --data-binary` says application/x-www-form-urlencoded where nothing else is said: many scripts fail by "
        "that.",
    )
