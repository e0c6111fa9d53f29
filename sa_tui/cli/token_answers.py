"""What the verbs of `sa-tui token` write as JSON: every time the same fields, and no secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sa_tui.cli.answers import head_of, put_facts
from sa_tui.cli.records import named_record, token_record
from sa_tui.cli.run import LeftToken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.cli.problems import Problem
    from sa_tui.cli.records import Record
    from sa_tui.cli.token_command import Desk
    from sa_tui.konnect.models import AccessToken
    from sa_tui.konnect.requests import Request


def put_issued(
    desk: Desk,
    token: AccessToken,
    *,
    replaced: AccessToken | None = None,
    problems: Sequence[Problem] = (),
) -> None:
    """Writes that a token was issued and delivered, with `replaced` as the successor of another."""
    told: Record = {"access_token": token_record(token, desk.org.now())}
    if desk.options.verb == "rotate":
        told["replaced"] = named_record(replaced) if replaced else None
    _put(desk, told, problems)


def put_ended(desk: Desk, *, id: str, name: str, status: str) -> None:
    """Writes that a token works no more: `revoked` now, or `gone` before."""
    _put(desk, {"access_token": {"id": id, "name": name}, "status": status})


def put_requests(desk: Desk, requests: Sequence[Request[Any]], curls: Sequence[str]) -> None:
    """Writes what would be sent."""
    rows = [
        {"method": each.method, "path": each.path, "body": each.body, "curl": curl}
        for each, curl in zip(requests, curls, strict=True)
    ]
    nothing = {"access_token": None}
    more = {"rotate": {"replaced": None}, "issue": {}}.get(desk.options.verb, {"status": None})
    _put(desk, nothing | more, requests=rows)


def note_left(desk: Desk, *, id: str | None, name: str, is_revoked: bool | None) -> None:
    """Keeps for the answer that nobody is known to have a token that was issued."""
    desk.world.run.left_tokens.append(
        LeftToken(system_account_id=desk.account.id, id=id, name=name, is_revoked=is_revoked)
    )


def _put(
    desk: Desk,
    told: Record,
    problems: Sequence[Problem] = (),
    *,
    requests: Sequence[Record] = (),
) -> None:
    if desk.options.output != "json":
        return
    head = head_of(desk.world, desk.org.snapshot, problems)
    about: Record = {"system_account": named_record(desk.account)}
    about |= {"dry_run": desk.options.dry_run, "requests": requests}
    put_facts(desk.world, head, about | told)
