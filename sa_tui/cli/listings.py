"""Lists system accounts and access tokens without the terminal application.

What could not be read is said three times: in the data, on stderr and by the exit code.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from sa_tui.cli.choosing import Choice
from sa_tui.cli.exits import Exit
from sa_tui.cli.finding import find_account
from sa_tui.cli.output import narrate_profile, narrate_wait, put_json, put_table
from sa_tui.cli.records import account_record, organization_record, token_record
from sa_tui.cli.views import ACCOUNTS, QUICK_ACCOUNTS, TOKENS, view
from sa_tui.ui.format import plural

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence

    from sa_tui.api.models import SystemAccount
    from sa_tui.cli.world import World
    from sa_tui.org.snapshot import Part, Snapshot
    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile

TELL_EVERY = 500
"""Accounts between two lines of narration while the details of very many are read."""


@dataclass(frozen=True)
class Problem:
    """What could not be read."""

    text: str


def run_listing(options: Namespace, world: World) -> int:
    """Runs `accounts` or `tokens`. Raises KonnectError when there is nothing to list."""
    choice = Choice(options=options, world=world)
    profile = choice.pick()
    narrate_profile(world, profile)
    return asyncio.run(_list(choice, profile))


async def _list(choice: Choice, profile: Profile) -> int:
    world, options = choice.world, choice.options
    org = await choice.konnect.connect(
        profile, on_change=_progress(world), on_wait=partial(narrate_wait, world)
    )
    async with org:
        await org.load()
        accounts = org.snapshot.accounts
        if accounts.value is None:
            raise accounts.error or RuntimeError("the accounts were not read")
        if options.command == "accounts":
            return await _list_accounts(org, profile, options, world)
        incomplete = accounts.value.incomplete
        account = find_account(options.account, accounts.value.rows, incomplete=incomplete)
        return await _list_tokens(org, account, profile, options, world)


async def _list_accounts(org: Org, profile: Profile, options: Namespace, world: World) -> int:
    accounts = org.snapshot.accounts.value.rows if org.snapshot.accounts.value else ()
    accounts = tuple(sorted(accounts, key=lambda account: account.name.casefold()))
    problems = [*_problem("organisation", org.snapshot.organization)]
    problems += _problem("system accounts", org.snapshot.accounts)
    if not options.quick:
        await org.read_details(account.id for account in accounts)
        problems += _detail_problems(org.snapshot, accounts)
    snapshot, now = org.snapshot, world.now()
    records = [account_record(each, snapshot.details_of(each.id), now) for each in accounts]
    if options.output == "json":
        _put(world, profile, snapshot, problems, accounts=records)
    else:
        put_table(world, *view(QUICK_ACCOUNTS if options.quick else ACCOUNTS, records, now))
    return _conclude(world, snapshot, problems, plural(len(records), "system account"))


async def _list_tokens(
    org: Org, account: SystemAccount, profile: Profile, options: Namespace, world: World
) -> int:
    await org.read_details([account.id])
    snapshot, now = org.snapshot, world.now()
    tokens = snapshot.details_of(account.id).tokens
    if tokens.value is None:
        raise tokens.error or RuntimeError("the tokens were not read")
    problems = [*_problem("organisation", snapshot.organization)]
    problems += _problem("access tokens", tokens)
    records = [token_record(token, now) for token in tokens.value.rows]
    if options.output == "json":
        about = {"id": account.id, "name": account.name}
        _put(world, profile, snapshot, problems, account=about, tokens=records)
    else:
        put_table(world, *view(TOKENS, records, now))
    found = f"{account.name}, {plural(len(records), 'access token')}"
    return _conclude(world, snapshot, problems, found)


def _progress(world: World) -> Callable[[Snapshot], None]:
    def tell(snapshot: Snapshot) -> None:
        read = len(snapshot.details)
        total = len(snapshot.accounts.value.rows) if snapshot.accounts.value else 0
        if read and read % TELL_EVERY == 0 and read < total:
            world.tell(f"read {read:,} of {total:,} accounts")

    return tell


# What could not be read


def _problem(what: str, part: Part[Any]) -> list[Problem]:
    if part.error is not None:
        return [Problem(f"{what}: {part.error}")]
    incomplete = getattr(part.value, "incomplete", None)
    return [Problem(f"{what}: {incomplete}")] if incomplete else []


def _detail_problems(snapshot: Snapshot, accounts: Sequence[SystemAccount]) -> list[Problem]:
    """One problem for each kind of detail, with the first account's reason for all."""
    problems = []
    for name, what in (("tokens", "access tokens"), ("roles", "roles"), ("teams", "teams")):
        found = [
            problem
            for account in accounts
            for problem in _problem(
                f"{what} of {account.name}", getattr(snapshot.details_of(account.id), name)
            )
        ]
        if found:
            more = f" And {what} of {len(found) - 1} more." if len(found) > 1 else ""
            problems.append(Problem(found[0].text + more))
    return problems


def _put(
    world: World,
    profile: Profile,
    snapshot: Snapshot,
    problems: Sequence[Problem],
    **rows: object,
) -> None:
    organization = organization_record(snapshot.organization.value)
    about = {
        "profile": profile.name,
        "organization": organization,
        "complete": not problems,
        "incomplete": " ".join(problem.text for problem in problems) or None,
        "unknown": [] if organization else ["organization"],
    }
    put_json(world, about | rows)


def _conclude(world: World, snapshot: Snapshot, problems: Sequence[Problem], found: str) -> int:
    organization = snapshot.organization.value
    world.tell(f"{organization.name if organization else 'organisation unknown'}: {found}")
    for problem in problems:
        world.tell(f"INCOMPLETE: {problem.text}")
    return Exit.INCOMPLETE if problems else Exit.DONE
