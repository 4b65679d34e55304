"""Secrets in text that people paste: command lines, logs, dumps of heads, files of logins, forms, JSON."""

from __future__ import annotations

import re

from explorer.redact.marks import Give, is_hidden, split_scheme
from explorer.redact.urls import without_url_secrets

SECRET_KEYS = {
    "token": "token",
    "access_token": "token",
    "refresh_token": "token",
    "id_token": "token",
    "identitytoken": "token",
    "registrytoken": "token",
    "bearer_token": "token",
    "auth_token": "token",
    "password": "password",
    "passwd": "password",
    "secret": "password",
    "client_secret": "password",
    "secret_key": "password",
    "secret_access_key": "password",
    "secretaccesskey": "password",
    "private_key": "key",
    "api_key": "credential",
    "apikey": "credential",
    "auth": "login",
}
"""Names of fields, in lower case, whose values are secrets, and of what kind."""

_KEYS = "|".join(sorted(SECRET_KEYS, key=len, reverse=True))
_JSON = re.compile(rf'(?i)("({_KEYS})"\s*:\s*")((?:[^"\\]|\\.)+)(?=")')
_JSON_IN_STRING = re.compile(rf'(?i)(\\"({_KEYS})\\"\s*:\s*\\")((?:[^"\\]|\\[^"])+)(?=\\")')
_FORM = re.compile(
    r"(?i)((?:^|[&\s\"'])(password|passwd|refresh_token|access_token|id_token|client_secret|assertion)=)([^&\s\"']+)"
)
_HEADER = re.compile(
    r"(?i)(\b(proxy-authorization|authorization|set-cookie|cookie|x-registry-auth|x-auth-token|private-token|x-api-key)"
    r"[\"']?\s*[:=]\s*[\"'\[]*)((?:Basic|Bearer|Digest|Negotiate)\s+)?([^\s\"'\]\r\n,;]+(?:;[^\"'\r\n\]]*)?)"
)
_SCHEME = re.compile(r"\b((?:Bearer|Basic)\s+)(?![A-Za-z_]+=[^=])(?=\S*\d)([A-Za-z0-9+/_=~.-]{12,})")
_VALUE = r"(\"[^\"\r\n]+\"|'[^'\r\n]+'|[^\s\"']+)"
_USER = re.compile(
    rf"(?<![\w-])((?:-u|--user|--proxy-user|-U|--creds|--src-creds|--dest-creds)[ =]?)(?=[^\s:=]+:){_VALUE}"
)
_OPTION = re.compile(
    r"(?<![\w-])(--(oauth2-bearer|password|pass|token|registry-token|src-registry-token|dest-registry-token|"
    r"identity-token|client-secret|api-key)[ =])" + _VALUE
)
_SHORT_PASSWORD = re.compile(r"(\blogin\b[^\r\n]*?\s-p[ =]?)" + _VALUE)
_VARIABLE = re.compile(r"(\b[A-Z0-9_]*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY)[A-Z0-9_]*=[\"']?)([^\s\"'&;]{4,})")
_JWT = re.compile(r"\beyJ[A-Za-z0-9_-]{5,}\.eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*")
_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\\n|[A-Za-z0-9+/=\s])*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)")


def without_line_secrets(text: str, give: Give, *, segments: bool = True) -> str:
    """Return a text with every secret that its surroundings give away replaced by what `give` returns for it."""
    text = without_url_secrets(text, give, segments=segments)
    folded = text.lower()

    def put(kind: str, secret: str) -> str:
        return secret if is_hidden(secret) else give(kind, secret)

    if "eyj" in folded:
        text = _JWT.sub(lambda found: put("token", found[0]), text)
    if "private key" in folded:
        text = _PEM.sub(lambda found: put("key", found[0]), text)
    if '"' in text:
        for pattern in (_JSON, _JSON_IN_STRING):
            text = pattern.sub(lambda found: found[1] + put(SECRET_KEYS[found[2].lower()], found[3]), text)
    if "=" in text:
        text = _FORM.sub(lambda found: found[1] + put(SECRET_KEYS.get(found[2].lower(), "token"), found[3]), text)
        text = _VARIABLE.sub(lambda found: found[1] + put("password", found[2]), text)
    if any(word in folded for word in ("authorization", "cookie", "auth", "token", "x-api-key")):
        text = _HEADER.sub(
            lambda found: found[1] + (found[3] or "") + put(_kind_of(found[2], found[3]), found[4]), text
        )
    if "bearer" in folded or "basic" in folded:
        text = _SCHEME.sub(lambda found: found[1] + put(_kind_of("authorization", found[1]), found[2]), text)
    if "-" in text:
        text = _options(text, put)
    return text


def _options(text: str, put: Give) -> str:
    def value(kind: str, text: str) -> str:
        quote = text[:1] if text[:1] in "\"'" else ""
        return quote + put(kind, text[1:-1]) + quote if quote else put(kind, text)

    text = _USER.sub(lambda found: found[1] + value("login", found[2]), text)
    text = _OPTION.sub(lambda found: found[1] + value("password" if "pass" in found[2] else "token", found[3]), text)
    return _SHORT_PASSWORD.sub(lambda found: found[1] + value("password", found[2]), text)


def _kind_of(name: str, scheme: str | None) -> str:
    if "cookie" in name.lower():
        return "cookie"
    return "login" if (scheme or "").strip().lower() == "basic" or name.lower() == "x-registry-auth" else "token"


def credential(name: str, value: str, give: Give) -> str:
    """Return the value of a header that carries a credential: its scheme, and what stands in the secret's place."""
    front, secret = split_scheme(value)
    if is_hidden(secret.strip()):
        return value
    return front + give(_kind_of(name, front), secret)
