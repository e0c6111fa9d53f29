"""Asks Konnect whose token a profile has: which organisation, and which person if it is one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sa_tui.answers.problems import Problem, problem_from
from sa_tui.base.text import one_line
from sa_tui.cli.exits import Exit
from sa_tui.cli.output import narrate_wait
from sa_tui.konnect.errors import KonnectError

if TYPE_CHECKING:
    from sa_tui.answers.records import Record
    from sa_tui.cli.choosing import ProfileChoice
    from sa_tui.konnect.models import Organization, User
    from sa_tui.profiles.model import Profile


@dataclass(frozen=True, kw_only=True)
class Identity:
    """The owner of a token; Konnect does not say which system account a token belongs to.

    `error` is why the person could not be read.
    """

    organization: Organization
    has_person: bool
    person: User | None = None
    error: KonnectError | None = None

    @property
    def code(self) -> Exit:
        """The exit code of `profiles test`."""
        return Exit.DONE if self.error is None else Exit.INCOMPLETE

    @property
    def problems(self) -> list[Problem]:
        """What could not be read, as a list of at most one problem."""
        return [] if self.error is None else [problem_from("identity", self.error)]

    def record(self) -> Record:
        """The identity with Kong's names."""
        person = self.person
        return {
            "type": "user" if self.has_person else "system_account",
            "id": person.id if person else None,
            "full_name": person.full_name if person else None,
            "email": person.email if person else None,
            "unknown": [] if person else ["id", *["full_name", "email"] * self.has_person],
        }

    def text(self) -> str:
        """The identity as two lines of text."""
        if self.person is not None:
            who = f"{self.person.full_name} <{self.person.email}>"
        elif self.error is not None:
            who = f"unknown: {self.error}"
        else:
            who = "a system account; Konnect does not say which"
        organization = f"{self.organization.name} ({self.organization.id})"
        return f"organisation  {one_line(organization)}\nidentity      {one_line(who)}"


async def identify(choice: ProfileChoice, profile: Profile) -> Identity:
    """Asks with the profile's token. Raises ProfileError, or KonnectError of the organisation."""
    wait = partial(narrate_wait, choice.env)
    opened = await choice.konnect.open(profile, on_wait=wait)
    async with opened.client as client:
        organization = await client.get_organization()
        if client.clock.difference:
            choice.env.warn(client.clock.difference)
        if not opened.has_person:
            return Identity(organization=organization, has_person=False)
        try:
            person = await client.get_me()
        except KonnectError as error:
            return Identity(organization=organization, has_person=True, error=error)
        return Identity(organization=organization, has_person=True, person=person)
