"""Writes an organisation in kongctl's declarative form, complete and always in the same order.

The rule it keeps: what was not read is said in the file and not written as a list, so that nobody
takes away what the list does not have. What Konnect manages is a comment.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING

from sa_tui.access.stakes import KONGCTL_NAMESPACE, KONGCTL_PROTECTED
from sa_tui.plans.refs import Refs
from sa_tui.plans.yaml_text import comment, is_writable, scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sa_tui.konnect.models import AssignedRole, Listing, SystemAccount, Team
    from sa_tui.org.snapshot import Part, Snapshot

_KEPT_APART = (KONGCTL_NAMESPACE.casefold(), KONGCTL_PROTECTED.casefold())

_KONGCTL = """#
# kongctl reads this form too. A role is on an entity by its id: use `kongctl apply`, and not
# `kongctl sync`, which gives such a role again at every run and fails."""
_DESCRIPTIONS = """# kongctl has no word for the description of a system account:
# `sa-tui export --kongctl` writes those as comments."""


@dataclass(frozen=True)
class Written:
    """The text of a file, and a sentence for each part that was not read in full."""

    text: str
    _: KW_ONLY
    unread: tuple[str, ...] = ()


def export_yaml(snapshot: Snapshot, *, is_for_kongctl: bool = False) -> Written:
    """The accounts, teams, roles and memberships of a snapshot.

    Text that `is_for_kongctl` has the descriptions of system accounts, for which kongctl has no
    word, as comments.
    """
    export = _Export(snapshot, is_for_kongctl=is_for_kongctl)
    body = [*export.teams(), *export.accounts(), *export.apart()]
    lines = [*_head(snapshot, export.unread, is_for_kongctl=is_for_kongctl), *body]
    return Written("\n".join(lines) + "\n", unread=tuple(export.unread))


def _head(snapshot: Snapshot, unread: Sequence[str], *, is_for_kongctl: bool) -> Iterator[str]:
    organization = snapshot.organization.value
    name = organization.name or organization.id if organization is not None else "an organisation"
    yield comment(f"The system accounts and teams of {name}, for `sa-tui plan` and `sa-tui apply`.")
    yield _KONGCTL if is_for_kongctl else f"{_KONGCTL}\n{_DESCRIPTIONS}"
    if unread:
        yield "#"
        yield "# INCOMPLETE. What is left out below stays as it is:"
        yield from (comment(f"  {sentence}") for sentence in unread)


@dataclass
class _Export:
    snapshot: Snapshot
    _: KW_ONLY
    is_for_kongctl: bool
    unread: list[str] = field(default_factory=list)
    refs: Refs = field(default_factory=Refs)
    team_refs: dict[str, str] = field(default_factory=dict)
    team_roles: list[str] = field(default_factory=list)
    account_roles: list[str] = field(default_factory=list)
    memberships: list[str] = field(default_factory=list)

    def teams(self) -> Iterator[str]:
        """The teams, and a comment for those that are predefined and have no account."""
        part = self.snapshot.teams
        if why := part.why_incomplete:
            self.unread.append(f"The teams: {why}")
        yield "organization:"
        used_ids = {
            team.id for details in self.snapshot.details.values() for team in details.teams.rows
        }
        # Names of teams are not unique: others than ids tell them apart wherever they are made.
        rows = sorted(part.rows, key=lambda row: (*by_name(row)[:2], row.description, row.id))
        written = [row for row in rows if row.system_team is False or row.id in used_ids]
        yield "  teams:" if written else "  teams: []"
        for team in written:
            if not is_writable(team.name, team.description):
                self.unread.append(f"Team {team.id}: YAML cannot hold a character of its texts")
                continue
            ref = self.refs.of("team", team.name)
            self.team_refs[team.id] = ref
            yield from self._team(team, ref)
        left_out = [row.title or row.id for row in rows if row not in written]
        if left_out:
            yield comment(f"Predefined, without a system account: {', '.join(left_out)}.")

    def _team(self, team: Team, ref: str) -> Iterator[str]:
        yield f"    - ref: {scalar(ref)}"
        if team.system_team is not False:
            is_known = "Predefined" if team.system_team else "Perhaps predefined"
            yield f"      {comment(f'{is_known}: Konnect keeps its roles.')}"
            yield "      _external:"
            yield "        selector:"
            yield "          matchFields:"
            yield f"            name: {scalar(team.name)}"
            return
        yield f"      name: {scalar(team.name)}"
        yield from self._team_fields(team)
        part = self.snapshot.team_details_of(team.id).roles
        yield from self._roles("team", ref, team.name, part, self.team_roles)

    def _team_fields(self, team: Team) -> Iterator[str]:
        if team.description:
            yield f"      description: {scalar(team.description)}"
        labels = dict(sorted(team.labels.items()))
        own = {key.casefold(): value for key, value in labels.items()}
        plain = {key: value for key, value in labels.items() if key.casefold() not in _KEPT_APART}
        if plain:
            yield "      labels:"
            yield from (f"        {scalar(key)}: {scalar(value)}" for key, value in plain.items())
        namespace, protected = (own.get(key) for key in _KEPT_APART)
        if namespace is not None or protected is not None:
            yield "      kongctl:"
        if namespace is not None:
            yield f"        namespace: {scalar(namespace)}"
        if protected is not None:
            yield f"        protected: {'false' if protected.casefold() == 'false' else 'true'}"

    def accounts(self) -> Iterator[str]:
        """The accounts, and a comment for those that Konnect manages."""
        part = self.snapshot.accounts
        if why := part.why_incomplete:
            self.unread.append(f"The system accounts: {why}")
        rows = sorted(part.rows, key=by_name)
        written = [row for row in rows if not row.konnect_managed]
        yield "  system-accounts:" if written else "  system-accounts: []"
        names = [row.name for row in rows]
        for account in written:
            if not is_writable(account.name, account.description):
                what = f"System account {account.id}"
                self.unread.append(f"{what}: YAML cannot hold a character of its texts")
                continue
            yield from self._account(account, is_only=names.count(account.name) == 1)
        if managed := [row.name or row.id for row in rows if row.konnect_managed]:
            yield comment(f"Konnect manages these for mesh zones: {', '.join(managed)}.")

    def _account(self, account: SystemAccount, *, is_only: bool) -> Iterator[str]:
        ref = self.refs.of("account", account.name)
        details = self.snapshot.details_of(account.id)
        yield f"    - ref: {scalar(ref)}"
        is_named = is_only and account.name
        key, value = ("name", account.name) if is_named else ("id", account.id)
        yield f"      {key}: {scalar(value)}"
        if account.description or not self.is_for_kongctl:
            line = f"description: {scalar(account.description)}"
            yield f"      {'# ' if self.is_for_kongctl else ''}{line}"
        yield from self._teams_of(ref, account.name, details.teams)
        yield from self._roles(
            "system_account", ref, account.name, details.roles, self.account_roles
        )

    def _teams_of(self, ref: str, name: str, part: Part[Listing[Team]]) -> Iterator[str]:
        rows = []
        for team in sorted(part.rows, key=by_name):
            if team.id in self.team_refs:
                rows.append((self.refs.of(ref, "in", team.name), self.team_refs[team.id]))
            else:
                self.unread.append(
                    f"A team of {name}: {team.title or team.id} is not among the teams"
                )
        if why := part.why_incomplete or (len(rows) < len(part.rows) and "a team is missing"):
            self._left_out(f"The teams of {name}: {why}")
            yield f"      {comment('Its teams were not read in full.')}"
            for membership_ref, team_ref in rows:
                self.memberships += [
                    f"  - ref: {scalar(membership_ref)}",
                    f"    system_account: {scalar(ref)}",
                    f"    team: {scalar(team_ref)}",
                ]
            return
        yield "      teams:" if rows else "      teams: []"
        for membership_ref, team_ref in rows:
            yield f"        - ref: {scalar(membership_ref)}"
            yield f"          team: {scalar(team_ref)}"

    def _left_out(self, sentence: str) -> None:
        if sentence not in self.unread:
            self.unread.append(sentence)

    def _roles(
        self,
        owner: str,
        owner_ref: str,
        name: str,
        part: Part[Listing[AssignedRole]],
        apart: list[str],
    ) -> Iterator[str]:
        """The roles of an owner; those of a list that was not read in full go `apart`."""
        rows = [row for row in part.rows if all(_written(row))]
        why = part.why_incomplete
        if len(rows) < len(part.rows):
            why = why or "a role could not be read"
        entries = [self._role(owner_ref, row) for row in sorted(rows, key=_written)]
        if why:
            self._left_out(f"The roles of {name}: {why}")
            yield f"      {comment('Its roles were not read in full.')}"
            for first, *others in entries:
                apart += [f"  - {first}", f"    {owner}: {scalar(owner_ref)}"]
                apart += [f"    {line}" for line in others]
            return
        yield "      roles:" if entries else "      roles: []"
        for first, *others in entries:
            yield f"        - {first}"
            yield from (f"          {line}" for line in others)

    def _role(self, owner_ref: str, row: AssignedRole) -> list[str]:
        type_name, role_name, region, entity_id = _written(row)
        entity = self.snapshot.entity(entity_id)
        words = "all" if entity_id == "*" else entity_id[:8]
        place = "" if region == "*" else region
        named = f"  {comment(entity.name)}" if entity is not None else ""
        return [
            f"ref: {scalar(self.refs.of(owner_ref, role_name, type_name, words, place))}",
            f"role_name: {scalar(role_name)}",
            f"entity_type_name: {scalar(type_name)}",
            f"entity_id: {scalar(entity_id)}{named}",
            f"entity_region: {scalar(region)}",
        ]

    def apart(self) -> Iterator[str]:
        """What is known of lists that were not read in full: it stands outside of them."""
        for key, lines in (
            ("organization_team_roles", self.team_roles),
            ("organization_system_account_roles", self.account_roles),
            ("organization_system_account_team_memberships", self.memberships),
        ):
            if lines:
                yield f"{key}:"
                yield from lines


def _written(row: AssignedRole) -> tuple[str, str, str, str]:
    """The four fields of a role, in the order by which roles are sorted."""
    return (
        row.entity_type_name or "",
        row.role_name or "",
        row.entity_region or "",
        row.entity_id or "",
    )


def by_name(row: SystemAccount | Team) -> tuple[str, str, str]:
    """The order of accounts, and of teams."""
    return (row.name.casefold(), row.name, row.id)
