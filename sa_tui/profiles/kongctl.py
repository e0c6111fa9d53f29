"""kongctl's profiles, read in place: names, addresses and whether there is a token; never a copy.

A value comes from KONGCTL_<PROFILE>_KONNECT_<KEY> if that is set, else from kongctl's file. kongctl
compares names and keys in lower case. Its browser logins are its own: short-lived and not reused.
The rule it keeps: a token of one environment of Konnect is never sent to another.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sa_tui.base.address import is_region
from sa_tui.profiles.errors import ProfileError, listed, quoted
from sa_tui.profiles.trust import refuse_foreign
from sa_tui.profiles.urls import GLOBAL_URL, environment_of, in_environment

if TYPE_CHECKING:
    from collections.abc import Mapping

_PAT_VARIABLE = re.compile(r"KONGCTL_([A-Z0-9_]+)_KONNECT_PAT")


@dataclass(frozen=True)
class KongctlProfile:
    """A profile that kongctl knows; without a token it is a browser login of kongctl's own.

    `problem` is why nobody can tell where its token belongs.
    """

    name: str
    _: KW_ONLY
    address: str
    has_token: bool
    is_from_environment: bool
    problem: ProfileError | None = None


def config_path(environ: Mapping[str, str], home: Path) -> Path:
    """Where kongctl keeps its configuration."""
    base = environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else home / ".config") / "kongctl" / "config.yaml"


def kongctl_profiles(environ: Mapping[str, str], home: Path) -> tuple[KongctlProfile, ...]:
    """What kongctl knows: the selected profile, those with a token in a variable, then the file's.

    Raises ProfileError for a file that cannot be read or understood.
    """
    selected = (environ.get("KONGCTL_PROFILE") or "default").lower()
    filed = _filed(config_path(environ, home))
    names = dict.fromkeys([*filed, selected])
    prefixes = {_prefix(name) for name in names}
    for variable in sorted(environ):
        match = _PAT_VARIABLE.fullmatch(variable)
        if match and environ[variable] and f"KONGCTL_{match[1]}" not in prefixes:
            names[match[1].lower()] = None
    profiles = [
        _profile(name, filed.get(name, {}), environ)
        for name in names
        if name in filed or _variable(environ, name, "pat")
    ]
    return tuple(sorted(profiles, key=lambda p: (p.name != selected, not p.is_from_environment)))


def kongctl_token(name: str, environ: Mapping[str, str], home: Path) -> str:
    """The token of one kongctl profile, as it stands there. Raises ProfileError."""
    from_environment = _variable(environ, name.lower(), "pat")
    if from_environment:
        return from_environment
    path = config_path(environ, home)
    filed = _filed(path)
    if name.lower() not in filed:
        names = [p.name for p in kongctl_profiles(environ, home)]
        raise ProfileError(
            f"kongctl has no profile {quoted(name)}.",
            path=path,
            mend=f"Known kongctl profiles: {listed(names)}.",
        )
    token = filed[name.lower()].get("pat", "")
    if not token:
        raise login_only(name, path)
    return token


def refuse_other_environment(
    name: str, environ: Mapping[str, str], home: Path, *, base_url: str
) -> None:
    """Raises ProfileError when kongctl sends its token to another environment than this address."""
    name = name.lower()
    address = _address(name, _filed(config_path(environ, home)).get(name, {}), environ)
    belongs = in_environment(base_url, environment_of(address))
    if belongs != base_url:
        raise ProfileError(
            f"The token of the kongctl profile {quoted(name)} is for {address}, and would be sent "
            f"to {base_url}.",
            key="base_url",
            mend=f'Set base_url = "{belongs}" in this profile.',
        )


def file_notice(name: str, environ: Mapping[str, str], home: Path) -> str:
    """A sentence when others can read the file that this profile's token is in, else empty."""
    path = config_path(environ, home)
    if _variable(environ, name.lower(), "pat"):
        return ""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return ""  # whoever reads the token says why it cannot be read
    if not mode & (stat.S_IRGRP | stat.S_IROTH):
        return ""
    return (
        f"Others on this machine can read the token in {path} (mode {mode:04o}). "
        f"Run: chmod 600 {path}"
    )


def login_only(name: str, path: Path) -> ProfileError:
    """Why a kongctl profile without a token is of no use here."""
    return ProfileError(
        f"The kongctl profile {quoted(name)} has no token (konnect.pat); at most a browser login, "
        "which is kongctl's own.",
        path=path,
        mend=f"Set {_prefix(name)}_KONNECT_PAT, or choose another token source.",
    )


def _profile(name: str, filed: Mapping[str, str], environ: Mapping[str, str]) -> KongctlProfile:
    address, problem = "", None
    try:
        address = _address(name, filed, environ)
    except ProfileError as error:
        problem = error
    from_environment = bool(_variable(environ, name, "pat"))
    return KongctlProfile(
        name,
        address=address,
        has_token=from_environment or bool(filed.get("pat")),
        is_from_environment=from_environment,
        problem=problem,
    )


def _address(name: str, filed: Mapping[str, str], environ: Mapping[str, str]) -> str:
    """Where kongctl sends the token. Raises ProfileError for an environment that is not known."""

    def value(key: str) -> str:
        return _variable(environ, name, key) or filed.get(key, "")

    address = value("base-url") or _regional_address(value("region"))
    return in_environment(address, value("environment"))


def _regional_address(region: str) -> str:
    return f"https://{region}.api.konghq.com" if is_region(region) else GLOBAL_URL


def _prefix(name: str) -> str:
    return "KONGCTL_" + re.sub(r"[.-]", "_", name).upper()


def _variable(environ: Mapping[str, str], name: str, key: str) -> str:
    return environ.get(f"{_prefix(name)}_KONNECT_{key.replace('-', '_').upper()}", "")


def _filed(path: Path) -> dict[str, dict[str, str]]:
    """The texts under each profile's `konnect`, keys in lower case."""
    try:
        with path.open("rb") as file:
            status, content = os.fstat(file.fileno()), file.read()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise ProfileError(f"It cannot be read: {error.strerror}.", path=path) from None
    refuse_foreign(path, status, caller=os.geteuid(), because="it can name where a token is sent")
    document = _parsed(content, path)
    return {
        name: {
            key: text
            for key, text in _lowered(values.get("konnect")).items()
            if isinstance(text, str)
        }
        for name, values in ((key, _lowered(value)) for key, value in document.items())
        if values
    }


def _parsed(content: bytes, path: Path) -> dict[str, object]:
    import yaml

    try:
        document = yaml.safe_load(content)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # The parser's own message quotes the lines around the fault, and so the token.
        mark = getattr(error, "problem_mark", None)
        raise ProfileError(
            "This is not YAML that kongctl could read.",
            path=path,
            line=None if mark is None else mark.line + 1,
            mend="Mend it with kongctl, or choose another token source.",
        ) from None
    if document is not None and not isinstance(document, dict):
        raise ProfileError("It does not hold kongctl profiles.", path=path)
    return _lowered(document)


def _lowered(value: object) -> dict[str, object]:
    return {str(k).lower(): v for k, v in value.items()} if isinstance(value, dict) else {}
