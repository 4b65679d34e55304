"""What clients see of Locations that lead astray."""

from __future__ import annotations

import json

import pytest

from tests.faults.conftest import DATA, OCTETS, With


def test_location_missing_leaves_202_without_an_address(faulty: With) -> None:
    seen = faulty("location-missing").open()
    assert (seen.status, "location" in seen.headers) == (202, False)


def test_relative_location_has_neither_scheme_nor_host(faulty: With) -> None:
    talk = faulty("relative-location")
    assert talk.open().location.startswith("/v2/t/r/blobs/uploads/")
    assert talk.push().status == 201


def test_location_http_behind_tls_ignores_what_the_proxy_says(faulty: With) -> None:
    talk = faulty("location-http-behind-tls")
    told = {"X-Forwarded-Proto": "https"}
    assert talk.ask("POST", "/v2/t/r/blobs/uploads/", b"", told).location.startswith("http://")


def test_location_http_behind_tls_is_turned_round_without_a_proxy(faulty: With) -> None:
    talk = faulty("location-http-behind-tls")
    assert talk.open().location.startswith(f"https://{talk.origin.authority}/v2/")


def test_location_wrong_port_has_lost_it(faulty: With) -> None:
    assert faulty("location-wrong-port").open().location.startswith("http://127.0.0.1/v2/")


def test_location_internal_host_names_a_stranger(faulty: With) -> None:
    assert faulty("location-internal-host").open().location.startswith("http://registry:5000/v2/t/r/")
    assert faulty("location-internal-host=reg.lan").open().location.startswith("http://reg.lan/v2/")


def test_location_malformed_scheme_has_two(faulty: With) -> None:
    assert faulty("location-malformed-scheme").open().location.startswith("https,http://127.0.0.1")


def test_state_dropped_leads_to_invalid_secret(faulty: With) -> None:
    talk = faulty("state-dropped")
    opened = talk.open().location
    assert "?" not in opened
    error = json.loads(talk.patch(opened).body)["errors"][0]
    assert (error["code"], error["detail"]) == ("BLOB_UPLOAD_INVALID", "invalid secret")


def test_state_double_encoded_leads_to_illegal_base64(faulty: With) -> None:
    talk = faulty("state-double-encoded")
    # The status mints a token with whole seconds, so that two of three lengths of a name make it a padded one.
    told = [talk.ask("GET", talk.open(f"t/{name}").location).location for name in ("r", "rr", "rrr")]
    opened = next(location for location in told if "%" in location)
    assert "%253D" in opened
    error = json.loads(talk.patch(opened).body)["errors"][0]
    assert error["code"] == "BLOB_UPLOAD_INVALID"
    assert error["detail"].startswith("illegal base64 data at input byte")


def test_path_prefix_lost_works_below_the_prefix_and_leads_out_of_it(faulty: With) -> None:
    talk = faulty("path-prefix-lost=/registry")
    opened = talk.ask("POST", "/registry/v2/t/r/blobs/uploads/")
    assert opened.status == 202
    assert opened.location.removeprefix(str(talk.origin)).startswith("/v2/")
    assert (talk.patch(opened.location).status, talk.ask("GET", "/v2/").headers["server"]) == (404, "nginx/1.22.1")


def test_wrong_api_prefix_is_a_line_of_text_elsewhere(faulty: With) -> None:
    talk = faulty("wrong-api-prefix=registry")
    assert (talk.ask("GET", "/v2/").status, talk.ask("GET", "/v2/").body) == (404, b"404 page not found\n")
    opened = talk.ask("POST", "/registry/v2/t/r/blobs/uploads/")
    assert "/registry/v2/t/r/" in opened.location
    assert talk.patch(opened.location).status == 202


@pytest.mark.parametrize(
    ("how", "name", "led_to"),
    [
        ("repeats", "demo/app", "/v2/demo/demo/app/"),
        ("lacks", "demo/app", "/v2/app/"),
        ("lacks", "app", "/v2/app/app/"),
    ],
)
def test_registry_proxy_rewrites_path_leads_to_another_repository(
    faulty: With, how: str, name: str, led_to: str
) -> None:
    talk = faulty(f"registry-proxy-rewrites-path={how}", like="distribution-3")
    opened = talk.open(name).location
    assert led_to in opened
    seen = talk.ask("PATCH", opened, DATA, OCTETS)
    error = json.loads(seen.body)["errors"][0]
    assert (seen.status, error["code"], "detail" in error) == (404, "BLOB_UPLOAD_INVALID", False)
