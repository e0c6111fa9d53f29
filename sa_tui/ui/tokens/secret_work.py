"""Work with a secret on a page: one piece at a time, in the application, reported when it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sa_tui.konnect.errors import KonnectError, NotSignedIn

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from pydantic import SecretStr

    from sa_tui.base.label import Label
    from sa_tui.handover.file import FileDestination
    from sa_tui.org.store import Org
    from sa_tui.ui.kit.dialog import Dialog


class SecretWork:
    """What a page does with its secret; `is_busy` while something is done."""

    def __init__(self, page: Dialog[Any]) -> None:
        self._page = page
        self.is_busy = False

    def begin(self, work: Coroutine[object, object, None] | None) -> None:
        """Runs the work in the application, if there is any; no other may begin meanwhile."""
        if work is not None:
            self.is_busy = True
            self._page.refresh_bindings()
            self._page.host.write("Hand-over", self._do(work), on_failure=self._failed)

    async def _do(self, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        finally:
            self.is_busy = False
            self._page.refresh_bindings()

    def _failed(self) -> None:
        """Replaces the message of work that failed by why it failed."""
        host = self._page.host
        reason = "" if host.complaint or host.status is None else f"{host.status.plain} "
        self._page.tell(f"{reason}Whether it was done is not known.")


async def verified(secret: SecretStr, *, org: Org) -> tuple[str, str]:
    """What one call with the new token proves, in a sentence, and its tone."""
    try:
        organization = await org.verify(secret)
    except NotSignedIn:
        says = "Konnect does not accept the token yet. Wait a moment, then press V again."
        return says, "bad"
    except KonnectError as error:
        return f"Not verified: {error}", "bad"
    return f"Works: Konnect answered for {organization.name}.", "good"


async def revoked(label: Label, *, org: Org) -> str:
    """Revokes the token by its id; returns why it is not confirmed, or nothing."""
    if label.token_id is None:
        return "The id of the token is not known."
    try:
        await org.revoke_token(label.account_id, label.token_id, name=label.token_name)
    except KonnectError as error:
        return f"Not confirmed as revoked. Press X to try again. {error}"
    return ""


async def removed_files(files: Sequence[tuple[FileDestination, str]]) -> list[str]:
    """Removes files that are just as they were written; says what became of each."""
    return [await file.remove(digest) for file, digest in files]
