"""Another program's standard input, such as a password manager; there is no shell in between."""

from __future__ import annotations

import os
import shlex
import shutil
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import TYPE_CHECKING

from sa_tui.base.secrets import fingerprint, redact
from sa_tui.handover.delivery import Delivery
from sa_tui.handover.filling import ORGANISATION, fill, why_unfilled
from sa_tui.handover.formats import onepassword_item, render
from sa_tui.handover.process import run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import SecretStr

    from sa_tui.base.label import Label
    from sa_tui.handover.formats import Format

TO_FILL = ("{repository}", "{recipient}")
"""What the operator puts something in place of before a command can be run."""

_PROVES = "Its verify command gave back this token."
_PROVES_NOT = "what it gave back is not this token"


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


def takes_item(argv: Sequence[str]) -> bool:
    """Whether the command is 1Password's, which reads a whole item where others read a value."""
    names = tuple(os.path.basename(part) for part in argv[:3])
    return names == ("op", "item", "create") and "-" in argv[3:]


@dataclass(frozen=True)
class CommandDestination:
    """A program that gets exactly the token on its standard input, without a line end.

    Another `format` than raw, and `op item create -` alone, get a text that holds it. Konnect
    tokens are taken out of the environment. `{account}`, `{token}` and `{organisation}` in the
    arguments are filled in when it is run.

    `verify` is a command that proves what arrived: it prints the token, or the hexadecimal SHA-256
    of the token. What it prints is compared in memory and never shown. Without this proof nothing
    counts as delivered.
    """

    argv: tuple[str, ...]
    _: KW_ONLY
    environ: Mapping[str, str] = field(repr=False, compare=False)
    timeout_seconds: float = 60.0
    format: Format = "raw"
    verify: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """`command`."""
        return "command"

    @property
    def limit_seconds(self) -> float:
        """How long the command may take, with the one that proves it."""
        return self.timeout_seconds * (2 if self.verify else 1)

    def filled(self, label: Label) -> CommandDestination:
        """The same command, with the names in place of the placeholders."""
        argv, verify = fill(self.argv, label), fill(self.verify, label)
        return replace(self, argv=argv, verify=verify)

    def describe(self) -> str:
        """Names the command and how it gets the token."""
        what = "token" if self.format == "raw" else f"{self.format} with the token"
        what = "item with the token" if takes_item(self.argv) else what
        return f"command {shlex.join(self.argv)} ({what} on its standard input)"

    async def check(self) -> str | None:
        """Says that a program is not there or a placeholder is left, or None; runs nothing."""
        for placeholder in (*TO_FILL, ORGANISATION):
            if any(placeholder in part for part in (*self.argv, *self.verify)):
                return why_unfilled(placeholder)
        missing = missing_program(self.argv, environ=self.environ)
        if missing or not self.verify:
            return missing
        return missing_program(self.verify, environ=self.environ)

    async def deliver(self, secret: SecretStr, label: Label) -> Delivery:
        """Runs the command; only exit code 0 of a program that read everything is a success."""
        argv, value = fill(self.argv, label), secret.get_secret_value()
        program = argv[0]
        try:
            ended = await run(
                argv,
                text=self._text(secret, label),
                secret=value,
                environ=self.environ,
                timeout_seconds=self.timeout_seconds,
            )
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            return Delivery("failed", message=f"{program} could not be started: {reason}.")
        # Where the token went is in the arguments: the path of a vault, the name of an entry.
        place = redact(shlex.join(argv))
        message = f"{program} {ended.how}: {place}"
        if ended.is_success:
            delivery = Delivery(
                "delivered",
                message=message,
                detail=ended.output,
                place=place,
                proof=f"{program} {ended.how}",
            )
            return await self._verified(delivery, secret, label) if self.verify else delivery
        if ended.code is None:
            message += (
                f". The limit is {self.timeout_seconds:g} s. It may have kept the token: "
                "look there before you try again."
            )
        return Delivery(
            "failed",
            message=message,
            detail=ended.output,
            place=place,
            may_be_there=ended.code is None,
        )

    def _text(self, secret: SecretStr, label: Label) -> str:
        if takes_item(self.argv):
            return onepassword_item(secret, label)
        return render(secret, label, format=self.format, variable="KONNECT_TOKEN")

    async def _verified(self, delivery: Delivery, secret: SecretStr, label: Label) -> Delivery:
        """The delivery once the verify command has proved it; else a failed one."""
        reason = await self.why_missing(fingerprint(secret), label)
        if not reason:
            proof = f"{delivery.proof}. {_PROVES}"
            return replace(delivery, message=f"{delivery.message}. {_PROVES}", proof=proof)
        message = (
            f"{delivery.message}. It could not be proved: {reason}. It may have kept the token: "
            "look there before you try again."
        )
        return replace(delivery, status="failed", message=message, proof="", may_be_there=True)

    async def why_missing(self, seen: str, label: Label) -> str:
        """Why the verify command does not give back the secret of this SHA-256, or nothing."""
        argv = fill(self.verify, label)
        try:
            ended = await run(
                argv,
                text="",
                secret="",  # what it prints is not shown
                environ=self.environ,
                timeout_seconds=self.timeout_seconds,
                proves=seen,
            )
        except (OSError, ValueError) as error:
            return f"{argv[0]} could not be started: {getattr(error, 'strerror', None) or error}"
        if ended.is_success and ended.is_proof:
            return ""
        how = _PROVES_NOT if ended.is_success else f"{argv[0]} {ended.how}"
        return f"{how} ({redact(shlex.join(argv))})"


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
