"""What a pull needs besides its conversation: what is there already, before it, and what is written after it."""

from __future__ import annotations

from collections.abc import Callable

from explorer.errors import FormatError, InputError
from explorer.formats.values import Json
from explorer.model import FlowCall
from explorer.spec.references import check_namespace, parse_platform, parse_target

PULL_IMAGE = "pull-image"
"""The name of the flow; what it needs of images is loaded when there is one to be pulled."""


def pull_call(target: str, dest: str, platform: str, form: str, *, ns: str = "", plain_http: bool = False) -> FlowCall:
    """Return the call of a pull; raises InputError or FormatError where it cannot be."""
    from explorer.images.destinations import destination, what_is_there

    place = destination(dest, form)
    try:
        there, halves = what_is_there(place.folder)
    except OSError as bad:
        raise FormatError(place.folder, f"the blobs there cannot be looked at: {bad.strerror}.") from bad
    arguments: Json = {
        "target": str(parse_target(target, plain_http=plain_http)),
        "dest": str(place.path),
        "form": place.form,
        "platform": parse_platform(platform) if platform else "",
        "there": there,
        "halves": halves,
        "ns": check_namespace(ns),
    }
    return FlowCall(PULL_IMAGE, arguments)


def when_pulled(call: FlowCall) -> Callable[[object], str] | None:
    """Return what writes the image around the blobs when they are there; None for any other call."""
    if call.flow != PULL_IMAGE:
        return None

    def write(result: object) -> str:
        from explorer.images.destinations import destination
        from explorer.images.pulled import Pulled
        from explorer.images.writing import write_image

        if not isinstance(result, Pulled):
            raise InputError("There is nothing to write: no image was pulled.")
        target = str(call.arguments["target"])
        place = destination(str(call.arguments["dest"]), str(call.arguments["form"]))
        return write_image(result, place, parse_target(target, plain_http=target.startswith("http:")))

    return write
