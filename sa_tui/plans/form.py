"""Reads kongctl's declarative form of an organisation: its system accounts, teams and their roles.

The rule it keeps: a key that nobody knows is an error, a part of kongctl's that is not about system
accounts and teams is left alone, and said. What kongctl has no word for is `description` of a
system account, and `entity_name` in place of `entity_id`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from sa_tui.access.stakes import KONGCTL_NAMESPACE, KONGCTL_PROTECTED
from sa_tui.base.text import one_line
from sa_tui.plans.errors import FileError, Place, nearest, some_of
from sa_tui.plans.fields import (
    check_keys,
    each_of,
    fields_of,
    is_empty,
    list_of,
    needed_text,
    plain_text,
    rows_of,
    text_of,
)
from sa_tui.plans.tree import Fields, Items, Node, Scalar, read_documents
from sa_tui.plans.wished import TeamName, Wished, WishedAccount, WishedRole, WishedTeam

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

T = TypeVar("T")

_ROOT = {
    "organization",
    "organization_team_roles",
    "organization_system_account_roles",
    "organization_system_account_team_memberships",
    "_defaults",
}
_OTHERS = (
    *(
        "ai_gateway",
        "analytics",
        "api",
        "application_auth",
        "audit_log",
        "catalog",
        "control_plane",
    ),
    *("dashboard", "dcr_provider", "event_gateway", "organization_user", "portal"),
)
"""How the names of kongctl's other resources begin."""

_NAMED = ("apis", "portals", "control_planes", "api_products", "event_gateways")
"""The resources whose id a role can take by `!ref`."""

MOST_ROLES = 200_000

_ROLE = {"ref", "role_name", "entity_id", "entity_name", "entity_type_name", "entity_region"}


def read_wished(files: Iterable[tuple[str, bytes]]) -> Wished:
    """What all these files wish together; each has a name and its content. Raises FileError."""
    documents = [
        document for name, content in files for document in read_documents(content, name=name)
    ]
    form = _Form()
    roots = [fields_of(document) for document in documents if not is_empty(document)]
    for root in roots:
        form.take_names(root)
    for root in roots:
        form.take(root)
    return form.wished()


class _Form:
    def __init__(self) -> None:
        self._defaults: Fields | None = None
        self._accounts: list[WishedAccount] = []
        self._teams: list[WishedTeam] = []
        self._entities: dict[str, str] = {}
        self._notes: dict[str, None] = {}
        self._roles: defaultdict[str, list[tuple[str, WishedRole]]] = defaultdict(list)
        self._memberships: list[tuple[str, TeamName]] = []
        self._role_count = 0

    def take_names(self, root: Fields) -> None:
        """Remembers the resources that a `!ref` can name."""
        for kind in _NAMED:
            node = root.values.get(kind)
            for row in node.rows if isinstance(node, Items) else []:
                if isinstance(row, Fields) and (ref := text_of(row, "ref", of=kind)):
                    self._entities[ref] = text_of(row, "name", of=kind) or _selected(row) or ref

    def take(self, root: Fields) -> None:
        """Adds what one document wishes."""
        for key, place in root.places.items():
            if key in _ROOT:
                continue
            if not key.startswith(_OTHERS):
                known = some_of(_ROOT - {"_defaults"})
                raise FileError(
                    f"{one_line(key)} is unknown.{nearest(key, _ROOT)} It can be {known}",
                    place=place,
                )
            self._notes[f"{one_line(key)} is kongctl's: it was left alone."] = None
        defaults = root.values.get("_defaults")
        self._defaults = fields_of(defaults) if defaults and not is_empty(defaults) else None
        if self._defaults is not None:
            check_keys(self._defaults, {"kongctl"}, of="_defaults")
        organization = root.values.get("organization")
        if organization is not None and not is_empty(organization):
            self._take_organization(fields_of(organization))
        self._take_assignments(root)

    def _take_organization(self, fields: Fields) -> None:
        check_keys(fields, {"teams", "users", "system-accounts"}, of="organization")
        if "users" in fields.values:
            self._notes["The users of the organization were left alone."] = None
        self._teams += each_of(fields, "teams", self._team)
        self._accounts += each_of(fields, "system-accounts", self._account)

    def _take_assignments(self, root: Fields) -> None:
        """Adds the roles and memberships that stand at the root, each with its owner's ref."""
        for key, owner in (
            ("organization_team_roles", "team"),
            ("organization_system_account_roles", "system_account"),
        ):
            for row in rows_of(root, key):
                fields = fields_of(row)
                check_keys(fields, _ROLE | {owner}, of="a role")
                named = needed_text(fields, owner, of="a role", may_be_ref=True)
                self._roles[owner].append((named, self._role(fields)))
        for row in rows_of(root, "organization_system_account_team_memberships"):
            fields = fields_of(row)
            check_keys(fields, {"ref", "system_account", "team"}, of="a membership")
            named = needed_text(fields, "system_account", of="a membership", may_be_ref=True)
            team = needed_text(fields, "team", of="a membership", may_be_ref=True)
            self._memberships.append((named, TeamName(team, place=fields.place)))

    def _team(self, node: Node) -> WishedTeam:
        fields = fields_of(node)
        known = {"ref", "name", "description", "labels", "kongctl", "roles", "_external"}
        check_keys(fields, known, of="a team")
        ref, name = text_of(fields, "ref", of="a team"), text_of(fields, "name", of="a team")
        external = fields.values.get("_external")
        id = ""
        if external is not None:
            block = fields_of(external)
            check_keys(block, {"id", "selector"}, of="_external")
            id = text_of(block, "id", of="_external") or ""
            name = _selected(fields) or name
        if not (name or id or ref):
            raise FileError("a team needs a name", place=fields.place)
        return WishedTeam(
            place=fields.place,
            ref=ref or "",
            id=id,
            name="" if id else name or ref or "",
            is_external=external is not None,
            description=text_of(fields, "description", of="a team"),
            labels=_labels(fields),
            own_labels=() if external is not None else _own_labels(fields, self._defaults),
            roles=list_of(fields, "roles", self._role_row),
        )

    def _account(self, node: Node) -> WishedAccount:
        fields = fields_of(node)
        known = {"ref", "name", "id", "description", "kongctl", "teams", "roles"}
        check_keys(fields, known, of="a system account")
        _own_labels(fields)
        of = "a system account"
        name, id = text_of(fields, "name", of=of), text_of(fields, "id", of=of)
        if bool(name) == bool(id):
            raise FileError(
                f"{of} needs its name or its id, and only one of them", place=fields.place
            )
        return WishedAccount(
            place=fields.place,
            ref=text_of(fields, "ref", of=of) or "",
            id=id or "",
            name=name or "",
            description=text_of(fields, "description", of=of),
            roles=list_of(fields, "roles", self._role_row),
            teams=list_of(fields, "teams", _membership),
        )

    def _role_row(self, node: Node) -> WishedRole:
        fields = fields_of(node)
        check_keys(fields, _ROLE, of="a role")
        return self._role(fields)

    def _role(self, fields: Fields) -> WishedRole:
        self._role_count += 1
        if self._role_count > MOST_ROLES:  # an alias is a role again, though the file is small
            raise FileError(f"more than {MOST_ROLES:,} roles are wished for", place=fields.place)
        id = fields.values.get("entity_id")
        entity_id = text_of(fields, "entity_id", of="a role", may_be_ref=True) or ""
        entity_name = text_of(fields, "entity_name", of="a role") or ""
        if bool(entity_id) == bool(entity_name):
            raise FileError(
                "a role needs its entity_id or its entity_name, and only one of them",
                place=fields.place,
            )
        if isinstance(id, Scalar) and id.is_ref:
            entity_id, entity_name = "", self._entity_named(entity_id, id.place)
        return WishedRole(
            place=fields.place,
            role_name=needed_text(fields, "role_name", of="a role"),
            entity_type_name=needed_text(fields, "entity_type_name", of="a role"),
            entity_region=needed_text(fields, "entity_region", of="a role"),
            entity_id=entity_id,
            entity_name=entity_name,
        )

    def _entity_named(self, ref: str, place: Place) -> str:
        if ref not in self._entities:
            raise FileError(
                f"!ref {one_line(ref)} names nothing in these files.{nearest(ref, self._entities)} "
                "For an entity from elsewhere, give its entity_name or entity_id",
                place=place,
            )
        return self._entities[ref]

    def wished(self) -> Wished:
        """Everything that was taken. Raises FileError for what is said twice, or of nobody."""
        _refuse_twice(self._accounts, "system account")
        _refuse_twice(self._teams, "team")
        for ref, role in self._roles["team"]:
            _add(self._teams, ref, role.place, "team", partial(_with_role, role=role))
        for ref, role in self._roles["system_account"]:
            with_role = partial(_with_role, role=role)
            _add(self._accounts, ref, role.place, "system account", with_role)
        for ref, team in self._memberships:
            _add(self._accounts, ref, team.place, "system account", partial(_with_team, team=team))
        return Wished(
            accounts=tuple(self._accounts), teams=tuple(self._teams), notes=tuple(self._notes)
        )


OwnerT = TypeVar("OwnerT", WishedAccount, WishedTeam)


def _add(
    owners: list[OwnerT], ref: str, place: Place, what: str, with_more: Callable[[OwnerT], OwnerT]
) -> None:
    """Adds what stands at the root to its owner."""
    for number, owner in enumerate(owners):
        if ref in (owner.ref, owner.name):
            owners[number] = with_more(owner)
            return
    guess = nearest(ref, [owner.ref for owner in owners if owner.ref])
    message = f"no {what} of these files has the ref {one_line(ref)}.{guess}"
    raise FileError(message.rstrip(".?") + ("?" if guess else ""), place=place)


def _refuse_twice(owners: Sequence[WishedAccount | WishedTeam], what: str) -> None:
    # Names of teams are not unique.
    for field_name in ("ref", "id", "name") if what == "system account" else ("ref", "id"):
        first: dict[str, Place] = {}
        for owner in owners:
            value = getattr(owner, field_name)
            if value and first.setdefault(value, owner.place) is not owner.place:
                where = f"it was said in {first[value]} already"
                raise FileError(f"{what} {one_line(value)}: {where}", place=owner.place)


def _with_role(owner: OwnerT, *, role: WishedRole) -> OwnerT:
    return replace(owner, more_roles=(*owner.more_roles, role))


def _with_team(account: WishedAccount, *, team: TeamName) -> WishedAccount:
    return replace(account, more_teams=(*account.more_teams, team))


# Values of the tree


def _membership(node: Node) -> TeamName:
    if isinstance(node, Scalar):
        return TeamName(plain_text(node, "a team", may_be_ref=True) or "", place=node.place)
    fields = fields_of(node)
    check_keys(fields, {"ref", "team"}, of="a membership")
    return TeamName(
        needed_text(fields, "team", of="a membership", may_be_ref=True), place=fields.place
    )


def _labels(fields: Fields) -> dict[str, str] | None:
    node = fields.values.get("labels")
    if node is None or is_empty(node):
        return None
    labels = fields_of(node)
    return {key: text_of(labels, key, of="a label") or "" for key in labels.values}


def _selected(fields: Fields) -> str:
    """The name in the selector of a resource that is managed elsewhere."""
    external = fields.values.get("_external")
    selector = external.values.get("selector") if isinstance(external, Fields) else None
    if selector is None:
        return ""
    block = fields_of(selector)
    check_keys(block, {"matchFields"}, of="selector")
    match = fields_of(block.values.get("matchFields", block))
    check_keys(match, {"name"}, of="matchFields")
    return text_of(match, "name", of="matchFields") or ""


def _own_labels(*owners: Fields | None) -> tuple[tuple[str, str], ...]:
    """The labels by which kongctl knows a team; the first that says something of one counts."""
    found: dict[str, str] = {}
    for owner in owners:
        node = owner.values.get("kongctl") if owner is not None else None
        if node is None or is_empty(node):
            continue
        fields = fields_of(node)
        check_keys(fields, {"namespace", "protected"}, of="kongctl")
        if namespace := text_of(fields, "namespace", of="kongctl"):
            found.setdefault(KONGCTL_NAMESPACE, namespace)
        protected = fields.values.get("protected")
        if isinstance(protected, Scalar) and (protected.text or "").casefold() == "true":
            found.setdefault(KONGCTL_PROTECTED, "true")
    return tuple(found.items())
