"""A token never travels unencrypted beyond this machine, and no id changes what is asked."""

from __future__ import annotations

import httpx
import pytest

from sa_tui.konnect.address import Addresses, path
from sa_tui.konnect.errors import Misconfigured

BASE = "https://global.api.konghq.com"
REGIONAL = "https://{region}.api.konghq.com"


@pytest.mark.parametrize(
    "url",
    [
        "http://global.api.konghq.com",
        "http://10.0.0.1:8000",
        "http://127.0.0.1.evil.example",
        "http://localhost@evil.example",
        "http://0.0.0.0",
        "ftp://localhost",
        "global.api.konghq.com",
        "https://",
        "https://user:secret@example.com",
        "https://example.com?x=1",
        "https://exa\nmple.com",
        "https://example.com:port",
        "https://[::1",
        "",
    ],
)
def test_an_unsafe_or_broken_address_is_refused(url: str) -> None:
    with pytest.raises(Misconfigured):
        Addresses(url, REGIONAL)


@pytest.mark.parametrize("pattern", ["http://{region}.example.com", "{region}"])
def test_an_unsafe_regional_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(Misconfigured):
        Addresses(BASE, pattern)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8000", "http://127.8.8.8", "http://[::1]:80", "http://localhost:1", BASE],
)
def test_loopback_may_do_without_encryption(url: str) -> None:
    assert Addresses(url, url).url("/v3/users") == f"{url}/v3/users"


def test_a_refused_address_does_not_show_a_password() -> None:
    with pytest.raises(Misconfigured) as caught:
        Addresses("https://user:hunter2@example.com", REGIONAL)
    assert "hunter2" not in str(caught.value)


def test_an_address_that_ends_in_the_version_is_understood() -> None:
    assert Addresses(BASE + "/v3/", REGIONAL).url("/v3/users") == f"{BASE}/v3/users"


def test_a_region_names_its_host() -> None:
    addresses = Addresses(BASE, REGIONAL)
    assert addresses.url("/v2/x", region="eu") == "https://eu.api.konghq.com/v2/x"


def test_a_region_may_be_part_of_the_path() -> None:
    addresses = Addresses("http://127.0.0.1:8000", "http://127.0.0.1:8000/{region}")
    assert addresses.url("/v2/x", region="eu") == "http://127.0.0.1:8000/eu/v2/x"


@pytest.mark.parametrize(
    "region", ["*", "", "evil.example/", "evil.example", "us@evil", "US", "-us", "u" * 60, "us\n"]
)
def test_what_cannot_be_a_region_never_becomes_a_host(region: str) -> None:
    with pytest.raises(Misconfigured):
        Addresses(BASE, REGIONAL).url("/v2/x", region=region)


@pytest.mark.parametrize(
    "identifier",
    ["a/b", "../users", "a?b=c", "a#b", "a%2Fb", "%2e%2e", "ü", "a b", "\ud800", "a\\b"],
)
def test_an_id_stays_one_segment_of_the_path(identifier: str) -> None:
    url = httpx.URL("https://example.com" + path("v3", "system-accounts", identifier, "teams"))
    segments = url.raw_path.decode().split("/")
    assert len(segments) == 5
    assert segments[:3] + segments[4:] == ["", "v3", "system-accounts", "teams"]
    assert not url.query
    assert not url.fragment


@pytest.mark.parametrize("identifier", ["", ".", ".."])
def test_an_id_that_would_leave_the_path_is_refused(identifier: str) -> None:
    with pytest.raises(Misconfigured):
        path("v3", "system-accounts", identifier)
