"""The tokens of an organisation as an OpenMetrics text, which is Prometheus text format as well.

The rule it keeps: what is not known has no sample, and is counted in `sa_tui_unread`. There are
gauges alone, which both formats write alike; to the older one the end, `# EOF`, is a comment.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sa_tui.answers.problems import ProblemSubject, problem_of, problems_of_lists
from sa_tui.base.secrets import redact
from sa_tui.base.text import one_line
from sa_tui.org.summary import summarise_tokens, token_state

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sa_tui.answers.problems import Problem
    from sa_tui.konnect.models import AccessToken, SystemAccount
    from sa_tui.org.snapshot import Snapshot

    Sample = tuple[Mapping[str, str], float]

FIRST = "# TYPE sa_tui_"
"""How every such text begins."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Records:
    """What this machine knows of the organisation's tokens; None if it cannot be read.

    `rotations_since` are the moments at which the rotations under way were begun.
    """

    rotations_since: Sequence[datetime] | None
    unacknowledged: int | None


def problems_of_metrics(snapshot: Snapshot) -> list[Problem]:
    """What is missing from the lists that the metrics rest on."""
    problems = problems_of_lists(snapshot)
    for account in snapshot.accounts.rows:
        subject = ProblemSubject("system_account", account.id, account.name)
        tokens = snapshot.details_of(account.id).tokens
        problems += problem_of("access_tokens", tokens, subject)
    return problems


def metrics_text(
    snapshot: Snapshot, records: Records, problems: Sequence[Problem], *, now: datetime
) -> str:
    """The whole text; `now` is by Konnect's clock."""
    organization = snapshot.organization.value
    common = {
        "organization": organization.name if organization else "",
        "organization_id": organization.id if organization else "",
    }
    metrics = _Metrics(snapshot, records, problems, common, now)
    return "".join(f"{line}\n" for line in (*metrics.lines(), "# EOF"))


@dataclass(frozen=True)
class _Metrics:
    snapshot: Snapshot
    records: Records
    problems: Sequence[Problem]
    common: Mapping[str, str]
    now: datetime

    def lines(self) -> Iterator[str]:
        """Each family with its samples; one without a sample is left out."""
        yield from self._of_tokens()
        yield from _family(
            "sa_tui_account_live_tokens",
            "How many access tokens of a system account can be used.",
            self._live_tokens(),
        )
        yield from _family(
            "sa_tui_accounts", "How many system accounts there are.", self._accounts()
        )
        yield from self._records()
        yield from self._reading()

    def _of_tokens(self) -> Iterator[str]:
        yield from _family(
            "sa_tui_token_expiry_timestamp_seconds",
            "When an access token expires.",
            self._expiries(),
        )
        yield from _family(
            "sa_tui_token_last_used_timestamp_seconds",
            "When an access token was last used; without a sample, never or not known.",
            self._uses(),
        )
        yield from _family(
            "sa_tui_token_idle_days",
            "The days since a live access token was used, or since it was made if it never was.",
            self._idle_days(),
        )

    def _reading(self) -> Iterator[str]:
        """When this was read, and whether it is all there is."""
        yield from _family(
            "sa_tui_read_timestamp_seconds",
            "When the oldest of these values was read.",
            ((self.common, at.timestamp()) for at in self._read_at()),
        )
        yield from _family(
            "sa_tui_complete",
            "Whether everything could be read.",
            [(self.common, float(next(self._unread(), None) is None))],
        )
        yield from _family(
            "sa_tui_unread",
            "How many things could not be read, by what they are.",
            self._unread(),
        )

    def _tokens(self) -> Iterator[tuple[Mapping[str, str], AccessToken]]:
        for account in self._sorted_accounts():
            labels = self._labels(account)
            tokens = self.snapshot.details_of(account.id).tokens.rows
            for token in sorted(tokens, key=lambda row: (row.name.casefold(), row.id)):
                yield labels | {"token": token.name, "token_id": token.id}, token

    def _labels(self, account: SystemAccount) -> dict[str, str]:
        return {**self.common, "account": account.name, "account_id": account.id}

    def _sorted_accounts(self) -> list[SystemAccount]:
        return sorted(self.snapshot.accounts.rows, key=lambda row: (row.name.casefold(), row.id))

    def _expiries(self) -> Iterator[Sample]:
        for labels, token in self._tokens():
            if token.expires_at is not None:
                yield labels, token.expires_at.timestamp()

    def _uses(self) -> Iterator[Sample]:
        for labels, token in self._tokens():
            if token.last_used_at is not None:
                yield labels, token.last_used_at.timestamp()

    def _idle_days(self) -> Iterator[Sample]:
        for labels, token in self._tokens():
            since = token.last_used_at or token.created_at
            is_known = since is not None and "last_used_at" not in token.unreadable
            if is_known and since is not None and token_state(token, self.now) == "live":
                yield labels, max(round((self.now - since) / _DAY, 2), 0.0)

    def _live_tokens(self) -> Iterator[Sample]:
        for account in self._sorted_accounts():
            tokens = self.snapshot.details_of(account.id).tokens.value
            summary = summarise_tokens(tokens, self.now) if tokens is not None else None
            if summary is not None and summary.is_sure:
                yield self._labels(account), summary.live

    def _accounts(self) -> Iterator[Sample]:
        if self.snapshot.accounts.is_whole:
            yield self.common, len(self.snapshot.accounts.rows)

    def _records(self) -> Iterator[str]:
        begun = self.records.rotations_since
        yield from _family(
            "sa_tui_rotations_under_way",
            "How many rotations that were begun on this machine wait for the end of the old token.",
            [] if begun is None else [(self.common, len(begun))],
        )
        yield from _family(
            "sa_tui_rotation_oldest_timestamp_seconds",
            "When the oldest of these rotations was begun.",
            [(self.common, min(begun).timestamp())] if begun else [],
        )
        unacknowledged = self.records.unacknowledged
        yield from _family(
            "sa_tui_tokens_unacknowledged",
            "How many tokens that were issued on this machine are not known to have arrived.",
            [] if unacknowledged is None else [(self.common, unacknowledged)],
        )

    def _read_at(self) -> Iterator[datetime]:
        parts = [self.snapshot.accounts.read_at]
        parts += [details.tokens.read_at for details in self.snapshot.details.values()]
        yield from sorted(moment for moment in parts if moment is not None)[:1]

    def _unread(self) -> Iterator[Sample]:
        counts = Counter[str](problem.what for problem in self.problems)
        for _, token in self._tokens():
            counts.update({"expires_at", "last_used_at"} & set(token.unreadable))
        for what, count in sorted(counts.items()):
            yield {**self.common, "what": what}, count


def _family(name: str, help: str, samples: Iterator[Sample] | Sequence[Sample]) -> Iterator[str]:
    lines = [f"{name}{_label_set(labels)} {value:.15g}" for labels, value in samples]
    if lines:
        yield f"# TYPE {name} gauge"
        yield f"# HELP {name} {help}"
        yield from lines


def _label_set(labels: Mapping[str, str]) -> str:
    return "{" + ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items()) + "}"


def _escaped(text: str) -> str:
    """The text made safe to show and without a token, then as both formats quote it."""
    shown = redact(one_line(text, limit=None))
    return shown.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
