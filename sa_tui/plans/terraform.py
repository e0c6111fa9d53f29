"""Writes an organisation as Terraform: resources, and `import` blocks for what can be imported.

The rule it keeps: every text is escaped, so that Terraform reads the same text and nothing else.
Terraform's provider for Konnect imports system accounts and teams, but neither roles nor
memberships.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sa_tui.base.text import one_line
from sa_tui.plans.export import Written, by_name
from sa_tui.plans.refs import Refs
from sa_tui.plans.yaml_text import quoted

if TYPE_CHECKING:
    from sa_tui.konnect.models import AssignedRole, Listing, Team
    from sa_tui.org.snapshot import Part, Snapshot

_IMPORTS = "# System accounts and teams: Terraform imports them as they are."
_ACCESS = """# Roles and memberships. The provider cannot import these: Terraform creates them,
# and Konnect answers 409 to each that is there already. Apply this file where they are not."""


def imports_text(snapshot: Snapshot) -> Written:
    """The accounts and teams, each with its `import` block."""
    unread = [
        f"The {what}: {why}"
        for what, why in (
            ("teams", snapshot.teams.why_incomplete),
            ("system accounts", snapshot.accounts.why_incomplete),
        )
        if why
    ]
    names, blocks = _Names(snapshot), [_IMPORTS]
    for team in sorted(snapshot.teams.rows, key=by_name):
        if (name := names.teams.get(team.id)) is not None:
            blocks += [_import("konnect_team", name, team.id), _team(name, team)]
    for account in sorted(snapshot.accounts.rows, key=by_name):
        if (name := names.accounts.get(account.id)) is not None:
            fields = {
                "name": _text(account.name),
                "description": _text(account.description),
                "konnect_managed": "false",
            }
            blocks.append(_import("konnect_system_account", name, account.id))
            blocks.append(_resource("konnect_system_account", name, fields))
    return Written(_joined(blocks, unread), unread=tuple(unread))


def _team(name: str, team: Team) -> str:
    fields = {"name": _text(team.name)}
    if team.description:
        fields["description"] = _text(team.description)
    if team.labels:
        labels = {_text(key): _text(value) for key, value in sorted(team.labels.items())}
        fields["labels"] = f"{{\n{_aligned(labels, indent=4)}  }}"
    return _resource("konnect_team", name, fields)


def access_text(snapshot: Snapshot) -> Written:
    """The roles of accounts and teams, and the memberships of accounts."""
    unread: list[str] = []
    names, refs = _Names(snapshot), Refs(joint="_")
    blocks = [_ACCESS]

    def roles(owner: _Owner, part: Part[Listing[AssignedRole]]) -> None:
        if why := part.why_incomplete:
            unread.append(f"The roles of {owner.name}: {why}")
        blocks.extend(_role(owner, row, snapshot, refs) for row in sorted(part.rows, key=_order))

    for team_id, name in names.teams.items():
        owner = _Owner("konnect_team_role", "team_id", f"konnect_team.{name}.id", name)
        roles(owner, snapshot.team_details_of(team_id).roles)
    for account_id, name in names.accounts.items():
        details = snapshot.details_of(account_id)
        reference = f"konnect_system_account.{name}.id"
        owner = _Owner("konnect_system_account_role", "account_id", reference, name)
        roles(owner, details.roles)
        if why := details.teams.why_incomplete:
            unread.append(f"The teams of {name}: {why}")
        for team in sorted(details.teams.rows, key=by_name):
            known = names.teams.get(team.id)
            fields = {
                "account_id": reference,
                "team_id": f"konnect_team.{known}.id" if known else _text(team.id),
            }
            blocks.append(
                _resource("konnect_system_account_team", refs.of(name, "in", team.name), fields)
            )
    return Written(_joined(blocks, unread), unread=tuple(unread))


class _Names:
    """The names of the resources by the ids of Konnect; what Konnect keeps has none."""

    def __init__(self, snapshot: Snapshot) -> None:
        refs = Refs(joint="_")
        self.teams = {
            row.id: refs.of("team", row.name)
            for row in sorted(snapshot.teams.rows, key=by_name)
            if row.system_team is False
        }
        self.accounts = {
            row.id: refs.of("account", row.name)
            for row in sorted(snapshot.accounts.rows, key=by_name)
            if not row.konnect_managed
        }


class _Owner(NamedTuple):
    """The resource of the roles of an owner, the field that names it, and what is in that."""

    resource: str
    key: str
    reference: str
    name: str


def _order(row: AssignedRole) -> tuple[str, str, str]:
    return (str(row.role_name), str(row.entity_id), row.id)


def _role(owner: _Owner, row: AssignedRole, snapshot: Snapshot, refs: Refs) -> str:
    entity = snapshot.entity(row.entity_id or "")
    fields = {
        owner.key: owner.reference,
        "role_name": _text(row.role_name or ""),
        "entity_type_name": _text(row.entity_type_name or ""),
        "entity_id": _text(row.entity_id or ""),
        "entity_region": _text(row.entity_region or ""),
    }
    if entity is not None:
        fields["entity_id"] += f" # {one_line(entity.name)}"
    words = (row.role_name or "", row.entity_type_name or "", (row.entity_id or "")[:8])
    return _resource(owner.resource, refs.of(owner.name, *words), fields)


def _import(resource: str, name: str, id: str) -> str:
    return f"import {{\n  to = {resource}.{name}\n  id = {_text(id)}\n}}"


def _resource(resource: str, name: str, fields: dict[str, str]) -> str:
    return f'resource "{resource}" "{name}" {{\n{_aligned(fields, indent=2)}}}'


def _aligned(fields: dict[str, str], *, indent: int) -> str:
    """The fields as `terraform fmt` writes them: what takes several lines is not aligned."""
    width = max(len(key) for key, value in fields.items() if "\n" not in value)
    return "".join(
        f"{' ' * indent}{key if chr(10) in value else key.ljust(width)} = {value}\n"
        for key, value in fields.items()
    )


def _joined(blocks: list[str], unread: list[str]) -> str:
    marks = [f"# INCOMPLETE. {one_line(sentence, limit=None)}" for sentence in unread]
    return "\n\n".join([blocks[0], *(["\n".join(marks)] if marks else []), *blocks[1:]]) + "\n"


def _text(text: str) -> str:
    """The text in quotes, with nothing in it that Terraform would act upon."""
    return quoted(text).replace("${", "$${").replace("%{", "%%{")
