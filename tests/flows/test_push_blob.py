"""One blob, in four shapes, against answers that are made up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from explorer.editing import with_body
from explorer.flows import Flow
from explorer.flows.push_blob import Shape, push_blob
from explorer.model import Blob, Request, Response, Slice, Step, Unkept
from explorer.spec.digests import EMPTY_BLOB
from explorer.stepping import Blocked, Done, outline
from tests.scripted import BLOB, DATA, ORIGIN, UPLOAD, Ran, answer, blob_of, moved_on, run

OPEN = "POST /v2/t/r/blobs/uploads/"
DIGEST = f"digest={BLOB.digest}"
REFUSAL = b'{"errors":[{"code":"BLOB_UPLOAD_INVALID","message":"blob upload invalid","detail":212}]}'


def push(shape: Shape, blob: Blob = BLOB, chunk_size: int = 4) -> Callable[[], Flow[object]]:
    return lambda: push_blob(ORIGIN, "t/r", blob, shape, chunk_size)


def blocked(ran: Ran) -> str:
    assert isinstance(ran.outcome, Blocked)
    return ran.outcome.sentence


@pytest.mark.parametrize(
    ("shape", "lines"),
    [
        (Shape.STREAM, [OPEN, f"PATCH {UPLOAD}?_state=0", f"PUT {UPLOAD}?_state=1&{DIGEST}"]),
        (
            Shape.CHUNKED,
            [OPEN, *(f"PATCH {UPLOAD}?_state={number}" for number in range(3)), f"PUT {UPLOAD}?_state=3&{DIGEST}"],
        ),
        (Shape.PUT, [OPEN, f"PUT {UPLOAD}?_state=0&{DIGEST}"]),
        (Shape.POST, [f"{OPEN}?{DIGEST}"]),
    ],
)
def test_each_shape_is_a_sequence_of_requests(shape: Shape, lines: list[str]) -> None:
    ran = run(push(shape))
    assert (ran.lines, ran.outcome) == (lines, Done(None))


@pytest.mark.parametrize(
    ("shape", "bodies"),
    [
        (Shape.STREAM, [b"", DATA, b""]),
        (Shape.CHUNKED, [b"", b"0123", b"4567", b"89", b""]),
        (Shape.PUT, [b"", DATA]),
        (Shape.POST, [DATA]),
    ],
)
def test_each_shape_carries_the_bytes_where_it_should(shape: Shape, bodies: list[bytes]) -> None:
    assert [step.request.body for step in run(push(shape)).steps] == bodies


@pytest.mark.parametrize("shape", Shape)
def test_every_request_has_host_agent_and_its_true_length(shape: Shape) -> None:
    for step in run(push(shape)).steps:
        names = [header.name for header in step.request.headers]
        assert names[:2] == ["Host", "User-Agent"]
        assert step.request.headers.get("Host") == "registry.test:5000"
        assert step.request.headers.get("Content-Length") == str(len(bytes(step.request.body)))  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", Shape)
def test_bytes_go_as_an_octet_stream_and_nothing_else_has_a_type(shape: Shape) -> None:
    types = [step.request.headers.get("Content-Type") for step in run(push(shape)).steps if step.request.body]
    empty = [step.request.headers.get("Content-Type") for step in run(push(shape)).steps if not step.request.body]
    assert set(types) == {"application/octet-stream"}
    assert set(empty) <= {None}


def test_chunks_name_their_first_and_last_byte() -> None:
    ranges = [step.request.headers.get("Content-Range") for step in run(push(Shape.CHUNKED)).steps]
    assert ranges == [None, "0-3", "4-7", "8-9", None]


def test_only_chunks_have_a_content_range() -> None:
    assert not any(step.request.headers.get("Content-Range") for step in run(push(Shape.STREAM)).steps)


@pytest.mark.parametrize(
    ("shape", "methods"),
    [
        (Shape.STREAM, ["POST", "PATCH", "PUT"]),
        (Shape.CHUNKED, ["POST", "PUT"]),
        (Shape.PUT, ["POST", "PUT"]),
        (Shape.POST, ["POST"]),
    ],
)
def test_a_blob_of_no_bytes_is_pushed_too(shape: Shape, methods: list[str]) -> None:
    ran = run(push(shape, blob_of(b"")))
    assert [step.request.method for step in ran.steps] == methods
    assert ran.last.target.endswith(f"digest={EMPTY_BLOB}")


def test_chunks_of_a_file_are_slices_of_it() -> None:
    blob = Blob(BLOB.digest, "", Slice("/layer.tar", 512, 10, "ab"), "layer")
    parts = [step.request.body for step in run(push(Shape.CHUNKED, blob)).steps[1:4]]
    assert parts == [Slice("/layer.tar", 512 + start, length) for start, length in ((0, 4), (4, 4), (8, 2))]


def test_a_single_post_that_only_opened_an_upload_goes_on_with_a_put() -> None:
    ran = run(push(Shape.POST), [answer(202, ("Location", "/u?s=1")), answer(201)])
    assert ran.lines == [f"{OPEN}?{DIGEST}", f"PUT /u?s=1&{DIGEST}"]
    assert (ran.last.body, ran.outcome) == (DATA, Done(None))


@pytest.mark.parametrize(
    ("said", "size"),
    [("8", 8), ("4", 4), ("2", 4), ("100", 10), ("junk", 4), ("-8", 4), ("", 4), ("²", 4), ("9" * 5000, 4)],
)
def test_a_registrys_shortest_chunk_raises_the_chunk_size(said: str, size: int) -> None:
    opened = answer(202, ("Location", "/u"), ("OCI-Chunk-Min-Length", said))
    assert run(push(Shape.CHUNKED), [opened]).last.body == DATA[:size]


def test_an_edited_chunk_moves_the_next_offset() -> None:
    def shorten(request: Request) -> Request:
        return with_body(request, b"0123"[:3]) if request.headers.get("Content-Range") == "0-3" else request

    ranges = [step.request.headers.get("Content-Range") for step in run(push(Shape.CHUNKED), edit=shorten).steps]
    assert ranges == [None, "0-3", "3-6", "7-9", None]


def test_an_edited_target_is_what_a_relative_location_resolves_against() -> None:
    def elsewhere(request: Request) -> Request:
        return replace(request, target="/mirror/v2/t/r/blobs/uploads/")

    ran = run(push(Shape.PUT), [answer(202, ("Location", "4f"))], edit=elsewhere)
    assert ran.lines[1] == f"PUT /mirror/v2/t/r/blobs/uploads/4f?{DIGEST}"


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("4f?s=a%3D%3D", "http://registry.test:5000/v2/t/r/blobs/uploads/4f?s=a%3D%3D&"),
        ("/u", "http://registry.test:5000/u?"),
        ("https://store.test/u?s=1", "https://store.test/u?s=1&"),
        ("store.test:8080/u", "http://store.test:8080/u?"),
    ],
)
def test_a_location_of_any_form_is_where_the_bytes_go(location: str, url: str) -> None:
    ran = run(push(Shape.PUT), [answer(202, ("Location", location))])
    assert (ran.last.url, ran.last.headers.get("Host")) == (url + DIGEST, ran.last.origin.authority)


@pytest.mark.parametrize("location", [None, "", "ftp://store.test/u", "http://store.test:99999/u"])
def test_without_a_usable_location_the_flow_is_blocked(location: str | None) -> None:
    headers = [] if location is None else [("Location", location)]
    assert "Location" in blocked(run(push(Shape.STREAM), [answer(202, *headers)]))


@pytest.mark.parametrize("status", [201, 202, 204, 200])
@pytest.mark.parametrize("shape", [Shape.STREAM, Shape.CHUNKED])
def test_the_statuses_that_registries_give_a_patch_are_taken(shape: Shape, status: int) -> None:
    def odd(step: Step) -> Response:
        return answer(status, ("Location", "/u")) if step.request.method == "PATCH" else moved_on(step)

    assert isinstance(run(push(shape), odd).outcome, Done)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_the_statuses_that_registries_close_with_are_taken(status: int) -> None:
    assert isinstance(run(push(Shape.PUT), [answer(202, ("Location", "/u")), answer(status)]).outcome, Done)


def refusals() -> Iterator[tuple[Shape, int, int]]:
    for status in (400, 404, 416, 500, 503):
        yield from [(Shape.STREAM, step, status) for step in range(3)]
        yield from [(Shape.CHUNKED, step, status) for step in range(5) if status != 416 or step in (0, 4)]
        yield from [(Shape.PUT, 1, status), (Shape.POST, 0, status)]


@pytest.mark.parametrize(("shape", "at", "status"), [*refusals()])
def test_a_refusal_blocks_the_step_and_quotes_the_registry(shape: Shape, at: int, status: int) -> None:
    def refuse(step: Step) -> Response:
        taken.append(step)
        return answer(status, body=REFUSAL) if len(taken) == at + 1 else moved_on(step)

    taken: list[Step] = []
    ran = run(push(shape), refuse)
    assert isinstance(ran.outcome, Blocked)
    assert (len(ran.steps), ran.outcome.step) == (at + 1, ran.steps[-1])
    assert f"{status} Fine" in blocked(ran)
    assert "BLOB_UPLOAD_INVALID blob upload invalid (212)" in blocked(ran)


def test_a_page_of_html_is_quoted_as_no_registrys_error() -> None:
    page = answer(502, ("Content-Type", "text/html"), body=b"<html>\n<h1>Bad   Gateway</h1>" + b"x" * 999)
    sentence = blocked(run(push(Shape.STREAM), [page]))
    assert "text/html" in sentence
    assert "<html> <h1>Bad Gateway</h1>x" in sentence
    assert len(sentence) < 500


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"", "no body"), (b"\xff\x00", "no registry's error"), (Unkept(5_000_000, "ab"), "5000000 bytes")],
)
def test_a_refusal_without_a_readable_error_says_so(body: bytes | Unkept, words: str) -> None:
    refused = replace(answer(500), body=body)
    assert words in blocked(run(push(Shape.STREAM), [refused]))


@pytest.mark.parametrize("shape", Shape)
def test_a_digest_that_differs_blocks_the_flow(shape: Shape) -> None:
    other = blob_of(b"other").digest

    def lie(step: Step) -> Response:
        came = moved_on(step)
        return answer(201, ("Docker-Content-Digest", other)) if came.status == 201 else came

    assert f"{other}, but {BLOB.digest}" in blocked(run(push(shape), lie))


@pytest.mark.parametrize("said", [BLOB.digest, f"sha512:{'a' * 128}"])
def test_the_same_digest_or_one_of_another_algorithm_is_taken(said: str) -> None:
    answers = [answer(202, ("Location", "/u")), answer(201, ("Docker-Content-Digest", said))]
    assert isinstance(run(push(Shape.PUT), answers).outcome, Done)


@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize("data", [b"", b"x", DATA, b"12345678"])
def test_the_outline_names_the_steps_really_taken(shape: Shape, data: bytes) -> None:
    flow = push(shape, blob_of(data))
    assert outline(flow) == tuple(step.title for step in run(flow).steps)


@pytest.mark.parametrize("shape", Shape)
def test_every_step_says_its_endpoint_why_and_what_it_expects(shape: Shape) -> None:
    assert all(step.spec and step.why and step.expects for step in run(push(shape)).steps)


OUT_OF_STEP = answer(416, reason="Requested Range Not Satisfiable")
OPENED = answer(202, ("Location", "/u?s=0"))


def chunks(ran: Ran) -> list[str]:
    """Return the ranges of the chunks, and the questions in between."""
    asked = [step.request.headers.get("Content-Range") or step.request.method for step in ran.steps]
    return [word for word in asked if word not in ("POST", "PUT")]


def standing(range_: str, *more: tuple[str, str]) -> Response:
    return answer(204, ("Range", range_), *more)


def test_a_chunk_that_is_refused_as_out_of_step_leads_to_the_status_and_goes_on_from_there() -> None:
    moved = answer(202, ("Location", "/u?s=1"))
    at = standing("0-5", ("Location", "/u?s=fresh"))
    ran = run(push(Shape.CHUNKED), [OPENED, moved, OUT_OF_STEP, at, moved, answer(201)])
    assert chunks(ran) == ["0-3", "4-7", "GET", "6-9"]
    assert ran.lines[3:5] == ["GET /u?s=1", "PATCH /u?s=fresh"]
    assert ran.outcome == Done(None)


def test_a_status_without_a_location_leaves_the_address_and_one_with_all_bytes_leads_to_the_put() -> None:
    ran = run(push(Shape.CHUNKED), [OPENED, OUT_OF_STEP, standing("0-9"), answer(201)])
    assert ran.lines[1:] == ["PATCH /u?s=0", "GET /u?s=0", f"PUT /u?s=0&{DIGEST}"]
    assert ran.outcome == Done(None)


def test_a_chunk_that_is_refused_where_the_upload_stands_stops() -> None:
    ran = run(push(Shape.CHUNKED), [OPENED, OUT_OF_STEP, standing("0-3"), OUT_OF_STEP])
    assert "416" in blocked(ran)
    assert chunks(ran) == ["0-3", "GET", "4-7"]


def test_an_upload_with_more_bytes_than_the_blob_is_not_gone_on_with() -> None:
    assert "only 10" in blocked(run(push(Shape.CHUNKED), [OPENED, OUT_OF_STEP, standing("0-10")]))


def test_a_registry_that_does_not_tell_where_the_upload_stands_leaves_the_416_in_sight() -> None:
    sentence = blocked(run(push(Shape.CHUNKED), [OPENED, OUT_OF_STEP, answer(404)]))
    assert "416" in sentence
    assert "404" in sentence


def test_a_registry_that_goes_back_again_and_again_is_left() -> None:
    def answers(step: Step) -> Response:
        match step.request.method:
            case "GET":
                return standing("0-0")
            case "PATCH" if step.request.headers.get("Content-Range") == "4-7":
                return OUT_OF_STEP
            case _:
                return moved_on(step)

    ran = run(push(Shape.CHUNKED), answers)
    assert "416" in blocked(ran)
    assert chunks(ran).count("GET") == 10


def test_a_range_of_0_0_is_tried_as_nothing_and_then_as_one_byte() -> None:
    moved = answer(202, ("Location", "/u?s=1"))
    one = standing("0-0", ("Location", "/u?s=fresh"))
    ran = run(push(Shape.CHUNKED), [OPENED, OUT_OF_STEP, one, OUT_OF_STEP, moved, moved, moved, answer(201)])
    assert chunks(ran) == ["0-3", "GET", "0-3", "1-4", "5-8", "9-9"]
    assert ran.lines[3:5] == ["PATCH /u?s=fresh", "PATCH /u?s=fresh"]
    assert ran.outcome == Done(None)


def test_a_chunk_that_is_refused_at_byte_1_too_stops() -> None:
    ran = run(push(Shape.CHUNKED), [OPENED, OUT_OF_STEP, standing("0-0"), OUT_OF_STEP, OUT_OF_STEP])
    assert "416" in blocked(ran)
    assert chunks(ran) == ["0-3", "GET", "0-3", "1-4"]
