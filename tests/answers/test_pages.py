"""Answers of pages: what was not read is unknown, never a zero and never left out in silence."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from sa_tui.access.grants import make_grant
from sa_tui.access.subjects import Access, Subject
from sa_tui.answers.head import Head
from sa_tui.answers.pages import calendar_report, entities_report, log_report, teams_report
from sa_tui.answers.problems import Problem, ProblemSubject
from sa_tui.konnect.models import AccessToken, Entity, Listing, SystemAccount, Team
from sa_tui.org.changes.change import FieldChange
from sa_tui.org.expiries import calendar
from sa_tui.org.logged import LoggedAction
from sa_tui.org.snapshot import Details, Part, Snapshot, TeamDetails

if TYPE_CHECKING:
    from sa_tui.answers.report import Report

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HEAD = Head(command="page", profile="prod", read_at=NOW)
EMPTY: Part[Listing[Any]] = Part(value=Listing(()), read_at=NOW)


def teams(details: TeamDetails, *, is_predefined: bool = False) -> Report:
    team = Team(id="t", name="Team", system_team=is_predefined, created_at=NOW)
    snapshot = Snapshot(team_details=MappingProxyType({"t": details}))
    return teams_report(HEAD, [team], snapshot)


def test_a_number_of_members_that_was_not_read_is_unknown_and_not_none() -> None:
    (row,) = teams(TeamDetails(users=EMPTY)).rows

    assert (row["users"], row["system_accounts"]) == (0, None)
    assert row["unknown"] == ["assigned_roles", "system_accounts"]


def test_the_roles_of_a_predefined_team_are_unknown_because_konnect_does_not_list_them() -> None:
    (row,) = teams(TeamDetails(roles=EMPTY, accounts=EMPTY, users=EMPTY), is_predefined=True).rows

    assert (row["assigned_roles"], row["unknown"]) == (None, ["assigned_roles"])


def test_nobody_reaches_an_entity_only_if_everybody_was_read() -> None:
    entity = Entity(id="e", name="prod", entity_type_name="Control Planes", region="eu")

    grants = (make_grant("Admin", type_name="Control Planes"),)
    admins = [Subject(id=name, name=name, grants=grants) for name in "ab"]

    def row(missing: str | None) -> object:
        access = Access(subjects=tuple(admins), missing=missing)
        report = entities_report(HEAD, [entity], access, with_people=False, query="")
        return {name: report.rows[0][name] for name in ("admin", "write", "unknown")}

    assert row(None) == {"admin": 2, "write": 0, "unknown": []}
    unknown = ["write", "read", "uncertain"]
    assert row("not read") == {"admin": 2, "write": None, "unknown": unknown}


def test_the_calendar_numbers_the_weeks_and_knows_of_no_week_it_cannot_know() -> None:
    days = {"gone": -1, "soon": 3, "month": 30}
    tokens = [
        AccessToken(id=name, name=name, created_at=NOW, expires_at=NOW + timedelta(days=count))
        for name, count in days.items()
    ]
    tokens.append(AccessToken(id="endless", name="endless", created_at=NOW))
    tokens.append(AccessToken(id="odd", name="odd", unreadable={"expires_at": "soon?"}))
    account = SystemAccount(id="a", name="a")
    details = Details(tokens=Part(value=Listing(tuple(tokens)), read_at=NOW))
    accounts = Part(value=Listing((account,)), read_at=NOW)
    snapshot = Snapshot(accounts=accounts, details=MappingProxyType({"a": details}))

    rows = calendar_report(HEAD, calendar(snapshot, NOW), now=NOW).rows

    assert [(row["name"], row["week"]) for row in rows] == [
        *(("gone", None), ("soon", 0), ("month", 4), ("endless", None), ("odd", None)),
    ]
    assert ["week" in row["unknown"] for row in rows] == [False, False, False, False, True]


def test_the_log_says_where_each_action_was_sent_beside_where_it_is_written_out() -> None:
    action = LoggedAction(
        7,
        title="Create system account ci",
        method="POST",
        path="/v3/system-accounts",
        at=NOW,
        outcome="done",
        profile="staging",
        fields=(FieldChange("name", after="ci"),),
    )

    (row,) = csv.DictReader(io.StringIO(log_report(HEAD, [action]).csv()))

    assert (row["profile"], row["sent_profile"]) == ("prod", "staging")
    assert (row["changed"], row["sent_organization_id"]) == ("name: - → ci", "?")


def test_markdown_says_below_the_table_what_could_not_be_read() -> None:
    subject = ProblemSubject("team", "t", "| <b>Team</b>\n@ops")
    problem = Problem(what="users", reason="not read.", subject=subject)
    report = teams_report(Head(command="teams", profile="prod", problems=[problem]), [], Snapshot())

    tokens = MarkdownIt("commonmark").enable("table").parse(report.markdown())

    (text,) = [token.content for token in tokens if token.level == 1 and token.type == "inline"]
    assert text.startswith("INCOMPLETE: ")
    assert "<b>" not in MarkdownIt("commonmark").render(text)
