"""Which addresses a profile may name: a token travels over https, or over http to this machine."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from sa_tui.base.address import is_loopback
from sa_tui.base.text import is_visible_ascii
from sa_tui.profiles.errors import ProfileError, quoted

GLOBAL_URL = "https://global.api.konghq.com"
_KONG_HOST = re.compile(
    r"(?:(?P<first>[a-z0-9-]+)\.api\.|(?:[a-z0-9-]+\.)*)konghq\.(?P<tld>com|tech)"
)


def checked_url(url: str, *, key: str) -> str:
    """The URL without a trailing slash; raises ProfileError unless a token may be sent there."""
    parts = _split(url, key=key)
    if parts.username is not None or parts.password is not None:
        raise ProfileError(
            "The address holds a user name or a password.",
            key=key,
            mend="Leave out everything between :// and @.",
        )
    if parts.query or parts.fragment or "{" in url or "}" in url:
        raise ProfileError(
            f"{quoted(url)} is more than a scheme, a host and a path.",
            key=key,
            mend=f'Write it like "{GLOBAL_URL}".',
        )
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ProfileError(
            f"{quoted(url)} would send the token unencrypted.",
            key=key,
            mend="Use https://; http:// is for this machine only (localhost, 127.0.0.1, ::1).",
        )
    return url.rstrip("/")


def checked_pattern(pattern: str, *, key: str) -> str:
    """The regional URL pattern without a trailing slash; it must contain {region}."""
    if "{region}" not in pattern:
        raise ProfileError(
            f"{quoted(pattern)} does not contain {{region}}.",
            key=key,
            mend='Write it like "https://{region}.api.konghq.com".',
        )
    checked_url(pattern.replace("{region}", "us"), key=key)
    return pattern.rstrip("/")


def regional_pattern(base_url: str) -> str:
    """The pattern that goes with a base URL, so that a token never leaves for another server.

    Konnect and its staging twin have one host per region; any other server has one path per region.
    """
    kong = _kong_host(base_url)
    if kong:
        return f"https://{{region}}.api.konghq.{kong['tld']}"
    return base_url.rstrip("/") + "/{region}"


def environment_of(url: str) -> str:
    """`com` for Konnect, `tech` for its staging twin, nothing for any other server."""
    kong = _kong_host(url)
    return kong["tld"] if kong else ""


def in_environment(url: str, environment: str) -> str:
    """The address in kongctl's `konnect.environment`: a Kong host's last label is replaced.

    Raises ProfileError for an environment that is not known: its token must go nowhere else.
    """
    domain = environment.strip().lower()
    kong = _kong_host(url)
    if not domain or not kong or kong["tld"] == domain:
        return url
    if domain not in ("com", "tech"):
        raise ProfileError(
            f"konnect.environment is {quoted(environment)}, which is not known here.",
            mend='Set konnect.base-url in kongctl instead, such as "https://us.api.konghq.com".',
        )
    host = kong[0]
    moved = host.removesuffix(kong["tld"]) + domain
    return url.replace(host, moved, 1)


def identity_address(url: str) -> tuple[str, tuple[str, ...]]:
    """The base URL for identity calls and the regions, from another tool's (regional) address.

    Identity lives on Konnect's global host whatever the region; other servers are kept as they are.
    """
    kong = _kong_host(url)
    if not kong:
        return url, ()
    first = kong["first"]
    regions = () if first in (None, "global") else (first,)
    return f"https://global.api.konghq.{kong['tld']}", regions


def _split(url: str, *, key: str) -> SplitResult:
    mend = f'Write it like "{GLOBAL_URL}".'
    # urlsplit silently drops tabs and line ends.
    if not url or not is_visible_ascii(url):
        raise ProfileError(
            f"{quoted(url)} is empty or holds blanks or other characters no address has.",
            key=key,
            mend=mend,
        )
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ProfileError(f"{quoted(url)} is not a web address.", key=key, mend=mend)
    return parts


def _kong_host(url: str) -> re.Match[str] | None:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return _KONG_HOST.fullmatch(host) if host and url.startswith("https://") else None
