"""A file is read as kongctl reads it; what is wrong in it is named with its file and line."""

from __future__ import annotations

import pytest

from sa_tui.plans.errors import FileError
from sa_tui.plans.form import read_wished
from sa_tui.plans.scope import Scope, scope_of
from sa_tui.plans.tree import LARGEST_BYTES
from sa_tui.plans.wished import Wished

KONGCTL = """
_defaults:
  kongctl:
    namespace: assignments

apis:
  - ref: products-api
    name: products-api
    description: Product catalog API.

organization:
  teams:
    - ref: platform-team
      name: Platform Engineering
      description: Engineers.
      labels:
        department: engineering
      roles:
        - ref: platform-viewer
          role_name: Viewer
          entity_id: !ref products-api#id
          entity_type_name: APIs
          entity_region: us
    - ref: admins
      _external:
        selector:
          matchFields:
            name: organization-admin
  users:
    - email: a@example.com
      teams:
        - platform-team
  system-accounts:
    - ref: ci-bot
      name: ci-bot
      teams:
        - ref: ci-bot-platform-team
          team: platform-team
      roles:
        - ref: ci-bot-viewer
          role_name: Viewer
          entity_id: "*"
          entity_type_name: APIs
          entity_region: us
    - ref: by-id
      id: 00000000-0000-0000-0000-000000000000

organization_team_roles:
  - ref: more
    team: platform-team
    role_name: Admin
    entity_id: !ref products-api#id
    entity_type_name: APIs
    entity_region: us
organization_system_account_roles:
  - ref: again
    system_account: by-id
    role_name: Admin
    entity_name: prod-eu
    entity_type_name: cp
    entity_region: eu
organization_system_account_team_memberships:
  - ref: membership
    system_account: by-id
    team: admins
"""


def read(*texts: str) -> Wished:
    return read_wished([(f"{number}.yaml", text.encode()) for number, text in enumerate(texts)])


def account(fields: str) -> str:
    return f"organization:\n  system-accounts:\n    - {{{fields}}}\n"


def test_everything_that_kongctl_says_of_accounts_and_teams_is_understood() -> None:
    wished = read(KONGCTL)

    platform, admins = wished.teams
    assert (platform.ref, platform.name, platform.labels) == (
        "platform-team",
        "Platform Engineering",
        {"department": "engineering"},
    )
    assert platform.own_labels == (("KONGCTL-namespace", "assignments"),)
    assert platform.roles is not None
    assert platform.roles[0].entity_name == "products-api"
    assert [role.role_name for role in platform.more_roles] == ["Admin"]
    assert (admins.name, admins.is_external) == ("organization-admin", True)
    bot, by_id = wished.accounts
    assert bot.roles is not None
    assert (bot.description, bot.roles[0].entity_id) == (None, "*")
    assert bot.teams is not None
    assert bot.teams[0].text == "platform-team"
    assert (by_id.id, by_id.roles, by_id.more_roles[0].entity_name) == (
        "00000000-0000-0000-0000-000000000000",
        None,
        "prod-eu",
    )
    assert by_id.more_teams[0].text == "admins"


def test_what_is_not_about_accounts_and_teams_is_left_alone_and_said() -> None:
    assert read(KONGCTL).notes == (
        "apis is kongctl's: it was left alone.",
        "The users of the organization were left alone.",
    )


def test_several_files_are_one_wish() -> None:
    team, account_text = "organization: {teams: [{ref: t, name: T}]}", account("name: a")
    role = "role_name: Viewer, entity_id: '*', entity_type_name: APIs, entity_region: eu"
    more = f"organization_team_roles:\n- {{team: t, {role}}}"

    wished = read(more, team, f"---\n{account_text}---\n", "")

    assert [one.name for one in wished.accounts] == ["a"]
    assert len(wished.teams[0].more_roles) == 1


def test_anchors_and_merged_keys_are_read() -> None:
    text = """
organization:
  system-accounts:
    - name: a
      roles: &roles
        - &role {role_name: Viewer, entity_id: "*", entity_type_name: APIs, entity_region: eu}
        - {<<: *role, entity_region: us}
    - name: b
      roles: *roles
"""
    one, other = read(text).accounts

    assert one.roles == other.roles
    assert [role.entity_region for role in one.roles or ()] == ["eu", "us"]


def test_nothing_said_and_nothing_wished_are_not_the_same() -> None:
    (unsaid,) = read(account("name: a, roles: , teams: ~")).accounts
    (none,) = read(account("name: a, roles: [], teams: []")).accounts

    assert (unsaid.roles, unsaid.teams) == (None, None)
    assert (none.roles, none.teams) == ((), ())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("organisation: {}", "0.yaml:1: organisation is unknown. Did you mean organization? "),
        (account("name: a, roels: []"), "0.yaml:3: roels is unknown in a system account. Did you "),
        (account("name: 12"), "12 is a number: put it in quotes"),
        (account("name: yes"), "yes is a yes or no: put it in quotes"),
        (account("name: 2026-01-01"), "2026-01-01 is a date: put it in quotes"),
        (account("ref: a"), "a system account needs its name or its id, and only one of them"),
        (account("name: a, id: b"), "needs its name or its id, and only one of them"),
        (account("name: [a]"), "name of a system account has to be a text"),
        (account("name: a, roles: {}"), "roles has to be a list"),
        (account("name: a, roles: [x]"), "fields with values are expected here"),
        (account("name: a, roles: [{}]"), "a role needs its entity_id or its entity_name"),
        (account("name: a, roles: [{entity_id: x}]"), "a role needs role_name"),
        (account("name: a, teams: [{ref: x}]"), "a membership needs team"),
        (account("name: a, name: b"), "0.yaml:3: name is there twice"),
        (account("name: a, description: !file x"), "!file (a value from another file) is not read"),
        (
            account("name: a, description: !env X"),
            "!env (a value from the environment) is not read",
        ),
        (account("name: a, description: !lookup {a: b}"), "!lookup (a look-up of kongctl's)"),
        (account("name: a, description: !!python/name:os x"), "0.yaml:3"),
        (account("name: a, description: !x y"), "!x is an unknown tag"),
        (account("name: !ref b"), "!ref b cannot be used for name"),
        (account("name: a, teams: [!ref t#name]"), "!ref t#name cannot be used for"),
        (account("name: *b"), "*b stands for nothing before it"),
        (
            account("name: a") + "    - name: a\n",
            "0.yaml:4: system account a: it was said in 0.yaml:3",
        ),
        ("organization: {teams: [{labels: {}}]}", "a team needs a name"),
        ("organization: {teams: [{name: T, _external: {x: y}}]}", "x is unknown in _external"),
        ("organization: {teams: [{name: T, kongctl: {x: y}}]}", "x is unknown in kongctl"),
        ("_defaults: {namespace: x}", "namespace is unknown in _defaults. It can be kongctl"),
        ("organization: [a]", "fields with values are expected here"),
        ("organization_team_roles: [{team: t}]", "a role needs its entity_id"),
        ("a: [", "is not YAML"),
        ("a: \x01", "is not YAML"),
        ("? [a]\n: b", "a key has to be a text"),
        ("<<: 1", "<< takes a mapping"),
        ("[" * 60, "is nested more than 50 deep"),
        ('"a\\u202eb": 1', "0.yaml:1: a⟨U+202E⟩b is unknown"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_to_write(text: str, message: str) -> None:
    with pytest.raises(FileError) as refused:
        read(text)

    assert message in str(refused.value)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("organization_team_roles: [{team: x, ", "no team of these files has the ref x"),
        (
            "organization_system_account_roles: [{system_account: x, ",
            "no system account of these files has the ref x",
        ),
    ],
)
def test_an_assignment_of_nobody_is_named(key: str, message: str) -> None:
    role = "role_name: Viewer, entity_id: '*', entity_type_name: APIs, entity_region: eu}]"

    with pytest.raises(FileError, match=message):
        read(f"{key}{role}")


def test_a_ref_that_names_nothing_is_named() -> None:
    text = KONGCTL.replace("ref: products-api\n", "ref: product-api\n")

    with pytest.raises(FileError, match=r"!ref products-api names nothing.*mean product-api"):
        read(text)


def test_a_bomb_of_aliases_costs_no_more_than_the_file() -> None:
    text = "a0: &a0 [x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40)
    )

    with pytest.raises(FileError, match="a0 is unknown"):
        read(text)


def test_aliases_make_no_more_roles_than_an_organisation_can_have() -> None:
    role = "{role_name: A, entity_id: '*', entity_type_name: B, entity_region: eu}"
    roles = f"&roles [{', '.join([role] * 1_000)}]"
    others = "".join(f"    - {{name: a{n}, roles: *roles}}\n" for n in range(200))

    with pytest.raises(FileError, match="more than 200,000 roles are wished for"):
        read(account(f"name: a, roles: {roles}") + others)


def test_a_file_that_is_too_large_or_no_text_is_refused() -> None:
    with pytest.raises(FileError, match="larger than 10 MB"):
        read_wished([("x", b" " * (LARGEST_BYTES + 1))])
    with pytest.raises(FileError, match="x:1: is not UTF-8"):
        read_wished([("x", b"\xff")])


def test_a_scope_is_what_files_name_unless_it_is_said() -> None:
    assert scope_of(()) == Scope(named=True)
    assert scope_of(("accounts=ci-*", "teams=x", "named")) == Scope(
        named=True, accounts=("ci-*",), teams=("x",)
    )
    assert scope_of(("accounts=*",)).named is False


@pytest.mark.parametrize("text", ["ci-*", "accounts=", "people=x", ""])
def test_what_is_no_scope_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="accounts=PATTERN"):
        scope_of((text,))
