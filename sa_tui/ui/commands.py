"""Every action by one name: the id of its key binding serves the palette, `:` and the help."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.dom import DOMNode
    from textual.screen import Screen

    from sa_tui.ui.app import SaTui

WITH_ARGUMENT: Mapping[str, str] = {
    "account": "account NAME: open the account whose name begins so",
    "profile": "profile NAME: switch to that organisation",
    "filter": "filter TEXT: filter the list",
    "theme": "theme NAME: other colours, such as nord or ansi-light",
    "sort": "sort COLUMN: order the list, twice to turn it round",
}
"""Commands that take an argument, with their help; without one they may be plain actions too."""

_ALIASES: Mapping[str, str] = {"q": "quit", "q!": "quit", "h": "help", "ctx": "profiles"}


@dataclass(frozen=True, kw_only=True)
class Action:
    """Something that can be done on a screen now; `is_enabled` is False where it is greyed out."""

    name: str
    keys: tuple[str, ...]
    title: str
    help: str
    action: str
    node: DOMNode
    is_enabled: bool


def actions(screen: Screen[Any]) -> tuple[Action, ...]:
    """The actions of the screen, then those of the application, in the order of their bindings."""
    found: dict[str, Action] = {}
    for node in (screen, screen.app):
        for _key, binding in node._bindings:
            if not binding.id or not binding.tooltip:
                continue
            shown = screen.app.get_key_display(binding)
            if (known := found.get(binding.id)) is not None:
                found[binding.id] = replace(known, keys=(*known.keys, shown))
                continue
            state = node.check_action(binding.action.partition("(")[0], ())
            if state is not False:
                found[binding.id] = Action(
                    name=binding.id,
                    keys=(shown,),
                    title=binding.description,
                    help=binding.tooltip,
                    action=binding.action,
                    node=node,
                    is_enabled=bool(state),
                )
    return tuple(found.values())


def names(screen: Screen[Any]) -> list[str]:
    """What can be typed after `:` on this screen, in alphabetical order."""
    return sorted({action.name for action in actions(screen)} | {f"{n} " for n in WITH_ARGUMENT})


async def run(app: SaTui, line: str) -> None:
    """Does what was typed after `:`; a name that is not known is answered with the nearest one."""
    word, _, argument = line.strip().lstrip(":").partition(" ")
    name, argument = _ALIASES.get(word.lower(), word.lower()), argument.strip()
    if not name:
        return
    if argument:
        if not app.run_with_argument(name, argument):
            app.say(f":{name} takes no argument. {_known(app)}", is_error=True)
        return
    known = {action.name: action for action in actions(app.screen)}
    begun = [each for each in known if each.startswith(name)]
    if (action := known.get(begun[0] if len(begun) == 1 else name)) is None:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"Did you mean :{near[0]}?" if near else _known(app)
        app.say(WITH_ARGUMENT.get(name) or f"There is no command :{name}. {hint}", is_error=True)
    elif not await app.run_action(action.action, action.node):
        app.say(f":{name} cannot be used here now.", is_error=True)


def _known(app: SaTui) -> str:
    return "Known here: " + ", ".join(name.strip() for name in names(app.screen))
