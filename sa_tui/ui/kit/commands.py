"""Every action has one name in the palette, after `:` and in the help: its key binding's id."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sa_tui.ui.kit.patches.inside import live_bindings, own_bindings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from textual.binding import Binding
    from textual.dom import DOMNode
    from textual.screen import Screen


WITH_ARGUMENT: Mapping[str, str] = {
    "who": "who QUERY: ask who can do something, such as role:Admin type:cp entity:prod*",
    "query": "query NAME: ask who by a query that was saved",
    "forget": "forget NAME: forget a query that was saved",
    "account": "account NAME: open the account whose name begins with NAME",
    "team": "team NAME: open the team whose name begins with NAME",
    "plan": "plan FILE: review what has to change for it to be as the file wishes, or a saved plan",
    "profile": "profile NAME: switch to that organisation",
    "theme": "theme NAME: use other colours, such as nord or ansi-light",
}
"""The application's commands that take an argument, with their help; a screen may add its own."""

_QUERIES = frozenset({"who", "filter"})
"""The commands whose argument is a query."""

_ALIASES: Mapping[str, str] = {"q": "quit", "q!": "quit", "h": "help", "ctx": "profiles"}


class CommandHost(Protocol):
    """What commands need of the application."""

    @property
    def screen(self) -> Screen[Any]: ...

    def say(self, text: str, *, is_error: bool = False) -> None: ...

    def argument_choices(self, name: str) -> Sequence[str]:
        """The arguments that this command can take; none for one that takes any text."""

    def query_completions(self, query: str) -> Sequence[str]:
        """The whole queries that this beginning of one can become."""

    def run_with_argument(self, name: str, argument: str) -> bool:
        """Runs a command that takes an argument; False when no command has that name."""

    async def run_action(self, action: str, default_namespace: DOMNode | None = None) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Action:
    """Something that a screen offers now; `is_enabled` is False while it is greyed out."""

    name: str
    keys: tuple[str, ...]
    title: str
    help: str
    action: str
    node: DOMNode
    is_enabled: bool


def actions(screen: Screen[Any]) -> tuple[Action, ...]:
    """The actions of the screen, then those of the application, which a dialog leaves out.

    A key that the screen binds itself is not listed for the application.
    """
    taken_keys: set[str] = set()
    nodes = (screen,) if screen.is_modal else (screen, screen.app)
    return tuple(action for node in nodes for action in _actions_of(node, taken_keys))


def actions_in_parts(screen: Screen[Any]) -> dict[str, tuple[Action, ...]]:
    """The actions of the lists, lines and fields of the screen, by their titles in the help."""
    parts = {type(part): part for part in reversed(screen.query("*").nodes)}  # the first of a kind
    titled = ((getattr(part, "HELP_TITLE", ""), part) for part in reversed(parts.values()))
    return {title: _actions_of(part, set()) for title, part in titled if title}


def _actions_of(node: DOMNode, taken_keys: set[str]) -> tuple[Action, ...]:
    """The actions that the node's bindings name and explain; adds its keys to `taken_keys`."""
    app = node.app
    live = live_bindings(node)
    keys: dict[str, list[str]] = {}
    for key, binding in sorted(live, key=lambda pair: not pair[1].show):
        if key not in taken_keys:
            keys.setdefault(binding.action, []).append(app.get_key_display(binding))
    taken_keys.update(live.key_to_bindings)
    # Of several bindings for one action, the one in the footer gives the name.
    named: dict[str, Binding] = {}
    for _, binding in own_bindings(node):
        if binding.id and binding.tooltip and (binding.show or binding.action not in named):
            named[binding.action] = binding
    actions: list[Action] = []
    for binding in named.values():
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
    """Why an action is greyed out, in a sentence; empty when it is not or has no reason."""
    refusal = getattr(action.node, "refusal", None)
    if action.is_enabled or refusal is None:
        return ""
    return str(refusal(action.action.partition("(")[0]))


def with_argument(screen: Screen[Any]) -> dict[str, str]:
    """The commands that take an argument on this screen, by name, with their help."""
    return {**getattr(screen, "WITH_ARGUMENT", {}), **WITH_ARGUMENT}


def names(screen: Screen[Any]) -> list[str]:
    """What can be typed after `:` on this screen, in alphabetical order."""
    return sorted({action.name for action in actions(screen)} | {*with_argument(screen)})


def completions(host: CommandHost, text: str, *, with_queries: bool = True) -> list[str]:
    """The whole texts that the text after `:` can become, in alphabetical order.

    Without `with_queries` it is quick enough for every key.
    """
    name, blank, argument = text.partition(" ")
    if not blank:
        return [command for command in names(host.screen) if command.startswith(name.lower())]
    if name not in with_argument(host.screen):
        return []
    if name in _QUERIES:
        queries = host.query_completions(argument) if with_queries else ()
        return [f"{name} {query}" for query in queries]
    beginning = argument.lstrip().casefold()
    choices = host.argument_choices(name)
    matching = (choice for choice in choices if choice.casefold().startswith(beginning))
    return [f"{name} {choice}" for choice in sorted(matching, key=str.casefold)]


async def run(host: CommandHost, line: str) -> None:
    """Runs what was typed after `:`; answers an unknown name with the nearest one."""
    word, _, argument = line.strip().lstrip(":").strip().partition(" ")
    word, argument = _ALIASES.get(word.lower(), word.lower()), argument.strip()
    plain = {action.name: action for action in actions(host.screen)}
    taking_argument = with_argument(host.screen)
    if not word:
        return
    if argument and (name := _resolve(word, taking_argument)):
        host.run_with_argument(name, argument)
    # A name that was typed in full is not the beginning of another.
    elif (word in plain or word not in taking_argument) and (name := _resolve(word, plain)):
        if argument:
            host.say(f":{name} takes no argument.", is_error=True)
        elif reason := why_not(plain[name]):
            host.say(reason, is_error=True)
        elif not await host.run_action(plain[name].action, plain[name].node):
            host.say(f":{name} cannot be used here now.", is_error=True)
    elif name := _resolve(word, taking_argument):
        host.say(f":{taking_argument[name]}", is_error=True)
    else:
        nearest = difflib.get_close_matches(word, names(host.screen), n=1)
        hint = f"Did you mean :{nearest[0]}?" if nearest else ", ".join(names(host.screen))
        host.say(f"There is no command :{word} here. {hint}", is_error=True)


def _resolve(word: str, names: Iterable[str]) -> str | None:
    """The name that was typed, or the only name that begins with it."""
    matching = [name for name in names if name.startswith(word)]
    return word if word in matching else matching[0] if len(matching) == 1 else None
