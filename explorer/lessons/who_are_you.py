"""The lesson of 401: challenges, tokens and what they allow."""

from __future__ import annotations

import json
import re

from explorer.lessons.classroom import Classroom, basic
from explorer.lessons.declared import Ask, Lesson, Say, lesson
from explorer.lessons.questions import choice, status
from explorer.model import Exchange
from explorer.spec.challenges import parse_challenges

_NAME = "lesson/secret"


def _scheme(exchange: Exchange) -> str:
    found = parse_challenges(exchange.response.headers) if exchange.response else ()
    return found[0].scheme.capitalize() if found else "none"


def _error(exchange: Exchange) -> str:
    found = parse_challenges(exchange.response.headers) if exchange.response else ()
    return (found[0].get("error") if found else "") or "nothing"


def _token_of(exchange: Exchange) -> tuple[str, str]:
    body = exchange.response.body if exchange.response and isinstance(exchange.response.body, bytes) else b""
    try:
        said = json.loads(body)
    except ValueError:
        said = {}
    token = said.get("token") or said.get("access_token") if isinstance(said, dict) else ""
    return "Authorization", f"Bearer {token}"


def _has(exchange: Exchange) -> str:
    body = exchange.response.body if exchange.response and isinstance(exchange.response.body, bytes) else b""
    return "a token" if re.search(rb'"(access_)?token"\s*:', body) else "no token"


@lesson(
    "who-are-you",
    5,
    "Who are you? (401)",
    "401 is a question: WWW-Authenticate says how and where to get a token, and for which scope.",
    "The token service is asked with the login; the registry never sees it.",
    "A token is for a scope: repository, name, actions. pull does not allow to push.",
    'error="insufficient_scope" says that the token is good, but too small; invalid_token that it is none, or over.',
    with_login=True,
)
def teach(room: Classroom) -> Lesson:
    """Meet a registry that lets in nobody it does not know, and get a token that suffices."""
    yield Say(
        "This registry wants to know who asks. It does not take a name and a password itself: a token service does, "
        "and "
        "gives a token for them. (The learner's name here is `learner`, the password `secret`.)"
    )
    yield Ask(
        room.step("Is a registry there?", "GET", "/v2/", spec="end-1"),
        "The first request of many clients is GET /v2/, without any login.",
        status(200, 401, 403, 404),
        "401 is not a refusal for good: it says that credentials are needed, and its WWW-Authenticate which.",
    )
    refused = yield Ask(
        room.open(_NAME),
        "A push is begun without a login. The answer will be a challenge again.",
        choice("Which scheme will WWW-Authenticate name?", _scheme, "Basic", "Bearer", "Digest"),
        "Bearer: a token is wanted. realm is the address where it can be had, service and scope are what has to be "
        "asked for "
        "there.",
    )
    found = parse_challenges(refused.response.headers) if refused.response else ()
    service = found[0].get("service") if found else ""

    def ask(actions: str) -> str:
        return f"/token?service={service}&scope=repository:{_NAME}:{actions}"

    yield Ask(
        room.step("Get a token, without a login", "GET", ask("pull,push")),
        "The token service is asked, still without a login.",
        choice("What will it give?", _has, "a token", "no token"),
        "Nobody is let in here without a login. A registry with public images gives a token to anybody, one that can "
        "pull.",
    )
    small = yield Ask(
        room.step("Get a token, to pull", "GET", ask("pull"), basic()),
        "Now with name and password (Basic), but for pull only.",
        status(200, 201, 401, 403),
        "200, and a JSON body with the token. The login went to the token service, and to nobody else.",
    )
    yield Ask(
        room.open(_NAME, _token_of(small)),
        "The upload is opened with that token.",
        choice("Which error will the challenge name?", _error, "nothing", "invalid_token", "insufficient_scope"),
        "The token is genuine, but it does not allow to push. The status is 401 all the same, not 403.",
    )
    large = yield Ask(
        room.step("Get a token, to pull and push", "GET", ask("pull,push"), basic()),
        "The scope of the challenge said what is needed: pull and push. So both are asked for.",
        choice("What will it give?", _has, "a token", "no token"),
        "A token service may grant less than it was asked for and answers 200 all the same; whether a token "
        "suffices, only "
        "the registry says.",
    )
    yield Ask(
        room.open(_NAME, _token_of(large)),
        "And once more.",
        status(200, 202, 401, 403),
        "202, with a Location as ever. The same token goes with the PATCH and the PUT, as long as it lasts: minutes.",
    )
    yield Ask(
        room.open("lesson/other", _token_of(large)),
        "Is the token good for another repository?",
        choice(
            "What will come back?",
            lambda one: f"{one.status} {_error(one)}",
            "202 nothing",
            "401 insufficient_scope",
            "401 invalid_token",
        ),
        "A token is for the repositories that its scope names. A mount from another repository needs pull on that "
        "one, too.",
    )
