"""The JSON of the verbs of `sa-tui token`: always the same fields, and never a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.answers.records import named_record, token_record
from sa_tui.cli.answers import head_of, put_facts
from sa_tui.cli.exits import Exit
from sa_tui.cli.run import LeftToken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.answers.problems import Problem
    from sa_tui.answers.records import Record
    from sa_tui.cli.token_command import TokenCommand
    from sa_tui.konnect.models import AccessToken
    from sa_tui.konnect.requests import Request


def put_issued(
    command: TokenCommand,
    token: AccessToken,
    *,
    replaced: AccessToken | None = None,
    problems: Sequence[Problem] = (),
) -> None:
    """Writes that a token was issued and delivered; `replaced` is the old token of a rotation."""
    facts: Record = {"access_token": token_record(token, command.org.now())}
    if command.options.verb == "rotate":
        facts["replaced"] = named_record(replaced) if replaced else None
    _put(command, facts, problems)


def put_ended(command: TokenCommand, *, id: str, name: str, status: str) -> None:
    """Writes that a token no longer works; `status` is `revoked`, or `gone` if it was before."""
    _put(command, {"access_token": {"id": id, "name": name}, "status": status})


def show_request(command: TokenCommand, request: Request[object]) -> int:
    """Prints what would be sent; a variable stands for the token."""
    curl = request.as_curl(command.profile.base_url)
    if command.options.output == "json":
        row = {"method": request.method, "path": request.path, "body": request.body, "curl": curl}
        verb = command.options.verb
        more = {"rotate": {"replaced": None}, "issue": {}}.get(verb, {"status": None})
        _put(command, {"access_token": None, **more}, requests=[row])
    else:
        command.env.put(curl)
    command.env.tell("Nothing was sent: this is a dry run.")
    return Exit.DONE


def note_left(command: TokenCommand, *, id: str | None, name: str, is_revoked: bool | None) -> None:
    """Notes, for the error in JSON, an issued token that nobody is known to have."""
    command.env.run.left_tokens.append(
        LeftToken(system_account_id=command.account.id, id=id, name=name, is_revoked=is_revoked)
    )


def _put(
    command: TokenCommand,
    facts: Record,
    problems: Sequence[Problem] = (),
    *,
    requests: Sequence[Record] = (),
) -> None:
    if command.options.output != "json":
        return
    head = head_of(command.env, command.org.snapshot, problems)
    change: Record = {"system_account": named_record(command.account)}
    change |= {"dry_run": command.options.dry_run, "requests": requests}
    put_facts(command.env, head, change | facts)
