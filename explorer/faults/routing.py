"""Requests that do not arrive as they were sent: redirects, slashes too few and too many, a web site in the way."""

from __future__ import annotations

from explorer.faults.answers import nginx_page
from explorer.faults.arguments import Which, text, which
from explorer.faults.changes import with_parameter, without_parameters
from explorer.faults.declared import Passing, Plays, fault
from explorer.model import Headers
from explorer.wire.server import Outgoing

_MARK = "redirected"
_TO = text("ORIGIN", "where the redirect leads, as in https://registry.test, or here", "here")

SITE = b"""\
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Welcome</title></head>
<body><div id="root"></div><script src="/assets/index.js"></script></body>
</html>
"""


def _redirected(passing: Passing, origin: str, *methods: str) -> Outgoing:
    """Answer requests of those methods to uploads with a 301; to this server each is redirected once."""
    asked, target = passing.asked, passing.incoming.target
    if asked.method not in methods or asked.kind not in ("open", "upload"):
        return passing.on(target=without_parameters(target, _MARK))
    if origin != "here":
        return nginx_page(301, ("Location", f"{origin.rstrip('/')}{target}"))
    if asked.value(_MARK):
        return passing.on(target=without_parameters(target, _MARK))
    here = f"{passing.incoming.scheme}://{passing.incoming.host}"
    return nginx_page(301, ("Location", f"{here}{with_parameter(target, _MARK, '1')}"))


@fault("post-became-get", plays=Plays.PROXY, argument=_TO)
def post_redirected(passing: Passing, origin: str) -> Outgoing:
    """301 for the POST that opens an upload, as where http is sent on to https: most clients go on with a GET.

    That GET is answered with 404 `BLOB_UPLOAD_UNKNOWN`. A client that keeps the method gets through. Where the redirect
    leads here, a parameter `redirected` stands for the other scheme.
    """
    return _redirected(passing, origin, "POST")


@fault("patch-became-get-unknown-blob", plays=Plays.PROXY, argument=_TO)
def patch_redirected(passing: Passing, origin: str) -> Outgoing:
    """301 for PATCH and PUT to an upload: Go clients go on with a GET, are told 204, and take the blob for uploaded.

    Nothing has been: the HEAD that follows says 404, and docker prints "unknown blob". A client that keeps the method
    gets through.
    """
    return _redirected(passing, origin, "PATCH", "PUT")


@fault("uploads-no-trailing-slash", "post-became-get", plays=Plays.PROXY)
def slash_stripped(passing: Passing) -> Outgoing:
    """301 for the POST that opens an upload: a proxy takes the slash at its end, the registry sends the client back.

    Whoever follows with the same POST goes round in circles; whoever follows with a GET is told 404
    `BLOB_UPLOAD_UNKNOWN`.
    """
    if not passing.asked.is_opening:
        return passing.on()
    path, mark, query = passing.incoming.target.partition("?")
    return passing.on(target=f"{path.rstrip('/')}{mark}{query}")


@fault("double-slash", plays=Plays.PROXY, argument=which("uploads"))
def double_slash(passing: Passing, meant: Which) -> Outgoing:
    """301 to the address that was asked for: the proxy joins its prefix and the path to `//v2/…`.

    The registry sends the client to the cleaned path, and the proxy spoils it again.
    """
    return passing.on(target=f"/{passing.incoming.target}") if meant.takes(passing.asked) else passing.on()


@fault("not-a-registry", plays=Plays.DEPLOYMENT)
def not_a_registry(passing: Passing) -> Outgoing:
    """200 with a page of HTML to whatever is asked: a web site answers under this name, no registry.

    A push of a client that looks at nothing but the status seems to work. Go clients print "invalid character '<'".
    """
    passing.swallow()
    return Outgoing(200, Headers.of(("Content-Type", "text/html; charset=utf-8")), SITE)
