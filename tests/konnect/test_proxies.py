"""What the environment says of proxies; what of it cannot be used is left out and named."""

from __future__ import annotations

import httpx
import pytest

from sa_tui.konnect.proxies import NO_PROXIES, Proxies, proxies_of

PROXY = "http://someone:hunter2@proxy.example:3128"


def of(no_proxy: str) -> Proxies:
    return proxies_of({"HTTPS_PROXY": PROXY, "NO_PROXY": no_proxy})


@pytest.mark.parametrize(
    ("environ", "https"),
    [
        ({}, None),
        ({"HTTPS_PROXY": PROXY}, PROXY),
        ({"https_proxy": "proxy:1", "HTTPS_PROXY": PROXY}, "http://proxy:1"),
        ({"ALL_PROXY": PROXY}, PROXY),
        ({"HTTP_PROXY": PROXY}, None),
        ({"HTTPS_PROXY": " "}, None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "a,*"}, None),
    ],
)
def test_the_proxy_for_https_is_found(environ: dict[str, str], https: str | None) -> None:
    assert proxies_of(environ).https == https


@pytest.mark.parametrize(
    ("entry", "pattern"),
    [
        ("localhost", "https://localhost"),
        ("konghq.com", "https://*konghq.com"),
        (".konghq.com", "https://*.konghq.com"),
        ("*.konghq.com", "https://*.konghq.com"),
        ("internal:8443", "https://*internal:8443"),
        ("10.1.2.3", "https://10.1.2.3"),
        ("::1", "https://[::1]"),
        ("[::1]", "https://[::1]"),
        ("https://konghq.com", "https://*konghq.com"),
    ],
)
def test_an_entry_of_no_proxy_becomes_a_pattern_that_httpx_takes(entry: str, pattern: str) -> None:
    proxies = of(entry)
    assert proxies.direct == (pattern,)
    httpx.AsyncClient(mounts=dict.fromkeys(proxies.direct))


@pytest.mark.parametrize(
    "entry", ["fd00::/8", "10.0.0.0/8", "x y", "[", "[::1", "http://", "a/b", "*", "ü", "a:b:c"]
)
def test_an_entry_that_names_no_host_is_named_and_the_others_are_kept(entry: str) -> None:
    proxies = of(f"localhost,{entry}")
    if entry == "*":
        assert proxies == NO_PROXIES
        return
    assert proxies.direct == ("https://localhost",)
    assert proxies.unusable == (entry,)


def test_a_password_stays_out_of_what_may_be_printed() -> None:
    assert "hunter2" not in repr(of("a"))
    assert of("a").shown == "http://proxy.example:3128"
