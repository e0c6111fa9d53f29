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


def ask_about_leftovers(host: Host, org: Org, profile: Profile) -> bool:
    """Asks about what an earlier run left; False while the organisation's id is unknown."""
    organization = org.snapshot.organization.value
    if organization is None:
        return False
    place = {"base_url": profile.base_url, "organization_id": organization.id}
    try:
        tokens = host.records.journal.unfinished(**place)
        batches = host.records.batches.unsent(**place)
    except JournalError as error:
        host.say(str(error), is_error=True)
        return True
    if notices := (*host.records.journal.notices, *host.records.batches.notices):
        host.warn(" ".join(notices))
    if (tokens or batches) and profile.read_only:
        host.say(_read_only_notice(tokens, batches))
        return True
    if tokens:
        from sa_tui.ui.tokens.issuing import recover

        # Not among the writes: the next start asks again, so leaving need not wait for an answer.
        recovery = recover(host, tokens, org=org, base_url=profile.base_url)
        host.run_worker(recovery, group=QUESTIONS)
    if batches:
        host.run_worker(offer_unsent(host, batches, org=org), group=QUESTIONS)
    return True


def _read_only_notice(tokens: Sequence[Unfinished], batches: Sequence[Unsent]) -> str:
    leftovers = []
    if tokens:
        leftovers.append(f"{plural(len(tokens), 'token')} of an earlier run not acknowledged")
    if batches:
        leftovers.append("changes of an earlier run not sent")
    return f"{', '.join(leftovers)}: open it without read-only."
