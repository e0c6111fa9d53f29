"""A command tells of changes what the review on the screen tells, in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import pytest

from sa_tui.answers.preview import render_preview
from sa_tui.konnect.models import AccessToken, AssignedRole, SystemAccount, Team
from sa_tui.org.changes import accounts, roles, teams
from sa_tui.org.changes.change import Change, VerbName
from sa_tui.ui.kit.review import ReviewDialog
from sa_tui.ui.kit.table.table import LineTable

if TYPE_CHECKING:
    from sa_tui.demo.konnect import FakeKonnect

NAME = "ci-eu-deployer"
TEAM = "Release Bots"
VIEWER = roles.RoleRequest(
    role_name="Viewer", entity_type_name="Control Planes", entity_id="*", entity_region="eu"
)
JOINTS = {"+", "-", "·", "!", "▼"}


def changes_of(verb: VerbName, fake: FakeKonnect) -> list[Change]:
    """Changes of one kind in the demo organisation, two where there can be two."""
    account = SystemAccount.from_wire(fake.account_named(NAME))
    other = SystemAccount.from_wire(fake.account_named("ci-prod-deployer"))
    team = Team.from_wire(fake.team_named(TEAM))
    token = AccessToken.from_wire(fake.tokens_of(account.id)[0])
    owners = [roles.RoleOwner(kind="account", id=row.id, name=row.name) for row in (account, other)]
    members = [teams.Member(kind="account", id=row.id, name=row.name) for row in (account, other)]
    held = map(AssignedRole.from_wire, fake.roles_of(account.id))
    powers = Team.from_wire(fake.team_named("organization-admin"))
    all_changes: dict[VerbName, list[Change]] = {
        "create-account": [accounts.create_account("new", description="first\nsecond")],
        "rename-account": [accounts.rename_account(account, name="x\x1b[31m\u202e")],
        "describe-account": [accounts.describe_account(account, description="")],
        "delete-account": [accounts.delete_account(row) for row in (account, other)],
        "rename-token": [accounts.rename_token(account, token, name="new")],
        "revoke-token": [accounts.revoke_token(account, token)],
        "give-role": [roles.assign_role(owner, VIEWER) for owner in owners],
        "take-role": [roles.remove_role(owners[0], role) for role in held],
        "create-team": [teams.create_team("new", description="d", labels={"env": "prod"})],
        "edit-team": [teams.update_team(team, name="new", labels={"env": None})],
        "delete-team": [teams.delete_team(team)],
        "join-team": [teams.join_team(member, powers) for member in members],
        "leave-team": [teams.leave_team(member, team) for member in members],
    }
    return all_changes[verb]


@pytest.mark.parametrize("verb", get_args(VerbName))
async def test_the_preview_of_a_command_has_the_words_of_the_review(
    verb: VerbName, running: Any, fake: FakeKonnect
) -> None:
    async with running((160, 45)) as driver:
        app = driver.app
        await app.org.read_teams()
        await app.org.read_details([row.id for row in app.snapshot.accounts.rows])
        await app.org.read_team_details([row.id for row in app.snapshot.teams.rows])
        changes = changes_of(verb, fake)
        app.review("", changes, notes=["A note."])
        await driver.settle()

        page = app.screen
        assert isinstance(page, ReviewDialog)
        told = render_preview(app.consequences(changes), base_url="", notes=["A note."])
        blocks = [block.split("\n") for block in told.split("\n\n")]
        title, warnings, rows, effect = blocks
        assert title == [shown(page, ".title")]
        assert [line.removeprefix("! ") for line in warnings] == lines(shown(page, "#warnings"))
        assert effect == ["EFFECT", *lines(shown(page, "#effect"))]
        drawn = [page._row(key)[1] for key in page.query_one(LineTable).keys]
        assert words(rows) == words([str(line) for line in drawn])


def shown(page: ReviewDialog, selector: str) -> str:
    return str(page.query_one(selector).render())


def lines(text: str) -> list[str]:
    return text.split("\n")


def words(rows: list[str]) -> list[str]:
    return [word for word in " ".join(rows).split() if word not in JOINTS]
