"""Commands of curl that send no body, another body than was meant, or wait for one that never comes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.families.curl import commands_of
from explorer.diagnoses.families.digests import is_close
from explorer.diagnoses.families.lengths import declared_length
from explorer.diagnoses.seen import Seen
from explorer.spec.digests import EMPTY_BLOB

_DATA = re.compile(r"\s(--data(?:-binary|-raw|-ascii)?|-d)[ =]?\s*(['\"]?)([^@'\"\s{<$][^'\"\s]{0,254})\2(?=\s|$)")
_FILE = re.compile(r"[\w./~-]{0,200}(?:\.[A-Za-z0-9]{1,8}|/[\w-]{1,80})")
_OWN_LENGTH = re.compile(r"(?i)(?:-H|--header)[ =]?\s*['\"]?content-length:\s*(\d{1,18})")
_UNREAD = re.compile(r"(?i)couldn't read data from file|failed to open|makes an empty POST|can't open '")


@rule(
    "curl-data-without-at",
    "decides",
    when="always",
    fix="Write @ before the file's name: --data-binary @layer.tar (or -T layer.tar).",
    covers=("digest-mismatch", "manifest-not-json", "manifest-digest-mismatch", "unexplained-refusal", "no-bytes-sent"),
    sources=("observed with curl 7.88", "curl.1, --data-binary"),
)
def curl_data_without_at(seen: Seen) -> Iterator[Found]:
    """curl sent the name of the file in the place of what is in it: --data-binary and -d need an @ before the name."""
    if seen.worked or seen.method not in ("PUT", "PATCH", "POST") or not seen.is_refused:
        return
    typed = _name_in_command(seen)
    sent = _name_as_body(seen)
    length = declared_length(seen)
    if typed and (sent == typed or (not sent and length in (None, len(typed)))):
        yield Found(
            f"'{typed}' itself was sent, and not the file of that name",
            f"the command has {typed} without an @ before it"
            + (f"; Content-Length is {length}, the length of that name" if length is not None else ""),
            (seen.at_header("Content-Length"),),
        )
    elif sent:
        yield Found(
            f"the body is '{sent}', which looks like the name of a file",
            f"{len(sent)} bytes were sent, and they are that name",
            (seen.at_header("Content-Length"),),
            certainty="likely",
        )


def _name_in_command(seen: Seen) -> str:
    found = (_DATA.search(line) for line in commands_of(seen))
    return next((one[3] for one in found if one and _FILE.fullmatch(one[3])), "")


def _name_as_body(seen: Seen) -> str:
    body = seen.request.body
    if not isinstance(body, bytes) or not 3 <= len(body) <= 255:
        return ""
    text = body.decode("latin-1")
    return text if _FILE.fullmatch(text) else ""


@rule(
    "no-bytes-sent",
    "decides",
    when="always",
    before=True,
    fix="See that the file is there, from the folder in which the command runs, and not empty (ls -l FILE), and that "
    "the command names it: --data-binary @FILE or -T FILE.",
    covers=("digest-mismatch", "digest-is-save-dirname", "unexplained-refusal", "manifest-not-json"),
    sources=("observed with curl 7.88 and distribution 2.8",),
)
def no_bytes_sent(seen: Seen) -> Iterator[Found]:
    """The upload was closed without a byte in it, under the digest of something that has bytes.

    curl only warns where it cannot read the file of --data-binary, and sends an empty body.
    """
    if not is_close(seen) or not seen.digest or seen.digest == EMPTY_BLOB or not seen.is_in_trouble:
        return
    upload = seen.upload
    opened = seen.kind == "uploads" or (upload is not None and upload.opened and not upload.accepted)
    is_told = seen.knows("request.body") or declared_length(seen) == 0
    if not opened or seen.size or not is_told or declared_length(seen) or seen.q("Transfer-Encoding"):
        return
    if not seen.is_draft and "DIGEST_INVALID" not in seen.codes:
        return
    warning = next((line.strip() for line in seen.notes if _UNREAD.search(line)), "")
    yield Found(
        "the upload is closed, and no byte of the blob was sent",
        warning or "the body is empty, and no PATCH has sent anything before",
        (seen.at_header("Content-Length"), seen.at_query("digest")),
    )


@rule(
    "curl-own-content-length",
    "likely",
    when="always",
    fix="Leave Content-Length out of the command: curl counts the bytes of --data-binary and -T itself.",
    covers=("digest-mismatch", "timed-out", "response-dropped", "client-closed-499", "manifest-not-json"),
    sources=("observed with curl 7.88",),
)
def curl_own_content_length(seen: Seen) -> Iterator[Found]:
    """The command has a Content-Length of its own, which curl sends as it stands, whatever the body is.

    Too small, and the registry stores a part and takes the rest for the next request; too large, and it waits for ever.
    """
    if not seen.is_refused or (seen.response is None and seen.exchange.error is None):
        return
    is_of_length = "DIGEST_INVALID" in seen.codes or seen.status in (400, 408, 499) or seen.exchange.error is not None
    found = next((one for line in commands_of(seen) if (one := _OWN_LENGTH.search(line))), None)
    if found is None or not is_of_length or (seen.size and seen.knows("request.body") and seen.size == int(found[1])):
        return
    yield Found(
        f"the command says Content-Length: {found[1]} by itself",
        "curl does not compare it with the file",
        (seen.at_header("Content-Length"),),
    )


@rule(
    "curl-head-by-x",
    "decides",
    when="always",
    fix="Write -I (--head) in the place of -X HEAD: then curl waits for no body.",
    covers=("timed-out", "answer-cut-off", "response-dropped"),
    sources=("observed with curl 7.88", "curl.1, -X"),
)
def curl_head_by_x(seen: Seen) -> Iterator[Found]:
    """The HEAD was answered, and curl waited for a body all the same: -X HEAD changes the method's name and no more.

    An answer to HEAD has the Content-Length of what a GET would bring, and nothing after its head.
    """
    said = next((note.value for note in seen.exchange.notes if note.kind == "client-said"), "")
    error = seen.exchange.error
    waited = said or (error.sentence if error and seen.response is not None else "")
    if seen.method == "HEAD" and seen.status and waited and seen.r("Content-Length") not in (None, "0"):
        yield Found(
            f"the HEAD was answered with {seen.status}, and the client went on waiting for a body",
            waited,
            (seen.at_answer("Content-Length"),),
        )
