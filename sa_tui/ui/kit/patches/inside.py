"""What Textual knows and does not tell: each is asked for here, by a name of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App
    from textual.binding import BindingsMap
    from textual.dom import DOMNode
    from textual.message_pump import MessagePump


def own_bindings(node: DOMNode) -> BindingsMap:
    """The key bindings of the node and of the classes that it inherits from."""
    return node._bindings


def live_bindings(node: DOMNode) -> BindingsMap:
    """The same with the keys that they have in this application; a copy."""
    bindings = node._bindings.copy()
    bindings.apply_keymap(node.app._keymap)
    return bindings


def is_being_removed(node: DOMNode) -> bool:
    """Whether it is about to go, though it still runs."""
    return node._pruning


async def mounted(pump: MessagePump) -> None:
    """Waits until its parts are there, or it is known that they could not be made."""
    await pump._mounted_event.wait()


def write_raw(app: App[int], sequence: str) -> None:
    """Sends an escape sequence to the operator's terminal, past the screen."""
    if app._driver is not None:
        app._driver.write(sequence)
        app._driver.flush()
