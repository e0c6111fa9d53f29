"""The order of a command line: the token, and the one destination of its secret."""

from __future__ import annotations

import difflib
import shutil
from dataclasses import KW_ONLY, dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sa_tui.base.times import parse_lifetime
from sa_tui.cli.exits import Exit, StoppedError, UsageError
from sa_tui.cli.output import abandon_stdout
from sa_tui.cli.streams import why_unwritable
from sa_tui.handover.command import CommandDestination
from sa_tui.handover.delivery import Delivery
from sa_tui.handover.file import FileDestination
from sa_tui.handover.tmux import SECRET_SECONDS
from sa_tui.org.issuing import Order
from sa_tui.org.names import alike_words, looks_like

if TYPE_CHECKING:
    from pydantic import SecretStr

    from sa_tui.base.label import Label
    from sa_tui.cli.environment import Environment
    from sa_tui.cli.token_command import TokenCommand
    from sa_tui.handover.delivery import Destination
    from sa_tui.konnect.models import AccessToken

NAME_CHARACTERS = 250


@dataclass(frozen=True)
class StdoutDestination:
    """Standard output, which gets exactly the token, without a line break."""

    env: Environment = field(repr=False)
    _: KW_ONLY
    is_forced: bool = False

    @property
    def kind(self) -> str:
        """`stdout`."""
        return "stdout"

    def filled(self, label: Label) -> StdoutDestination:
        """The same place: it has no names."""
        return self

    def describe(self) -> str:
        """The name of the destination."""
        return "standard output"

    async def check(self) -> str | None:
        """Why nothing can be delivered, or None; a terminal's scrollback would keep the token."""
        if reason := why_unwritable(self.env.stdout):
            return f"nothing can be written to standard output: {reason}."
        if self.env.stdout.isatty() and not self.is_forced:
            return (
                "standard output is a terminal, whose scrollback would keep the token. "
                "Send it to a program or a file, or add --force."
            )
        return None

    async def deliver(self, secret: SecretStr, label: Label) -> Delivery:
        """Writes the token; fails if the reader is gone."""
        try:
            self.env.stdout.write(secret.get_secret_value())
            self.env.stdout.flush()
        except (OSError, ValueError) as error:
            abandon_stdout(self.env)  # or it would be written again at exit
            reason = getattr(error, "strerror", None) or "it is closed"
            return Delivery("failed", message=f"Standard output did not take the token: {reason}.")
        return Delivery("delivered", message="Written to standard output.")


def order_of(command: TokenCommand, *, name: str, lifetime: str, destination: Destination) -> Order:
    """The order for a token of this account. Raises UsageError, and StoppedError if it is there."""
    if not name.strip() or not name.isprintable() or len(name) > NAME_CHARACTERS:
        raise UsageError(f"--name: give 1 to {NAME_CHARACTERS} printable characters.")
    try:
        expires_at = parse_lifetime(lifetime, command.org.now().replace(microsecond=0))
    except ValueError as error:
        raise UsageError(f"--lifetime: {error}") from error
    if any(row.name == name.strip() for row in command.tokens.rows):
        taken = f"{command.account.name} already has a token named {name.strip()!r}"
        raise StoppedError(
            f"Nothing was created: {taken}. Choose another name.", code=Exit.CONFLICT
        )
    if alike := looks_like(name.strip(), (row.name for row in command.tokens.rows)):
        command.env.tell(alike_words(alike))
    organization = command.org.snapshot.organization.value
    return Order(
        account_id=command.account.id,
        account_name=command.account.name,
        name=name.strip(),
        expires_at=expires_at,
        destination=destination,
        profile=command.profile.name,
        base_url=command.profile.base_url,
        organization_id=organization.id if organization else None,
        organization_name=organization.name if organization else None,
    )


def destination_of(command: TokenCommand) -> Destination:
    """The one destination of the secret. Raises UsageError."""
    options, env = command.options, command.env
    if options.to is not None:
        return _named(command, options.to)
    if options.to_file is None and (options.format != "raw" or options.variable is not None):
        raise UsageError("--format and --variable belong to --to-file.")
    if options.to_file is not None:
        variable = options.variable or "KONNECT_TOKEN"
        return FileDestination(Path(options.to_file), format=options.format, variable=variable)
    if options.stdout:
        if options.output == "json" and not options.dry_run:
            raise UsageError("With --stdout only the token is written: leave out -o json.")
        return StdoutDestination(env, is_forced=options.force)
    argv = tuple(options.exec)
    argv = argv[1:] if argv[:1] == ("--",) else argv
    if not argv:
        raise UsageError("--exec: name a program and its arguments, last on the line.")
    return CommandDestination(argv, environ=env.child_environ)


def _named(command: TokenCommand, name: str) -> Destination:
    """The destination of this name, an own or a ready-made one. Raises UsageError."""
    from sa_tui.handover.clipboard import EscapeRoute, detect_routes
    from sa_tui.handover.presets import named_destinations, place_of

    known = {each.name: each for each in named_destinations(command.destinations.values())}
    if name not in known:
        near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.6)
        mend = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
        raise UsageError(f"--to: there is no destination {name!r}. {mend}")
    if command.options.format != "raw" or command.options.variable is not None:
        raise UsageError("--format and --variable belong to --to-file.")
    environ = command.env.child_environ
    which = partial(shutil.which, path=environ.get("PATH"))
    # A terminal confirms nothing: the token would be revoked again.
    routes = [
        route
        for route in detect_routes(environ, which=which, keep_seconds=SECRET_SECONDS)
        if not isinstance(route, EscapeRoute)
    ]
    try:
        place = place_of(known[name], environ=environ, routes=routes, write=lambda _: None)
    except ValueError as error:
        raise UsageError(f"--to {name}: {error}") from error
    if place is None:
        raise UsageError(f"--to {name}: it is for the application. Use --stdout here.")
    return place


def lifetime_of(token: AccessToken) -> str:
    """The lifetime of the old token. Raises UsageError when it is not known."""
    if token.created_at is None or token.expires_at is None:
        raise UsageError(f"The lifetime of {token.name} is not known: add --lifetime.")
    days = max(1, round((token.expires_at - token.created_at) / timedelta(days=1)))
    return f"{min(days, 365)}d"
