"""Another program's standard input, such as a password manager; there is no shell in between."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import TYPE_CHECKING

from sa_tui.base.secrets import redact
from sa_tui.handover.delivery import Delivery
from sa_tui.handover.formats import onepassword_item, slug
from sa_tui.handover.process import run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import SecretStr

    from sa_tui.base.label import Label
    from sa_tui.handover.delivery import Destination

_PLACEHOLDER = re.compile(r"\{(account|token)\}")
_UNFILLED = "{repository}"


@dataclass(frozen=True)
class Preset:
    """A command that is known to take a value on its standard input."""

    name: str
    _: KW_ONLY
    argv: tuple[str, ...]
    explanation: str


PRESETS: tuple[Preset, ...] = (
    Preset(
        "vault",
        argv=("vault", "kv", "put", "-mount=secret", "konnect/{account}/{token}", "value=-"),
        explanation="HashiCorp Vault, KV engine; a new version replaces all keys of that path.",
    ),
    Preset(
        "gopass",
        argv=("gopass", "insert", "-f", "konnect/{account}/{token}"),
        explanation="gopass; replaces an entry of that name.",
    ),
    Preset(
        "op",
        argv=("op", "item", "create", "-"),
        explanation="1Password; a new API credential in your own vault, or add --vault NAME.",
    ),
    Preset(
        "pass",
        argv=("pass", "insert", "-m", "konnect/{account}/{token}"),
        explanation="pass; replaces an entry of that name.",
    ),
    Preset(
        "kubectl",
        argv=(
            *("kubectl", "create", "secret", "generic", "konnect-{account}-{token}"),
            "--from-file=token=/dev/stdin",
        ),
        explanation="A Secret in the current context and namespace; fails if it exists.",
    ),
    Preset(
        "gh",
        argv=("gh", "secret", "set", "KONNECT_TOKEN", "--repo", "{repository}"),
        explanation="A GitHub Actions secret; put OWNER/NAME in place of {repository}.",
    ),
)


_CHANGING = "/{token}"


def presets(*, is_rotation: bool = False) -> tuple[Preset, ...]:
    """The ready-made commands; for a rotation with a path that its successor keeps.

    A path with the token's name in it is another one each time: its readers would not follow.
    """
    if not is_rotation:
        return PRESETS
    return tuple(
        replace(preset, argv=tuple(part.replace(_CHANGING, "") for part in preset.argv))
        for preset in PRESETS
    )


def completed(text: str, offered: Sequence[Preset]) -> Preset | None:
    """The ready-made command that this text is the beginning of, the first; None for its whole."""
    text = text.strip()
    if not text:
        return None
    for preset in offered:
        line = shlex.join(preset.argv)
        if line != text and (text == preset.name or line.startswith(text)):
            return preset
    return None


def parse_command(text: str) -> tuple[str, ...]:
    """Splits a command line into arguments the way a shell would, without running one.

    Raises ValueError, in words for the operator.
    """
    try:
        argv = tuple(shlex.split(text))
    except ValueError as error:
        raise ValueError(f"The command cannot be read: {str(error).lower()}.") from None
    if not argv or not argv[0]:
        raise ValueError("The command is empty: name a program.")
    for mark in ("|", ">", ">>", "<", "&&", "||", ";", "&"):
        if mark in argv:
            raise ValueError(
                f"{mark} means something only to a shell, and none is used: "
                f"put it into a script, or write sh -c '…'."
            )
    return argv


def fill(argv: Sequence[str], label: Label) -> tuple[str, ...]:
    """Puts the account's and the token's name in place of `{account}` and `{token}`.

    The names are reduced to lower-case letters, digits and dashes first; whatever they hold, the
    number of arguments stays the same and none begins with a dash because of them.
    """
    names = {"account": slug(label.account_name), "token": slug(label.token_name)}
    return tuple(_PLACEHOLDER.sub(lambda found: names[found[1]], part) for part in argv)


def filled(destination: Destination, label: Label) -> Destination:
    """The same place, with the names in place of `{account}` and `{token}` where it has them."""
    if isinstance(destination, CommandDestination):
        return replace(destination, argv=fill(destination.argv, label))
    return destination


def takes_item(argv: Sequence[str]) -> bool:
    """Whether the command is 1Password's, which reads a whole item where others read a value."""
    names = tuple(os.path.basename(part) for part in argv[:3])
    return names == ("op", "item", "create") and "-" in argv[3:]


@dataclass(frozen=True)
class CommandDestination:
    """A program that gets exactly the token on its standard input, without a line end.

    `op item create -` alone gets an item that holds it. Konnect tokens are taken out of the
    environment. `{account}` and `{token}` in the arguments are filled in when it is run.
    """

    argv: tuple[str, ...]
    _: KW_ONLY
    environ: Mapping[str, str] = field(repr=False, compare=False)
    timeout_seconds: float = 60.0

    @property
    def kind(self) -> str:
        """`command`."""
        return "command"

    def describe(self) -> str:
        """Names the command and how it gets the token."""
        what = "item with the token" if takes_item(self.argv) else "token"
        return f"command {shlex.join(self.argv)} ({what} on its standard input)"

    async def check(self) -> str | None:
        """Says that the program is not there or a placeholder is left, or None; runs nothing."""
        if any(_UNFILLED in part for part in self.argv):
            return f"Put OWNER/NAME in place of {_UNFILLED} in the command."
        return missing_program(self.argv, environ=self.environ)

    async def deliver(self, secret: SecretStr, label: Label) -> Delivery:
        """Runs the command; only exit code 0 of a program that read everything is a success."""
        argv, value = fill(self.argv, label), secret.get_secret_value()
        program = argv[0]
        try:
            ended = await run(
                argv,
                text=onepassword_item(secret, label) if takes_item(argv) else value,
                secret=value,
                environ=self.environ,
                timeout_seconds=self.timeout_seconds,
            )
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            return Delivery("failed", message=f"{program} could not be started: {reason}.")
        # Where the token went is in the arguments: the path of a vault, the name of an entry.
        message = f"{program} {ended.how}: {redact(shlex.join(argv))}"
        if ended.is_success:
            return Delivery("delivered", message=message, detail=ended.output)
        if ended.code is None:
            message += (
                f". The limit is {self.timeout_seconds:g} s. It may have kept the token: "
                "look there before you try again."
            )
        return Delivery("failed", message=message, detail=ended.output)


def missing_program(argv: Sequence[str], *, environ: Mapping[str, str]) -> str | None:
    """Says that the program of a command cannot be found or run and what to do, or None."""
    if not argv or not argv[0]:
        return "The command is empty: name a program."
    program = argv[0]
    if shutil.which(program, path=environ.get("PATH", "")):
        return None
    if "/" in program:
        return f"{program} is not a program that can be run: check the path and its mode."
    return f"{program} was not found on PATH: install it, or write its full path."
