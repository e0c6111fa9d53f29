"""Every key of a TOML file is found on the line where it stands."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from sa_tui.profiles.lines import dotted, key_lines


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("a = 1\nb = 2\n", "b", 2),
        ("# a = 1\n\na = 1 # a\n", "a", 3),
        ("[profiles.prod]\nlabel = 'x'\n", "profiles.prod.label", 2),
        ("[profiles.prod]\nlabel = 'x'\n", "profiles.prod", 1),
        ('[profiles."my prod"]\nx = 1', 'profiles."my prod".x', 2),
        ("[profiles.p]\ntoken.env = 'X'\n", "profiles.p.token.env", 2),
        ("[profiles.p]\ntoken = { env = 'X', y = 1 }", "profiles.p.token.y", 2),
        ("[profiles]\np = { token = { env = 1 }, label = 2 }", "profiles.p.label", 2),
        ("r = [\n 'a', # ]\n 'b',\n]\nz = 1", "z", 5),
        ('s = """\nb = 1\n"""\nb = 2', "b", 4),
        ("s = '''\n[b]\n\"'''\nb = 2", "b", 4),
        (r's = "\" # ["' + "\nb = 2", "b", 2),
        ('s = """x\\"""""\nb = 2', "b", 2),
        ("[[a]]\nb = 1\n[c]\nd = 1", "c.d", 4),
        ("r = [{ a = 1 }, { a = 2 }]\nb = 1", "b", 2),
        ("r = [\n 'a', { b = 1 },\n]", "r.b", 2),
        ("a = 1\r\nb = 2\r\n", "b", 2),
        ("d = 1979-05-27T07:32:00Z\nf = +1.5e3\nb = 1", "b", 3),
        ("e = {}\nf = []\nb = 1", "b", 3),
    ],
)
def test_a_key_is_found_on_its_line(text: str, key: str, line: int) -> None:
    tomllib.loads(text)
    assert key_lines(text)[key] == line


def paths(value: dict[str, Any], above: tuple[str, ...] = ()) -> set[str]:
    found = set()
    for key, inner in value.items():
        found.add(dotted((*above, key)))
        if isinstance(inner, dict):
            found |= paths(inner, (*above, key))
    return found


KEYS = st.text(min_size=1, max_size=8)
LEAVES = st.one_of(
    st.text(max_size=12), st.integers(), st.booleans(), st.lists(st.text(max_size=5), max_size=3)
)
TABLES = st.recursive(LEAVES, lambda inner: st.dictionaries(KEYS, inner, max_size=3), max_leaves=8)


@settings(deadline=None, derandomize=True)
@given(st.dictionaries(KEYS, TABLES, max_size=4))
def test_exactly_the_keys_of_the_document_are_found(document: dict[str, Any]) -> None:
    text = tomlkit.dumps(document)
    assert set(key_lines(text)) == paths(tomllib.loads(text))


def test_the_scan_takes_time_in_proportion_to_the_file() -> None:
    text = "".join(f"[profiles.p{n}]\ntoken = {{ env = 'X' }}\n" for n in range(20_000))
    assert key_lines(text)["profiles.p19999.token.env"] == 40_000
