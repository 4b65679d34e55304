"""What is masked by choice: hosts, repositories, addresses and users, each by a name that is as valid as its own.

A repository's name is as long as the old one, so that an upload state, and what an error says about its length, stay
true. Hosts end in `.invalid` and addresses lie in the ranges for documentation: neither can ever be reached.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from explorer.frozen import frozen
from explorer.model import Exchange, Session
from explorer.redact.ledger import Ledger
from explorer.redact.values import Value
from explorer.spec.references import is_address, is_loopback

_URL_HOST = re.compile(r"(?i)\b[a-z][a-z0-9+.-]*://(?:[^/\s@\"'<>?#]*@)?(\[[0-9a-f:.]+\]|[a-z0-9._-]+)")
_PATH_NAME = re.compile(r"/v2/([a-z0-9][a-z0-9._/-]*?)/(?:blobs|manifests|tags|referrers)(?=/)")
_SCOPE_NAME = re.compile(r"repository(?:\([a-z]+\))?(?::|%3A)([a-z0-9][a-z0-9._/-]*?)(?::|%3A)", re.IGNORECASE)
_FROM_NAME = re.compile(r"[?&]from=([a-z0-9][a-z0-9._/%-]*)", re.IGNORECASE)
_JSON_NAME = re.compile(r"\"(?:name|Name)\"\s*:\s*\"([a-z0-9][a-z0-9._/-]*)\"")
_USER = re.compile(r"(?i)(?:[?&](?:account|username|user)=|\"(?:username|preferred_username)\"\s*:\s*\")([^&\s\"'#]+)")
_ADDRESS_HEADERS = ("x-forwarded-for", "x-real-ip", "forwarded", "x-client-ip", "cf-connecting-ip", "via")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|\[?(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}\]?")
_VIA = re.compile(r"\b\d(?:\.\d)? ([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+)")
_DOMAIN = re.compile(r"(?i);\s*domain=\.?([a-z0-9_-]+(?:\.[a-z0-9_-]+)+)")
_HOST_HEADERS = ("host", "x-forwarded-host", "x-original-host")
_NEVER = {"library", "blobs", "uploads", "v2", "manifests", "tags", "list", "name", "sha256"}


Texts = Callable[[], Iterable[str]]


@frozen
class Choices:
    """What is masked besides secrets."""

    hosts: bool = False
    repositories: bool = False
    addresses: bool = False
    users: bool = False

    @classmethod
    def of(cls, names: Iterable[str]) -> Choices:
        """Return the choices of those names; `all` is every one."""
        chosen = set(names)
        return cls(*(field in chosen or "all" in chosen for field in cls.__match_args__))


def note_names(session: Session, texts: Texts, ledger: Ledger, choices: Choices) -> None:
    """Put what is to be masked by choice into the ledger; `texts` gives all that stands in the session, each time."""
    if choices.hosts:
        hosts = [host for host in dict.fromkeys(_hosts(session, texts)) if not is_loopback(host)]
        hosts = list(dict.fromkeys((*hosts, *_relatives(hosts, texts))))
        names = [host for host in hosts if not is_address(host) and not host.endswith(".invalid") and len(host) > 1]
        for number, host in enumerate(names):
            ledger.add(Value(host.encode("latin-1"), f"host-{_letters(number)}.invalid".encode(), "host"), "host")
    if choices.hosts or choices.addresses:
        for number, address in enumerate(dict.fromkeys(_addresses(session, texts))):
            ledger.add(Value(address.encode("ascii"), _stand_in(address, number).encode("ascii"), "host"), "address")
    if choices.repositories:
        found = [name for name in dict.fromkeys(_repositories(texts)) if name not in _NEVER]
        for number, name in enumerate(name for name in found if not re.fullmatch(r"repo-[a-z]+0*", name)):
            stand_in = _of_length(number, len(name))
            ledger.add(Value(name.encode("latin-1"), stand_in.encode("ascii"), "name"), "repository")
    if choices.users:
        for user in dict.fromkeys(found[1] for text in texts() for found in _USER.finditer(text)):
            ledger.give("user", user)


def _hosts(session: Session, texts: Texts) -> Iterator[str]:
    for exchange in session.exchanges:
        yield exchange.request.origin.host
        yield exchange.proposed.origin.host
        for name, value in _headers(exchange):
            if name == "via":
                yield from (found[1].lower() for found in _VIA.finditer(value))
            if name == "set-cookie" and (found := _DOMAIN.search(value)):
                yield found[1].lower()
            if name in _HOST_HEADERS:
                yield value.strip().rpartition(":")[0].lower() if ":" in value else value.strip().lower()
    for text in texts():
        yield from (found[1].strip("[]").lower() for found in _URL_HOST.finditer(text))


def _relatives(hosts: Iterable[str], texts: Texts) -> Iterator[str]:
    """Yield the names that end as a known host does after its first part: they are of the same house."""
    ends = {host.partition(".")[2] for host in hosts if not is_address(host) and not host.endswith(".invalid")}
    houses = "|".join(re.escape(end) for end in sorted(ends, key=len, reverse=True) if "." in end)
    if houses:
        name = re.compile(rf"(?i)(?<![a-z0-9_.-])(?:[a-z0-9_-]+\.)*(?:{houses})(?![a-z0-9_-])")
        for text in texts():
            yield from (found[0].lower() for found in name.finditer(text))


def _headers(exchange: Exchange) -> Iterator[tuple[str, str]]:
    for row in (*exchange.request.headers, *(exchange.response.headers if exchange.response else ())):
        yield row.name.lower(), row.value


def _addresses(session: Session, texts: Texts) -> Iterator[str]:
    told = (text for exchange in session.exchanges for text in _telling_of_addresses(exchange))
    hosts = (found[1] for text in texts() for found in _URL_HOST.finditer(text))
    for text in dict.fromkeys(chain(told, hosts)):
        for found in _ADDRESS.finditer(text):
            address = found[0].strip("[]")
            if is_address(address) and not _is_public_knowledge(address):
                yield address


def _telling_of_addresses(exchange: Exchange) -> Iterator[str]:
    yield from (exchange.connection.local, exchange.connection.peer, exchange.connection.certificate)
    if exchange.client:
        yield from (exchange.client.connection.local, exchange.client.connection.peer)
    yield from (exchange.request.origin.host, exchange.error.sentence if exchange.error else "")
    yield from (value for name, value in _headers(exchange) if name in _ADDRESS_HEADERS)


def _is_public_knowledge(text: str) -> bool:
    """Say whether an address says nothing: of this machine, of none, or a stand-in already."""
    address = ipaddress.ip_address(text)
    stand_ins = ("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:")
    return address.is_loopback or address.is_unspecified or text.startswith(stand_ins)


def _stand_in(address: str, number: int) -> str:
    if ":" in address:
        return f"2001:db8::{number + 1:x}"
    network = ("192.0.2", "198.51.100", "203.0.113")[min(number // 254, 2)]
    return f"{network}.{number % 254 + 1}"


def _repositories(texts: Texts) -> Iterator[str]:
    for text in texts():
        if "/v2/" in text:
            yield from (found[1] for found in _PATH_NAME.finditer(text))
        if "repository" in text:
            yield from (found[1] for found in _SCOPE_NAME.finditer(text))
        if "from=" in text:
            yield from (re.sub("%2[Ff]", "/", found[1]) for found in _FROM_NAME.finditer(text))
        if '"tags"' in text or '"Name"' in text:
            yield from (found[1] for found in _JSON_NAME.finditer(text))


def _letters(number: int) -> str:
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(97 + rest) + name
    return name


def _of_length(number: int, length: int) -> str:
    """Return a repository's name of that length, another one for each number as far as the length has room for it."""
    name = f"repo-{_letters(number)}"
    if len(name) <= length:
        return name.ljust(length, "0")
    return _letters(number).rjust(length, "x")[-length:]
