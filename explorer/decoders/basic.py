"""`Basic` credentials (RFC 7617): base64 of `user:password`. The password is never shown."""

from __future__ import annotations

import base64
import re

from explorer.model import Decoded

_BASIC = re.compile(r"Basic +([A-Za-z0-9+/_-]+=*)", re.IGNORECASE)


def decode(value: str) -> Decoded | None:
    """Show the user of Basic credentials; the password is masked."""
    found = _BASIC.fullmatch(value.strip())
    if found is None:
        return None
    encoded = found[1].replace("-", "+").replace("_", "/")
    try:
        raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
        user, colon, password = raw.decode("utf-8").partition(":")
    except ValueError:
        return None
    if not colon:
        return None
    fields = (("user", user), ("password", "masked" if password else "empty"))
    return Decoded("Basic credentials", "specification", fields)
