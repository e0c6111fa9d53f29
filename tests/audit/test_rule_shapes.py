"""Every rule has the same shape: a decorator with its record, and one small function below it."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

import sa_tui.audit.rules
from sa_tui.audit.limits import BASELINE, PROFILES, STRICT_RULES, Limits
from sa_tui.audit.registry import nearest, rules
from sa_tui.audit.rule import Rule, rule
from sa_tui.audit.severity import SEVERITIES
from sa_tui.cli.arguments import auditing as arguments

FOLDER = Path(sa_tui.audit.rules.__path__[0])
FILES = [path for path in sorted(FOLDER.glob("*.py")) if path.name != "__init__.py"]
DEFAULT = {
    *(f"T{number:02}" for number in range(1, 13)),
    *("A01", "A02", "A03", "A04", "A05", "A07", "A09", "A13"),
    *(f"P{number:02}" for number in range(1, 9)),
    *("R01", "R02", "R03", "R04", "R05", "R07", "G01", "G02", "C01"),
}
OPT_IN = {
    *("T13", "T14", "A06", "A08", "A10", "A11", "A12", "P09", "P10", "P11", "R06"),
    *("G03", "G04", "H01", "H02"),
}
NOT_IN_THIS_API = {"H03", "H04", "L01", "L02"}
"""They need the settings of an organisation or its audit log."""


def decorated(path: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(path.read_text())
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [node for node in functions if node.decorator_list]


def test_every_rule_of_the_catalogue_that_this_api_can_answer_is_there() -> None:
    by_default = {id for id, each in rules().items() if each.is_default}

    assert by_default == DEFAULT
    assert set(rules()) - by_default == OPT_IN
    assert not rules().keys() & NOT_IN_THIS_API


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_rule_is_one_decorated_function(path: Path) -> None:
    for node in decorated(path):
        (decorator,) = node.decorator_list
        assert isinstance(decorator, ast.Call)
        assert ast.unparse(decorator.func) == "rule"
        assert [type(each) for each in decorator.args] == [ast.Constant, ast.Constant]
        names = [keyword.arg for keyword in decorator.keywords]
        order = list(inspect.signature(rule).parameters)
        # The records read alike: the same fields in the same order.
        assert [name for name in order if name in names] == names
        assert ast.unparse(node.returns or ast.Constant(None)) == "Results"
        assert len(node.args.args) == 2
        assert ast.get_docstring(node)
        first = decorator.lineno
        assert (node.end_lineno or 0) - first < 60


@pytest.mark.parametrize("each", rules().values(), ids=rules())
def test_a_rule_documents_itself(each: Rule[Any]) -> None:
    assert each.severity in SEVERITIES
    assert re.fullmatch(r"[A-Z].{3,60}[a-z]", each.title)
    for text in (each.when, each.remedy, *each.mistakes):
        assert re.fullmatch(r"[A-Z1-9].*\.", text)
        assert not re.search(r"\s{2}|\n", text)
    assert each.maps_to
    assert set(each.limits) <= {field.name for field in fields(Limits)}
    assert {id[0] for id in (*each.hides, *each.folds)} <= {"T", "A", "P"}
    for name in each.limits:
        assert name in each.when or name in " ".join(each.mistakes)


def test_the_command_line_knows_the_same_severities() -> None:
    assert arguments.SEVERITIES == SEVERITIES


def test_every_limit_is_asked_for_by_a_rule() -> None:
    asked = {name for each in rules().values() for name in each.limits}

    assert asked == {field.name for field in fields(Limits)}


def test_the_patterns_of_the_profiles_are_patterns() -> None:
    for limits in PROFILES.values():
        for field in fields(Limits):
            if field.name.endswith("_pattern"):
                re.compile(getattr(limits, field.name))
    assert PROFILES["baseline"] is BASELINE
    assert set(STRICT_RULES) <= OPT_IN


def test_a_rule_of_a_newcomer_fits_into_25_lines() -> None:
    """The shortest rules of ours, whole: what is above the function, and the function."""
    lengths = sorted(
        (node.end_lineno or 0) - node.decorator_list[0].lineno + 2
        for path in FILES
        for node in decorated(path)
    )

    assert lengths[len(lengths) // 2] <= 30
    assert sum(length <= 25 for length in lengths) >= 15


def test_an_id_that_no_rule_has_is_told_with_the_nearest() -> None:
    assert nearest("t7") == "Did you mean T07?"
    assert nearest("nonsense").startswith("The rules are A01, A02")


def test_a_rule_needs_an_id_of_the_right_form() -> None:
    with pytest.raises(ValueError, match="t7"):
        rule("t7", "x", severity="low", about="token", when="x", remedy="x", maps_to=())
