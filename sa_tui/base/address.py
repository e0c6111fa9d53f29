"""Where a Konnect is: one spelling of its address, its regions, and whether it is this machine."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

_REGION = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def normal_address(url: str) -> str:
    """The address in one spelling: lower case, without default port, end slashes and `/v3`."""
    text = url.strip()
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return text
    if not host:
        return text
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != _DEFAULT_PORTS.get(parts.scheme):
        place += f":{port}"
    return f"{parts.scheme}://{place}{parts.path.rstrip('/').removesuffix('/v3').rstrip('/')}"


def is_region(text: str) -> bool:
    """Whether the text can be the name of a region, which becomes part of a host or a path."""
    return _REGION.fullmatch(text) is not None


def is_loopback(host: str) -> bool:
    """Whether a host is this machine alone, where a token may travel unencrypted."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
