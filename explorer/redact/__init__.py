"""The one funnel that keeps secrets out of whatever is written.

`masked` is for recordings and for what is shown: credentials are found by their place and replaced by marks. `redact`
is for what is shared: it works on a whole session, finds secrets by place, masks them wherever they occur again, in
whatever encoding, and gives them names, so that the session still agrees with itself.
"""

from __future__ import annotations

from explorer.redact.marks import holds_masked, is_masked, mask
from explorer.redact.recording import (
    SECRET_HEADERS,
    is_secret,
    is_secret_field,
    masked,
    masked_arguments,
    masked_head,
    masked_headers,
    masked_request,
    without_secrets,
)

__all__ = [
    "SECRET_HEADERS",
    "holds_masked",
    "is_masked",
    "is_secret",
    "is_secret_field",
    "mask",
    "masked",
    "masked_arguments",
    "masked_head",
    "masked_headers",
    "masked_request",
    "without_secrets",
]
