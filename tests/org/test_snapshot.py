"""A part of the snapshot says how far it was read, in one place for everybody who asks."""

from __future__ import annotations

import pytest

from sa_tui.konnect.errors import Forbidden
from sa_tui.konnect.models import Listing
from sa_tui.org.snapshot import Part

REFUSAL = Forbidden(403, request="GET /v3/teams")


@pytest.mark.parametrize(
    ("part", "rows", "why"),
    [
        (Part(), (), "not read"),
        (Part(is_reading=True), (), "not read"),
        (Part(error=REFUSAL), (), str(REFUSAL)),
        (Part(value=Listing((1, 2))), (1, 2), None),
        (Part(value=Listing(())), (), None),
        (Part(value=Listing((1,), incomplete="Page 2 failed.")), (1,), "Page 2 failed."),
        (Part(value=Listing((1,)), error=REFUSAL), (1,), str(REFUSAL)),
    ],
)
def test_a_part_tells_its_rows_and_why_there_may_be_more(part, rows, why):
    assert part.rows == rows
    assert part.why_incomplete == why
    assert part.is_whole == (why is None)


def test_what_is_no_list_is_whole_once_it_was_read():
    assert Part(value="the organisation").is_whole
    assert not Part(value="the organisation", error=REFUSAL).is_whole
