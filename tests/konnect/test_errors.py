"""An error tells what happened, what Konnect said and what to do, in that order, and no secret."""

from __future__ import annotations

import subprocess
import sys
from time import process_time

import pytest

from sa_tui.konnect.errors import (
    Conflict,
    Forbidden,
    Invalid,
    InvalidParameter,
    KonnectError,
    NotFound,
    NotSignedIn,
    RateLimited,
    ReadOnly,
    Rejected,
    ServerFault,
    Unreachable,
    rejection_type,
)
from tests.every_error import REQUEST, TRACE, assert_in_order, every_class, one_of


def test_a_message_says_what_happened_what_came_back_and_what_to_do() -> None:
    error = Invalid(
        400,
        title="Bad Request",
        request="POST /v3/system-accounts",
        trace="konnect:trace:123",
        invalid_parameters=(InvalidParameter("name", reason="is too short"),),
    )
    assert str(error) == (
        "Konnect does not accept what was sent. Konnect said 400 Bad Request: name: is too short. "
        "Correct the fields that are named and try again. Request: POST /v3/system-accounts. "
        "Trace id: konnect:trace:123"
    )


def test_a_change_that_may_have_been_made_is_said() -> None:
    error = Unreachable("the connection was lost", request="POST /v3/x", outcome_unknown=True)
    assert "may have been made" in str(error)


@pytest.mark.parametrize(
    "error",
    [
        KonnectError("said spat_sentinel", request="GET /spat_sentinel", advice="kpat_sentinel"),
        Unreachable("proxy said: Bearer sentinelsentinel"),
        ReadOnly("spat_sentinel"),
        Rejected(
            418,
            title="spat_sentinel",
            detail="Authorization: Bearer sentinelsentinel",
            trace="spat_sentinel",
            invalid_parameters=(InvalidParameter("kpat_sentinel", reason="spat_sentinel"),),
        ),
    ],
)
def test_no_error_repeats_a_token_that_a_server_echoed(error: KonnectError) -> None:
    assert "sentinel" not in f"{error} {error!r} {error.args} {vars(error)}"


def test_no_error_carries_a_control_character() -> None:
    error = Rejected(500, title="\x1b[2J", detail="\u202e", request="GET /\x07", trace="\x9b")
    assert str(error).isprintable()


def test_a_very_long_answer_is_cut() -> None:
    assert len(str(Rejected(500, detail="x" * 100_000))) < 1500


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Invalid),
        (401, NotSignedIn),
        (403, Forbidden),
        (404, NotFound),
        (409, Conflict),
        (422, Invalid),
        (429, RateLimited),
        (500, ServerFault),
        (599, ServerFault),
        (302, Rejected),
        (418, Rejected),
    ],
)
def test_every_status_has_its_error(status: int, kind: type[Rejected]) -> None:
    assert rejection_type(status) is kind


def test_the_errors_import_nothing_heavy() -> None:
    program = "import sys, sa_tui.konnect.errors; print({'pydantic', 'httpx'} & set(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "set()"


@pytest.mark.parametrize("hostile", ["eyJ", "eyJabcdefgh.", "bearer ", "spat_", "\x1b]", "<title"])
def test_a_message_costs_no_more_than_what_is_shown_of_it(hostile: str) -> None:
    text = hostile * 400_000
    begun = process_time()

    error = Rejected(500, title=text, detail=text, trace=text, request=text)

    assert process_time() - begun < 0.05
    assert len(str(error)) < 3_000


def test_a_message_names_no_more_faults_than_anybody_reads() -> None:
    faults = tuple(InvalidParameter(f"field-{number}", reason="x") for number in range(100_000))
    begun = process_time()

    assert len(Invalid(400, invalid_parameters=faults).invalid_parameters) == 20
    assert process_time() - begun < 0.05


@pytest.mark.parametrize("kind", every_class(), ids=lambda kind: kind.__name__)
def test_every_error_says_what_happened_first_and_its_trace_last(kind: type[KonnectError]) -> None:
    text = str(one_of(kind))

    assert_in_order(text, kind)
    assert not text.startswith(REQUEST.split()[0])
    assert text.endswith(f"Trace id: {TRACE}")
