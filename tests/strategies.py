"""What hypothesis makes the nouns of."""

from __future__ import annotations

from hypothesis import strategies as st

from explorer.model import (
    NOTE_KINDS,
    Body,
    ClientSide,
    Connection,
    Exchange,
    Failure,
    Header,
    Headers,
    Note,
    Origin,
    Request,
    Response,
    Slice,
    Timings,
    Unkept,
)

latin = st.text(st.characters(max_codepoint=255), max_size=20)
words = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=20)
sizes = st.integers(0, 2**50)
header = st.builds(Header, latin, latin, st.text(" \t", max_size=3))
headers = st.builds(Headers, st.lists(header, max_size=5).map(tuple))
origins = st.sampled_from(
    [Origin("http", "localhost", 5000), Origin("https", "registry.test", 443), Origin("http", "::1", 80)]
)
digests = st.text("0123456789abcdef", min_size=64, max_size=64)
unkept = st.builds(Unkept, sizes, digests, words)
slices = st.builds(
    Slice, words.map(lambda name: f"/tmp/{name.replace('/', '_')}_"), sizes, sizes, st.none() | digests, words
)
bodies: st.SearchStrategy[Body] = st.binary(max_size=40) | slices | unkept
requests = st.builds(Request, latin, origins, latin, headers, bodies)
responses = st.builds(
    Response,
    st.integers(100, 999),
    latin,
    st.sampled_from(["HTTP/1.1", "HTTP/1.0"]),
    headers,
    st.binary() | slices | unkept,
    headers,
)
seconds = st.floats(0, 1e6)
timings = st.builds(Timings, seconds, *[st.none() | seconds] * 4)
connections = st.builds(Connection, words, words, st.booleans(), words, words)
client_sides = st.builds(ClientSide, st.binary(max_size=60), st.binary(max_size=60), connections)
notes = st.builds(Note, st.sampled_from(sorted(NOTE_KINDS)), words, words)
failures = st.builds(Failure, st.sampled_from(["closed", "timeout", "tls"]), words)


@st.composite
def exchanges(draw: st.DrawFn, id: int | None = None) -> Exchange:
    """Make an exchange, edited or not, answered or not."""
    request = draw(requests)
    number = draw(st.integers(1, 2**31)) if id is None else id
    return Exchange(
        id=number,
        after=draw(st.integers(0, number - 1)),
        title=draw(words),
        proposed=draw(st.just(request) | requests),
        request=request,
        response=draw(st.none() | responses),
        error=draw(st.none() | failures),
        sent_head=draw(st.binary(max_size=60)),
        received_head=draw(st.binary(max_size=60)),
        sent_size=draw(sizes),
        sent_sha256=draw(digests),
        timings=draw(timings),
        connection=draw(connections),
        spec=draw(words),
        basis=draw(st.sampled_from(["observed", "inferred", "made up"])),
        unknown=draw(st.sampled_from([(), ("request.body", "response.headers")])),
        client=draw(st.none() | client_sides),
        notes=tuple(draw(st.lists(notes, max_size=2))),
        extra=draw(st.sampled_from([{}, {"later": [1, None, {"é": "→"}], "request": {"later": {"a": 2.5}}}])),
    )
