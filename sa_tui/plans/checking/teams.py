"""What became of the changes of teams and memberships in a saved plan."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sa_tui.base.text import one_line
from sa_tui.konnect.models import Team
from sa_tui.org.changes import teams
from sa_tui.org.changes.change import Change, once_made
from sa_tui.org.changes.new_ids import NewId, is_placeholder
from sa_tui.org.changes.roles import RoleRequest, role_words
from sa_tui.org.names import person_name
from sa_tui.plans.checking.now import MovedError, Now, is_so

if TYPE_CHECKING:
    from sa_tui.plans.checking.now import Found
    from sa_tui.plans.saved import SavedChange


def create(saved: SavedChange, now: Now) -> Found:
    """A team with all that was wanted is taken for the one that was made already."""
    name = saved.body["name"]
    description, labels = saved.body.get("description", ""), saved.body.get("labels", {})
    new = now.new_ids[saved.makes] = NewId("team", key=name)
    listing = now.snapshot.teams
    named = [row for row in listing.rows if row.name == name]
    if not named and not listing.is_whole:
        raise MovedError(f"Whether there is a team {one_line(name)} is not known.")
    if named:
        is_it = (named[0].description, dict(named[0].labels)) == (description, labels)
        if len(named) > 1 or not is_it:
            raise MovedError(f"There is a team {one_line(name)} by now: {named[0].id}.")
        new.value = named[0].id
    change = teams.create_team(name, description=description, labels=labels, makes=new)
    return change, bool(named)


def edit(saved: SavedChange, now: Now) -> Found:
    """A new name, description or labels; each of them may be so already."""
    team = now.team(saved, saved.subject)
    before = {one.name: one.before for one in saved.fields}
    labels = saved.body.get("labels", {})
    values = {name: getattr(team, name) for name in saved.body if name != "labels"}
    values |= {f"label {key}": team.labels.get(key) for key in labels}
    wanted = {name: value for name, value in saved.body.items() if name != "labels"}
    wanted |= {f"label {key}": value for key, value in labels.items()}
    done = [
        is_so(f"The {name} of {team.name}", values[name], before=before.get(name), after=value)
        for name, value in wanted.items()
    ]
    return teams.update_team(team, **saved.body), all(done)


def delete(saved: SavedChange, now: Now) -> Found:
    """A team that is gone was deleted already."""
    team = now.snapshot.team(saved.ids["team_id"])
    if team is None:
        _need_teams(now)
        gone = Team(id=saved.ids["team_id"], name=saved.field("name").before or "")
        return teams.delete_team(gone), True
    change = teams.delete_team(team, now.snapshot.team_details_of(team.id))
    return now.unless_moved(change, saved), False


# Memberships


def join(saved: SavedChange, now: Now) -> Found:
    """A member may be in the team already, whatever the team gives by now."""
    member, new_member = _member(saved, now)
    if is_placeholder(saved.ids["team_id"]):
        new_team = now.made(saved.ids["team_id"])
        needs = [new for new in (new_member, new_team) if new is not None]
        done = new_team.value is not None and _is_in(member, new_team.value, now)
        return once_made(needs, partial(_join_new, member, new_member, new_team)), done
    team = now.team(saved)
    if _is_in(member, team.id, now):
        return teams.join_team(member, team), True
    _refuse_other_gift(team, saved, now)
    if new_member is not None:
        return once_made([new_member], partial(_new_joins, new_member, team)), False
    return teams.join_team(member, team), False


def leave(saved: SavedChange, now: Now) -> Found:
    """A member that is not there, or whose team is gone, has left already."""
    member, name = _member(saved, now)[0], str(saved.seen.get("name", ""))
    if now.snapshot.team(saved.ids["team_id"]) is None:
        _need_teams(now)
        return teams.leave_team(member, Team(id=saved.ids["team_id"], name=name)), True
    team = now.team(saved, name)
    if not _is_in(member, team.id, now):
        return teams.leave_team(member, team), True
    listing = now.snapshot.team_details_of(team.id).roles.value if "roles" in saved.seen else None
    # The names are those that earlier changes of this plan give.
    shown = replace(member, name=saved.subject or member.name)
    change = teams.leave_team(shown, replace(team, name=name or team.name), roles=listing)
    return now.unless_moved(change, saved), False


def _need_teams(now: Now) -> None:
    if not now.snapshot.teams.is_whole:
        raise MovedError(f"Which teams there are is not known: {now.snapshot.teams.why_incomplete}")


def _member(saved: SavedChange, now: Now) -> tuple[teams.Member, NewId | None]:
    if (id := saved.ids.get("user_id")) is not None:
        user = now.snapshot.user(id)
        if user is None:
            raise MovedError(f"{one_line(saved.subject)} is not among the people.")
        return teams.Member(kind="user", id=id, name=person_name(user)), None
    if is_placeholder(saved.ids["account_id"]):
        new = now.made(saved.ids["account_id"])
        return teams.member_of_new(new), new
    account = now.account(saved)
    return teams.Member(kind="account", id=account.id, name=account.name), None


def _is_in(member: teams.Member, team_id: str, now: Now) -> bool:
    if member.kind == "account":
        rows = now.snapshot.details_of(member.id).teams.rows
        return any(team.id == team_id for team in rows)
    users = now.snapshot.team_details_of(team_id).users
    return any(user.id == member.id for user in users.rows)


def _refuse_other_gift(team: Team, saved: SavedChange, now: Now) -> None:
    """Raises MovedError if the team gives something else than when it was planned."""
    if saved.gives is None:
        return
    name, part = one_line(team.name), now.snapshot.team_details_of(team.id).roles
    if not part.is_whole:
        raise MovedError(f"What team {name} gives is not known.")
    own = [other for other in now.plan.changes if other.ids.get("team_id") == team.id]
    given = {RoleRequest(**other.body).describe() for other in own if other.verb == "give-role"}
    taken = {str(other.seen.get("words")) for other in own if other.verb == "take-role"}
    gives, gave = {role_words(row) for row in part.rows}, set(saved.gives.values())
    if more := sorted(gives - gave - given):
        raise MovedError(f"Team {name} gives {', '.join(map(one_line, more))} as well now.")
    if less := sorted(gave - gives - taken):
        raise MovedError(f"Team {name} no longer gives {', '.join(map(one_line, less))}.")


def _new_joins(new: NewId, team: Team) -> Change:
    return teams.join_team(teams.member_of_new(new), team)


def _join_new(member: teams.Member, new_member: NewId | None, new_team: NewId) -> Change:
    known = teams.member_of_new(new_member) if new_member is not None else member
    return teams.join_team(known, teams.team_of_new(new_team))
