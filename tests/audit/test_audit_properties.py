"""What holds in every organisation: no rule raises, unknown is never fine, a mute adds nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sa_tui.audit.mute import Mute
from sa_tui.audit.registry import rules
from sa_tui.konnect.errors import Forbidden, NotFound, ServerFault
from sa_tui.konnect.models import Listing
from sa_tui.org.snapshot import Part, Snapshot
from tests.access.conftest import NOW, UNREAD, personal_token, token

from .conftest import Audited, audit_of

DAYS = (-400.0, -31.0, -1.0, 0.0, 0.5, 6.0, 31.0, 400.0)
NAMES = ("ci-prod", "ci_prod2", "", "tmp", "token 1", "metrics-ro", "\x1b]52;c;x\x07", "\u202eci")
TEXTS = (
    "",
    "owner: gone@example.com",
    "review: 2026-99-01",
    "review: 2026-01-01",
    "test\n\n",
    "🚚",
)
ROLES = ("Admin", "Viewer", "Creator", "Deployer", "Publisher", "Stargazer", None)
TYPES = ("Control Planes", "APIs", "Identity", "Audit Logs", "Networks", "Black Holes", "", None)
ENTITIES = ("*", "id-of-prod", "gone", None, "")
REGIONS = ("*", "eu", "us", "nowhere", None)
TEAMS = ("Readers", "organization-admin", "identity-admin", "unheard-of")
FIELDS = ("expires_at", "last_used_at", "name")


@st.composite
def tokens(draw: st.DrawFn, number: int) -> Any:
    made = token(
        f"{draw(st.sampled_from(NAMES))}{number}",
        expires_in=draw(st.sampled_from((*DAYS, None))),
        used_ago=draw(st.sampled_from((*DAYS, None))),
        age=draw(st.sampled_from(DAYS)),
        unreadable={name: "x" for name in FIELDS if draw(st.integers(0, 5)) == 0},
    )
    gone: dict[str, Any] = {"created_at": None} if draw(st.integers(0, 5)) == 0 else {}
    return replace(made, **gone)


@st.composite
def parts(draw: st.DrawFn, names: tuple[str, ...]) -> dict[str, Part[Any]]:
    """Some parts that were not read, or not in full, or that could not be read."""
    kinds: tuple[Part[Any], ...] = (
        UNREAD,
        Part(error=Forbidden(403, request="GET /v3/x")),
        Part(error=NotFound(404, request="GET /v3/x")),
        Part(error=ServerFault(500, request="GET /v3/x")),
        Part(value=Listing((), incomplete="1 of 2 rows")),
        Part(value=Listing((), skipped=1)),
    )
    return {name: draw(st.sampled_from(kinds)) for name in names if draw(st.integers(0, 4)) == 0}


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """An organisation with everything that rules look at, some of it unread or unreadable."""
    org = Audited()
    org.entity("prod")
    role = st.builds(
        org.role,
        *(st.sampled_from(values) for values in (ROLES, TYPES, ENTITIES, REGIONS)),
    )
    teams = [
        org.team(
            draw(st.sampled_from(TEAMS)),
            *draw(st.lists(role, max_size=2)),
            is_predefined=draw(st.sampled_from((True, False, None))),
        )
        for _ in range(draw(st.integers(0, 2)))
    ]
    for number in range(draw(st.integers(0, 3))):
        account = org.account(
            draw(st.sampled_from(NAMES)),
            *draw(st.lists(role, max_size=3)),
            teams=[team for team in teams if draw(st.booleans())],
            tokens=[draw(tokens(each)) for each in range(draw(st.integers(0, 3)))],
            description=draw(st.sampled_from(TEXTS)),
            age=draw(st.sampled_from(DAYS)),
            parts=draw(parts(("tokens", "roles", "teams"))),
        )
        org.managed(account, draw(st.sampled_from((True, False, False, None))))
        if number and teams:
            org.join(teams[0], accounts=org.accounts)
    for _ in range(draw(st.integers(0, 1))):
        org.person(
            "gone",
            is_active=draw(st.sampled_from((True, False, None))),
            tokens=[personal_token("github", used_ago=draw(st.sampled_from((None, 3.0))))],
            parts=draw(parts(("tokens",))),
        )
    snapshot = org.whole(has_idp=draw(st.sampled_from((True, False, None))))
    lists: dict[str, Any] = draw(parts(("people", "teams", "catalogue", "accounts")))
    if "catalogue" in lists:
        lists["catalogue"] = UNREAD
    if "accounts" in lists:
        lists["accounts"] = replace(
            snapshot.accounts, error=ServerFault(500, request="GET /v3/system-accounts")
        )
    return replace(snapshot, **lists)


slow = settings(max_examples=40, suppress_health_check=list(HealthCheck))


@slow
@given(snapshots())
def test_no_rule_ever_raises_and_each_answer_is_one_of_three(snapshot: Snapshot) -> None:
    audit = audit_of(snapshot)

    assert {finding.status for finding in audit.findings} <= {"open"}
    assert {finding.status for finding in audit.not_checked} <= {"not-checked"}
    assert all(finding.because for finding in audit.not_checked)
    assert all(len(finding.fingerprint) == 64 for finding in audit.findings)


@slow
@given(snapshots())
def test_a_finding_has_a_fingerprint_of_its_own(snapshot: Snapshot) -> None:
    findings = audit_of(snapshot).findings

    assert len({finding.fingerprint for finding in findings}) == len(findings)


@slow
@given(snapshots(), st.data())
def test_whatever_is_not_read_never_gives_an_all_clear(snapshot: Snapshot, data: Any) -> None:
    """Each rule about an account keeps its finding, or says that it could not check."""
    known = [each for each in snapshot.accounts.rows if each.id in snapshot.details]
    if not known:
        return
    account = data.draw(st.sampled_from(known))
    name = data.draw(st.sampled_from(("tokens", "roles", "teams")))
    details = replace(snapshot.details[account.id], **{name: UNREAD})
    before = audit_of(snapshot)
    after = audit_of(snapshot.with_details({account.id: details}))

    def of(audit: Any, status: str) -> set[str]:
        findings = (*audit.findings, *audit.not_checked)
        return {
            finding.rule
            for finding in findings
            if finding.subject.account_id == account.id and finding.status == status
        }

    hiding = {id for rule in of(after, "open") for id in rules()[rule].hides}
    kept = of(after, "open") | of(after, "not-checked")
    lost = {
        rule for rule in of(before, "open") - kept if rule not in hiding and rule[0] not in hiding
    }
    assert not lost


def mutes() -> st.SearchStrategy[Mute]:
    return st.builds(
        Mute,
        rule=st.sampled_from(sorted(rules())),
        reason=st.just("It is known."),
        approved_by=st.just("ines"),
        created=st.just(NOW.date() - timedelta(days=30)),
        expires=st.sampled_from([NOW.date() + timedelta(days=days) for days in (-1, 0, 30)]),
        account=st.sampled_from(("", "*", "ci*", "account-0")),
        object=st.sampled_from(("", "token-tmp0")),
    )


@slow
@given(snapshots(), st.lists(mutes(), max_size=4), mutes())
def test_one_more_mute_never_adds_a_finding(
    snapshot: Snapshot, fewer: list[Mute], more: Mute
) -> None:
    def state(chosen: list[Mute]) -> dict[str, str]:
        audit = audit_of(snapshot, mutes=chosen)
        findings = (*audit.findings, *audit.not_checked)
        return {finding.fingerprint + finding.because: finding.status for finding in findings}

    before, after = state(fewer), state([*fewer, more])

    assert before.keys() == after.keys()
    assert all(after[key] in (before[key], "muted") for key in before)
    assert all(after[key] == "muted" for key in before if before[key] == "muted")


@slow
@given(snapshots())
def test_the_rules_of_one_run_do_not_depend_on_the_others(snapshot: Snapshot) -> None:
    """Fewer rules find no more, but what a rule that is now off would have hidden."""
    whole = {finding.fingerprint for finding in audit_of(snapshot).findings}
    hidden = {id for rule in rules().values() for id in (*rule.hides, *rule.folds)}
    for id in ("P08", "R02", "A13", "T01"):
        if id not in hidden:
            some = audit_of(snapshot, active=[id]).findings
            assert {finding.fingerprint for finding in some if finding.rule == id} <= whole
