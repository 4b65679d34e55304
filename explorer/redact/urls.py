"""Secrets of URLs, wherever one stands: user info, signed queries, opaque upload addresses.

The names of the query keys are those of S3, Azure, Google and CloudFront signatures, and of tokens and passwords.
"""

from __future__ import annotations

import re

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
}
"""Query keys, in lower case, and the kind of secret that each one holds."""

_BESIDE_SIG = ("se", "sp", "sv", "st", "skoid", "sktid")
_QUERY = re.compile(r"\?[^\s\"'<>`\\]*")
_PARAMETER = re.compile(r"(?<=[?&])([^=&?]+)=([^&?#]+)")
_USERINFO = re.compile(r"(?<=://)([^/\s@\"'<>?#\\]+)(?=@)")
_SEGMENT = re.compile(r"(?<=/)[A-Za-z0-9_=%.~+-]{100,}(?=[/?#\s\"'>]|$)")
_PATH = re.compile(r"(?:(?<=://)|^(?=/)|(?<=[A-Z] )(?=/))[^\s\"'<>?#\\]{100,}")
_HEX = re.compile(r"(?:sha\d+(?::|%3A))?[0-9a-fA-F]+")


def without_url_secrets(text: str, give: Give, *, segments: bool = True) -> str:
    """Return a text with the secrets of the URLs and targets in it replaced by what `give` returns for them.

    With `segments`, path segments of 100 and more characters are taken for secrets, too: some registries put the right
    to write into one (Artifact Registry does).
    """
    if "@" in text:
        text = _USERINFO.sub(lambda found: _given(give, "login", found[1]), text)
    if "?" in text:
        text = _QUERY.sub(lambda found: _query(found[0], give), text)
    if segments and len(text) >= 100:
        text = _PATH.sub(lambda found: _SEGMENT.sub(lambda segment: _segment(segment[0], give), found[0]), text)
    return text


def _segment(segment: str, give: Give) -> str:
    return segment if _HEX.fullmatch(segment) else give("upload", segment)


def _query(query: str, give: Give) -> str:
    keys = {found[1].lower() for found in _PARAMETER.finditer(query)}
    if not keys & SIGNED_KEYS.keys():
        return query

    def parameter(found: re.Match[str]) -> str:
        key = found[1].lower()
        kind = SIGNED_KEYS.get(key) or ("signature" if key in _BESIDE_SIG and "sig" in keys else "")
        return f"{found[1]}={_given(give, kind, found[2])}" if kind else found[0]

    return _PARAMETER.sub(parameter, query)


def _given(give: Give, kind: str, secret: str) -> str:
    return secret if is_hidden(secret) else give(kind, secret)
