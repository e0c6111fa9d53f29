"""The addresses of requests: base addresses, regional hosts and paths.

The rule it keeps: a token never leaves this machine unencrypted, and no id or region from a server
can change the host or path of a request.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from sa_tui.base.address import is_loopback, is_region
from sa_tui.konnect.errors import Misconfigured

_FIXED = re.compile(r"/v3/(?:[a-z-]+|organizations/me)")
"""Paths without an id: a server that answers 404 there is not Konnect."""

_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:]+", flags=re.ASCII)


class Addresses:
    """The global address and the regional pattern of one Konnect, both checked."""

    def __init__(self, base_url: str, regional_url: str) -> None:
        """Raises Misconfigured for an address that is neither https nor loopback."""
        self._base_url = _checked(base_url).removesuffix("/v3")
        # Not `format`: the pattern is the operator's text, and may have other braces.
        _checked(regional_url.replace("{region}", "us"))
        self._regional_url = regional_url.rstrip("/")

    @property
    def are_remote(self) -> bool:
        """Whether an address is https; plain http never leaves this machine."""
        return "https" in {urlsplit(url).scheme for url in (self._base_url, self._regional_url)}

    def advice_on_absence(self, path: str) -> str:
        """What to do about a 404 of a path; empty if the path has an id, which may be gone."""
        if not _FIXED.fullmatch(path):
            return ""
        return (
            "Every organisation has this: is base_url of the profile right? "
            f"{self._base_url} does not answer like Konnect"
        )

    def url(self, path: str, *, region: str | None = None) -> str:
        """The URL of a path. Raises Misconfigured for a text that cannot be a region."""
        if region is None:
            return self._base_url + path
        if not is_region(region):
            raise Misconfigured(f"{region!r} is not a region that can be asked")
        return self._regional_url.replace("{region}", region) + path


def path(*segments: str) -> str:
    """A path of these segments, each percent-encoded so that it stays one segment.

    Raises Misconfigured for a segment that is empty or only dots.
    """
    for segment in segments:
        if segment in ("", ".", ".."):
            raise Misconfigured(f"{segment!r} cannot be an id")
    return "/" + "/".join(quote(segment, safe="", errors="surrogatepass") for segment in segments)


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise Misconfigured("the address of the profile is not a URL") from None
    if parts.username is not None or parts.password is not None:
        raise Misconfigured("the address of the profile must not hold a user name or password")
    shown = f"{parts.scheme}://{host}"
    advice = "Give an address such as https://global.api.konghq.com"
    if not _HOST.fullmatch(host) or parts.query or parts.fragment or not url.isprintable():
        raise Misconfigured(f"{shown} is not an address that can be used", advice=advice)
    if parts.scheme == "http" and not is_loopback(host):
        raise Misconfigured(
            f"{shown} is refused: http:// would send the token unencrypted", advice=advice
        )
    if parts.scheme not in ("http", "https"):
        raise Misconfigured(f"{shown} is refused: only https:// is used", advice=advice)
    return url.rstrip("/")


def v3(*segments: str) -> str:
    """A path of the Identity API, version 3."""
    return path("v3", *segments)
