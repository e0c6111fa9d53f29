"""Whether two addresses lead to the same Konnect, however they are written."""

from __future__ import annotations

from urllib.parse import urlsplit

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
