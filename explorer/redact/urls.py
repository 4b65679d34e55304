"""Secrets of URLs, wherever one stands: user info, signed queries, opaque upload addresses.

The names of the query keys are those of signatures (S3, Azure, Google, CloudFront, others), tokens and passwords.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from explorer.redact.marks import Give, is_hidden

SIGNED_KEYS = {
    "x-amz-signature": "signature",
    "x-amz-credential": "credential",
    "x-amz-security-token": "token",
    "x-goog-signature": "signature",
    "x-goog-credential": "credential",
    "signature": "signature",
    "sig": "signature",
    "key-pair-id": "credential",
    "policy": "policy",
    "awsaccesskeyid": "credential",
    "googleaccessid": "credential",
    "token": "token",
    "access_token": "token",
    "refresh_token": "token",
    "id_token": "token",
    "password": "password",
    "client_secret": "password",
    "api_key": "credential",
    "apikey": "credential",
    "private_token": "token",
    "job_token": "token",
    "auth_token": "token",
    "jwt": "token",
    "assertion": "token",
    "secret": "password",
    "verify": "signature",
    "hmac": "signature",
    "hdnts": "signature",
    "hdnea": "signature",
    "q-signature": "signature",
    "q-ak": "credential",
    "ossaccesskeyid": "credential",
    "x-oss-signature": "signature",
    "x-oss-credential": "credential",
    "x-oss-security-token": "token",
    "x-obs-security-token": "token",
}
"""Query keys, in lower case, and the kind of secret that each one holds."""

_BESIDE_SIG = ("se", "sp", "sv", "st", "skoid", "sktid")
_QUERY = re.compile(r"[?#][^\s\"'<>`\\]*")
_PARAMETER = re.compile(r"(?<=[?&#])([^=&?#]+)=([^&?#]+)")
_INNER_URL = re.compile(r"%(?:25)?3A%(?:25)?2F%(?:25)?2F", re.IGNORECASE)
_BYTES = re.compile(r"[\x00-\xff]+")  # any other sign was not encoded
# What no query without secrets needs to have: a signed key, an inner URL, or the `code` that a login comes back with.
_MAY_HOLD_ONE = re.compile(
    rf"[?&#](?:{'|'.join(map(re.escape, (*SIGNED_KEYS, 'code')))})=|{_INNER_URL.pattern}", re.IGNORECASE
)
# Up to the last '@' before the path: a password may have one. One with a '/' is told by its ':', which begins no port.
_USERINFO = re.compile(
    r"(?<=://)(?:([^/\s\"'<>?#\\]+)(?=@)|([^/\s:@\"'<>?#\\]+:(?!\d{1,5}(?:[/?#]|$))[^\s@\"'<>?#\\]+)(?=@(?!sha\d+:)))"
)
_SEGMENT = re.compile(r"(?<=/)[A-Za-z0-9_=%.~+-]{100,}(?=[/?#\s\"'>]|$)")
_PATH = re.compile(r"(?:(?<=://)|^(?=/)|(?<=[A-Z] )(?=/))[^\s\"'<>?#\\]{100,}")
_HEX = re.compile(r"(?:sha\d+(?::|%3A))?[0-9a-fA-F]+")


def without_url_secrets(text: str, give: Give, *, segments: bool = True) -> str:
    """Return a text with the secrets of the URLs and targets in it replaced by what `give` returns for them.

    With `segments`, path segments of 100 and more characters are taken for secrets, too: some registries put the right
    to write into one (Artifact Registry does).
    """
    if "@" in text:
        text = _USERINFO.sub(lambda found: _given(give, "login", found[0]), text)
    if ("?" in text or "#" in text) and _MAY_HOLD_ONE.search(text):
        text = _QUERY.sub(lambda found: _query(found[0], give), text)
    if segments and len(text) >= 100:
        text = _PATH.sub(lambda found: _SEGMENT.sub(lambda segment: _segment(segment[0], give), found[0]), text)
    return text


def _segment(segment: str, give: Give) -> str:
    return segment if _HEX.fullmatch(segment) else give("upload", segment)


def _query(query: str, give: Give) -> str:
    keys = {found[1].lower() for found in _PARAMETER.finditer(query)}
    if not keys & SIGNED_KEYS.keys() and not _INNER_URL.search(query) and not {"code", "state"} <= keys:
        return query

    def parameter(found: re.Match[str]) -> str:
        key = found[1].lower()
        kind = SIGNED_KEYS.get(key) or ("signature" if key in _BESIDE_SIG and "sig" in keys else "")
        if key == "code" and "state" in keys:  # the right to a token, where a login comes back (RFC 6749, 4.1.2)
            kind = "token"
        if kind:
            return f"{found[1]}={_given(give, kind, found[2])}"
        return f"{found[1]}={_inner(found[2], give)}" if _INNER_URL.search(found[2]) else found[0]

    return _PARAMETER.sub(parameter, query)


def _inner(value: str, give: Give) -> str:
    """Return a URL within a URL without its secrets, encoded as it was; untouched where it has none."""
    plain = unquote(value, "latin-1")
    changed = without_url_secrets(plain, give)
    if changed == plain and _INNER_URL.search(plain):
        changed = _inner(plain, give)
    return value if changed == plain else _BYTES.sub(lambda found: quote(found[0], "", "latin-1"), changed)


def _given(give: Give, kind: str, secret: str) -> str:
    return secret if is_hidden(secret) else give(kind, secret)
