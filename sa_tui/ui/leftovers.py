"""What an earlier run left for this organisation: tokens that nobody has, changes never sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.base.words import plural
from sa_tui.records.journal import JournalError
from sa_tui.ui.kit.workers import QUESTIONS
from sa_tui.ui.sending import offer_unsent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.org.store import Org
    from sa_tui.profiles.model import Profile
    from sa_tui.records.batches import Unsent
    from sa_tui.records.journal import Unfinished
    from sa_tui.ui.kit.host import Host


def ask_about_leftovers(app: Host, org: Org, profile: Profile) -> bool:
    """Asks about what an earlier run left; False when it is not known yet whose it would be."""
    organization = org.snapshot.organization.value
    if organization is None:
        return False
    place = {"base_url": profile.base_url, "organization_id": organization.id}
    try:
        tokens = app.journal.unfinished(**place)
        batches = app.batches.unsent(**place)
    except JournalError as error:
        app.say(str(error), is_error=True)
        return True
    if notices := (*app.journal.notices, *app.batches.notices):
        app.warn(" ".join(notices))
    if (tokens or batches) and profile.read_only:
        app.say(_told_read_only(tokens, batches))
        return True
    if tokens:
        from sa_tui.ui.tokens.issuing import recover

        # No write: leaving need not wait for an answer that the next start asks for again.
        asking = recover(app, tokens, org=org, base_url=profile.base_url)
        app.run_worker(asking, group=QUESTIONS)
    if batches:
        app.run_worker(offer_unsent(app, batches, org=org), group=QUESTIONS)
    return True


def _told_read_only(tokens: Sequence[Unfinished], batches: Sequence[Unsent]) -> str:
    told = [f"{plural(len(tokens), 'token')} of an earlier run not acknowledged"] if tokens else []
    told += ["changes of an earlier run not sent"] if batches else []
    return f"{', '.join(told)}: open it without read-only."
