"""What became of each thing that was due, as records and as one exit code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sa_tui.answers.problems import error_record
from sa_tui.answers.records import named_record
from sa_tui.cli.exits import Exit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.answers.records import Record
    from sa_tui.konnect.errors import KonnectError
    from sa_tui.konnect.models import AccessToken, SystemAccount
    from sa_tui.konnect.requests import Request
    from sa_tui.rotation.claims import Trouble
    from sa_tui.rotation.due import Action, Family

Status = Literal[
    "planned",
    "done",
    "waiting",
    "alarm",
    "undelivered",
    "unclear",
    "unproven",
    "lost",
    "failed",
    "unknown",
    "unread",
]
"""`unclear`: the secret may have arrived, nobody can tell. `lost`: Konnect's answer was."""

QUIET = ("planned", "waiting")
"""No command is told of these."""


@dataclass(frozen=True, kw_only=True)
class Successor:
    """The token that replaces another; `id` is None while it is still to be issued."""

    name: str
    id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Result:
    """What was done or not about one token, and why.

    `token` is the one that is replaced or ended, `reason` why it is due or not, `message` what
    happened. `code` is the exit code of a run in which nothing else happened.
    """

    rotation: str
    action: str
    status: Status
    account: SystemAccount | None
    token: AccessToken | None
    reason: str
    successor: Successor | None = None
    message: str = ""
    code: Exit = Exit.DONE
    error: KonnectError | None = None
    request: Request[object] | None = None

    def record(self) -> Record:
        """The result with stable names."""
        successor = self.successor
        return {
            "rotation": self.rotation,
            "action": self.action,
            "status": self.status,
            "system_account": named_record(self.account) if self.account else None,
            "access_token": named_record(self.token) if self.token else None,
            "expires_at": self.token.expires_at if self.token else None,
            "successor": {"id": successor.id, "name": successor.name} if successor else None,
            "reason": self.reason,
            "message": self.message or None,
            "error": error_record(self.error) if self.error else None,
        }


def of_action(family: Family, action: Action, status: Status, **facts: object) -> Result:
    """What became of an action."""
    about: dict[str, object] = {
        "rotation": family.policy.name,
        "action": action.kind,
        "account": family.account,
        "token": action.token,
        "reason": action.reason,
        "successor": Successor(name=action.name) if action.name else None,
    }
    if action.by is not None:
        about["successor"] = Successor(name=action.by.name, id=action.by.id)
    return Result(status=status, **(about | facts))  # type: ignore[arg-type]


def of_idle(family: Family, action: Action) -> Result:
    """A wait or an alarm."""
    is_alarm = action.kind == "alarm"
    code = Exit.FINDINGS if is_alarm else Exit.DONE
    return of_action(family, action, "alarm" if is_alarm else "waiting", code=code)


def of_gone(action: Action, family: Family) -> Result:
    """That somebody has revoked all tokens of the family in the meantime."""
    message = "Somebody has revoked it in the meantime: nothing was done."
    return of_action(family, action, "waiting", message=message)


def of_trouble(trouble: Trouble) -> Result:
    """What keeps a rotation from its tokens."""
    status: Status = "alarm"
    code = Exit.FINDINGS
    if trouble.is_unread:
        status, code = "unread", Exit.INCOMPLETE
    elif trouble.is_mistake:
        status, code = "failed", Exit.USAGE
    return Result(
        rotation=trouble.policy.name,
        action="alarm",
        status=status,
        account=trouble.account,
        token=None,
        reason=trouble.message,
        code=code,
    )


_MILD = (Exit.DONE, Exit.FINDINGS, Exit.INCOMPLETE)


def exit_of(results: Sequence[Result]) -> Exit:
    """The exit code of a run: a token that nobody has comes first, then what failed.

    Of several failures, the last of the table counts: an unknown outcome comes first.
    """
    codes = {result.code for result in results}
    if Exit.UNDELIVERED in codes:
        return Exit.UNDELIVERED
    if failed := codes.difference(_MILD):
        is_partly = any(result.status in ("done", "unproven") for result in results)
        return Exit.PARTLY if is_partly else max(failed)
    return next((code for code in reversed(_MILD) if code in codes), Exit.DONE)
