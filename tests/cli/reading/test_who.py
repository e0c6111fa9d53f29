"""Several queries in one reading, and answers that are checked: an uncertain one never passes."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from sa_tui.cli.schemas.commands import schema_of
from sa_tui.demo.konnect import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from sa_tui.demo.konnect import FakeKonnect
    from tests.cli.conftest import Command, Ended

MINTERS = "konnect-orchestrator\ntoken-minter\n"


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], str]:
    """Writes a file and returns its path."""

    def write(text: str) -> str:
        path = tmp_path / f"input-{len(list(tmp_path.iterdir()))}"
        path.write_text(text)
        return str(path)

    return write


def typed(command: Command, text: str) -> Command:
    """The command with this on standard input."""
    command.env = replace(command.env, stdin=io.StringIO(text))
    return command


def unreadable(fake: FakeKonnect, name: str) -> str:
    """A new account whose roles cannot be read."""
    account = fake.add_account(name)
    fake.inject(Fault("503", path=f"/v3/system-accounts/{account}/assigned-roles", times=None))
    return account


def signs(ended: Ended) -> list[str]:
    return [" ".join(line.split()[:2]) for line in ended.out.splitlines()]


# Several queries


def test_several_queries_are_answered_from_one_reading(
    signed_in: Command, fake: FakeKonnect, write: Callable[[str], str]
) -> None:
    path = write("# who can make tokens\ncan:mint\n\n  role:Deployer type:cp  \nname:nobody-x\n")

    ended = signed_in("who", "-f", path, "-o", "json")

    Draft202012Validator(schema_of("who queries")).validate(ended.json)
    queries = ended.json["queries"]
    assert [(each["line"], each["query"]) for each in queries] == [
        *((2, "can:mint"), (4, "role:Deployer type:cp"), (5, "name:nobody-x")),
    ]
    assert [each["found"] for each in queries][::2] == [2, 0]
    alone = signed_in("who", "can:mint", "-o", "json").json["matches"]
    assert queries[0]["matches"] == alone
    tokens = [each.path for each in fake.received if each.path.endswith("/access-tokens")]
    assert len(tokens) == 2 * len(set(tokens))  # once for the file, once for the one alone


def test_queries_are_read_from_standard_input(signed_in: Command) -> None:
    ended = typed(signed_in, "can:mint\n")("who", "-f", "-", "-o", "json")

    assert [each["query"] for each in ended.json["queries"]] == ["can:mint"]


def test_a_query_that_cannot_be_read_is_pointed_at_before_anything_is_sent(
    signed_in: Command, fake: FakeKonnect, write: Callable[[str], str]
) -> None:
    path = write("can:mint\nis:armed roel:Admin\n")

    ended = signed_in("who", "-f", path)

    assert (ended.code, ended.out, fake.received) == (2, "", [])
    assert f"{path}:2: " in ended.err
    assert "\n  is:armed roel:Admin\n           ^^^^" in ended.err


def test_a_table_has_each_query_above_its_matches(
    signed_in: Command, write: Callable[[str], str]
) -> None:
    lines = signed_in("who", "-f", write("can:mint\nname:nobody-x\n")).out.splitlines()

    assert lines[0] == "can:mint"
    assert lines[1].split()[0] == "ACCOUNT"
    assert lines[-3:-1] == ["", "name:nobody-x"]


def test_no_query_and_no_name_commands_the_terminal(
    signed_in: Command, fake: FakeKonnect, write: Callable[[str], str]
) -> None:
    fake.add_role(fake.add_account("a\x1b[31mb"), "Admin", entity_type_name="Identity")
    path = write('can:mint -"\x1b]52;c;aGk="\nname:"\u202ex"\n')

    ended = signed_in("who", "-f", path)
    differing = signed_in("who", "can:mint", "--expect", write("\x1b[2J\n"))

    assert (ended.code, differing.code) == (0, 1)
    for text in (ended.out, ended.err, differing.out, differing.err):
        assert not any(sign in text for sign in "\x1b\u202e")


def test_csv_says_of_each_match_which_query_found_it(
    signed_in: Command, write: Callable[[str], str]
) -> None:
    out = signed_in("who", "-f", write("can:mint\nname:ci-*\n"), "-o", "csv").out

    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0])[:3] == ["line", "query", "subject_type"]
    assert {(row["line"], row["query"]) for row in rows} == {("1", "can:mint"), ("2", "name:ci-*")}


def test_what_is_doubtful_in_a_line_says_which(
    signed_in: Command, write: Callable[[str], str]
) -> None:
    path = write("can:mint\nrole:Amdin\n")

    assert f"WARNING: {path}:2: No role Amdin is known here." in signed_in("who", "-f", path).err


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "has no query"), ("# none\n\n", "has no query")],
)
def test_a_file_without_queries_is_refused(
    signed_in: Command, write: Callable[[str], str], text: str, said: str
) -> None:
    ended = signed_in("who", "-f", write(text))

    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


@pytest.mark.parametrize("option", ["-f", "--expect"])
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    signed_in: Command, fake: FakeKonnect, tmp_path: Path, option: str
) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    query = () if option == "-f" else ("can:mint",)

    for name, reason in (("none", "No such file"), (".", "Is a directory"), ("binary", "UTF-8")):
        ended = signed_in("who", *query, option, str(tmp_path / name))
        assert (ended.code, ended.out, fake.received) == (2, "", [])
        assert reason in ended.err


def test_a_file_without_an_end_is_refused(signed_in: Command) -> None:
    ended = signed_in("who", "-f", "/dev/zero")

    assert ended.code == 2
    assert "too long" in ended.err


@pytest.mark.parametrize(
    "line", [("who",), ("who", "can:mint", "-f", "x"), ("who", "-f", "x", "--expect", "y")]
)
def test_one_query_or_one_file_is_asked(signed_in: Command, line: tuple[str, ...]) -> None:
    assert signed_in(*line).code == 2


# Who is expected


def test_the_expected_are_no_difference(signed_in: Command, write: Callable[[str], str]) -> None:
    ended = signed_in("who", "can:mint", "--expect", write(f"# two\n{MINTERS}"))

    assert (ended.code, ended.out) == (0, "")


def test_differences_are_printed_with_their_signs(
    signed_in: Command, fake: FakeKonnect, write: Callable[[str], str]
) -> None:
    path = write("token-minter\nci-eu-deployer\nno-such-account\n")

    ended = signed_in("who", "can:mint", "--expect", path)
    answer = signed_in("who", "can:mint", "--expect", path, "-o", "json")

    assert (ended.code, answer.code) == (1, 1)
    assert signs(ended) == ["+ konnect-orchestrator", "- ci-eu-deployer", "- no-such-account"]
    assert fake.account_named("ci-eu-deployer")["id"] in ended.out
    assert "1 not expected (+), 2 expected and not found (-)" in ended.err
    Draft202012Validator(schema_of("who")).validate(answer.json)
    told = answer.json["expected"]
    assert [each["subject_name"] for each in told["missing"]] == [
        *("ci-eu-deployer", "no-such-account"),
    ]
    assert answer.json["matches"]


def test_expected_are_named_by_id_and_by_the_begin_of_one(
    signed_in: Command, fake: FakeKonnect, write: Callable[[str], str]
) -> None:
    ids = [fake.account_named(name)["id"] for name in MINTERS.split()]

    assert signed_in("who", "can:mint", "--expect", write(f"{ids[0]}\n{ids[1][:8]}")).code == 0


def test_names_that_differ_in_case_alone_are_different(
    signed_in: Command, write: Callable[[str], str]
) -> None:
    path = write(MINTERS.replace("token-minter", "Token-Minter"))

    assert signs(signed_in("who", "can:mint", "--expect", path)) == [
        *("+ token-minter", "- Token-Minter"),
    ]


def test_a_name_of_two_accounts_is_refused(
    signed_in: Command, fake: FakeKonnect, write: Callable[[str], str]
) -> None:
    ids = [fake.add_account("twin"), fake.add_account("twin")]

    ended = signed_in("who", "can:mint", "--expect", write("twin\n"))

    assert (ended.code, ended.out) == (2, "")
    assert all(id in ended.err for id in ids)


@pytest.mark.parametrize("output", ["json", "csv"])
@pytest.mark.parametrize("asked", [("who", "can:mint"), ("accounts", "can:mint")])
def test_an_earlier_answer_can_be_expected(
    signed_in: Command,
    fake: FakeKonnect,
    write: Callable[[str], str],
    output: str,
    asked: tuple[str, ...],
) -> None:
    path = write(signed_in(*asked, "-o", output).out)
    assert signed_in("who", "can:mint", "--expect", path).code == 0
    fake.add_role(fake.add_account("another"), "Admin", entity_type_name="Identity")

    ended = signed_in("who", "can:mint", "--expect", path)

    assert (ended.code, signs(ended)) == (1, ["+ another"])


def test_who_could_become_one_was_not_expected_to_match(
    signed_in: Command, write: Callable[[str], str]
) -> None:
    query = "role:Admin type:cp entity:prod-eu region:eu"
    earlier = signed_in("who", query, "-o", "json")
    assert "can_become" in {row["match"] for row in earlier.json["matches"]}

    assert signed_in("who", query, "--expect", write(earlier.out)).code == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"complete": False}, "not complete"),
        ({"organization": {"id": "other", "name": "Other"}}, "another organisation, other"),
        ({"matches": [{}]}, "is not an answer of"),
        ({"matches": None}, "is not an answer of"),
    ],
)
def test_an_answer_that_nothing_can_rest_on_is_refused(
    signed_in: Command, write: Callable[[str], str], change: dict[str, Any], said: str
) -> None:
    earlier = signed_in("who", "can:mint", "-o", "json").json

    ended = signed_in("who", "can:mint", "--expect", write(json.dumps(earlier | change)))

    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


@pytest.mark.parametrize("text", ["{", '{"a": 1}', "{" + "[" * 100_000, '{"complete": []}'])
def test_what_only_looks_like_an_answer_is_refused(
    signed_in: Command, write: Callable[[str], str], text: str
) -> None:
    ended = signed_in("who", "can:mint", "--expect", write(text))

    assert (ended.code, ended.out) == (2, "")
    assert "is not an answer of" in ended.err


def test_an_answer_to_another_query_is_warned_of(
    signed_in: Command, write: Callable[[str], str]
) -> None:
    path = write(signed_in("who", "can:mint", "-o", "json").out)

    assert "another query: can:mint" in signed_in("who", "is:admin", "--expect", path).err


def test_the_expected_are_read_from_standard_input(signed_in: Command) -> None:
    assert typed(signed_in, MINTERS)("who", "can:mint", "--expect", "-").code == 0


# What is not certain


def test_an_uncertain_one_is_neither_a_difference_nor_a_pass(
    signed_in: Command, fake: FakeKonnect, write: Callable[[str], str]
) -> None:
    unreadable(fake, "probe")
    is_expected, is_not = (write(f"{MINTERS}{name}") for name in ("probe\n", ""))

    for path in (is_expected, is_not):
        ended = signed_in("who", "can:mint", "--expect", path)
        assert (ended.code, signs(ended)) == (3, ["? probe"])
        assert "NOT CERTAIN" in ended.err


def test_a_certain_difference_decides_beside_an_uncertain_one(
    signed_in: Command, fake: FakeKonnect, write: Callable[[str], str]
) -> None:
    unreadable(fake, "probe")

    ended = signed_in("who", "can:mint", "--expect", write("token-minter\n"))

    assert (ended.code, signs(ended)) == (1, ["+ konnect-orchestrator", "? probe"])


def test_who_was_uncertain_in_an_earlier_answer_stays_open(
    signed_in: Command, fake: FakeKonnect, write: Callable[[str], str]
) -> None:
    query = "role:Admin type:cp region:us"  # an old type of which nobody knows what it reaches
    path = write(signed_in("who", query, "-o", "json").out)

    ended = signed_in("who", query, "--expect", path)

    assert (ended.code, signs(ended)) == (3, ["? legacy-jenkins"])
    assert fake.account_named("legacy-jenkins")["id"] in ended.out


@pytest.mark.parametrize("now", ["found", "gone"])
def test_who_was_uncertain_is_no_certain_difference_whatever_is_known_by_now(
    signed_in: Command, fake: FakeKonnect, write: Callable[[str], str], now: str
) -> None:
    earlier = signed_in("who", "can:mint", "-o", "json").json
    for row in earlier["matches"]:
        if row["subject_name"] == "token-minter":
            row["match"] = "unknown"
    if now == "gone":
        fake.organisation.remove_account(fake.account_named("token-minter")["id"])

    ended = signed_in("who", "can:mint", "--expect", write(json.dumps(earlier)))

    assert (ended.code, signs(ended)) == (3, ["? token-minter"])
    assert "NOT CERTAIN" in ended.err


FAILING = [
    # what there is, whether an account cannot be read, the option, the exit code
    ("can:mint", False, "--fail-if-found", 1),
    ("can:mint", True, "--fail-if-found", 1),
    ("name:nobody-x", False, "--fail-if-found", 0),
    ("name:nobody-x can:mint", True, "--fail-if-found", 3),
    ("can:mint", False, "--fail-if-none", 0),
    ("can:mint", True, "--fail-if-none", 3),
    ("name:nobody-x can:mint", False, "--fail-if-none", 1),
    ("name:probe can:mint", True, "--fail-if-none", 3),
    ("name:probe can:mint", True, "--fail-if-found", 3),
]


@pytest.mark.parametrize(("query", "is_open", "option", "code"), FAILING)
@pytest.mark.parametrize("by", ["argument", "file"])
def test_found_and_none_end_as_they_should_and_nothing_uncertain_passes(
    signed_in: Command,
    fake: FakeKonnect,
    write: Callable[[str], str],
    query: str,
    is_open: bool,
    option: str,
    code: int,
    by: str,
) -> None:
    if is_open:
        unreadable(fake, "probe")
    asked = (query,) if by == "argument" else ("-f", write(f"# one\n{query}\n"))

    ended = signed_in("who", *asked, option)

    assert ended.code == code, ended.err
    assert ("FAILED:" in ended.err) == (code == 1)


def test_accounts_that_may_be_missing_are_never_none(signed_in: Command, fake: FakeKonnect) -> None:
    fake.inject(Fault("500", path="/v3/system-accounts", times=None))

    assert signed_in("who", "name:nobody-x", "--fail-if-none").code == 5


def test_of_several_queries_the_worst_decides_and_says_its_line(
    signed_in: Command, write: Callable[[str], str]
) -> None:
    path = write("name:nobody-x\ncan:mint\n")

    ended = signed_in("who", "-f", path, "--fail-if-found")

    assert ended.code == 1
    assert f"FAILED: {path}:2: 2 matches" in ended.err


def test_a_query_that_may_match_is_open_though_everything_was_read(signed_in: Command) -> None:
    query = "name:legacy-jenkins role:Admin type:cp region:us"

    assert signed_in("who", query).code == 0
    assert signed_in("who", query, "--fail-if-found").code == 3
    assert signed_in("who", query, "--fail-if-none").code == 3
