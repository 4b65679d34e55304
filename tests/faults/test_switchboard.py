"""Faults are found, switched on with an argument, and off again, while requests are on their way."""

from __future__ import annotations

import threading

import pytest

from explorer.errors import InputError
from explorer.faults import fault_named, faults
from explorer.faults.switchboard import Switchboard
from explorer.practice import PracticeRegistry
from tests.faults.conftest import DIGEST, Talk, With


@pytest.mark.parametrize("name", faults())
def test_a_fault_says_what_a_user_sees_and_begins_with_its_default(name: str) -> None:
    kind = fault_named(name)
    assert kind.line.endswith((".", "?"))
    assert kind.reproduces or name == "storage-redirect"
    assert callable(kind.begin())


def test_without_a_fault_everything_goes_through(faulty: With) -> None:
    assert faulty().push().status == 201


def test_a_fault_is_switched_on_and_off_while_the_registry_runs(faulty: With) -> None:
    talk = faulty()
    talk.registry.faults.switch_on("bad-gateway")
    assert talk.ask("GET", "/v2/").status == 502
    assert talk.registry.faults.switch_off("bad-gateway")
    assert talk.ask("GET", "/v2/").status == 200


def test_a_second_argument_replaces_the_first() -> None:
    board = Switchboard(["nginx-413=1", "nginx-413=2"])
    assert [one.text for one in board.on] == ["nginx-413=2"]


def test_switching_off_what_is_not_on_says_so() -> None:
    assert not Switchboard().switch_off("nginx-413")


def test_a_wait_ends_when_its_fault_is_switched_off() -> None:
    with PracticeRegistry(faults=Switchboard(["gateway-timeout=1h"])) as registry:
        talk = Talk(registry)
        opened = talk.open().location
        seen: list[int] = []
        client = threading.Thread(target=lambda: seen.append(talk.put(opened, b"0123456789", DIGEST).status))
        client.start()
        while talk.ask("HEAD", f"/v2/t/r/blobs/{DIGEST}").status != 200:
            pass
        registry.faults.switch_off("gateway-timeout")
        client.join(20)
        assert seen == [504]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nginx413", "There is no fault 'nginx413'. Did you mean nginx-413"),
        ("zzz", "There is no fault 'zzz'. See: registry-explorer faults."),
        ("nginx-413=many", "'many' is no size"),
        ("length-required-411=1", "takes no argument"),
        ("bad-gateway=PTU", "Did you mean PUT"),
        ("gateway-timeout=2days", "'2days' is no time"),
    ],
)
def test_a_wrong_name_or_argument_is_a_sentence(text: str, said: str) -> None:
    with pytest.raises(InputError) as wrong:
        Switchboard([text])
    assert said in wrong.value.sentence


@pytest.mark.parametrize(
    ("which", "statuses"),
    [
        ("all", [502, 502, 502]),
        ("once", [502, 200, 200]),
        ("every2", [200, 502, 200]),
        ("from2", [200, 502, 502]),
        ("PUT", [200, 200, 200]),
        ("GET+manifests", [200, 200, 200]),
    ],
)
def test_which_requests_are_meant_can_be_said(faulty: With, which: str, statuses: list[int]) -> None:
    talk = faulty(f"bad-gateway={which}")
    assert [talk.ask("GET", "/v2/").status for _ in range(3)] == statuses
