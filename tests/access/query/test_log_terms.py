"""Actions of the log are found by words and by fields of their own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sa_tui.access.query.language import QueryError, parse
from sa_tui.access.query.log_terms import LOG_FIELDS, matcher
from sa_tui.access.query.words import complete, read_vocabulary
from sa_tui.access.subjects import Access
from sa_tui.konnect import requests
from sa_tui.konnect.requests import Request
from sa_tui.org.changes.change import FieldChange
from sa_tui.org.logged import VERBS, LoggedAction

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ACTIONS = {
    "deleted": LoggedAction(
        1,
        title="Delete system account old-bot",
        method="DELETE",
        path="/v3/system-accounts/0f3c",
        at=NOW - timedelta(days=10),
        outcome="done",
        status=204,
        profile="prod",
        operator="ines@example",
    ),
    "refused": LoggedAction(
        2,
        title="Rename system account ci",
        method="PATCH",
        path="/v3/system-accounts/77aa",
        at=NOW - timedelta(hours=3),
        outcome="failed",
        status=409,
        profile="staging",
        operator="amara@example",
        message="The name is taken.",
        fields=(FieldChange("name", before="ci", after="ci-prod"),),
    ),
    "lost": LoggedAction(
        3,
        title="Issue token t for ci",
        method="POST",
        path="/v3/system-accounts/77aa/access-tokens",
        at=NOW - timedelta(minutes=1),
        outcome="unknown",
        profile="prod",
    ),
}


def found(query: str) -> list[str]:
    test = matcher(parse(query, LOG_FIELDS), now=NOW)
    return [name for name, action in ACTIONS.items() if test(action)]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["deleted", "refused", "lost"]),
        ("status:failed", ["refused"]),
        ("status:409", ["refused"]),
        ("status:2*", ["deleted"]),
        ("status!=done", ["refused", "lost"]),
        ("verb:delete-account", ["deleted"]),
        ("verb:account", ["deleted", "refused"]),
        ("verb=account", []),
        ("verb:issue-token", ["lost"]),
        ("who:ines", ["deleted"]),
        ("since:<7d", ["refused", "lost"]),
        ("since:>7d", ["deleted"]),
        ("profile:prod status:done", ["deleted"]),
        ("status:failed OR status:unknown", ["refused", "lost"]),
        ("-status:done -who:amara", ["lost"]),
        ("ci", ["refused", "lost"]),
        ("ci-prod", ["refused"]),
        ('"name is taken"', ["refused"]),
        ("0f3c", ["deleted"]),
        ("delete*bot", ["deleted"]),
    ],
)
def test_a_query_finds_the_actions_that_have_it(query: str, names: list[str]) -> None:
    assert found(query) == names


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("status:faild", "the field takes done, already, failed, unknown, undone"),
        ("verb:fly", "the field takes create-account"),
        ("since:yesterday", "write >90d, <30d"),
        ("zzz:1", "There are status, verb, who, since, profile."),
        ("statsu:done", "Did you mean status?"),
    ],
)
def test_a_typo_is_refused_and_not_answered_with_nothing(query: str, said: str) -> None:
    with pytest.raises(QueryError, match=r".") as raised:
        parse(query, LOG_FIELDS)

    assert said in raised.value.message


REQUESTS: dict[str, Request[Any]] = {
    "create-account": requests.create_system_account("a"),
    "edit-account": requests.update_system_account("a", name="b"),
    "delete-account": requests.delete_system_account("a"),
    "rename-token": requests.update_access_token("a", "t", name="b"),
    "revoke-token": requests.delete_access_token("a", "t"),
    "take-role": requests.remove_role("teams", "a", "r"),
    "delete-team": requests.delete_team("t"),
    "join-team": requests.add_member("t", "users", "u"),
    "leave-team": requests.remove_member("t", "system-accounts", "a"),
}


@pytest.mark.parametrize("verb", REQUESTS)
def test_an_action_is_called_by_what_its_request_does(verb: str) -> None:
    request = REQUESTS[verb]
    action = LoggedAction(
        1, title="", method=request.method, path=request.path, at=NOW, outcome="done"
    )

    assert action.verb == verb
    assert verb in VERBS


def test_tab_completes_the_fields_of_the_log_and_their_values() -> None:
    words = read_vocabulary(Access(subjects=()))

    def offered(text: str) -> tuple[str, ...]:
        return complete(text, len(text), words, LOG_FIELDS).candidates

    assert offered("s") == ("status:", "since:")
    assert offered("status:un") == ("status:unknown", "status:undone")
    assert "verb:revoke-token" in offered("verb:rev")
    assert offered("since:<") == ("since:<7d", "since:<30d")
    assert offered("role:") == ()
