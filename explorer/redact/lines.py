"""Secrets in text that people paste: command lines, logs, dumps of heads, files of logins, forms, JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator

from explorer.redact.assignments import SECRET_KEYS, secret_kind, without_assigned_secrets
from explorer.redact.commands import without_command_secrets
from explorer.redact.marks import Give, is_hidden, is_masked, split_scheme
from explorer.redact.urls import without_url_secrets

_KEYS = "|".join(name.replace("_", "[_-]?") for name in sorted(SECRET_KEYS, key=len, reverse=True))
_FORM = re.compile(
    r"(?i)((?:^|[&\s\"'])(password|passwd|refresh_token|access_token|id_token|client_secret|assertion)=)"
    r"((?:[^&\s\"'\\]|\\(?![\"']))+)"
)
_MULTIPART = re.compile(
    rf'(?i)(name="?({_KEYS})"?[^\r\n]{{0,200}}(?:\r?\n[^\r\n]{{1,200}}){{0,4}}\r?\n\r?\n)([^\r\n]+)(?=\r?\n--)'
)
_XML = re.compile(rf"(?i)(<((?:AWS)?(?:{_KEYS})|SignatureProvided)>)([^<]+)(?=</)")
_NETRC = re.compile(r"(\b(?:machine\s+\S+|default)\s+(?:(?:login|account)\s+\S+\s+){0,2}password\s+)(\S+)")
_HASHED = re.compile(r"(?<=:)(?:\$(?:2[abxy]|apr1|[156y])\$[\w./$=,-]{8,}|\{SHA\}[A-Za-z0-9+/=]{20,})")
_HEADER = re.compile(
    r"(?i)(\b(proxy-authorization|authorization|set-cookie|cookie|x-registry-auth|x-auth-token|private-token|job-token|deploy-token|"
    r"x-api-key|x-jfrog-art-api|x-vault-token|x-amz-security-token)"
    r"(?:\\*[\"'])?\s*[:=]\s*(?:\[\]string\{|[\[{(]|b(?=['\"]))*\s*(?:\\*[\"'])*)"
    r"((?:Basic|Bearer|Negotiate|NTLM|token|GoogleLogin|SharedKey(?:Lite)?|AWS|ApiKey|JWT)[ \t]+)?"
    r"((?:Digest|AWS4-[\w-]+|OSS[\w-]*|GOOG\d[\w-]*|TC3-[\w-]+|Hawk|OAuth)[ \t]+(?:\"[^\"\r\n]*\"|[^\"'\]\r\n])+"
    r"|[^\s\"'\]\r\n,;\\]+(?:;[^\"'\r\n\]]*)?)"
)
_OF_PARTS = re.compile(r"[\w-]+[ \t]+[\w-]+=")
_PART = re.compile(
    r"(?i)(\b(?:signature|oauth_\w+|response|credential|mac|hash|id|nonce|cnonce|opaque)=(?:\\*[\"'])?)([^\"',\s\\]+)"
)
_SCHEME = re.compile(r"\b((?:Bearer|Basic)\s+)(?![A-Za-z_]+=[^=])(?=\S*\d)([A-Za-z0-9+/_=~.-]{12,})")
_JWT = re.compile(r"\beyJ[\w-]{5,}(?:\.eyJ[\w-]{5,}\.[\w-]*|(?:\.[\w-]+){4})")
KNOWN_TOKEN = re.compile(
    r"\b(?:gh[pousr]_|github_pat_|gl(?:pat|dt|cbt|soat|ft|imt|rt)-|dckr_(?:pat|oat)_|npm_|pypi-AgE|xox[abprs]-|hvs\.|sk_live_|"
    r"dop_v1_|ya29\.|hf_|AKCp|cmVmdGtuO)"
    r"[\w.-]{16,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{30,}"
)
"""Tokens that are told by how they begin: GitHub's, GitLab's, Docker Hub's, npm's, PyPI's, Slack's, Vault's, JFrog's,
DigitalOcean's, Hugging Face's, Google's, AWS's."""

_PEM = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----(?:\\[nr]|(?!-----BEGIN)[A-Za-z0-9+/=\s,:-])*?"
    r"(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|$)"
)


_OF_FORMS = ("password", "passwd", "_token", "client_secret", "assertion")
_OF_HEADERS = ("authorization", "cookie", "-auth", "-token", "x-api-key", "art-api")


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
    for pattern in _in_forms(text, folded):
        text = pattern.sub(lambda found: found[1] + put(secret_kind(found[2]) or "token", found[3]), text)
    if "password" in folded:
        text = _NETRC.sub(lambda found: found[1] + put("password", found[2]), text)
    if ":$" in text or ":{SHA}" in text:
        text = _HASHED.sub(lambda found: give("password", found[0]), text)
    if any(word in folded for word in _OF_HEADERS):
        text = _HEADER.sub(lambda found: found[1] + (found[3] or "") + _in_header(found, put), text)
    if "bearer" in folded or "basic" in folded:
        text = _SCHEME.sub(lambda found: found[1] + put(_kind_of("authorization", found[1]), found[2]), text)
    return without_command_secrets(without_assigned_secrets(text, put), put)


def _in_forms(text: str, folded: str) -> Iterator[re.Pattern[str]]:
    """Yield the patterns of forms that a text may match: their name is group 2, their value 3."""
    if "=" in text and any(word in folded for word in _OF_FORMS):
        yield _FORM
    if "name=" in folded and "\n--" in text:
        yield _MULTIPART
    if "</" in text:
        yield _XML


def _in_header(found: re.Match[str], put: Give) -> str:
    if not _OF_PARTS.match(found[4]):
        return put(_kind_of(found[2], found[3]), found[4])
    return _PART.sub(lambda part: part[1] + (part[2] if is_masked(part[2]) else put("signature", part[2])), found[4])


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
