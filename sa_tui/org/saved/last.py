"""The last snapshot of each profile, for the next start and for completing names.

The rules it keeps: a snapshot is found only with the token that it was read with, because only that
proves the same organisation and the same caller before Konnect answers. The name of its file holds
a digest of the token, made with a random key that is kept beside it: it tells nothing of the token,
and is another one on each machine. No more is kept than the lists show: no people, no entities. A
snapshot in which a text is a token is not kept at all.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from sa_tui.base.private_file import make_private, private_opener, replace_lines
from sa_tui.base.secrets import is_secret_inside
from sa_tui.org.saved.file import read_file
from sa_tui.org.saved.model import SavedError
from sa_tui.org.snapshot import Part, Snapshot, TeamDetails

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import SecretStr

    from sa_tui.org.saved.model import Saved

DIRECTORY = "snapshots"
_KEY_FILE = "key"
_KEY_BYTES = 32
_CHARACTERS = 32


class LastSnapshots:
    """The last snapshots in a directory of this machine; nothing raises, and no file is needed."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory / DIRECTORY

    def read(self, *, profile: str, base_url: str, source: str, token: SecretStr) -> Saved | None:
        """The last snapshot that this profile read with this token; None without one."""
        if (key := self._key()) is None:
            return None
        saved = _read(self._path(profile, base_url, source, _digest(key, token)))
        return saved if saved and (saved.profile, saved.base_url) == (profile, base_url) else None

    def read_newest(self, *, profile: str, base_url: str, source: str) -> Saved | None:
        """The last snapshot of a profile, for names that are offered and checked later.

        Without the token, the place where it comes from tells profiles of one name apart.
        """
        saved = (_read(path) for path in self._paths(profile, base_url, source))
        found = [each for each in saved if each is not None and each.profile == profile]
        return max(found, key=lambda each: each.taken_at, default=None)

    def keep(self, saved: Saved, *, source: str, token: SecretStr) -> None:
        """Keeps what is needed of a snapshot in place of the one before."""
        from sa_tui.org.saved.writing import content_of

        content = content_of(replace(saved, snapshot=needed(saved.snapshot)))
        with suppress(OSError):
            self.forget(profile=saved.profile, base_url=saved.base_url)
            if is_secret_inside(content.decode()):
                return
            make_private(self._directory / _KEY_FILE)
            key = self._key() or self._new_key()
            path = self._path(saved.profile, saved.base_url, source, _digest(key, token))
            replace_lines(path, [content.removesuffix(b"\n")])

    def forget(self, *, profile: str, base_url: str) -> None:
        """Removes the snapshots of a profile."""
        for path in self._paths(profile, base_url):
            with suppress(OSError):
                path.unlink()

    def _key(self) -> bytes | None:
        try:
            with open(self._directory / _KEY_FILE, "rb", opener=private_opener) as file:
                key = file.read(_KEY_BYTES + 1)
        except OSError:
            return None
        return key if len(key) == _KEY_BYTES else None

    def _new_key(self) -> bytes:
        key = os.urandom(_KEY_BYTES)
        with open(self._directory / _KEY_FILE, "wb", opener=private_opener) as file:
            file.write(key)
        return key

    def _path(self, profile: str, base_url: str, source: str, digest: str) -> Path:
        name = f"{_folded(profile, base_url)}-{_folded(source)}-{digest}.json"
        return self._directory / name

    def _paths(self, profile: str, base_url: str, source: str | None = None) -> list[Path]:
        place = "*" if source is None else f"{_folded(source)}-*"
        try:
            return sorted(self._directory.glob(f"{_folded(profile, base_url)}-{place}.json"))
        except OSError:
            return []


def needed(snapshot: Snapshot) -> Snapshot:
    """What the lists of accounts and teams show of a snapshot, without anybody's e-mail address."""
    teams = {id: TeamDetails(roles=of.roles) for id, of in snapshot.team_details.items()}
    return Snapshot(
        has_person=snapshot.has_person,
        organization=snapshot.organization,
        accounts=snapshot.accounts,
        details=snapshot.details,
        teams=snapshot.teams,
        team_details=MappingProxyType(teams),
        me=Part(),
    )


def _read(path: Path) -> Saved | None:
    try:
        return read_file(path)
    except SavedError:
        return None


def _digest(key: bytes, token: SecretStr) -> str:
    import hmac

    secret = token.get_secret_value().encode(errors="surrogatepass")
    return hmac.digest(key, secret, "sha256").hex()[:_CHARACTERS]


def _folded(*texts: str) -> str:
    import hashlib

    text = "\n".join(texts).encode(errors="surrogatepass")
    return hashlib.sha256(text).hexdigest()[:_CHARACTERS]
