"""What was left publishes nothing more, however late it answers."""

from __future__ import annotations

from typing import Any, cast

from sa_tui.ui.opening import OpenOrganisation


class Left:
    """An organisation that somebody leaves."""

    async def aclose(self) -> None:
        pass


async def test_what_was_left_publishes_nothing_more(profile: Any) -> None:
    ways: list[Any] = []
    seen: list[Any] = []

    async def connect(profile: Any, *, on_change: Any) -> Any:
        ways.append(on_change)
        return Left()

    opener = OpenOrganisation(cast("Any", connect), publish=seen.append, before_close=Left().aclose)
    await opener.open(profile)
    await opener.leave()
    await opener.open(profile)
    ways[0]("late")
    ways[1]("new")
    assert seen == ["new"]
