"""Addresses of one Konnect, however they are written."""

from __future__ import annotations

import pytest

from sa_tui.base.address import normal_address

GLOBAL = "https://global.api.konghq.com"


@pytest.mark.parametrize(
    "url",
    [
        GLOBAL,
        f"{GLOBAL}/",
        f"{GLOBAL}/v3",
        f"{GLOBAL}/v3/",
        f"{GLOBAL}:443",
        f"{GLOBAL}:443/v3",
        f"{GLOBAL}.",
        "HTTPS://Global.API.KongHQ.com//",
        f" {GLOBAL} ",
    ],
)
def test_one_place_has_one_spelling(url: str) -> None:
    assert normal_address(url) == GLOBAL


@pytest.mark.parametrize(
    "url",
    [
        "http://global.api.konghq.com",
        f"{GLOBAL}:8443",
        f"{GLOBAL}/konnect",
        f"{GLOBAL}/v2",
        "https://eu.api.konghq.com",
        "https://[::1]:8443",
        "https://",
        "https://[",
        "",
    ],
)
def test_another_place_stays_another(url: str) -> None:
    assert normal_address(url) != GLOBAL


def test_an_address_of_version_six_keeps_its_brackets() -> None:
    assert normal_address("http://[::1]:80/v3") == "http://[::1]"
