"""Tokens that run out while a blob is copied: at the registry that it comes from, and at the one it goes to."""

from __future__ import annotations

import pytest

from explorer.flows import Flow
from explorer.flows.authenticated import authenticated
from explorer.flows.copy_image import Copy, copy_image
from explorer.flows.login import Login
from explorer.model import Exchange, Headers, Origin, Response, Step
from explorer.spec.references import parse_target
from explorer.stepping import Done, Walk
from tests.flows.test_copy_image import registries
from tests.scripted import answer

SOURCE, TARGET = Origin("http", "a.test", 80), Origin("http", "b.test", 80)


def copying() -> Flow[object]:
    call = Copy(parse_target("a.test/s/r:v1", plain_http=True), parse_target("b.test/t/r:v1", plain_http=True))
    return authenticated(copy_image(call), lambda home: Login.of(home, "ann", "p"), (SOURCE, TARGET))


class Registries:
    """Two registries, each with a token service that counts its tokens; a token is good until it is revoked.

    `revoke` names the method and the registry of a request before which the tokens of that registry run out, once.
    """

    def __init__(self, revoke: tuple[str, Origin]) -> None:
        self.revoke: tuple[str, Origin] | None = revoke
        self.good = {SOURCE: 0, TARGET: 0}

    def answer(self, step: Step) -> Response:
        request = step.request
        home = request.origin
        if request.target.startswith("/token"):
            self.good[home] += 1
            return answer(200, body=b'{"token":"%s-%d"}' % (home.host.encode(), self.good[home]))
        is_blob = "/manifests/" not in request.target
        if self.revoke == (request.method, home) and is_blob:
            self.revoke = None
            self.good[home] += 100
        if request.headers.get("Authorization") == f"Bearer {home.host}-{self.good[home]}":
            return registries(step)
        return Response(401, "", "HTTP/1.1", Headers.of(("WWW-Authenticate", f'Bearer realm="{home}/token"')))


def copied(there: Registries) -> tuple[list[str], object]:
    """Run the copy, a relayed request together with the one that it takes its body from, as the workbench does."""
    walk = Walk(copying)
    lines: list[str] = []

    def happen(step: Step) -> int:
        response = there.answer(step)
        lines.append(f"{step.request.method} {step.request.origin.host} {response.status}")
        number = len(lines)
        walk.feed(Exchange(number, number - 1, step.title, step.request, step.request, response))
        return response.status

    while isinstance(walk.outcome, Step) and len(lines) < 60:
        step = walk.outcome
        if happen(step) == 200 and step.relay:
            happen(step.relay.step)
    return lines, walk.outcome


@pytest.mark.parametrize("revoke", [("GET", SOURCE), ("PATCH", TARGET), ("PUT", TARGET), ("POST", TARGET)])
def test_a_token_that_runs_out_is_replaced_and_the_copy_gets_through(revoke: tuple[str, Origin]) -> None:
    lines, outcome = copied(Registries(revoke))
    assert isinstance(outcome, Done), (outcome, lines)
    assert sum(line.startswith("PATCH") for line in lines) == (2 if revoke[0] == "PATCH" else 1), lines
