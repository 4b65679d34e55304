"""Clients that log in to the practice registry: skopeo with tokens and with Basic, and our own push."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.practice import Access, BasicAccess, PracticeRegistry, TokenAccess, Users
from tests.real.conftest import Skopeo

USERS = Users.of("ann:p:w")


@pytest.mark.parametrize("realm_port", [None, 0])
def test_skopeo_pushes_and_pulls_with_a_token(skopeo: Skopeo, layout: Path, realm_port: int | None) -> None:
    with PracticeRegistry(access=TokenAccess(USERS), realm_port=realm_port) as registry:
        image = f"docker://{registry.origin.authority}/demo/app:v1"
        skopeo.copy(f"oci:{layout}:latest", image, "--dest-creds", "ann:p:w")
        skopeo.copy(image, image.replace("app", "copy"), "--src-creds", "ann:p:w", "--dest-creds", "ann:p:w")
        skopeo.copy(image.replace("app", "copy"), f"dir:{skopeo.folder}/back", "--src-creds", "ann:p:w")
        with pytest.raises(AssertionError, match=r"invalid username/password|unauthorized|authentication required"):
            skopeo.copy(image, f"dir:{skopeo.folder}/none", "--src-creds", "ann:wrong")


@pytest.mark.parametrize(
    "access", [TokenAccess(USERS, anonymous_pull=True), BasicAccess(USERS, anonymous_pull=True)], ids=["token", "basic"]
)
def test_anybody_pulls_where_that_is_wanted(skopeo: Skopeo, layout: Path, access: Access) -> None:
    with PracticeRegistry(access=access) as registry:
        image = f"docker://{registry.origin.authority}/demo/app:v1"
        skopeo.copy(f"oci:{layout}:latest", image, "--dest-creds", "ann:p:w")
        skopeo.copy(image, f"dir:{skopeo.folder}/back", "--src-no-creds")
        with pytest.raises(AssertionError, match=r"unauthorized|authentication required|denied"):
            skopeo.copy(f"oci:{layout}:latest", image, "--dest-no-creds")
