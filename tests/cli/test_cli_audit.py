"""`sa-tui audit`: its formats, its exit codes, its files; whatever Konnect answers."""

from __future__ import annotations

import csv
import io
import json
import re
import signal
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as Xml

import httpx
import pytest
from jsonschema import Draft202012Validator

from sa_tui.audit.registry import rules
from sa_tui.cli.schemas.commands import schema_of
from sa_tui.demo.faults import Fault
from sa_tui.demo.konnect import FakeKonnect
from sa_tui.demo.seed import build_organisation

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sa_tui.demo.faults import FaultKind

    from .conftest import Command, Ended

HOSTILE = "=cmd|' /C calc'!A0 <b>&[/x](http://x.example)\x1b[31m\u202e\"\n,;\u0085\ufffe?"
MUTE = """\
[[mute]]
rule = "{rule}"
account = "{account}"
reason = "Known."
approved_by = "ines"
created = 2026-03-01
expires = 2026-12-31
"""


@pytest.fixture
def fake(now: datetime) -> FakeKonnect:
    """An organisation of two accounts, with one finding of high severity."""
    konnect = FakeKonnect(build_organisation(now, accounts=0), clock=lambda: now)
    reader = konnect.add_account("reader", description="Reads.")
    konnect.add_role(reader, "Viewer", entity_region="eu")
    konnect.add_token(reader, "ci", last_used_at=stamp(now))
    shipper = konnect.add_account("shipper", description="Ships the audit log.")
    konnect.add_role(shipper, "Admin", entity_type_name="Audit Logs")
    konnect.add_token(shipper, "siem", last_used_at=stamp(now))
    return konnect


@pytest.fixture
def audit(signed_in: Command, directory: Path, fake: FakeKonnect) -> Any:
    """Runs `audit`; the teams of the company are left out by a query."""
    directory.mkdir(mode=0o700)

    def run(*words: str) -> Ended:
        return signed_in("audit", *words)

    return run


def stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def write(directory: Path, name: str, text: str) -> Path:
    path = directory / name
    path.write_text(text)
    path.chmod(0o600)
    return path


def failing(ended: Ended) -> list[str]:
    rows = ended.json["findings"]
    serious = ("high", "critical")
    return [row["rule"] for row in rows if row["status"] == "open" and row["severity"] in serious]


def test_one_finding_of_high_severity_ends_in_1(audit: Any) -> None:
    ended = audit("-o", "json")

    assert (ended.code, failing(ended)) == (1, ["P08"])
    assert ended.json["complete"] is True
    assert "FAILED: 1 finding of high or more." in ended.err
    Draft202012Validator(schema_of("audit")).validate(ended.json)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--fail-on", "critical"), 0),
        (("--fail-on", "high"), 1),
        (("--exit-zero",), 0),
        (("name:reader",), 0),
        (("name:shipper",), 1),
        (("--rule", "T01"), 0),
        (("--rule", "P08"), 1),
        (("--rule", "t01", "--rule", "p08"), 1),
    ],
)
def test_what_decides_about_the_exit_code(audit: Any, words: tuple[str, ...], code: int) -> None:
    assert audit(*words).code == code


def test_a_mute_takes_a_finding_out_of_what_fails(audit: Any, directory: Path) -> None:
    write(directory, "mutes.toml", MUTE.format(rule="P08", account="ship*"))
    ended = audit("-o", "json")

    assert ended.code == 0
    (row,) = [row for row in ended.json["findings"] if row["status"] == "muted"]
    assert row["mute"]["reason"] == "Known."
    assert ended.json["mutes"][0]["matched"] is True
    Draft202012Validator(schema_of("audit")).validate(ended.json)


@pytest.mark.parametrize(
    ("rule", "account", "says"),
    [
        ("T01", "shipper", "M01 mute of T01"),
        ("P08", "gone", "M02 mute of P08, account gone, line 1"),
    ],
)
def test_a_mute_of_no_use_is_a_warning(
    audit: Any, directory: Path, rule: str, account: str, says: str
) -> None:
    write(directory, "mutes.toml", MUTE.format(rule=rule, account=account))
    ended = audit("-o", "json")

    assert ended.code == 1
    assert says in ended.json["warnings"][0]["message"]


def test_a_mute_that_has_ended_is_told(audit: Any, directory: Path) -> None:
    text = MUTE.format(rule="P08", account="shipper").replace("2026-12-31", "2026-03-01")
    write(directory, "mutes.toml", text)
    ended = audit("-o", "json")

    assert ended.code == 1
    (note,) = [row["note"] for row in ended.json["findings"] if row["rule"] == "P08"]
    assert note == "Muted until 2026-03-01 by ines: Known."


def test_limits_come_from_a_file_and_a_profile(audit: Any, directory: Path) -> None:
    assert audit("-o", "json").json["limits"]["stale_days"] == 90
    assert audit("-o", "json", "--strict").json["limits"]["stale_days"] == 45
    write(directory, "audit.toml", 'on = ["A06"]\n[limits]\nstale_days = 7\n')
    answer = audit("-o", "json").json
    assert answer["limits"]["stale_days"] == 7
    assert "A06" in answer["examined"]["rules"]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        (
            "audit.toml",
            "[limits]\nstale = 1\n",
            'line 2, limits.stale: The key "stale" is not known',
        ),
        (
            "mutes.toml",
            MUTE.format(rule="Z99", account="x"),
            'line 2, rule: There is no rule "Z99"',
        ),
        ("mutes.toml", "[[mute]\n", "This is not TOML"),
    ],
)
def test_a_file_that_is_wrong_ends_in_2_before_anything_is_read(
    audit: Any, directory: Path, fake: FakeKonnect, name: str, text: str, says: str
) -> None:
    write(directory, name, text)
    ended = audit()

    assert ended.code == 2
    assert says in ended.err
    assert not fake.received


@pytest.mark.parametrize(
    "words",
    [
        ("--limits", "gone.toml"),
        ("--mutes", "gone.toml"),
        ("--new-only", "gone.json"),
        ("--rule", "T99"),
        ("one", "two"),
        ("role:",),
        ("explain",),
        ("explain", "T99"),
        ("rules", "-o", "junit"),
    ],
)
def test_what_cannot_be_understood_ends_in_2(
    audit: Any, fake: FakeKonnect, words: tuple[str, ...]
) -> None:
    ended = audit(*words)

    assert (ended.code, ended.out) == (2, "")
    assert not fake.received


# What could not be read


@pytest.mark.parametrize("kind", ["403", "404", "429", "500", "malformed"])
@pytest.mark.parametrize("path", ["*/access-tokens", "*/assigned-roles", "*/teams", "*/users"])
def test_a_list_that_cannot_be_read_ends_in_3(
    audit: Any, fake: FakeKonnect, path: str, kind: FaultKind
) -> None:
    fake.inject(Fault(kind, method="GET", path=path, times=None))
    ended = audit("-o", "json")

    if kind == "404" and path in ("*/access-tokens", "*/assigned-roles"):
        return  # below: what was deleted meanwhile is no gap
    assert ended.code == 3
    assert ended.json["complete"] is False
    assert ended.json["incomplete"]
    assert [row for row in ended.json["findings"] if row["rule"] == "C01"]
    assert ended.json["counts"]["not_checked"]
    assert "INCOMPLETE" in ended.err
    Draft202012Validator(schema_of("audit")).validate(ended.json)


def test_an_incomplete_audit_may_be_allowed(audit: Any, fake: FakeKonnect) -> None:
    fake.inject(Fault("500", method="GET", path="*/access-tokens", times=None))
    ended = audit("--allow-partial", "-o", "json")

    assert ended.code == 1
    assert ended.json["partial"] is True
    assert "PARTIAL" in ended.err
    assert audit("--allow-partial", "--fail-on", "critical").code == 0
    assert "(PARTIAL)" in audit("--allow-partial", "-o", "md").out


def test_report_only_ends_in_0_whatever_was_read(audit: Any, fake: FakeKonnect) -> None:
    fake.inject(Fault("500", method="GET", path="*/access-tokens", times=None))

    assert audit("--exit-zero").code == 0


@pytest.mark.parametrize(("kind", "code"), [("403", 4), ("500", 5), ("cut-before", 5)])
def test_without_accounts_there_is_no_audit(
    audit: Any, fake: FakeKonnect, kind: FaultKind, code: int
) -> None:
    fake.inject(Fault(kind, method="GET", path="*/system-accounts", times=None))

    assert audit("--exit-zero").code == code


def test_without_a_token_that_works_there_is_no_audit(signed_in: Command) -> None:
    signed_in.environ["KONNECT_TOKEN"] = "kpat_another"

    assert signed_in("audit", "--exit-zero").code == 4


def test_a_token_whose_end_the_list_left_out_is_read_once_more(
    audit: Any, fake: FakeKonnect
) -> None:
    """The known false positive of T01."""
    reader = fake.organisation.account_ids["reader"]
    (row,) = fake.organisation.tokens(reader)
    row["expires_at"] = None
    paths = [f"/v3/system-accounts/{reader}/access-tokens/{row['id']}"]

    assert "T01" in failing(audit("-o", "json"))
    assert [each.path for each in fake.received if each.path in paths] == paths


class Meanwhile(httpx.AsyncBaseTransport):
    """Changes the organisation as soon as something is asked for that has this in its path."""

    def __init__(self, inner: httpx.AsyncBaseTransport, path: str, change: Any) -> None:
        self._inner, self._path, self._change = inner, path, change

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._change is not None and self._path in request.url.path:
            change, self._change = self._change, None
            change()
        return await self._inner.handle_async_request(request)


def test_an_account_that_comes_while_others_are_read_makes_it_incomplete(
    audit: Any, signed_in: Command, fake: FakeKonnect
) -> None:
    transport = Meanwhile(fake.transport(), "/teams/", lambda: fake.add_account("late"))
    signed_in.env = replace(signed_in.env, transport=transport)
    ended = audit("-o", "json")

    assert ended.code == 3
    assert {each["subject"]["name"] for each in ended.json["incomplete"]} == {"late"}


def test_an_account_that_goes_while_others_are_read_is_no_gap(
    audit: Any, signed_in: Command, fake: FakeKonnect
) -> None:
    reader = fake.organisation.account_ids["reader"]
    gone = partial(fake.organisation.remove_account, reader)
    signed_in.env = replace(
        signed_in.env, transport=Meanwhile(fake.transport(), "/access-tokens", gone)
    )
    ended = audit("-o", "json")

    assert ended.code == 1
    assert ended.json["examined"]["system_accounts"] == 1


def test_an_interrupted_audit_ends_in_130_and_writes_nothing(
    audit: Any, signed_in: Command, fake: FakeKonnect
) -> None:
    def interrupt() -> None:
        signed_in.signals.take(signal.SIGINT)

    transport = Meanwhile(fake.transport(), "/access-tokens", interrupt)
    signed_in.env = replace(signed_in.env, transport=transport)
    ended = audit("--exit-zero")

    assert (ended.code, ended.out) == (130, "")


# The baseline


def test_only_what_is_new_fails(audit: Any, fake: FakeKonnect, tmp_path: Path) -> None:
    before = write(tmp_path, "before.json", audit("-o", "json").out)

    assert audit("--new-only", str(before)).code == 0
    fake.add_role(fake.organisation.account_ids["reader"], "Admin", entity_type_name="Identity")
    ended = audit("--new-only", str(before), "-o", "json")
    assert ended.code == 1
    assert {row["rule"] for row in ended.json["findings"] if row["new"]} == {"P02"}
    assert ended.json["gate"] == {"fail_on": "high", "new_only": True, "failing": 1}


@pytest.mark.parametrize(
    "change",
    [
        lambda answer: answer | {"command": "who"},
        lambda answer: answer | {"findings": 7},
        lambda answer: answer | {"organization": {"id": "another"}},
        lambda answer: [answer],
    ],
)
def test_a_baseline_that_is_none_ends_in_2(audit: Any, tmp_path: Path, change: Any) -> None:
    answer = change(audit("-o", "json").json)
    before = write(tmp_path, "before.json", json.dumps(answer))

    assert audit("--new-only", str(before)).code == 2


# The formats


@pytest.fixture
def hostile(fake: FakeKonnect, now: datetime) -> None:
    """An account whose texts want to act, with a finding of nearly every kind."""
    account = fake.add_account(HOSTILE, description=f"tmp {HOSTILE} gone@example.com")
    fake.organisation.accounts[account]["created_at"] = stamp(now - timedelta(days=400))
    fake.add_token(account, HOSTILE, last_used_at=None)
    fake.add_role(account, HOSTILE, entity_type_name=HOSTILE, entity_region=HOSTILE)
    fake.add_role(account, "Admin", entity_type_name="Identity")


def test_no_text_of_konnect_acts_in_any_format(audit: Any, hostile: None) -> None:
    for form in ("table", "json", "csv", "md", "junit"):
        out = audit("-o", form).out
        assert "\x1b" not in out
        assert "\u202e" not in out
        assert "\x85" not in out
        assert all(line.isprintable() or form == "json" for line in out.split("\n"))


def test_csv_has_a_row_for_each_finding_and_no_formula(audit: Any, hostile: None) -> None:
    whole = audit("-o", "json").json
    rows = list(csv.DictReader(io.StringIO(audit("-o", "csv").out)))

    assert [row["fingerprint"] for row in rows] == [row["fingerprint"] for row in whole["findings"]]
    for row in rows:
        assert not any(
            str(value).lstrip().startswith(("=", "+", "-", "@")) for value in row.values()
        )


def test_markdown_makes_no_link_no_html_and_no_emphasis_of_a_name(
    audit: Any, hostile: None
) -> None:
    """By a parser that is not ours, with what GitHub adds."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("gfm-like")
    tokens = parser.parse(audit("-o", "md").out)
    inline = {child.type for token in tokens for child in token.children or ()}

    assert inline <= {"text", "text_special", "code_inline", "softbreak"}
    assert "html_block" not in {token.type for token in tokens}
    assert sum(token.type == "table_open" for token in tokens) == 1


def test_junit_has_a_case_for_each_rule_and_account(audit: Any, hostile: None) -> None:
    ended = audit("-o", "junit")
    root = Xml.fromstring(ended.out)
    whole = audit("-o", "json").json

    assert root.tag == "testsuites"
    suites = root.findall("testsuite")
    assert [suite.get("name", "")[:3] for suite in suites] == whole["examined"]["rules"]
    for suite in suites:
        cases = suite.findall("testcase")
        assert suite.attrib.keys() == {
            *("name", "timestamp", "tests", "failures", "errors", "skipped")
        }
        assert int(suite.get("tests", "")) == len(cases)
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(name, "")) == sum(case.find(tag) is not None for case in cases)
        assert len({case.get("name") for case in cases}) == len(cases)
        assert all(len(case) <= 2 for case in cases)
    assert sum(len(suite.findall("testcase")) for suite in suites) == int(root.get("tests", ""))
    failed = {
        case.get("classname") for case in root.iter("testcase") if case.find("failure") is not None
    }
    assert failed == set(failing(audit("-o", "json")))


def test_junit_skips_what_is_muted_and_fails_what_is_unread(
    audit: Any, fake: FakeKonnect, directory: Path
) -> None:
    write(directory, "mutes.toml", MUTE.format(rule="P08", account="shipper"))
    root = Xml.fromstring(audit("-o", "junit").out)
    (case,) = [c for c in root.iter("testcase") if c.find("skipped") is not None]
    assert case.get("classname") == "P08"

    fake.inject(Fault("403", method="GET", path="*/access-tokens", times=None))
    root = Xml.fromstring(audit("-o", "junit").out)
    errors = {c.get("classname") for c in root.iter("testcase") if c.find("error") is not None}
    assert {"C01", "T01", "A01"} <= errors


def test_a_table_says_what_was_examined(audit: Any) -> None:
    ended = audit()

    assert re.search(r"high +P08 +shipper", ended.out)
    assert "examined: 2 system accounts (0 of them managed by Konnect), 2 access" in ended.err


def test_a_table_says_by_which_limits_and_mutes(audit: Any, directory: Path) -> None:
    limits = '[limits]\nstale_days = 7\n[accounts."r*"]\nidle_days = 9\n'
    write(directory, "audit.toml", limits)
    ended = MUTE.format(rule="P08", account="shipper").replace("2026-12-31", "2026-03-01")
    write(directory, "mutes.toml", ended)

    assert "limits of baseline; stale_days 7; others for r*; 1 mute (1 ended)\n" in audit().err
    assert "limits of strict; stale_days 7; others" in audit("--strict").err


def test_a_table_has_a_column_for_mutes_only_where_there_is_one(
    audit: Any, directory: Path
) -> None:
    assert "NOTE" not in audit().out
    write(directory, "mutes.toml", MUTE.format(rule="P08", account="shipper"))

    assert "until 2026-12-31 by ines: Known." in audit().out


def test_markdown_says_what_was_accepted_and_by_which_limits(audit: Any, directory: Path) -> None:
    mutes = MUTE.format(rule="P08", account="shipper") + MUTE.format(rule="T01", account="reader")
    write(directory, "mutes.toml", mutes)
    out = audit("-o", "md", "--strict").out

    assert "* P08, account shipper: holds until 2026-12-31, by ines: Known" in out
    assert "* T01, account reader: holds until 2026-12-31, matched nothing, by ines" in out
    assert "## Limits (strict)" in out
    assert "judged at 2026-03-02T09" in out


def test_all_columns_has_what_was_not_checked_as_well(audit: Any, fake: FakeKonnect) -> None:
    fake.inject(Fault("403", method="GET", path="*/access-tokens", times=None))

    assert "not-checked" in audit("--all-columns").out


# From a file


def test_an_audit_of_a_snapshot_equals_the_live_one(
    audit: Any, signed_in: Command, tmp_path: Path
) -> None:
    path = tmp_path / "org.json"
    assert signed_in("snapshot", "-o", str(path), "--people").code == 0
    live, kept = audit("-o", "json"), audit("-o", "json", "--from", str(path))

    assert (live.code, kept.code) == (1, 1)
    same = ("findings", "counts", "limits", "gate", "complete", "organization")
    assert {key: live.json[key] for key in same} == {key: kept.json[key] for key in same}


def test_a_snapshot_without_people_is_incomplete(
    audit: Any, signed_in: Command, tmp_path: Path
) -> None:
    path = tmp_path / "org.json"
    assert signed_in("snapshot", "-o", str(path)).code == 0
    ended = audit("-o", "json", "--from", str(path))

    assert ended.code == 3
    assert "users" in {problem["what"] for problem in ended.json["incomplete"]}


# The rules


@pytest.mark.parametrize("id", rules())
def test_each_rule_is_explained(audit: Any, fake: FakeKonnect, id: str) -> None:
    ended = audit("explain", id.lower())

    assert ended.code == 0
    assert ended.out.startswith(f"{id} {rules()[id].title}\n")
    assert not fake.received


@pytest.mark.parametrize("form", ["table", "json", "csv", "md"])
def test_the_rules_in_every_format(audit: Any, form: str) -> None:
    out = audit("rules", "-o", form).out

    assert all(id in out for id in rules())
    if form == "json":
        Draft202012Validator(schema_of("audit rules")).validate(json.loads(out))


def test_the_example_files_of_the_readme_are_read(audit: Any, directory: Path) -> None:
    from .test_cli_readme import BLOCKS

    texts = [text for kind, text in BLOCKS if kind == "toml"]
    for name in ("audit.toml", "mutes.toml"):
        (text,) = [text for text in texts if text.startswith(f"# {name}\n")]
        write(directory, name, text)
    write(directory, "owners.csv", "account,owner\n")

    assert audit("-o", "json").json["rule_set"]["profile"] == "strict"


def test_two_runs_write_the_same(audit: Any) -> None:
    assert audit("-o", "json").out == audit("-o", "json").out
