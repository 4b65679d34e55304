"""HAR as the specification has it."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace

from explorer.formats.exporters import Material
from explorer.formats.importing import import_bytes
from explorer.formats.values import Json
from explorer.model import Exchange, Failure, Headers, Origin, Request, Response, Timings, Unkept
from tests.formats.exporters.conftest import exported, material_of

ORIGIN = Origin("https", "registry.test", 443)


def entries(material: Material) -> list[Json]:
    log = json.loads(exported(material, "har"))["log"]
    assert (log["version"], log["creator"]["name"]) == ("1.2", "registry-explorer")
    found: list[Json] = log["entries"]
    return found


def exchange(request: Request, response: Response | None, error: Failure | None = None) -> Exchange:
    return Exchange(1, 0, "a step", request, request, response, error, timings=Timings(1.0, 0.1, 0.2, 0.5, 0.75))


def test_an_entry_has_all_that_is_required(recorded: Material) -> None:
    for entry in entries(recorded):
        assert {"startedDateTime", "time", "request", "response", "cache", "timings"} <= entry.keys()
        assert {
            "method",
            "url",
            "httpVersion",
            "cookies",
            "headers",
            "queryString",
            "headersSize",
            "bodySize",
        } <= entry["request"].keys()
        assert {"status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL"} <= entry[
            "response"
        ].keys()
        assert {"send", "wait", "receive"} <= entry["timings"].keys()


def test_times_add_up_and_unknown_ones_are_no_zero() -> None:
    (entry,) = entries(material_of(exchange(Request("GET", ORIGIN, "/v2/"), Response(200, "OK", "HTTP/1.1"))))
    assert entry["timings"] == {
        "blocked": -1,
        "dns": -1,
        "connect": 100,
        "ssl": -1,
        "send": 100,
        "wait": 300,
        "receive": 250,
    }
    assert entry["time"] == 750


def test_phases_that_may_not_be_negative_are_said_to_be_unknown() -> None:
    one = replace(exchange(Request("GET", ORIGIN, "/v2/"), Response(200, "OK", "HTTP/1.1")), timings=Timings(1.0))
    (entry,) = entries(material_of(one))
    assert [entry["timings"][name] for name in ("connect", "send", "wait", "receive")] == [-1, 0, 0, 0]
    assert entry["timings"]["comment"] == "Not known, though 0 stands there: send, wait, receive."
    assert entry["time"] == 0


def test_a_body_that_is_not_in_the_file_has_a_text_all_the_same_and_comes_back_by_reference() -> None:
    body = Unkept(70_000, "ab" * 32)
    material = material_of(exchange(Request("PUT", ORIGIN, "/u", Headers(), body), None, Failure("closed", "It was.")))
    (entry,) = entries(material)
    assert entry["request"]["postData"]["text"] == ""
    del entry["_explorer"]
    har = json.dumps({"log": {"version": "1.2", "creator": {}, "entries": [entry]}}).encode()
    assert import_bytes(har, "x").session.exchanges[0].request.body == body


def test_a_binary_body_is_in_base64_and_says_so() -> None:
    request = Request("PATCH", ORIGIN, "/u?_state=a%3D", Headers.of(("Content-Type", "a/b")), b"\xff\x00")
    (entry,) = entries(material_of(exchange(request, None, Failure("closed", "It was closed."))))
    assert entry["request"]["postData"] == {
        "mimeType": "a/b",
        "text": base64.b64encode(b"\xff\x00").decode(),
        "encoding": "base64",
        "_encoding": "base64",
    }
    assert (entry["response"]["status"], entry["response"]["_error"]) == (0, "It was closed.")
    assert entry["request"]["queryString"] == [{"name": "_state", "value": "a="}]


def test_a_coded_answer_is_unpacked_and_its_sizes_are_true() -> None:
    packed = gzip.compress(b'{"a":1}' * 50)
    headers = Headers.of(("Content-Encoding", "gzip"), ("Content-Type", "application/json"))
    (entry,) = entries(
        material_of(exchange(Request("GET", ORIGIN, "/"), Response(200, "OK", "HTTP/1.1", headers, packed)))
    )
    content = entry["response"]["content"]
    assert (content["size"], content["text"][:7], content["compression"]) == (350, '{"a":1}', 350 - len(packed))
    assert entry["response"]["bodySize"] == len(packed)


def test_a_body_that_was_not_kept_is_named_and_not_empty() -> None:
    request = Request("PATCH", ORIGIN, "/u", body=Unkept(7, "ab" * 32))
    (entry,) = entries(material_of(exchange(request, Response(202, "OK", "HTTP/1.1"))))
    assert entry["request"]["postData"]["comment"].startswith("Not in this file: 7 B")
    assert entry["request"]["bodySize"] == 7
    assert entry["request"]["postData"]["_body"] == {"size": 7, "sha256": "ab" * 32}


def test_attempts_origins_and_what_was_made_up_are_marked(recorded: Material) -> None:
    found = entries(recorded)
    assert (found[2]["_edited"], found[3]["_attempt"]) == (True, 2)
    assert found[1]["_derived"][0]["from"] == {"entry": 1, "key": "Location"}
    made_up = replace(recorded.chosen[0], basis="made up")
    assert entries(material_of(made_up))[0]["_invented"] is True
