"""A command line that is copied into a shell means what was shown, whatever a name holds."""

from __future__ import annotations

import subprocess

import pytest

from sa_tui.answers.command_line import command_line, matrix_words, quoted
from sa_tui.base.text import is_obeyed

WORDS = [
    *("role:Admin type:cp", "a'b", 'a"b', "$HOME `id` $(id)", "a\\b", "", "-x", "*", "~", "!!"),
    *("a\nb", "a\tb", "\x1b[31mred\x1b[0m", "gnp\u202egnp", "a'\x03b\\", "配送 \u200b", "\x9b31m"),
]


@pytest.mark.parametrize("word", WORDS)
def test_a_shell_passes_on_the_word_as_it_is(word: str) -> None:
    line = f"printf '%s' {quoted(word)}"

    run = subprocess.run(["bash", "-c", line], capture_output=True, check=True, timeout=30)

    assert run.stdout.decode() == word


@pytest.mark.parametrize("word", [*WORDS, "x\x07'; echo obeyed #", "x\x07\\'; echo obeyed #"])
def test_no_shell_without_such_escapes_obeys_the_word(word: str) -> None:
    line = f"printf '' {quoted(word)}"

    run = subprocess.run(["sh", "-c", line], capture_output=True, check=True, timeout=30)

    assert (run.stdout, run.stderr) == (b"", b"")


@pytest.mark.parametrize("word", WORDS)
def test_no_terminal_obeys_the_line(word: str) -> None:
    assert not is_obeyed(quoted(word))


def test_a_query_that_begins_with_a_dash_is_no_option() -> None:
    line = command_line("--profile", "prod", "who", output="csv", last="-is:managed")

    assert line == "sa-tui --profile prod who -o csv -- -is:managed"


def test_the_words_of_a_matrix_name_its_columns() -> None:
    assert list(matrix_words("type", "APIs")) == []
    assert list(matrix_words("region", "APIs")) == ["--by", "region"]
    assert list(matrix_words("role", "APIs")) == ["--by", "role", "--type", "APIs"]
