"""audit.toml and mutes.toml: what is not understood is refused by its line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from sa_tui.audit.limits import BASELINE, STRICT
from sa_tui.audit.mutes_file import read_mutes
from sa_tui.audit.settings import Settings, default_settings, read_settings
from sa_tui.konnect.models import SystemAccount
from sa_tui.profiles.errors import ProfileError
from tests.access.conftest import token

from .conftest import Audited, found

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """\
# ours
profile = "strict"
on = ["T13"]
off = ["T08"]
owners = "owners.csv"

[limits]
stale_days = 60
outside_owners = ["example.org"]

[accounts."quarterly-*"]
stale_days = 120

[accounts."quarterly-x"]
idle_days = 400
"""
MUTE = """\
[[mute]]
rule = "T06"
account = "incident-*"
reason = "Sealed for emergencies."
approved_by = "ines"
created = 2026-11-01
expires = 2027-02-01
ticket = "OPS-1"
"""


def settings(tmp_path: Path, text: str, **more) -> Settings:
    path = tmp_path / "audit.toml"
    path.write_text(text)
    path.chmod(0o600)
    return read_settings(path, **more)


def refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(ProfileError) as error:
        settings(tmp_path, text)
    return str(error.value).removeprefix(str(tmp_path / "audit.toml")).removeprefix(", ")


def account(name: str) -> SystemAccount:
    return SystemAccount(id="account-0", name=name)


def test_everything_that_audit_toml_may_say(tmp_path: Path) -> None:
    (tmp_path / "owners.csv").write_text("account,owner\nci,Ines\naccount-7,Otto\nnobody, \n")
    read = settings(tmp_path, WHOLE)

    assert read.profile == "strict"
    assert read.limits.stale_days == 60
    assert read.limits.max_lifetime_days == STRICT.max_lifetime_days
    assert read.limits_of(account("ci")) == read.limits
    assert read.limits_of(account("Quarterly-x")).stale_days == 120
    assert read.limits_of(account("quarterly-x")).idle_days == 400
    assert {"T13", "A06", "C01"} <= read.active()
    assert "T08" not in read.active()
    assert "T08" in read.active(["T08"])
    assert read.owned == {"account", "ci", "account-7"}


def test_an_option_goes_before_the_profile_of_the_file(tmp_path: Path) -> None:
    read = settings(tmp_path, 'profile = "strict"\n', profile="baseline")

    assert read.limits == BASELINE
    assert "A06" not in read.active()


def test_without_a_file_the_profile_is_baseline() -> None:
    assert default_settings().limits == BASELINE
    assert default_settings("strict").active() - default_settings().active() == {
        "A06",
        "A08",
        "P09",
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "\nlimit = 1\n",
            'line 2, limit: The key "limit" is not known here. Did you mean "limits"?',
        ),
        (
            "[limits]\nstale_dayz = 1\n",
            'line 2, limits.stale_dayz: The key "stale_dayz" is not known here. Did you mean "stal',
        ),
        (
            '[accounts."a b"]\n\nidle = 1\n',
            'line 3, accounts."a b".idle: The key "idle" is not known here. Did you mean "idle_day',
        ),
        ('on = ["T7"]\n', 'line 1, on: There is no rule "T7". Did you mean T07?'),
        ('off = ["C01"]\n', "line 1, off: C01 cannot be turned off: it says"),
        ('profile = "lax"\n', 'line 1, profile: There is no profile "lax". Use baseline or strict'),
        ("[limits]\nstale_days = -1\n", "line 2, limits.stale_days: The value is of the wrong"),
        ("[limits]\nstale_days = true\n", "line 2, limits.stale_days: The value is of the wrong"),
        ('[limits]\nstale_days = "9"\n', "line 2, limits.stale_days: The value is of the wrong"),
        ("[limits]\nstale_days = 9.5\n", "line 2, limits.stale_days: The value is of the wrong"),
        ("[limits]\nstale_days = 9999999\n", "line 2, limits.stale_days: The value is of the"),
        ('[limits]\nowner_pattern = "("\n', "line 2, limits.owner_pattern: This is not a regular"),
        (
            "[limits]\nowner_pattern = 1\n",
            "line 2, limits.owner_pattern: The value is of the wrong",
        ),
        ('[limits]\nallowed_pairs = ["x"]\n', 'line 2, limits.allowed_pairs: There is no pair "x"'),
        ("limits = 1\n", "line 1, limits: The value is of the wrong kind. Write a table of limits"),
        ("accounts = []\n", "line 1, accounts: The value is of the wrong kind."),
        ("accounts.x = 1\n", "line 1, accounts.x: The value is of the wrong kind."),
        ("[limits\n", "line 1: This is not TOML"),
        ('owners = "gone.csv"\n', "gone.csv: It cannot be read: No such file"),
    ],
)
def test_what_is_not_understood_in_audit_toml(tmp_path: Path, text: str, says: str) -> None:
    message = refused(tmp_path, text).removeprefix(f"{tmp_path}/")

    assert message.startswith(says)


def test_a_file_that_others_may_write_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "audit.toml"
    path.write_text("")
    path.chmod(0o666)

    with pytest.raises(ProfileError, match="it decides what an audit does not report"):
        read_settings(path)


def mutes(tmp_path: Path, text: str):
    path = tmp_path / "mutes.toml"
    path.write_text(text)
    path.chmod(0o600)
    return read_mutes(path)


def test_a_mute_says_who_why_and_until_when(tmp_path: Path) -> None:
    one, other = mutes(tmp_path, MUTE + "\n" + MUTE.replace("T06", "A04"))

    assert (one.rule, one.account, one.ticket) == ("T06", "incident-*", "OPS-1")
    assert (one.created, one.expires) == (date(2026, 11, 1), date(2027, 2, 1))
    assert (one.line, other.line) == (1, 10)


def without(key: str) -> str:
    return "".join(f"{line}\n" for line in MUTE.splitlines() if not line.startswith(f"{key} ="))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (MUTE + without("expires"), "line 9: The mute has no expires. Write expires = …"),
        (without("reason"), "line 1: The mute has no reason."),
        (without("approved_by"), "line 1: The mute has no approved_by."),
        (without("created"), "line 1: The mute has no created."),
        (without("rule"), "line 1: The mute has no rule."),
        (without("account"), "line 1: The mute does not say what it is about."),
        (MUTE.replace("ines", ""), "line 1: The mute has no approved_by."),
        (MUTE.replace("T06", "t06"), 'line 2, rule: There is no rule "t06". Did you mean T06?'),
        (MUTE.replace("T06", "C01"), "line 2, rule: C01 cannot be muted"),
        (MUTE + MUTE.replace("ticket", "tiket"), 'line 16, tiket: The key "tiket" is not known'),
        (MUTE.replace("2027-02-01", "2027-11-03"), "line 7, expires: The mute lasts for more than"),
        (MUTE.replace("2027-02-01", "2026-10-01"), "line 7, expires: The mute ends before it was"),
        (MUTE.replace("2027-02-01", '"soon"'), 'line 7, expires: "soon" is not a day.'),
        (MUTE.replace("2027-02-01", "7"), "line 7, expires: The value is of the wrong kind."),
        (MUTE.replace('"ines"', "7"), "line 5, approved_by: The value is of the wrong kind."),
        (MUTE + 'team = "x"\n', "line 9, team: A mute is about an account or a team, not both."),
        ("[mute]\n", "line 1, mute: The value is of the wrong kind. Write [[mute]]"),
        ("[[mutes]]\n", 'mutes: The key "mutes" is not known here. Did you mean "mute"?'),
        ("mute = [{ rule = 1 }]\n", "The mute has no reason."),
    ],
)
def test_what_is_not_understood_in_mutes_toml(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ProfileError) as error:
        mutes(tmp_path, text)

    message = str(error.value)
    assert message.startswith(str(tmp_path / "mutes.toml"))
    assert says in message


def test_a_mute_lasts_for_366_days_at_most(tmp_path: Path) -> None:
    (mute,) = mutes(tmp_path, MUTE.replace("2027-02-01", "2027-11-02"))

    assert (mute.expires - mute.created).days == 366


def test_a_rule_about_the_whole_organisation_needs_no_account(tmp_path: Path) -> None:
    (mute,) = mutes(tmp_path, without("account").replace("T06", "P11"))

    assert mute.whom == "the organisation"


def test_days_may_be_texts_and_times(tmp_path: Path) -> None:
    text = MUTE.replace("2026-11-01", '"2026-11-01"').replace("2027-02-01", "2027-02-01T09:00:00Z")

    assert mutes(tmp_path, text) == mutes(tmp_path, MUTE)


def test_a_file_of_nothing_mutes_nothing(tmp_path: Path) -> None:
    assert mutes(tmp_path, "# later\n") == ()


def test_a_mute_of_a_file_mutes(tmp_path: Path, org: Audited) -> None:
    org.account("incident-1", org.role("Viewer"), tokens=[token(used_ago=None), token("other")])

    (finding,) = found(org, "T06", mutes=mutes(tmp_path, MUTE))
    assert finding.status == "muted"
