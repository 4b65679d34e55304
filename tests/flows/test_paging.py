"""Lists that come in pages: gone through to their end, and no further than their own registry."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from explorer.calls import call_from_words
from explorer.flows import build, flow_named
from explorer.flows.paging import MOST_PAGES
from explorer.model import Response, Step
from explorer.spec.digests import digest_of
from explorer.spec.media_types import OCI_INDEX
from explorer.stepping import Blocked, Done
from tests.scripted import Ran, answer, run

SUBJECT = digest_of(b"subject")
LISTS = {
    "list-tags": {"target": "localhost:5000/t/r"},
    "catalog": {"target": "localhost:5000/t/r"},
    "referrers": {"target": f"localhost:5000/t/r@{SUBJECT}"},
}


def page(*links: str) -> Response:
    """Answer with a page that fits every list."""
    entry = {"mediaType": OCI_INDEX, "digest": SUBJECT, "size": 1, "artifactType": "a/b+c"}
    body = json.dumps({"tags": ["a"], "repositories": ["a"], "manifests": [entry]}).encode()
    return answer(200, *(("Link", link) for link in links), body=body)


def listed(name: str, answers: Callable[[Step], Response], most: int = 60, kind: str = "") -> Ran:
    call = call_from_words(flow_named(name), {**LISTS[name], **({"artifact-type": kind} if kind else {})})
    return run(build(call), answers, most=most)


@pytest.mark.parametrize("name", sorted(LISTS))
@pytest.mark.parametrize(
    "link",
    ['</v2/next?last=a&n=1>; rel="next"', "</v2/next?last=a&n=1>;rel=next", '<?last=a&n=1>; title="x"; rel="next"'],
)
def test_a_link_leads_to_the_next_page(name: str, link: str) -> None:
    pages = iter([page(link), page()])
    ran = listed(name, lambda _: next(pages))
    assert isinstance(ran.outcome, Done), ran.outcome
    assert len(ran.steps) == 2
    assert ran.last.target.endswith("?last=a&n=1")


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_link_that_loops_is_a_sentence(name: str) -> None:
    ran = listed(name, lambda step: page(f'<{step.request.target}>; rel="next"'))
    assert isinstance(ran.outcome, Blocked)
    assert "leads back" in ran.outcome.sentence
    assert len(ran.steps) == 1


@pytest.mark.parametrize("name", sorted(LISTS))
def test_links_that_loop_over_two_pages_are_a_sentence(name: str) -> None:
    ran = listed(
        name, lambda step: page('</v2/b>; rel="next"' if "/b" not in step.request.target else '</v2/c>; rel="next"')
    )
    assert isinstance(ran.outcome, Blocked)


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_link_to_another_registry_is_not_followed(name: str) -> None:
    ran = listed(name, lambda _: page('<http://evil.test/v2/x>; rel="next"'))
    assert isinstance(ran.outcome, Blocked)
    assert "evil.test" in ran.outcome.sentence


@pytest.mark.parametrize("name", sorted(LISTS))
def test_pages_without_an_end_come_to_an_end(name: str) -> None:
    count = iter(range(10_000))
    ran = listed(name, lambda _: page(f'</v2/x?page={next(count)}>; rel="next"'), most=MOST_PAGES + 10)
    assert isinstance(ran.outcome, Blocked)
    assert len(ran.steps) <= MOST_PAGES


@pytest.mark.parametrize("name", sorted(LISTS))
@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"tags": 1, "repositories": 1, "manifests": 1}', b"\xff"])
def test_what_is_no_list_is_a_sentence(name: str, body: bytes) -> None:
    assert isinstance(listed(name, lambda _: answer(200, body=body)).outcome, Blocked)


@pytest.mark.parametrize("name", ["list-tags", "catalog"])
def test_null_is_an_empty_list(name: str) -> None:
    ran = listed(name, lambda _: answer(200, body=b'{"tags": null}'))
    assert isinstance(ran.outcome, Done)
    assert str(ran.outcome.result).startswith("0 ")


def test_a_redirected_list_is_asked_for_in_a_step_of_its_own() -> None:
    pages = iter([answer(307, ("Location", "/v2/elsewhere")), page()])
    ran = listed("list-tags", lambda _: next(pages))
    assert isinstance(ran.outcome, Done)
    assert ran.last.target == "/v2/elsewhere"


def test_a_type_with_a_plus_is_asked_for_so_that_it_stays_one() -> None:
    ran = listed("referrers", lambda _: page(), kind="a/b+c")
    assert ran.lines[0].endswith("?artifactType=a/b%2Bc")
    assert isinstance(ran.outcome, Done)
    assert "1 referrer;" in str(ran.outcome.result)


def test_what_a_registry_did_not_filter_is_filtered_here() -> None:
    ran = listed("referrers", lambda _: page(), kind="x/y")
    assert isinstance(ran.outcome, Done)
    assert str(ran.outcome.result).startswith("0 referrers")
