"""Secrets in text that people paste: command lines, logs, dumps of heads, files of logins, forms, JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator

from explorer.redact.marks import Give, is_hidden, split_scheme
from explorer.redact.urls import without_url_secrets

SECRET_KEYS = {
    "token": "token",
    "access_token": "token",
    "refresh_token": "token",
    "id_token": "token",
    "identity_token": "token",
    "registry_token": "token",
    "bearer_token": "token",
    "auth_token": "token",
    "api_token": "token",
    "session_token": "token",
    "security_token": "token",
    "sas_token": "token",
    "password": "password",
    "passwd": "password",
    "passphrase": "password",
    "pwd": "password",
    "secret": "password",
    "client_secret": "password",
    "secret_key": "password",
    "secret_access_key": "password",
    "aws_secret_access_key": "password",
    "account_key": "password",
    "shared_access_key": "password",
    "private_key": "key",
    "api_key": "credential",
    "access_key_id": "credential",
    "aws_access_key_id": "credential",
    "auth": "login",
}
"""Names of fields, as words joined by `_`, whose values are secrets, and of what kind; however they are joined."""

_KINDS = {name.replace("_", ""): kind for name, kind in SECRET_KEYS.items()}
_KEYS = "|".join(name.replace("_", "[_-]?") for name in sorted(SECRET_KEYS, key=len, reverse=True))
_JSON = re.compile(rf'(?i)("({_KEYS})"\s*:\s*")((?:[^"\\]|\\.)+)(?=")')
_JSON_IN_STRING = re.compile(rf'(?i)(\\"({_KEYS})\\"\s*:\s*\\")((?:[^"\\]|\\[^"])+)(?=\\")')
_FORM = re.compile(
    r"(?i)((?:^|[&\s\"'])(password|passwd|refresh_token|access_token|id_token|client_secret|assertion)=)([^&\s\"']+)"
)
_MULTIPART = re.compile(
    rf'(?i)(name="?({_KEYS})"?[^\r\n]{{0,200}}(?:\r?\n[^\r\n]{{1,200}}){{0,4}}\r?\n\r?\n)([^\r\n]+)(?=\r?\n--)'
)
_XML = re.compile(rf"(?i)(<((?:AWS)?(?:{_KEYS})|SignatureProvided)>)([^<]+)(?=</)")
_SETTING = re.compile(
    r"(?im)^([ \t-]*[\"']?\w{0,40}(password|passwd|passphrase|client_secret|secret_key|secret_access_key|api_key)"
    r"[\"']?[ \t]*[:=][ \t]*[\"']?)([^\s\"'$]{4,})"
)
_NETRC = re.compile(r"(\b(?:machine\s+\S+|default)\s+(?:(?:login|account)\s+\S+\s+){0,2}password\s+)(\S+)")
_HASHED = re.compile(r"(?<=:)(?:\$(?:2[abxy]|apr1|[156y])\$[\w./$=,-]{8,}|\{SHA\}[A-Za-z0-9+/=]{20,})")
_HEADER = re.compile(
    r"(?i)(\b(proxy-authorization|authorization|set-cookie|cookie|x-registry-auth|x-auth-token|private-token|job-token|deploy-token|"
    r"x-api-key|x-jfrog-art-api|x-vault-token|x-amz-security-token)"
    r"[\"']?\s*[:=]\s*[\"'\[]*)((?:Basic|Bearer|Digest|Negotiate)\s+)?([^\s\"'\]\r\n,;]+(?:;[^\"'\r\n\]]*)?)"
)
_SCHEME = re.compile(r"\b((?:Bearer|Basic)\s+)(?![A-Za-z_]+=[^=])(?=\S*\d)([A-Za-z0-9+/_=~.-]{12,})")
_VALUE = r"(\"[^\"\r\n]+\"|'[^'\r\n]+'|[^\s\"']+)"
_USER = re.compile(
    rf"(?<![\w-])((?:-u|--user|--proxy-user|-U|--creds|--src-creds|--dest-creds)[ =]?)(?=[^\s:=]+:){_VALUE}"
)
_CERTIFICATE = re.compile(rf"(?<![\w-])((?:--cert|--proxy-cert|-E)[ =]?[^\s:=\"']+:)(?!\\|//){_VALUE}")
_OPTION = re.compile(
    r"(?<![\w-])(--(oauth2-bearer|password|proxy-pass|tlspassword|proxy-tlspassword|pass|token|registry-token|src-registry-token|dest-registry-token|"
    r"identity-token|client-secret|api-key)[ =])" + _VALUE
)
_SHORT_PASSWORD = re.compile(r"(\blogin\b[^\r\n]*?\s-p[ =]?)" + _VALUE)
_VARIABLE = re.compile(r"(\b[A-Z0-9_]*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY)[A-Z0-9_]*=[\"']?)([^\s\"'&;]{4,})")
_JWT = re.compile(r"\beyJ[\w-]{5,}(?:\.eyJ[\w-]{5,}\.[\w-]*|(?:\.[\w-]+){4})")
KNOWN_TOKEN = re.compile(
    r"\b(?:gh[pousr]_|github_pat_|glpat-|gldt-|glcbt-|dckr_(?:pat|oat)_|npm_|pypi-AgE|xox[abprs]-|hvs\.|sk_live_)"
    r"[\w.-]{16,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{30,}"
)
"""Tokens that are told by how they begin: GitHub's, GitLab's, Docker Hub's, npm's, PyPI's, Slack's, Vault's, AWS's."""

_PEM = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----(?:\\[nr]|[A-Za-z0-9+/=\s,:-])*?"
    r"(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|$)"
)


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
    text = KNOWN_TOKEN.sub(lambda found: put("token", found[0]), text)
    for pattern in _in_fields(text, folded):
        text = pattern.sub(lambda found: found[1] + put(secret_kind(found[2]) or "token", found[3]), text)
    if "=" in text:
        text = _VARIABLE.sub(lambda found: found[1] + put("password", found[2]), text)
    if "password" in folded:
        text = _NETRC.sub(lambda found: found[1] + put("password", found[2]), text)
    if ":$" in text or ":{SHA}" in text:
        text = _HASHED.sub(lambda found: give("password", found[0]), text)
    if any(word in folded for word in ("authorization", "cookie", "auth", "token", "x-api-key")):
        text = _HEADER.sub(
            lambda found: found[1] + (found[3] or "") + put(_kind_of(found[2], found[3]), found[4]), text
        )
    if "bearer" in folded or "basic" in folded:
        text = _SCHEME.sub(lambda found: found[1] + put(_kind_of("authorization", found[1]), found[2]), text)
    if "-" in text:
        text = _options(text, put)
    return text


def _in_fields(text: str, folded: str) -> Iterator[re.Pattern[str]]:
    """Yield the patterns of fields that a text may match: their name is group 2, their value 3."""
    if '"' in text:
        yield from (_JSON, _JSON_IN_STRING)
    if "=" in text:
        yield _FORM
    if "name=" in folded and "\n--" in text:
        yield _MULTIPART
    if "</" in text:
        yield _XML
    if any(word in folded for word in ("passw", "passphrase", "secret", "api_key")):
        yield _SETTING


def secret_kind(name: str) -> str:
    """Return the kind of secret that a field of that name holds; empty where it holds none."""
    bare = name.lower().replace("_", "").replace("-", "")
    return _KINDS.get(bare) or _KINDS.get(bare.removeprefix("aws"), "")


def _options(text: str, put: Give) -> str:
    def value(kind: str, text: str) -> str:
        quote = text[:1] if text[:1] in "\"'" else ""
        return quote + put(kind, text[1:-1]) + quote if quote else put(kind, text)

    text = _USER.sub(lambda found: found[1] + value("login", found[2]), text)
    text = _CERTIFICATE.sub(lambda found: found[1] + value("password", found[2]), text)
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
