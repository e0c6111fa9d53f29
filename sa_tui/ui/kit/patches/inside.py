"""State of Textual that has no public name, each behind a function with a name."""

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
    """A copy of these bindings with the keys of the application's keymap."""
    bindings = node._bindings.copy()
    bindings.apply_keymap(node.app._keymap)
    return bindings


def is_being_removed(node: DOMNode) -> bool:
    """Whether the node is about to be removed, though it still runs."""
    return node._pruning


async def mounted(pump: MessagePump) -> None:
    """Waits until the children exist, or could not be made."""
    await pump._mounted_event.wait()


def write_raw(app: App[int], sequence: str) -> None:
    """Sends an escape sequence to the operator's terminal, without drawing anything."""
    if app._driver is not None:
        app._driver.write(sequence)
        app._driver.flush()
