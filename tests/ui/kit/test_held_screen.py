"""While a page finds its layout, nothing of it is drawn; then all of it is."""

from __future__ import annotations

from textual.strip import Strip
from textual.widget import Widget


class Counted(Widget):
    """Counts how many of its lines are drawn."""

    drawn = 0

    def render_line(self, y: int) -> Strip:
        self.drawn += 1
        return Strip.blank(self.size.width)


async def test_a_page_is_drawn_only_when_it_can_be_sent(running):
    async with running() as driver:
        await driver.hit("enter")
        await driver.app.screen.mount(part := Counted())
        await driver.turn()
        assert driver.app.is_holding
        assert part.size.height > 0
        assert part.drawn == 0

        await driver.until(lambda: not driver.app.is_holding)
        assert part.drawn > 0


async def test_the_page_below_is_drawn_only_when_it_has_the_layout_of_another_size(running):
    async with running() as driver:
        await driver.app.screen.mount(part := Counted())
        await driver.hit("enter")
        await driver.resize(120, 24)
        await driver.until(lambda: not driver.app.is_holding)
        part.drawn = 0
        await driver.hit("escape")
        assert driver.app.screen is part.screen
        assert part.size.width > 80
        assert part.drawn == 0

        await driver.until(lambda: not driver.app.is_holding)
        assert part.drawn > 0
