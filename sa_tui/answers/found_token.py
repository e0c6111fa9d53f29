"""What is known of a token that was found somewhere, as a record and as lines of text.

The rule it keeps: the secret is in neither; a token is told by its masked form and its SHA-256.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sa_tui.access.answer import Answer
from sa_tui.access.matrix import strength
from sa_tui.answers.access_records import bool_of, described, grant_record
from sa_tui.answers.head import organization_record
from sa_tui.answers.records import named_record, token_record
from sa_tui.base.secrets import redact
from sa_tui.base.text import one_line
from sa_tui.base.times import ago, until, utc
from sa_tui.base.words import plural
from sa_tui.konnect.models import SystemAccount, User

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sa_tui.access.subjects import Access, Subject
    from sa_tui.answers.records import Record
    from sa_tui.konnect.models import AccessToken, Organization
    from sa_tui.org.probing import Candidate
    from sa_tui.records.handover import Handover
    from sa_tui.scan.found import FoundToken, Place

State = Literal["live", "dead", "unknown"]

MOST_GRANTS = 8
MOST_PLACES = 5


@dataclass(frozen=True, kw_only=True)
class Owner:
    """The system account or the person of a token; `subject` is None if that was not read."""

    id: str
    name: str
    kind: Literal["system_account", "user"] = "system_account"
    subject: Subject | None = None
    access: Access | None = None


@dataclass(frozen=True, kw_only=True)
class FoundTokenAnswer:
    """One found token, and what is known of it at `now`.

    `handover` is the journal's entry of it, `token` the token as Konnect has it; `candidates` are
    those that it may be. `revoke` is the command that revokes it, if there is one.
    """

    found: FoundToken
    now: datetime
    state: State
    reason: str = ""
    handover: Handover | None = None
    token: AccessToken | None = None
    owner: Owner | None = None
    organization: Organization | None = None
    person: User | None = None
    candidates: Sequence[Candidate] = ()
    probe_calls: int = 0
    revoke: str | None = None

    def record(self) -> Record:
        """The answer with stable names."""
        return self._told() | self._access_record() | {"unknown": list(self._unknown())}

    def _told(self) -> Record:
        return {
            "masked": self.found.masked,
            "sha256": self.found.fingerprint,
            "kind": self._kind,
            "state": None if self.state == "unknown" else self.state,
            "reason": self.reason or None,
            "recognised_by": self._recognised_by,
            "found": [_place_record(place) for place in self.found.places],
            "found_count": self.found.count,
            "access_token": self._token_record(),
            "system_account": self._owner_record("system_account"),
            "user": self._owner_record("user"),
            "organization": self._organization_record(),
            "profile": self.handover.entry.profile if self.handover else None,
            "issued_at": self.handover.entry.intended_at if self.handover else None,
            "delivered_to": redact(self.handover.entry.destination) if self.handover else None,
            "candidates": [
                {
                    "system_account": _named(each, SystemAccount),
                    "user": _named(each, User),
                    "access_token": named_record(each.token),
                }
                for each in self.candidates
            ],
            "probe_calls": self.probe_calls,
            "revoke": self.revoke,
        }

    def _unknown(self) -> Iterator[str]:
        """The names of the fields that are null because their value is not known."""
        if self.state == "unknown":
            yield "state"
        if self._token_record() is None:
            yield "access_token"
        if self.owner is None:
            yield self._kind or "system_account"
        if self._organization_record() is None:
            yield "organization"
        access = self._access_record()
        yield from (name for name, value in access.items() if value is None)

    @property
    def _kind(self) -> str | None:
        return {"spat_": "system_account", "kpat_": "user"}.get(self.found.prefix)

    @property
    def _recognised_by(self) -> str | None:
        if self.handover is not None:
            return "journal"
        return "probe" if self.owner is not None else None

    def _token_record(self) -> Record | None:
        if self.token is not None:
            return token_record(self.token, self.now)
        if self.handover is None:
            return None
        label = self.handover.entry.label
        missing = ["created_at", "last_used_at", "state"]
        return {
            "id": label.token_id,
            "name": label.token_name,
            "created_at": None,
            "expires_at": label.expires_at,
            "last_used_at": None,
            "state": None,
            "unknown": missing + ["expires_at"] * (label.expires_at is None),
        }

    def _owner_record(self, kind: str) -> Record | None:
        owner = self.owner
        return {"id": owner.id, "name": owner.name} if owner and owner.kind == kind else None

    def _organization_record(self) -> Record | None:
        if self.organization is not None:
            return organization_record(self.organization)
        label = self.handover.entry.label if self.handover else None
        if label is None or label.organization_id is None:
            return None
        return {"id": label.organization_id, "name": label.organization_name or ""}

    def _access_record(self) -> Record:
        """What the owner can do; null where it was not read."""
        subject = self.owner.subject if self.owner else None
        access = self.owner.access if self.owner else None
        if subject is None or access is None:
            return {"can_mint": None, "teams": None, "grants": None}
        grants = sorted(subject.grants, key=strength)
        return {
            "can_mint": bool_of(subject.can_mint),
            "teams": [{"id": team.id, "name": team.name} for team in subject.teams],
            "grants": [grant_record(grant, access) for grant in grants],
        }

    def lines(self) -> Iterator[str]:
        """The answer in lines of safe text."""
        for title, text in self._rows():
            yield one_line(f"  {title:<9}{text}", limit=None)

    def _rows(self) -> Iterator[tuple[str, str]]:
        yield "token", self._name()
        state = {"live": "LIVE", "dead": "dead", "unknown": "not known"}[self.state]
        yield "state", f"{state}. {self.reason}" if self.reason else state
        if self.token is not None or self.handover is not None:
            yield "life", self._life()
        if self.handover is not None:
            entry = self.handover.entry
            yield "issued", f"{utc(entry.intended_at)}, for {redact(entry.destination)}"
        yield from self._access_rows()
        for each in self.candidates:
            yield "perhaps", f"{each.token.name} ({each.token.id}) of {name_of(each.owner)}"
        for place in self.found.places[:MOST_PLACES]:
            yield "found", _place_text(place)
        if (others := self.found.count - min(len(self.found.places), MOST_PLACES)) > 0:
            yield "found", f"{others:,} times more"
        if self.revoke is not None:
            yield "revoke", self.revoke
        elif self._kind == "user" and self.state != "dead":
            yield "revoke", "the person does it in Konnect, under Personal Access Tokens"

    def _name(self) -> str:
        if self.owner is None:
            return {
                "spat_": "of a system account; which one is not known",
                "kpat_": "of a person; who is not known",
            }.get(self.found.prefix, "not shaped like a token of Konnect")
        where = self._organization_record()
        organization = f", organisation {where['name'] or where['id']}" if where else ""
        record = self._token_record()
        of = f"{self.owner.name} ({self.owner.id}){organization}"
        return f"{record['name']} ({record['id']}) of {of}" if record else f"of {of}"

    def _life(self) -> str:
        expires_at = self.token.expires_at if self.token else None
        if self.handover is not None and self.token is None:
            expires_at = self.handover.entry.label.expires_at
        life = "expiry not known" if expires_at is None else until(expires_at, self.now)
        life = life if life.startswith("exp") else f"expires {life}"
        if self.token is None:
            return life
        used = self.token.last_used_at
        if "last_used_at" in self.token.unreadable:
            return f"{life}, last use not known"
        return f"{life}, last used {ago(used, self.now) if used else 'never'}"

    def _access_rows(self) -> Iterator[tuple[str, str]]:
        subject = self.owner.subject if self.owner else None
        access = self.owner.access if self.owner else None
        if subject is None or access is None:
            return
        if subject.can_mint is not Answer.NO:
            is_sure = subject.can_mint is Answer.YES
            yield "can", f"{'' if is_sure else 'perhaps '}issue tokens for any account"
        grants = sorted(subject.grants, key=strength)
        for text in described([grant_record(grant, access) for grant in grants[:MOST_GRANTS]]):
            yield "can", text
        if len(grants) > MOST_GRANTS:
            yield "can", f"{plural(len(grants) - MOST_GRANTS, 'role')} more"
        if not subject.is_complete:
            yield "can", "perhaps more: not everything could be read"
        elif not grants:
            yield "can", "nothing: it holds no role"


def name_of(owner: SystemAccount | User) -> str:
    """The name of an account, or the full name and the address of a person."""
    if isinstance(owner, SystemAccount):
        return owner.name
    return f"{owner.full_name} <{owner.email}>" if owner.full_name else owner.email


def _named(candidate: Candidate, kind: type[SystemAccount | User]) -> Record | None:
    owner = candidate.owner
    return {"id": owner.id, "name": name_of(owner)} if isinstance(owner, kind) else None


def _place_record(place: Place) -> Record:
    return {"path": place.path, "line": place.line, "form": place.form}


def _place_text(place: Place) -> str:
    form = "" if place.form == "text" else f", as {place.form}"
    if place.line is None:
        return f"{place.path}, in its name{form}"
    return f"{place.path}:{place.line}{form}"
