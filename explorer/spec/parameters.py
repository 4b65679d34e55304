"""The parameters of queries in this API, and what they are for."""

from __future__ import annotations

from explorer.frozen import frozen


@frozen
class Parameter:
    """A parameter of a query: its name, where it is defined, where it stands, and what it means."""

    name: str
    section: str
    where: str
    meaning: str


_SPEC = "distribution-spec, spec.md"
_TOKENS = "docker's token specification"

PARAMETERS = (
    Parameter(
        "_state",
        "distribution's own",
        "the Location of an upload",
        "The registry's note to itself: name, id, offset and start of the upload as JSON, behind 32 bytes that sign "
        "it, in base64url. It goes back as it came, '%3D' and all; each answer brings a new one. 'illegal base64 "
        "data' means that something else was joined to it (a second '?'), 'invalid secret' that another replica "
        "signed it, and no detail at all that it is not the newest. Whoever reads it can tell how far the registry "
        "thinks the upload is.",
    ),
    Parameter(
        "digest",
        f"{_SPEC}, Pushing blobs",
        "PUT to an upload, and the POST that sends a blob at once",
        "The digest of the whole blob, of exactly the bytes that are stored, as in sha256:<64 hex digits>. It is "
        "joined to a Location by '&' where that has a '?' already.",
    ),
    Parameter(
        "digest-algorithm",
        f"{_SPEC}, end-4c",
        "POST …/blobs/uploads/",
        "Says beforehand by which algorithm the blob will be named, as in sha512.",
    ),
    Parameter(
        "mount",
        f"{_SPEC}, Mounting a blob from another repository",
        "POST …/blobs/uploads/",
        "The digest of a blob that is to be taken over from the repository that `from` names. 201: done; 202: it was "
        "not, and an upload is open instead.",
    ),
    Parameter(
        "from",
        f"{_SPEC}, Mounting a blob from another repository",
        "POST …/blobs/uploads/?mount=",
        "The repository that a blob is mounted from, whose name is not encoded further. One must be allowed to pull "
        "from it.",
    ),
    Parameter(
        "n",
        f"{_SPEC}, Listing tags",
        "GET …/tags/list and _catalog",
        "How many results there may be at most. Where there are more, the answer has a Link to the next page.",
    ),
    Parameter(
        "last",
        f"{_SPEC}, Listing tags",
        "GET …/tags/list and _catalog",
        "The last result that is known already; the page begins after it. It comes with the Link of the page before.",
    ),
    Parameter(
        "artifactType",
        f"{_SPEC}, Listing referrers",
        "GET …/referrers/DIGEST",
        "Only referrers of that type. OCI-Filters-Applied says whether the registry heeded it; the client has to "
        "filter where it did not.",
    ),
    Parameter(
        "tag",
        f"{_SPEC} (draft of 1.2), end-7b",
        "PUT …/manifests/DIGEST",
        "A tag that the manifest gets, too; repeatable. OCI-Tag names those that were made. distribution takes no "
        "notice.",
    ),
    Parameter(
        "ns",
        f"{_SPEC}, Registry proxying",
        "requests to a mirror or a cache",
        "The host of the registry that the content is from.",
    ),
    Parameter(
        "scope",
        _TOKENS,
        "GET of a token",
        "What the token is to allow: repository:NAME:ACTIONS, actions joined by commas; repeatable. Less may be "
        "granted.",
    ),
    Parameter(
        "service",
        _TOKENS,
        "GET of a token",
        "The registry that the token is for, as the challenge names it. It becomes the token's audience.",
    ),
    Parameter("account", _TOKENS, "GET of a token", "The name that the login is for."),
    Parameter("client_id", _TOKENS, "GET or POST for a token", "The program that asks."),
    Parameter(
        "offline_token",
        _TOKENS,
        "GET of a token",
        "`true` asks for a refresh token, which gets further tokens by POST.",
    ),
    Parameter(
        "_nouploadcache",
        "Azure Container Registry's own",
        "the Location of an upload",
        "Stands before _state there. It goes back as it came.",
    ),
)


def parameter_named(word: str) -> Parameter | None:
    """Return the parameter of that name, `?`, `&` and `=` around it left out; None where there is none."""
    name = word.strip().lstrip("?&").rstrip("=").lower()
    return next((one for one in PARAMETERS if one.name.lower() == name), None)
