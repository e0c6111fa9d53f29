"""The ways to the operator's clipboard, and copying what is no secret."""

from __future__ import annotations

import secrets
import shutil
from functools import partial
from typing import TYPE_CHECKING, Any

from sa_tui.ui.kit.patches.inside import write_raw

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import App

    from sa_tui.handover.clipboard import Route
    from sa_tui.handover.delivery import Delivery


async def copy_text(app: App[Any], text: str, *, environ: Mapping[str, str]) -> str:
    """Copies text that is no secret; returns the route's message, empty without any route."""
    delivery = await send_text(app, text, environ=environ)
    return delivery.message if delivery is not None else ""


async def send_text(app: App[Any], text: str, *, environ: Mapping[str, str]) -> Delivery | None:
    """Copies text that is no secret; returns what is known of it, None without any route."""
    from pydantic import SecretStr

    from sa_tui.handover.clipboard import first_usable

    route = await first_usable(clipboard_routes(environ))
    return await route.send(SecretStr(text), write=partial(write_raw, app)) if route else None


def clipboard_routes(
    environ: Mapping[str, str], *, buffer_id: str | None = None, keep_seconds: int | None = None
) -> tuple[Route, ...]:
    """The ways to the operator's clipboard, best first.

    `buffer_id` tells a tmux buffer from the others of this process.
    """
    from sa_tui.handover.clipboard import detect_routes  # late: it would slow the start

    return detect_routes(
        environ,
        which=lambda name: shutil.which(name, path=environ.get("PATH")),
        buffer_id=buffer_id,
        keep_seconds=keep_seconds,
    )


def secret_routes(environ: Mapping[str, str]) -> tuple[Route, ...]:
    """The same for a secret: it has a tmux buffer of its own, which tmux deletes after a while."""
    from sa_tui.handover.tmux import SECRET_SECONDS

    return clipboard_routes(environ, buffer_id=secrets.token_hex(4), keep_seconds=SECRET_SECONDS)
