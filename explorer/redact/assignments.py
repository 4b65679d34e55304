"""Secrets that a name gives away, however name and value are joined: fields of JSON, Go, Python and YAML, settings of
curl and of registries, forms, variables of shells.

A name is told by how it ends (`REGISTRY_HTTP_SECRET`, `refreshToken`, `X-Docker-Token`).
"""

from __future__ import annotations

import re

from explorer.redact.marks import Give, is_hidden, is_masked

SECRET_KEYS = {
    "password": "password",
    "passwd": "password",
    "passphrase": "password",
    "secret": "password",
    "secret_key": "password",
    "secret_access_key": "password",
    "account_key": "password",
    "shared_access_key": "password",
    "token": "token",
    "private_key": "key",
    "private_key_id": "key",
    "api_key": "credential",
    "access_key": "credential",
    "access_key_id": "credential",
    "credential": "credential",
    "credentials": "credential",
    "signature": "signature",
    "pass": "password",
    "pwd": "password",
    "pw": "password",
    "psk": "password",
    "otp": "password",
    "auth": "login",
    "cred": "login",
    "creds": "login",
    "jwt": "token",
    "pat": "token",
}
"""How the names of fields that hold secrets end, in words joined by `_`, and of what kind these are."""

_SHORT = ("pass", "pwd", "pw", "psk", "otp", "auth", "cred", "creds", "jwt", "pat")
_KINDS = {name.replace("_", ""): kind for name, kind in SECRET_KEYS.items()}
_LONG = "|".join(n.replace("_", "[_-]?") for n in sorted(SECRET_KEYS, key=len, reverse=True) if n not in _SHORT)
# A short word has to be one of its own: `regPass`, `REG_PASS`, not `bypass`.
WORD = (
    rf"((?i:{_LONG})|(?<![A-Za-z])(?i:{'|'.join(_SHORT)})|(?<=[a-z])(?:Pass|Pwd|Auth|Creds?|Jwt|Pat))(?![A-Za-z0-9_-])"
)
"""A pattern of the last word of such a name, as a group."""

_QUOTED = re.compile(
    WORD + r"""(?:\\*["'])?\s*(?:=>|:=|[:=])\s*(?:\[\]byte\(|[bru](?=["']))?(\\*["'])((?:(?!\2)(?:\\.|[^\\\r\n]))+)"""
)
BARE = r"""((?:[^\s"'&;,|)}\]<>\\`]|,(?!\s|\w+=|$)|\\(?![nrtu"']))+)"""
"""A pattern of a value that nothing is around, as a group."""

_JOINED = re.compile(WORD + r"=(?!=)" + BARE)
_LINE = re.compile(
    r"(?m)^[ \t>|<*#+-]{0,12}(?:export |set |env |- |\$env:|\$)?[\"']?[\w./-]{0,60}?"
    + WORD
    + r"[\"']?[ \t]*[:=][ \t]*([^\s\"']+)[ \t;]*\r?$"
)
_OF_GO = re.compile(
    r"(?<=[{ \[(&])((?:[A-Z]\w*)?(?:Password|Secret|Token|Auth|SecretKey|SecretAccessKey)):\[?([^\s}\])]{4,})"
)
_SET = re.compile(
    r"(?m)\b(?:set(?:[ \t]+-{1,2}\w+)*|setenv|ENV)[ \t]+\w{0,60}?" + WORD + r"[ \t]+([^\s=\"']+)[ \t]*\r?$"
)
_MASK_COMMAND = re.compile(r"::(add-mask)::(\S+)")
_ORDINARY = frozenset(
    re.findall(
        r"\w+",
        """
        true false null none nil basic bearer token password htpasswd required optional enabled disabled anonymous
        """,
    )
)
_FIRST_SIGNS = (
    *("pass", "secret", "token", "key", "credential", "signature", "pwd", "pw", "psk", "otp", "auth", "cred", "jwt"),
    *("pat=", "pat:", "pat ", 'pat"', "pat'", "mask"),
)
# Asked of the text in small letters, before the patterns above, which take longer.
_CANDIDATE = re.compile(
    rf"(?:{_LONG}|{'|'.join(_SHORT)})(?![a-z0-9_-])(?:\\*[\"'])?\s*(?:[:=]|[ \t][^ \t])|::add-mask::"
)


def without_assigned_secrets(text: str, give: Give) -> str:
    """Return a text with the values of such names replaced by what `give` returns for them."""
    folded = text.lower()
    if not any(word in folded for word in _FIRST_SIGNS) or not _CANDIDATE.search(folded):
        return text

    def put(found: re.Match[str], value: int, *, is_sure: bool = False) -> str:
        secret = found[value]
        start, end = found.start(value) - found.start(), found.end(value) - found.start()
        if not is_credible(found[1], secret, is_sure=is_sure):
            return found[0]
        return found[0][:start] + give(secret_kind(found[1]) or "token", secret) + found[0][end:]

    text = _QUOTED.sub(lambda found: put(found, 3, is_sure=True), text)
    if "=" in text:
        text = _JOINED.sub(lambda found: put(found, 2), text)
    text = _LINE.sub(lambda found: put(found, 2), text)
    text = _OF_GO.sub(lambda found: put(found, 2), text)
    text = _SET.sub(lambda found: put(found, 2), text)
    return _MASK_COMMAND.sub(lambda found: put(found, 2), text) if "::add-mask::" in text else text


def secret_kind(name: str) -> str:
    """Return the kind of secret that a field of that name holds; empty where it holds none."""
    found = re.search(WORD + "$", name)
    return _KINDS.get(found[1].lower().replace("_", "").replace("-", ""), "") if found else ""


def is_credible(name: str, value: str, *, is_sure: bool = False) -> bool:
    """Say whether a value can be a secret of that name: not a word of a sentence, and not hidden already.

    `is_sure` says that it was quoted, so that it is a value and no word.
    """
    if is_hidden(value) or is_masked(value) or value.lower() in _ORDINARY:
        return False
    kind = secret_kind(name)
    has_digit = any(sign.isdigit() for sign in value)
    if kind == "login":
        return len(value) >= 4 and (":" in value or has_digit or not value.islower()) and "://" not in value
    if kind in ("credential", "signature") and not is_sure:
        return len(value) >= 12 and "://" not in value
    if kind in ("token", "key") and not is_sure:
        return len(value) >= 16 or (len(value) >= 4 and has_digit)
    return is_sure or len(value) >= 4
