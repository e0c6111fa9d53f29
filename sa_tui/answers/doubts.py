"""What is doubtful in a query, as the warnings of its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.access.query.words import misplaced, notices
from sa_tui.answers.head import Warning

if TYPE_CHECKING:
    from sa_tui.access.query.language import Query
    from sa_tui.access.query.words import Vocabulary


def warnings_of(
    query: Query,
    text: str,
    words: Vocabulary,
    *,
    with_people: bool = False,
    has_accounts: bool = True,
) -> list[Warning]:
    """Names that nothing has, and terms without effect among accounts, unless `with_people`.

    `text` is what the query was parsed from. Unless it `has_accounts`, the list is of entities.
    """
    is_of_accounts = has_accounts and not with_people
    without_effect = misplaced(query, "account") if is_of_accounts else ()
    return [
        Warning(notice.text, text[notice.position : notice.position + notice.length])
        for notice in (*notices(query, words, has_accounts=has_accounts), *without_effect)
    ]
