"""Text of somebody else's in every format of the command line, read by parsers that are not ours.

A spreadsheet, a page of Markdown and a terminal show it and do nothing else.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from sa_tui.answers.formats import guarded, in_markdown
from sa_tui.base.text import one_line

if TYPE_CHECKING:
    from markdown_it.token import Token

    from sa_tui.demo.konnect import FakeKonnect
    from tests.cli.conftest import Command

FORMULAS = [
    *("=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "\t=1+1", "\r\n=1+1", "  @x", "'=1+1", '"=1+1"'),
    *("＝1+1", "＋1", "－1", "＠x", "\u3000＝1", "﹣1", "﹦1", "\u22121"),
    *("a;=1+1", "a; =1+1", ";＝1", ";;-1", "a;\t@x", 'a";"=1+1', "a\n=1+1", "a\r=1+1", "a\t=1+1"),
]
ADDRESSES = [
    *(
        "https://evil.example/x",
        "http://evil",
        "www.evil.example",
        "evil.example",
        "//evil.example",
    ),
    *("ftp://evil.example", "mailto:a@evil.example", "a@evil.example", "xmpp:a@e.example"),
    *("<https://evil.example>", "[x](https://evil.example)", "![x](https://evil.example)"),
    *("`a@evil.example", "a@evil.example|b", "\\a@evil.example", "[x]: https://evil.example"),
]
MARKS = [
    *("~~x~~", "~x~", "*x*", "**x**", "_x_", "`x`", "``x", "a|b", "a\\|b", "a\\", "\\*x*", "# x"),
    *("<b>x</b>", "<!-- x", "<script>", "&copy;", "&#65;", "$x$", ":smile:", "- x", "> x", "1. x"),
    *("a\nb", "a\r\n| b | c |", "---", "x\n---", "    x", "a  \nb", "\x1b[31mred", "gnp\u202egnp"),
]
HOSTILE = [*FORMULAS, *ADDRESSES, *MARKS]


def is_shown(text: str) -> bool:
    """Whether nothing is left in it to be made safe."""
    return one_line(text, limit=None) == text


def is_formula(cell: str) -> bool:
    """Whether some spreadsheet takes a cell for a formula: blanks and width do not matter."""
    start = unicodedata.normalize("NFKC", cell.strip().strip("\ufeff\"'").strip())[:1]
    return not cell.startswith("'") and start in ("=", "+", "-", "@", "\u2212") and start != ""


def cells_of(text: str) -> list[str]:
    """All cells that a spreadsheet may make of the text, by whichever sign it splits lines."""
    return [
        cell
        for delimiter in ",;\t|"
        for row in csv.reader(io.StringIO(text), delimiter=delimiter)
        for cell in row
    ]


@pytest.fixture
def hostile(fake: FakeKonnect) -> FakeKonnect:
    """Gives an account, and each of its parts, every hostile name."""
    fake.organisation.record["name"] = "; =1+1 ~~x~~ https://evil.example\n"
    for name in HOSTILE:
        account_id = fake.add_account(name, description=f"{name} {name}")
        fake.add_token(account_id, name)
        fake.add_role(account_id, name, entity_type_name=name, entity_id=name, entity_region=name)
        fake.join(fake.add_team(name, description=name, labels={"x": "y"}), account_id)
    return fake


COMMANDS = [
    *("accounts", "tokens a;=1+1", "who =1", "access a;=1+1", "matrix"),
    *("accounts =1", "tokens =1", "why a;=1+1 =1", "why a;=1+1 role:x"),
]


@pytest.mark.parametrize("line", COMMANDS)
def test_no_cell_of_csv_is_a_formula_however_it_is_split(
    line: str, signed_in: Command, hostile: FakeKonnect
) -> None:
    ended = signed_in(*line.split(" "), "-o", "csv")

    assert "evil" in ended.out or "1+1" in ended.out
    assert [cell for cell in cells_of(ended.out) if is_formula(cell)] == []
    assert all(map(is_shown, ended.out.split("\n")))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_guarded_text_is_no_formula(text: str) -> None:
    assert not any(map(is_formula, guarded(one_line(text)).split(";")))


@pytest.mark.parametrize("text", ["name", "a; b", "x-1", "a=b", "1+1", "ci@bot", "Owner: x; on=1"])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


def cells_of_page(text: str) -> list[Token]:
    """What a renderer makes of each cell, with GitHub's addresses, tables and strokes."""
    page = MarkdownIt("gfm-like")
    assert page.linkify is not None
    page.linkify.set({"fuzzy_link": True, "fuzzy_email": True, "fuzzy_ip": True})
    tokens = page.parse(text)
    assert tokens[0].type == "table_open", text
    assert tokens[-1].type == "table_close", text
    return [token for token in tokens if token.type == "inline"]


def words_of(cell: Token) -> str:
    """The text of a cell, which holds nothing but text."""
    parts = cell.children or []
    assert {part.type for part in parts} <= {"text", "code_inline"}, (cell.content, parts)
    return "".join(part.content for part in parts)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_in_markdown_reads_as_it_is(text: str) -> None:
    shown = one_line(text).strip()

    cells = cells_of_page(f"| a | b |\n| - | - |\n| {in_markdown(shown)} | end |")

    assert [words_of(each) for each in cells[:2]] == ["a", "b"]
    assert words_of(cells[2]).replace("＠", "@") == shown.replace("＠", "@")
    assert words_of(cells[3]) == "end"


@pytest.mark.parametrize("line", COMMANDS)
def test_a_page_of_markdown_is_a_table_of_plain_words(
    line: str, signed_in: Command, hostile: FakeKonnect
) -> None:
    ended = signed_in(*line.split(" "), "-o", "md")

    for cell in cells_of_page(ended.out):
        words_of(cell)
    assert len({len(row.replace("\\|", "").split("|")) for row in ended.out.splitlines()}) == 1
    assert all(map(is_shown, ended.out.split("\n")))


@pytest.mark.parametrize("line", COMMANDS)
@pytest.mark.parametrize("output", ["table", "json"])
def test_nothing_on_the_terminal_is_obeyed(
    line: str, output: str, signed_in: Command, hostile: FakeKonnect
) -> None:
    ended = signed_in(*line.split(" "), "-o", output)

    assert all(map(is_shown, ended.out.split("\n")))
    assert all(map(is_shown, ended.err.split("\n")))


def test_json_has_every_name_as_konnect_has_it(signed_in: Command, hostile: FakeKonnect) -> None:
    odd = "Owner: a\r\nRunbook:\tb\n\x1b 👩\u200d💻 \u00a0\u3000\u202e" + "n" * 3000
    hostile.add_account(odd, description=odd)

    rows = json.loads(signed_in("accounts", "-o", "json").out)["system_accounts"]

    there = {(each["name"], each["description"]) for each in hostile.organisation.accounts}
    assert {(each["name"], each["description"]) for each in rows} == there
    assert (odd, odd) in there
