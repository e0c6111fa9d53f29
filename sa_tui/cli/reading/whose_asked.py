"""Asks Konnect about found tokens: whether they live, what they can do, and whose they are.

The rule it keeps: a found token itself is used with --probe alone, and that is said before.
"""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sa_tui.access.reader import read_access
from sa_tui.access.stakes import cautions
from sa_tui.access.verbs import REVOKE_TOKENS, Target
from sa_tui.answers.command_line import revocation
from sa_tui.answers.found_token import Owner, name_of
from sa_tui.answers.problems import Problem, ProblemSubject, problem_from
from sa_tui.base.secrets import PREFIXES
from sa_tui.base.times import utc
from sa_tui.base.words import plural
from sa_tui.cli.answers import head_of
from sa_tui.cli.choosing import ProfileChoice
from sa_tui.cli.exits import Exit
from sa_tui.cli.reading.run import answer
from sa_tui.konnect.errors import KonnectError
from sa_tui.org.probing import APART_SECONDS, ROUNDS_TO_BE_SURE, Probed, Prober
from sa_tui.org.summary import token_state
from sa_tui.profiles.errors import ProfileError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sa_tui.answers.found_token import FoundTokenAnswer
    from sa_tui.answers.head import Head
    from sa_tui.cli.environment import Environment
    from sa_tui.cli.reading.source import Source
    from sa_tui.konnect.models import AccessToken
    from sa_tui.org.snapshot import Snapshot
    from sa_tui.org.store import Org
    from sa_tui.records.handover import Handover

_PROBE = (
    "PROBE: {} will be used for GET /v3/organizations/me, each several times if it lives. Konnect "
    "notes that as its last use: a rotation that waits until it is idle waits anew. This takes "
    "{:.0f} s or more."
)
_LAG = "A revoked token may work for up to 15 minutes more."


def ask_konnect(
    answers: Sequence[FoundTokenAnswer],
    problems: list[Problem],
    options: Namespace,
    env: Environment,
    known: Mapping[str, Handover],
) -> tuple[list[FoundTokenAnswer], Head | None]:
    """The answers with what Konnect says, and the head; adds to `problems` what failed.

    Without a profile, or without an answer, the answers stay as they are.
    """
    if not hasattr(options, "from_file"):
        options = _with_profile(ProfileChoice(options=options, env=env), answers)
    asking = _Asking(
        answers=list(answers), problems=problems, options=options, env=env, known=known
    )
    try:
        answer(options, env, asking.run)
    except ProfileError as error:
        if options.probe:
            raise
        env.warn(f"Konnect is not asked: {error}")
    except KonnectError as error:
        problems.append(Problem(what="organization", reason=error.summary, error=error))
    return asking.answers, asking.head


def _with_profile(choice: ProfileChoice, answers: Sequence[FoundTokenAnswer]) -> Namespace:
    """The options with the profile that issued the tokens, unless another is asked for."""
    options = choice.options
    issued_by = {each.handover.entry.profile for each in answers if each.handover is not None}
    if choice.name is not None or len(issued_by) != 1:
        return options
    if not issued_by & {profile.name for profile in (*choice.saved(), *choice.found())}:
        return options
    return Namespace(**vars(options) | {"profile": issued_by.pop()})


@dataclass(kw_only=True)
class _Asking:
    """The answers while one organisation is asked about them; `head` is set at the end."""

    answers: list[FoundTokenAnswer]
    problems: list[Problem]
    options: Namespace
    env: Environment
    known: Mapping[str, Handover]
    head: Head | None = None

    async def run(self, source: Source) -> int:
        """Reads what is needed, and completes the answers."""
        await source.read_lists()
        self.answers = [await self._lookup(each, source) for each in self.answers]
        if self.options.probe:
            await self._probe(source)
        await source.read_entity_names()
        self.answers = [self._completed(each, source) for each in self.answers]
        self.head = head_of(self.env, source.snapshot)
        return Exit.DONE

    # By the journal

    async def _lookup(self, answer: FoundTokenAnswer, source: Source) -> FoundTokenAnswer:
        """Looks for a token of the journal among those of its account."""
        if answer.handover is None or answer.state != "unknown":
            return answer
        entry, here = answer.handover.entry, source.snapshot.organization.value
        label = entry.label
        if here is not None and label.organization_id not in (None, here.id):
            name = label.organization_name or label.organization_id
            reason = f"It is of organisation {name}: ask with --profile {entry.profile}."
            return replace(answer, reason=reason)
        account = source.snapshot.account(label.account_id)
        if account is None:
            is_gone = source.snapshot.accounts.is_whole and here is not None
            is_gone = is_gone and label.organization_id is not None
            return _gone(answer, "Its system account is gone.", is_sure=is_gone)
        await source.read_one(account.id)
        tokens = source.snapshot.details_of(account.id).tokens
        token = next((each for each in tokens.rows if each.id == label.token_id), None)
        owner = Owner(id=account.id, name=account.name)
        answer = replace(answer, now=source.now(), owner=owner, organization=here)
        if token is None and entry.intended_at > source.now():
            reason = "It was issued after the file was made."
            return _gone(answer, reason, is_sure=False)
        if token is None:
            reason = f"It is deleted. {_LAG}" if tokens.is_whole else str(tokens.why_incomplete)
            return _gone(answer, reason, is_sure=tokens.is_whole)
        return self._seen(answer, token, source)

    def _seen(
        self, answer: FoundTokenAnswer, token: AccessToken, source: Source
    ) -> FoundTokenAnswer:
        state = token_state(token, source.now())
        if state == "unknown":
            return replace(answer, token=token, reason="Its expiry cannot be read.")
        is_live = state == "live"
        reason = "" if is_live else f"It is {state}."
        if is_live and hasattr(self.options, "from_file"):
            reason = f"This was so when the file was made, {utc(source.now())}."
        return replace(answer, token=token, state="live" if is_live else "dead", reason=reason)

    # By the found token itself

    async def _probe(self, source: Source) -> None:
        from sa_tui.cli.reading.live import KonnectSource

        assert isinstance(source, KonnectSource)  # noqa: S101 - --from and --probe exclude each other
        env = self.env
        at = [number for number, each in enumerate(self.answers) if _can_be_probed(each)]
        secrets = [secret for n in at if (secret := self.answers[n].found.secret) is not None]
        if not secrets:
            return
        prober = Prober(source.org, sleep=env.sleep)
        own = [secret for secret in secrets if secret in env.secrets]
        others = [secret for secret in secrets if secret not in env.secrets]
        if others:
            seconds = APART_SECONDS * (1 + ROUNDS_TO_BE_SURE * len(others))
            env.tell(_PROBE.format(plural(len(others), "token"), seconds))
        other_ids = [entry.entry.label.token_id or "" for entry in self.known.values()]
        probed = await prober.probe(others, other_ids=other_ids)
        told = {id(secret): each for secret, each in zip(others, probed, strict=True)}
        told |= {id(secret): _own(source.org) for secret in own}
        for number, secret in zip(at, secrets, strict=True):
            self.answers[number] = await self._with(self.answers[number], told[id(secret)], source)
        for owner_id, error in prober.unread.items():
            account = source.snapshot.account(owner_id)
            if account is None:
                subject = ProblemSubject("user", owner_id, owner_id)
                self.problems.append(problem_from("personal_access_tokens", error, subject))
            else:
                subject = ProblemSubject("system_account", owner_id, account.name)
                self.problems.append(problem_from("access_tokens", error, subject))

    async def _with(
        self, answer: FoundTokenAnswer, probed: Probed, source: Source
    ) -> FoundTokenAnswer:
        """The answer with what the probe has shown."""
        answer = replace(
            answer,
            now=source.now(),
            state=probed.state,
            reason=probed.reason,
            organization=probed.organization,
            candidates=probed.candidates,
            probe_calls=probed.calls,
        )
        here = source.snapshot.organization.value
        if (
            probed.organization is not None
            and here is not None
            and probed.organization.id != here.id
        ):
            reason = f"It opens {probed.organization.name}, another organisation than the profile."
            return replace(answer, reason=reason, owner=_person(probed))
        if probed.person is not None:
            await source.read_one(probed.person.id, people=True)
            answer = replace(answer, owner=_person(probed))
        if not probed.is_sure:
            return answer
        (found,) = probed.candidates
        answer = replace(answer, token=found.token, candidates=())
        if answer.owner is not None:
            return answer
        await source.read_one(found.owner.id)
        return replace(answer, owner=Owner(id=found.owner.id, name=name_of(found.owner)))

    # What it can do, and how it ends

    def _completed(self, answer: FoundTokenAnswer, source: Source) -> FoundTokenAnswer:
        owner = answer.owner
        if owner is None or answer.state == "dead":
            return replace(answer, revoke=None)
        access = read_access(source.snapshot, with_people=owner.kind == "user")
        subject = access.subject(owner.id)
        if subject is not None:
            answer = replace(answer, owner=replace(owner, subject=subject, access=access))
        return replace(answer, revoke=self._revoke(answer, source.snapshot))

    def _revoke(self, answer: FoundTokenAnswer, snapshot: Snapshot) -> str | None:
        """The command line that revokes the token, as exactly as it can be given."""
        owner, label = answer.owner, answer.handover.entry.label if answer.handover else None
        token_id = answer.token.id if answer.token else label.token_id if label else None
        if owner is None or token_id is None or owner.kind == "user":
            return None
        more: tuple[str, ...] = ()
        if answer.token is not None:
            targets = [Target(account_id=owner.id, token=answer.token)]
            warnings = cautions(REVOKE_TOKENS, targets, snapshot=snapshot, now=answer.now)
            if any(caution.is_typed for caution in warnings):
                more = ("--confirm", owner.id)
        return revocation(self._opened_by(), owner.id, token_id, *more)

    def _opened_by(self) -> tuple[str, ...]:
        """The options that open the same organisation."""
        if hasattr(self.options, "from_file"):
            return ("--profile", self.env.run.profile or "")
        choice = ProfileChoice(options=self.options, env=self.env)
        return choice.opened_by(choice.pick())


def _gone(answer: FoundTokenAnswer, reason: str, *, is_sure: bool) -> FoundTokenAnswer:
    """The answer about a token that is not listed; unknown unless the list is whole."""
    return replace(answer, state="dead" if is_sure else "unknown", reason=reason)


def _can_be_probed(answer: FoundTokenAnswer) -> bool:
    """Whether it is a token of Konnect, to which alone it may be sent, and still unknown."""
    found = answer.found
    is_unknown = answer.state == "unknown" and answer.handover is None
    return is_unknown and found.secret is not None and found.prefix in PREFIXES


def _own(org: Org) -> Probed:
    """What is known of the token of the profile itself, which is used all the time."""
    snapshot = org.snapshot
    return Probed(
        state="live",
        reason="It is the token that this profile uses itself.",
        organization=snapshot.organization.value,
        person=snapshot.me.value,
        calls=0,
    )


def _person(probed: Probed) -> Owner | None:
    person = probed.person
    return None if person is None else Owner(id=person.id, name=name_of(person), kind="user")
