"""Reads a token from where a profile says it is kept; what was read appears in no error."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sa_tui.base.installing import install_command
from sa_tui.base.text import is_visible_ascii
from sa_tui.profiles.errors import ProfileError, quoted, safe
from sa_tui.profiles.kongctl import file_notice, kongctl_token, refuse_other_environment
from sa_tui.profiles.model import (
    CommandSource,
    EnvSource,
    FileSource,
    KeyringSource,
    KongctlSource,
    TokenSource,
)
from sa_tui.profiles.trust import is_of_root_alone

if TYPE_CHECKING:
    from pydantic import SecretStr

COMMAND_TIMEOUT_SECONDS = 60.0
_MAX_TOKEN_BYTES = 16_384
_STDERR_CHARACTERS = 300
_ROOT = 0
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


class Keyring(Protocol):
    """The one function of the keyring package that is used."""

    def get_password(self, service: str, username: str, /) -> str | None:
        """The password, or None when there is none."""


RunProgram = Callable[..., "subprocess.CompletedProcess[bytes]"]


def read_token(
    source: TokenSource,
    *,
    environ: Mapping[str, str],
    home: Path | None = None,
    run: RunProgram = subprocess.run,
    keyring: Keyring | None = None,
    timeout_seconds: float = COMMAND_TIMEOUT_SECONDS,
    base_url: str = "",
    caller: int | None = None,
) -> SecretStr:
    """The token a source holds; blocks while a command runs or a keyring asks to be unlocked.

    `base_url` is where it will be sent, `caller` the user that files have to belong to. Blanks
    around the token are dropped. Raises ProfileError, also for text that could not go into a
    header. A command may talk to the terminal, so call this before or beside the application's
    screen, never under it.
    """
    from pydantic import SecretStr

    match source:
        case EnvSource():
            text = _from_environment(source, environ)
        case FileSource():
            text = _from_file(source, os.geteuid() if caller is None else caller)
        case CommandSource():
            text = _from_command(source, environ, run, timeout_seconds)
        case KeyringSource():
            text = _from_keyring(source, keyring or _system_keyring())
        case KongctlSource():
            home = home or _home(environ)
            refuse_other_environment(source.profile, environ, home, base_url=base_url)
            text = kongctl_token(source.profile, environ, home)
    return SecretStr(_checked(text, source))


def notices(
    source: TokenSource, *, environ: Mapping[str, str], home: Path, caller: int | None = None
) -> tuple[str, ...]:
    """What the operator should know of where the token is kept, before it is used."""
    notice = ""
    if isinstance(source, FileSource):
        notice = _mounted_notice(source.path, os.geteuid() if caller is None else caller)
    elif isinstance(source, KongctlSource):
        notice = file_notice(source.profile, environ, home)
    return (notice,) if notice else ()


def _mounted_notice(path: Path, caller: int) -> str:
    try:
        status = path.stat()
        is_mounted = _is_mounted(path, status, caller, is_fixed=_is_fixed(os.statvfs(path)))
    except OSError:
        return ""  # whoever reads the token says why it cannot be read
    mode = stat.S_IMODE(status.st_mode)
    if not is_mounted or not mode & (stat.S_IRGRP | stat.S_IROTH):
        return ""
    return (
        f"{path} is read although others can read it too (mode {mode:04o}): containers mount "
        "secrets like this, and nobody else here can have written it."
    )


def _from_environment(source: EnvSource, environ: Mapping[str, str]) -> str:
    if source.variable not in environ:
        raise _failed(
            source, "is not set", mend=f"Set {source.variable}, or choose another token source."
        )
    return environ[source.variable]


def _from_file(source: FileSource, caller: int) -> str:
    """The content of a private regular file; checked on the open file, so nothing can change it.

    Not blocking: opening a pipe would otherwise wait for a writer.
    """
    try:
        descriptor = os.open(source.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except FileNotFoundError:
        raise _failed(source, "does not exist", mend="Create it, readable by you alone.") from None
    except PermissionError as error:
        raise _failed(
            source,
            f"cannot be opened: {error.strerror}",
            mend=f"Let user id {caller} or one of its groups read it.",
        ) from None
    except OSError as error:
        raise _failed(source, f"cannot be opened: {error.strerror}") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _failed(source, "is not a regular file", mend="Keep the token in a plain file.")
        _check_private(source, status, caller, is_fixed=_is_fixed(os.fstatvfs(descriptor)))
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read(_MAX_TOKEN_BYTES + 1)
    finally:
        os.close(descriptor)
    try:
        return content.decode("ascii")
    except UnicodeDecodeError:
        raise _failed(source, "holds characters no token has") from None


def _is_fixed(system: os.statvfs_result) -> bool:
    return bool(system.f_flag & os.ST_RDONLY)


def _is_mounted(path: Path, status: os.stat_result, caller: int, *, is_fixed: bool) -> bool:
    """Whether a container can have mounted it so that others may read it, and none may write it.

    `is_fixed` says that it is on a file system on which nobody can change a mode.
    """
    if status.st_mode & _OTHERS_WRITE:
        return False
    if status.st_uid == caller:
        return is_fixed
    return status.st_uid == _ROOT and is_of_root_alone(path)


def _check_private(
    source: FileSource, status: os.stat_result, caller: int, *, is_fixed: bool
) -> None:
    """Raises ProfileError unless the caller alone can read it, or a container mounts it so."""
    if _is_mounted(source.path, status, caller, is_fixed=is_fixed):
        return
    if status.st_uid != caller:
        raise _failed(
            source,
            f"belongs to user id {status.st_uid}, and you are {caller}",
            mend="Keep the token in a file of your own; one that a container mounts has to be "
            "root's, in directories that only root can write to.",
        )
    if status.st_mode & 0o077:
        raise _failed(
            source,
            f"is open to others (mode {stat.S_IMODE(status.st_mode):04o})",
            mend=f"Run: chmod 600 {source.path}",
        )


def _from_command(
    source: CommandSource, environ: Mapping[str, str], run: RunProgram, timeout_seconds: float
) -> str:
    try:
        done = run(
            list(source.argv),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            env=dict(environ),
            timeout=timeout_seconds,
        )
    except FileNotFoundError:
        raise _failed(source, "was not found", mend="Install it or write its path.") from None
    except OSError as error:
        raise _failed(source, f"cannot be started: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        raise _failed(
            source,
            f"did not end within {timeout_seconds:g} s",
            mend="Run it by hand; it may be waiting to be unlocked.",
        ) from None
    if done.returncode != 0:
        # Hidden before it is shortened: half a token no longer looks like one.
        said = safe(done.stderr.decode(errors="replace").strip())[-_STDERR_CHARACTERS:]
        raise _failed(
            source, _ended(done.returncode), mend=f"It said: {said}" if said else "It said nothing."
        )
    lines = done.stdout.decode(errors="replace").strip().splitlines()
    return lines[0] if lines else ""


def _ended(code: int) -> str:
    if -code in (signal.SIGINT, signal.SIGQUIT):
        return "was stopped"
    return f"failed with exit code {code}" if code > 0 else f"was ended by signal {-code}"


def _from_keyring(source: KeyringSource, keyring: Keyring) -> str:
    try:
        password = keyring.get_password(source.service, source.username)
    except Exception as error:  # noqa: BLE001 - back ends raise whatever their desktop raises
        raise _failed(
            source, f"cannot be read: {type(error).__name__}: {error}", mend="Unlock the keyring."
        ) from None
    if password is None:
        raise _failed(
            source,
            "does not exist",
            mend=f"Run: keyring set {quoted(source.service)} {quoted(source.username)}",
        )
    return password


def _system_keyring() -> Keyring:
    try:
        import keyring
    except ImportError:
        raise ProfileError(
            "The keyring package is not installed.",
            key="token.keyring",
            mend=f"Run: {install_command('keyring')}",
        ) from None
    found: Keyring = keyring
    return found


def _checked(text: str, source: TokenSource) -> str:
    token = text.strip()
    if not token:
        raise _failed(source, "is empty", mend="It must hold the token and nothing else.")
    if len(token) > _MAX_TOKEN_BYTES:
        raise _failed(source, "is too long to be a token")
    if "\n" in token or "\r" in token:
        raise _failed(source, "has several lines", mend="Keep the token alone on one line.")
    if token.lower().startswith("bearer "):
        raise _failed(source, "starts with Bearer", mend="Keep the token alone, without that word.")
    if not is_visible_ascii(token):
        raise _failed(
            source,
            "holds blanks, control characters or letters no token has",
            mend="Copy the token again.",
        )
    return token


def _failed(source: TokenSource, what: str, *, mend: str = "") -> ProfileError:
    described = source.describe()
    return ProfileError(f"{described[0].upper()}{described[1:]} {what}.", mend=mend)


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ["HOME"]) if environ.get("HOME") else Path.home()
