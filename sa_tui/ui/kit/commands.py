"""Every action by one name: the id of its key binding serves the palette, `:` and the help."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sa_tui.ui.kit.patches.inside import live_bindings, own_bindings
from sa_tui.ui.kit.table.table import LineTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from textual.binding import Binding
    from textual.dom import DOMNode
    from textual.screen import Screen


WITH_ARGUMENT: Mapping[str, str] = {
    "who": "who QUERY: who can, such as role:Admin type:cp entity:prod*",
    "profile": "profile NAME: switch to that organisation",
    "theme": "theme NAME: other colours, such as nord or ansi-light",
}
"""Commands of the application that take an argument; a screen may have `WITH_ARGUMENT` too."""

_ALIASES: Mapping[str, str] = {"q": "quit", "q!": "quit", "h": "help", "ctx": "profiles"}


class Commanded(Protocol):
    """What commands need of the application."""

    @property
    def screen(self) -> Screen[Any]: ...

    def say(self, text: str, *, is_error: bool = False) -> None: ...

    def argument_choices(self, name: str) -> Sequence[str]:
        """What can stand after this command; nothing for one that takes any text."""

    def run_with_argument(self, name: str, argument: str) -> bool:
        """Does a command that takes an argument; False when there is none of that name."""

    async def run_action(self, action: str, default_namespace: DOMNode | None = None) -> bool: ...


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
    """The actions of the screen, then those of the application, which a dialog leaves out.

    A key that the screen takes for itself is no key of the application there.
    """
    taken: set[str] = set()
    nodes = (screen,) if screen.is_modal else (screen, screen.app)
    return tuple(action for node in nodes for action in _actions_of(node, taken))


def actions_in_list(screen: Screen[Any]) -> tuple[Action, ...]:
    """What can be done in the list of the screen, where it has one."""
    tables = [table for table in screen.query(LineTable) if table.display]
    return _actions_of(tables[0], set()) if tables else ()


def _actions_of(node: DOMNode, taken: set[str]) -> tuple[Action, ...]:
    """The actions that the node's bindings name and explain; adds its keys to those taken."""
    app = node.app
    live = live_bindings(node)
    keys: dict[str, list[str]] = {}
    for key, binding in sorted(live, key=lambda each: not each[1].show):
        if key not in taken:
            keys.setdefault(binding.action, []).append(app.get_key_display(binding))
    taken.update(live.key_to_bindings)
    # Of the bindings that do the same, the one that the footer shows gives the name.
    told: dict[str, Binding] = {}
    for _, binding in own_bindings(node):
        if binding.id and binding.tooltip and (binding.show or binding.action not in told):
            told[binding.action] = binding
    actions: list[Action] = []
    for binding in told.values():
        state = node.check_action(binding.action.partition("(")[0], ())
        if state is not False:
            action = Action(
                name=binding.id or "",
                keys=tuple(keys.get(binding.action, ())),
                title=binding.description,
                help=binding.tooltip,
                action=binding.action,
                node=node,
                is_enabled=bool(state),
            )
            actions.append(action)
    return tuple(actions)


def why_not(action: Action) -> str:
    """Why an action is greyed out, in a sentence; empty when it is not, or needs no words."""
    refusal = getattr(action.node, "refusal", None)
    if action.is_enabled or refusal is None:
        return ""
    return str(refusal(action.action.partition("(")[0]))


def with_argument(screen: Screen[Any]) -> dict[str, str]:
    """The commands that take an argument on this screen, with their help."""
    return {**getattr(screen, "WITH_ARGUMENT", {}), **WITH_ARGUMENT}


def names(screen: Screen[Any]) -> list[str]:
    """What can be typed after `:` on this screen, in alphabetical order."""
    return sorted({action.name for action in actions(screen)} | {*with_argument(screen)})


def completions(app: Commanded, text: str) -> list[str]:
    """What the text after `:` may become, whole, in alphabetical order: commands or arguments."""
    name, blank, begun = text.partition(" ")
    if not blank:
        found = [each for each in names(app.screen) if each.startswith(name.lower())]
        return sorted(found)
    choices = app.argument_choices(name) if name in with_argument(app.screen) else ()
    begun = begun.lstrip().casefold()
    matching = (each for each in choices if each.casefold().startswith(begun))
    return [f"{name} {each}" for each in sorted(matching, key=str.casefold)]


async def run(app: Commanded, line: str) -> None:
    """Does what was typed after `:`; a name that is not known is answered with the nearest one."""
    word, _, argument = line.strip().lstrip(":").strip().partition(" ")
    word, argument = _ALIASES.get(word.lower(), word.lower()), argument.strip()
    known = {action.name: action for action in actions(app.screen)}
    taking = with_argument(app.screen)
    if not word:
        return
    if argument and (name := _resolve(word, taking)):
        app.run_with_argument(name, argument)
    # A name that was typed in full is not the beginning of another.
    elif (word in known or word not in taking) and (name := _resolve(word, known)):
        if argument:
            app.say(f":{name} takes no argument.", is_error=True)
        elif reason := why_not(known[name]):
            app.say(reason, is_error=True)
        elif not await app.run_action(known[name].action, known[name].node):
            app.say(f":{name} cannot be used here now.", is_error=True)
    elif name := _resolve(word, taking):
        app.say(f":{taking[name]}", is_error=True)
    else:
        near = difflib.get_close_matches(word, names(app.screen), n=1)
        hint = f"Did you mean :{near[0]}?" if near else ", ".join(names(app.screen))
        app.say(f"There is no command :{word} here. {hint}", is_error=True)


def _resolve(word: str, names: Iterable[str]) -> str | None:
    """The name that was typed, or the only one that begins so."""
    begun = [name for name in names if name.startswith(word)]
    return word if word in begun else begun[0] if len(begun) == 1 else None
