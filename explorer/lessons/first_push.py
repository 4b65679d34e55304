"""The first lesson: everything that a push is made of, once."""

from __future__ import annotations

from explorer.lessons.classroom import LAYER, OCTETS, Classroom, config, manifest
from explorer.lessons.declared import Ask, Lesson, Say, lesson
from explorer.lessons.preparing import push_quietly
from explorer.lessons.questions import choice, code, header, status, status_of
from explorer.spec.digests import digest_of

_NAME = "lesson/app"


@lesson(
    "first-push",
    1,
    "Your first push",
    "A blob goes in three steps: POST opens an upload, PATCH sends bytes, PUT closes it with the digest.",
    "Each answer's Location is the address of the next request, whatever it looks like.",
    "The registry computes the digest itself; what does not fit is refused.",
    "A manifest comes last, since all that it names has to be there.",
)
def teach(room: Classroom) -> Lesson:
    """Push an image of one layer by hand, and be told what each request is for."""
    layer, settings = digest_of(LAYER), config()
    image = manifest(settings)
    yield Say(
        "An image is a manifest (a JSON document) that names blobs by their digests: a config, and layers. A push "
        "uploads "
        "the blobs first and the manifest last. Everything happens between this program and a practice registry on "
        "this "
        "machine.\n\n"
        "Before each request goes out you are asked what will come back. Guess freely: the answer is shown beside it."
    )
    yield Ask(
        room.head(_NAME, layer),
        "A client that is careful with its time asks first whether the registry has the blob already.",
        status(200, 204, 404, 500),
        "HEAD is GET without a body: 404 says that the blob has to be uploaded, 200 that it need not be.",
    )
    opened = yield Ask(
        room.open(_NAME),
        "The upload is opened. There is no body yet, and the slash at the end of the address belongs to it.",
        status(200, 201, 202),
        "202, accepted: nothing is stored yet, but there is a place to send bytes to. Its address stands in Location.",
    )
    sent = yield Ask(
        room.at(opened, "Send the bytes", "PATCH", OCTETS, body=LAYER),
        f"The {len(LAYER)} bytes of the layer go to exactly that Location. The answer tells how far the upload is, "
        "in Range; "
        "both ends are counted from 0 and included.",
        header("Range", f"0-{len(LAYER)}", f"0-{len(LAYER) - 1}", f"bytes 0-{len(LAYER)}"),
        "The last byte has the number size minus one, so Range says 0-19 for 20 bytes.",
    )
    yield Ask(
        room.close(sent, layer),
        "The PUT has no body: it names the digest of all that was sent, and asks to make it a blob. It goes to the "
        "Location "
        "of the PATCH, not to that of the POST, with digest=… appended.",
        status(200, 201, 202, 204),
        "201, created. The registry has hashed the bytes itself and found the same digest.",
    )
    yield Ask(
        room.head(_NAME, layer),
        "The same question as at the beginning.",
        header("Content-Length"),
        "The blob is there, all of it. Its address is its digest, so it can never change.",
    )
    yield Ask(
        room.put_manifest(_NAME, "v1", image),
        "The manifest is next: it names the layer, and a config that has not been uploaded.",
        code("MANIFEST_INVALID", "MANIFEST_BLOB_UNKNOWN", "DIGEST_INVALID", "BLOB_UNKNOWN"),
        "Most registries take no manifest whose blobs they do not have; the specification lets them refuse it. The "
        "detail names the digest that is missing.",
    )
    yield from push_quietly(room, _NAME, settings, "the config")
    yield Ask(
        room.put_manifest(_NAME, "v1", image),
        "The same manifest again, now that the config is there.",
        choice("Which status will come back?", status_of, "200", "201", "202", "400"),
        "Docker-Content-Digest in the answer is the digest of exactly the bytes that were sent: the image's name for "
        "ever. "
        "v1 is a tag, a name that can be moved to another manifest.",
    )
    yield Ask(
        room.at(sent, "Ask for the upload", "GET"),
        "One more question. The upload was closed by the PUT. What does the registry say of it now?",
        status(200, 204, 404, 410),
        "It is over: an upload lives from its POST to its PUT. An address of it is of no use afterwards.",
    )
