"""An upload that is open already, named by its Location."""

from __future__ import annotations

from explorer.errors import InputError, Stuck
from explorer.flows.declared import Argument, Arguments, Kind
from explorer.model import Origin, Request
from explorer.spec.locations import resolve

LOCATION = Argument("location", Kind.TEXT, "the newest Location of the upload, whole: http://host/v2/…", required=True)


def upload_at(arguments: Arguments) -> tuple[Origin, str]:
    """Return where the upload is; raises InputError where the Location is no whole URL."""
    location = arguments.text("location")
    if not location.startswith(("http://", "https://")):
        raise InputError(f"'{location}' is no whole Location: it begins with http:// or https:// and has a path.")
    try:
        return resolve(Request("GET", Origin("http", "localhost", 80), "/"), location)
    except Stuck as bad:
        raise InputError(bad.sentence) from bad
