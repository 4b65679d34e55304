"""Blobs that are handed out by an object store: a redirect to a signed URL, and what can go wrong behind it."""

from __future__ import annotations

import re
import secrets
import threading
import time

from explorer.faults.answers import storage_xml
from explorer.faults.arguments import text
from explorer.faults.bodies import drained
from explorer.faults.changes import without
from explorer.faults.declared import Passing, Plays, fault
from explorer.model import Headers
from explorer.wire.server import Outgoing

_BUCKET = "/registry-bucket/"
_KEY = re.compile(rf"{_BUCKET}(?P<name>.+)/(?P<digest>[a-z0-9]+:[0-9a-f]+)\?(?P<query>.*)")
_MOST = 1000
_TWO_AUTH = (
    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter"
    " or the Authorization header should be specified"
)
_AZURE = "Authentication information is not given in the correct format. Check the value of Authorization header."


class _Store:
    """Redirects what is asked of a blob to this same server, below a bucket, and answers there for the store."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._logins: dict[str, str | None] = {}  # of those who were redirected, by the signature that they were given

    def __call__(self, passing: Passing) -> Outgoing:
        """Redirect, or answer as the store."""
        found = _KEY.fullmatch(passing.incoming.target)
        if found:
            return self.refuses(passing) or self._blob(passing, found)
        if passing.asked.kind == "blob" and passing.asked.is_read:
            return self._redirect(passing)
        return passing.on()

    def host(self, passing: Passing) -> str:
        """Return the authority that the redirect names."""
        return passing.incoming.host

    def signed(self, signature: str) -> str:
        """Return the query of the signed URL."""
        moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        return (
            "X-Amz-Algorithm=AWS4-HMAC-SHA256"
            f"&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F{moment[:8]}%2Fus-east-1%2Fs3%2Faws4_request"
            f"&X-Amz-Date={moment}&X-Amz-Expires=1200&X-Amz-SignedHeaders=host&X-Amz-Signature={signature}"
        )

    def refuses(self, passing: Passing) -> Outgoing | None:
        """Return the store's refusal; None where it has none."""
        del passing
        return None

    def _redirect(self, passing: Passing) -> Outgoing:
        there = passing.on(method="HEAD", headers=passing.headers.without("Range", "If-None-Match"))
        if there.status != 200:
            return passing.on() if passing.incoming.method == "GET" else there
        signature = secrets.token_hex(32)
        with self._lock:
            self._logins[signature] = passing.headers.get("Authorization")
            while len(self._logins) > _MOST:
                del self._logins[next(iter(self._logins))]
        asked = passing.asked
        path = f"{_BUCKET}{asked.name}/{asked.word.replace('%3A', ':')}"
        location = f"{passing.incoming.scheme}://{self.host(passing)}{path}?{self.signed(signature)}"
        kept = Headers.of(*((name, value) for name, value, _ in there.headers if name.lower().startswith("docker-")))
        headers = kept.set("Content-Type", "text/html; charset=utf-8").set("Location", location)
        page = f'<a href="{location.replace("&", "&amp;")}">Temporary Redirect</a>.\n\n'.encode()
        return Outgoing(307, headers, page)

    def _blob(self, passing: Passing, found: re.Match[str]) -> Outgoing:
        passing.swallow()
        signature = re.search(r"(?:Signature|sig)=([0-9a-f]+)", found["query"])
        if signature is None or signature[1] not in self._logins:
            return storage_xml(403, "AccessDenied", "Access Denied")
        login = self._logins[signature[1]]
        headers = passing.headers.without("Authorization")
        headers = headers if login is None else headers.set("Authorization", login)
        target = f"/v2/{found['name']}/blobs/{found['digest']}"
        answer = passing.on(target=target, headers=headers, body=drained(passing.incoming.body))
        bare = without(answer, "Docker-Distribution-Api-Version", "Docker-Content-Digest")
        return Outgoing(bare.status, bare.headers.set("Server", "AmazonS3"), bare.body)


@fault("storage-redirect", plays=Plays.STORAGE, known_as=())
class StorageRedirect(_Store):
    """307 to a signed URL for every blob, as registries on S3, GCS or Azure do; the store hands the bytes out.

    It is no error. The login of the registry must not be sent along.
    """


@fault("s3-two-auth", plays=Plays.STORAGE)
class S3TwoAuth(_Store):
    """400 with XML after the 307 of a blob, "Only one auth mechanism allowed", where Authorization was sent along.

    S3 takes a signed URL or a login, not both. Without the header the bytes come.
    """

    def refuses(self, passing: Passing) -> Outgoing | None:
        """Refuse a second login."""
        login = passing.headers.get("Authorization")
        if login is None:
            return None
        named = (("ArgumentName", "Authorization"), ("ArgumentValue", login.partition(" ")[0]))
        return storage_xml(400, "InvalidArgument", _TWO_AUTH, *named, ("RequestId", "4442587FB7D0A2F9"))


@fault("azure-two-auth", plays=Plays.STORAGE)
class AzureTwoAuth(_Store):
    """400 with XML after the 307 of a blob, `InvalidAuthenticationInfo`, where Authorization was sent along: Azure."""

    def signed(self, signature: str) -> str:
        """Return the query of Azure's kind of signed URL."""
        end = time.strftime("%Y-%m-%dT%H%%3A%M%%3A%SZ", time.gmtime(time.time() + 1200))
        return f"se={end}&sig={signature}&sp=r&sr=b&sv=2020-10-02"

    def refuses(self, passing: Passing) -> Outgoing | None:
        """Refuse a second login."""
        if passing.headers.get("Authorization") is None:
            return None
        return storage_xml(400, "InvalidAuthenticationInfo", _AZURE, server="Windows-Azure-Blob/1.0")


@fault("signed-url-expired", plays=Plays.STORAGE)
class SignedUrlExpired(_Store):
    """403 with XML after the 307 of a blob, `AccessDenied`, "Request has expired": the signed URL was used too late."""

    def refuses(self, passing: Passing) -> Outgoing | None:
        """Refuse all."""
        del passing
        return storage_xml(403, "AccessDenied", "Request has expired", ("X-Amz-Expires", "1200"))


@fault("head-on-get-signature", plays=Plays.STORAGE)
class HeadOnGet(_Store):
    """403 after the 307 for the HEAD of a blob: the URL is signed for GET. A GET of the same blob gets its bytes."""

    def refuses(self, passing: Passing) -> Outgoing | None:
        """Refuse what is no GET."""
        if passing.incoming.method == "GET":
            return None
        what = "The request signature we calculated does not match the signature you provided."
        return storage_xml(403, "SignatureDoesNotMatch", what)


@fault(
    "storage-host-unreachable",
    plays=Plays.STORAGE,
    argument=text("HOST", "the host that the redirect names", "minio.internal.invalid:9000"),
)
class StorageUnreachable(_Store):
    """307 for every blob to a host that cannot be reached from here: an object store behind the registry only."""

    def __init__(self, host: str) -> None:
        super().__init__()
        self._host = host

    def host(self, passing: Passing) -> str:
        """Return the host that cannot be reached."""
        del passing
        return self._host
