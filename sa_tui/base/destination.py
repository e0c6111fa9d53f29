"""A destination for secrets under a name, as `profiles.toml` writes it down."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from typing import Literal, get_args

DestinationKind = Literal["command", "file", "clipboard", "show"]
DESTINATION_KINDS: tuple[DestinationKind, ...] = get_args(DestinationKind)
SecretFormat = Literal["raw", "env", "json", "k8s"]
SECRET_FORMATS: tuple[SecretFormat, ...] = get_args(SecretFormat)


@dataclass(frozen=True)
class NamedDestination:
    """A destination as it is written down; `{account}`, `{token}`, `{organisation}` are filled in.

    A command has `command`, a file `path`. `verify` is a command that prints what arrived. One with
    a `problem` is written down wrongly and leads nowhere.
    """

    name: str
    _: KW_ONLY
    kind: DestinationKind
    command: tuple[str, ...] = ()
    path: str = ""
    format: SecretFormat = "raw"
    note: str = ""
    verify: tuple[str, ...] = ()
    problem: str = field(default="", compare=False)
