"""Named destinations that are known to work, and where any named destination leads.

An own destination of `profiles.toml` takes the place of a ready-made one of the same name.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sa_tui.base.destination import NamedDestination
from sa_tui.handover.clipboard import ClipboardDestination
from sa_tui.handover.command import CommandDestination
from sa_tui.handover.file import FileDestination

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sa_tui.handover.clipboard import Route
    from sa_tui.handover.delivery import Destination


def _preset(name: str, *command: str, note: str) -> NamedDestination:
    return NamedDestination(name, kind="command", command=command, note=note)


PRESETS: tuple[NamedDestination, ...] = (
    _preset(
        *("vault", "vault", "kv", "put", "-mount=secret", "konnect/{account}", "value=-"),
        note="HashiCorp Vault, KV engine; a new version replaces all keys of that path.",
    ),
    _preset(
        *("gopass", "gopass", "insert", "-f", "konnect/{account}"),
        note="gopass; replaces an entry of that name.",
    ),
    _preset(
        *("op", "op", "item", "create", "-"),
        note="1Password; a new API credential in your own vault, or add --vault NAME.",
    ),
    _preset(
        *("pass", "pass", "insert", "-m", "konnect/{account}"),
        note="pass; replaces an entry of that name.",
    ),
    _preset(
        *("kubectl", "kubectl", "create", "secret", "generic", "konnect-{account}-{token}"),
        "--from-file=token=/dev/stdin",
        note="A Secret in the current context and namespace; fails if it exists.",
    ),
    _preset(
        *("gh", "gh", "secret", "set", "KONNECT_TOKEN", "--repo", "{repository}"),
        note="A GitHub Actions secret; put OWNER/NAME in place of {repository}.",
    ),
    _preset(
        *("age", "age", "-r", "{recipient}", "-o", "{account}-{token}.age"),
        note="A file in the working directory for one person: put their age key in place of "
        "{recipient}.",
    ),
    _preset(
        *("gpg", "gpg", "--batch", "--encrypt", "--armor", "-r", "{recipient}"),
        *("-o", "{account}-{token}.asc"),
        note="A file in the working directory for one person: put their address or key in place "
        "of {recipient}.",
    ),
    _preset(
        *("vault-wrap", "vault", "write", "-wrap-ttl=15m", "-field=wrapping_token"),
        *("sys/wrapping/wrap", "token=-"),
        note="For one person: the wrapping token that Vault answers opens it once, within 15 "
        "minutes (vault unwrap).",
    ),
)


def named_destinations(own: Iterable[NamedDestination]) -> tuple[NamedDestination, ...]:
    """The operator's own destinations in their order, then the ready-made ones they leave."""
    own = tuple(own)
    names = {destination.name for destination in own}
    return (*own, *(preset for preset in PRESETS if preset.name not in names))


def place_of(
    named: NamedDestination,
    *,
    environ: Mapping[str, str],
    routes: Sequence[Route],
    write: Callable[[str], None],
) -> Destination | None:
    """Where a named destination leads; None for the screen.

    `routes` are the ways to the clipboard, the best first. Raises ValueError, in words for the
    operator, when there is none.
    """
    if named.problem:
        raise ValueError(named.problem)
    if named.kind == "command":
        return CommandDestination(
            named.command, environ=environ, format=named.format, verify=named.verify
        )
    if named.kind == "file":
        return FileDestination(Path(named.path), format=named.format)
    if named.kind == "show":
        return None
    if not routes:
        raise ValueError("No clipboard can be reached from here.")
    return ClipboardDestination(routes[0], write=write)
