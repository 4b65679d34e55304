"""Secrets of command lines: options of curl, docker, skopeo and others, their files of settings, and what is piped."""

from __future__ import annotations

import re

from explorer.redact.assignments import WORD, is_credible, secret_kind
from explorer.redact.marks import Give

_VALUE = (
    r"(\\*\"(?:[^\"\\\r\n]|\\+(?![\"\\]))+\\*\"|\\*'(?:[^'\\\r\n]|\\+(?!['\\]))+\\*'"
    r"|(?!&#|&quot|%2[27])(?:[^\s\"'\\]|\\(?!\\*[\"']))+)"
)
_IN_QUOTES = re.compile(r"(\\*[\"'])(.+?)(\\*[\"'])")
_OPTION = r"(?<![\w-])"
# A name with a colon; two numbers are a user and a group, or a port and a port.
_PAIR = r"(?!['\"]?\d+:\d+(?![^\s\"']))(?=[^\s:=]+:|['\"][^:'\"]+:)"
_USER = re.compile(
    rf"({_OPTION}(?:-[a-zA-Z#]{{0,8}}[uU]|--user|--proxy-user|--creds|--src-creds|--dest-creds|--auth)[ =]?)"
    rf"{_PAIR}{_VALUE}"
)
_HTTPIE = re.compile(rf"(\b(?:https?|xhs?)(?:[ \t][^\r\n]{{0,200}}?)?[ \t](?:-a|--auth)[ =]?){_PAIR}{_VALUE}")
_PROXY = re.compile(
    rf"({_OPTION}(?:-x|--proxy|--preproxy|--socks5-hostname|--socks5|--socks4a?|--proxy1\.0)[ =]?[\"']?)"
    r"([^\s/@\"':]+:[^\s/@\"']+)(?=@)"
)
_CERTIFICATE = re.compile(rf"({_OPTION}(?:--cert|--proxy-cert|-E)[ =]?[^\s:=\"']+:)(?!\\|//){_VALUE}")
_BEARER = re.compile(rf"({_OPTION}--(?:oauth2-bearer)[ =]){_VALUE}")
_COOKIE = re.compile(rf"({_OPTION}(?:-[a-zA-Z#]{{0,8}}b|--cookie)[ =]?)(?=[\"']?[\w!#$%&*+.^`|~-]+=){_VALUE}")
_NAMED = re.compile(rf"{_OPTION}--?[\w-]{{0,40}}?{WORD}(?:=|[ \t]+)(?!-){_VALUE}")
_SHORT_PASSWORD = re.compile(rf"(\blogin\b[^\r\n]{{0,300}}?\s-p[ =]?){_VALUE}")
_SETTING = re.compile(
    r"(?m)^([ \t]*(?:-{1,2}(?=[A-Za-z-]+[ \t=])|(?=[A-Za-z-]+[ \t]*[=:]))"
    r"(user|proxy-user|u|U|cert|proxy-cert|E|cookie|b)(?:[ \t]*[=:][ \t]*|[ \t]+))"
    rf"(?!['\"]?\d+:\d+\b){_VALUE}[ \t]*\r?$"
)
_BEARER_SETTING = re.compile(rf"(?m)^([ \t]*oauth2-bearer[ \t]*[=:]?[ \t]*){_VALUE}[ \t]*\r?$")
_PIPED = re.compile(
    r"(\b(?:echo|printf)[ \t]+(?:-\w+[ \t]+)*(?:['\"]?%s(?:\\n)?['\"]?[ \t]+)?)"
    + _VALUE
    + r"(?=[ \t]*\|[^|\r\n]{0,300}(-stdin\b|\bbase64\b))"
)
_FED = re.compile(r"(-stdin\b[^\r\n]{0,300}<<<[ \t]*)" + _VALUE)
_HTPASSWD = re.compile(
    r"(\bhtpasswd[ \t]+(?=-\w*b)(?:-\w+[ \t]+(?:\d+[ \t]+)?)+(?:[^\s|>;&]+[ \t]+){1,2})([^\s|>;&]+)"
    r"(?=[ \t]*(?:$|[\r\n|>;&]))"
)
_OPTIONS = re.compile(r"(?<![\w-])-{1,2}[A-Za-z#]")
_ALWAYS = ((_USER, "login"), (_HTTPIE, "login"), (_PROXY, "login"), (_CERTIFICATE, "password"), (_BEARER, "token"))
_NO_SECRETS = re.compile(r"(?:id|type|src|source|env)=|\$|https?://")


def without_command_secrets(text: str, give: Give) -> str:
    """Return a text with the secrets of command lines replaced by what `give` returns for them."""

    def put(kind: str, value: str) -> str:
        quoted = _IN_QUOTES.fullmatch(value)
        return quoted[1] + give(kind, quoted[2]) + quoted[3] if quoted else give(kind, value)

    folded = text.lower()
    has_options = _OPTIONS.search(text) is not None
    if has_options:
        for pattern, kind in _ALWAYS:
            text = _replaced(pattern, kind, text, put)
        text = _COOKIE.sub(lambda found: found[1] + put("cookie", found[2]), text)
        text = _NAMED.sub(lambda found: _option(found, put), text)
        text = _SHORT_PASSWORD.sub(lambda found: found[1] + put("password", found[2]), text)
    if "stdin" in folded or "base64" in folded:
        text = _PIPED.sub(lambda found: _piped(found, put), text)
        text = _FED.sub(lambda found: found[1] + put("password", found[2]), text)
    if "htpasswd" in text:
        text = _HTPASSWD.sub(lambda found: found[1] + put("password", found[2]), text)
    if "bearer" in folded:
        text = _BEARER_SETTING.sub(lambda found: found[1] + put("token", found[2]), text)
    if "user" in folded or "cert" in folded or "cookie" in folded or (has_options and _OPTIONS.search(text)):
        text = _SETTING.sub(lambda found: _setting(found, put), text)
    return text


def _replaced(pattern: re.Pattern[str], kind: str, text: str, put: Give) -> str:
    return pattern.sub(lambda found: found[1] + put(kind, found[2]), text)


def _option(found: re.Match[str], put: Give) -> str:
    name, value = found[1], found[2]
    front = found[0][: found.start(2) - found.start()]
    core = value.strip("\"'\\")
    if _NO_SECRETS.match(core) or not is_credible(name, core, is_sure=True):
        return found[0]
    given, mark, rest = core.partition("=")
    if name.lower() == "secret" and mark and given.isidentifier() and rest:
        return front + value.replace(rest, put("password", rest), 1)
    return front + put(secret_kind(name) or "token", value)


def _piped(found: re.Match[str], put: Give) -> str:
    is_login = ":" in found[2]
    if found[3] == "base64" and not is_login:
        return found[0]
    return found[1] + put("login" if found[3] == "base64" else "password", found[2])


def _setting(found: re.Match[str], put: Give) -> str:
    name, value = found[2], found[3]
    front, rest = found[1], found[0][found.end(3) - found.start() :]
    if name in ("cookie", "b"):
        return front + put("cookie", value) + rest if "=" in value else found[0]
    user, colon, secret = value.strip("\"'\\").partition(":")
    if not colon or not secret or not user or secret.startswith("//"):
        return found[0]
    if name.endswith("cert") or name == "E":
        return front + value.replace(secret, put("password", secret)) + rest
    return front + put("login", value) + rest
