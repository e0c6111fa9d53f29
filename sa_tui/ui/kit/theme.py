"""Colours: one calm theme, and the terminal's own palette for operators who want no colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import App

NIGHT = Theme(
    name="sa-tui",
    primary="#7aa2f7",
    secondary="#7dcfff",
    accent="#e0af68",
    foreground="#c8d0e0",
    background="#11151c",
    surface="#171d27",
    panel="#1e2633",
    success="#9ece6a",
    warning="#e0af68",
    error="#f7768e",
    dark=True,
    variables={
        "footer-key-foreground": "#7dcfff",
        "footer-background": "#1e2633",
        "input-cursor-background": "#c8d0e0",
        "block-cursor-text-style": "none",
        "block-cursor-background": "#2f4573",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#1f2a40",
        "block-cursor-blurred-foreground": "#c8d0e0",
    },
)


def is_colourless(environ: Mapping[str, str]) -> bool:
    """Whether the operator asks for no colour (https://no-color.org)."""
    return bool(environ.get("NO_COLOR"))


def apply_theme(app: App[int], environ: Mapping[str, str]) -> None:
    """Sets the application's theme; with NO_COLOR one that writes no colour at all."""
    app.register_theme(NIGHT)
    app.theme = "ansi-dark" if is_colourless(environ) else NIGHT.name
