"""URLs that a storage service has signed: whoever holds one may use it, until it runs out.

AWS (Signature Version 4 query), Google Cloud Storage (V4), Azure Storage (shared access signatures), CloudFront.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from explorer.model import Decoded

_SECRET = {"signature", "sig", "x-amz-signature", "x-goog-signature", "x-amz-security-token", "policy"}
_SIGNED_BY = {
    "x-amz-signature": "AWS S3 or compatible",
    "x-goog-signature": "Google Cloud Storage",
    "sig": "Azure Storage",
    "key-pair-id": "Amazon CloudFront",
}
_SHOWN = {"x-amz-algorithm", "x-amz-expires", "x-amz-date", "x-goog-algorithm", "x-goog-expires", "x-goog-date"} | {
    "se",
    "st",
    "sp",
    "sr",
    "sv",
    "spr",
    "expires",
    "x-amz-signedheaders",
    "x-goog-signedheaders",
}
_STAMP = "%Y%m%dT%H%M%SZ"


def decode(value: str) -> Decoded | None:
    """Show who signed a URL and until when it is good; the signature itself is masked."""
    query = _parameters(value)
    service = next((name for sign, name in _SIGNED_BY.items() if sign in query), None)
    if service is None or ("sig" in query and "sv" not in query and service == "Azure Storage"):
        return None
    fields = [("service", service), *((name, query[name]) for name in query if name in _SHOWN)]
    fields += [(name, "masked") for name in query if name in _SECRET]
    if until := _until(query):
        fields.insert(1, ("good until", until))
    return Decoded("signed URL", "this service's habit", tuple(fields))


def _parameters(value: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in value.partition("?")[2].split("&") if part)
    return {unquote(name).lower(): unquote(text) for name, _, text in pairs}


def _until(query: dict[str, str]) -> str:
    """Return the moment at which the URL runs out; empty where it cannot be told."""
    for family in ("x-amz", "x-goog"):
        began, lasts = query.get(f"{family}-date", ""), query.get(f"{family}-expires", "")
        if began and lasts.isdecimal() and len(lasts) < 10:
            try:
                moment = datetime.strptime(began, _STAMP).replace(tzinfo=UTC) + timedelta(seconds=int(lasts))
            except (ValueError, OverflowError):
                return ""
            return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    if query.get("expires", "").isdecimal() and len(query["expires"]) < 12:
        return f"{datetime.fromtimestamp(int(query['expires']), UTC):%Y-%m-%dT%H:%M:%SZ}"
    return query.get("se", "")
