"""The proxy for https, from the environment; entries that cannot be used are left out."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PASSWORD = re.compile(r"//[^/]*@")
_HOST = re.compile(r"\*?\.?[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?(?::[0-9]{1,5})?", re.IGNORECASE)


@dataclass(frozen=True)
class Proxies:
    """The proxy for https, and the hosts that are reached without one.

    `direct` has patterns for httpx, `unusable` the entries of NO_PROXY that cannot be compared
    with a host. The address of the proxy may have a password.
    """

    https: str | None
    direct: tuple[str, ...]
    unusable: tuple[str, ...]

    @property
    def shown(self) -> str | None:
        """The scheme, host and port of the proxy, without the user name and password."""
        return None if self.https is None else _PASSWORD.sub("//", self.https)

    def __repr__(self) -> str:
        return f"Proxies({len(self.direct)} direct)"


NO_PROXIES = Proxies(https=None, direct=(), unusable=())


def proxies_of(environ: Mapping[str, str]) -> Proxies:
    """The proxies of HTTPS_PROXY, ALL_PROXY and NO_PROXY, also in lower case."""
    https = _value(environ, "https_proxy") or _value(environ, "all_proxy")
    if https and "://" not in https:
        https = f"http://{https}"
    direct: list[str] = []
    unusable: list[str] = []
    for entry in filter(None, map(str.strip, _value(environ, "no_proxy").split(","))):
        if entry == "*":
            return NO_PROXIES
        pattern = _pattern(entry)
        if pattern is None:
            unusable.append(entry)
        else:
            direct.append(pattern)
    return Proxies(https=https or None, direct=tuple(direct), unusable=tuple(unusable))


def _value(environ: Mapping[str, str], name: str) -> str:
    return (environ.get(name) or environ.get(name.upper()) or "").strip()


def _pattern(entry: str) -> str | None:
    """The pattern of an entry, as httpx itself makes it; None for a network or other text."""
    entry = entry.removeprefix("https://").removeprefix("http://")
    bare = entry[1:-1] if entry.startswith("[") and entry.endswith("]") else entry
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        if not _HOST.fullmatch(entry):
            return None
        name = entry.removeprefix("*")
        return f"https://{name}" if name.lower() == "localhost" else f"https://*{name}"
    return f"https://[{address}]" if address.version == 6 else f"https://{address}"
