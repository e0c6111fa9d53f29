"""Prints the manual page, made from the parser itself.

The rule it keeps: everything is told once. Options that all commands have stand at the beginning,
what several commands say at the end of their help stands in the notes.
"""

from __future__ import annotations

import re
from argparse import SUPPRESS
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

import sa_tui
from sa_tui.cli.arguments.parser import build_parser
from sa_tui.cli.exits import MEANINGS, Exit

if TYPE_CHECKING:
    from argparse import Action, ArgumentParser, Namespace
    from collections.abc import Iterator

    from sa_tui.cli.environment import Environment

_NAME = "system accounts of a Kong Konnect organisation, in a terminal"
_FILES = (
    ("~/.config/sa-tui/profiles.toml", "the profiles, and where the token of each is kept"),
    ("~/.local/state/sa-tui/", "the journal, the log and the rotations; no secret is in there"),
)
_TO_QUOTE = re.compile(r"[\\\-'`^~]|[^\x00-\x7f]")


def run_man(_: Namespace, env: Environment) -> int:
    """Writes the page in roff, for `man -l -`."""
    env.stdout.write("".join(f"{line}\n" for line in page()))
    return Exit.DONE


def page() -> Iterator[str]:
    """The page, line by line."""
    parser = build_parser()
    yield f'.TH SA\\-TUI 1 "" "sa\\-tui {sa_tui.__version__}" "User Commands"'
    yield from (".nh", ".ad l")  # what is copied from the page has no dashes that are not there
    yield ".SH NAME"
    yield f"sa\\-tui \\- {_quoted(_NAME)}"
    yield ".SH SYNOPSIS"
    yield ".B sa\\-tui"
    yield "[\\fIOPTION\\fR]... [\\fICOMMAND\\fR] [\\fIARGUMENT\\fR]..."
    yield ".SH DESCRIPTION"
    yield _quoted(" ".join((parser.description or "").split()))
    yield ".SH OPTIONS"
    yield "Every command takes these, before or after its name."
    yield from _actions(_own(parser))
    common = {option for action in _own(parser) for option in action.option_strings}
    yield ".SH COMMANDS"
    told = list(_commands(parser, ()))
    counts = Counter(part for _, command, _ in told for part in _paragraphs(command.epilog))
    for words, command, help in told:
        yield from _command(words, command, help, common)
        for part in _paragraphs(command.epilog):
            if counts[part] == 1:
                yield from _paragraph(part)
    yield ".SH NOTES"
    for part, count in counts.items():
        if count > 1:
            yield from _paragraph(part)
    yield from _ending(parser)


def _ending(parser: ArgumentParser) -> Iterator[str]:
    yield ".SH EXIT STATUS"
    for code, meaning in MEANINGS.items():
        yield from (".TP", f".B {code.value}", _quoted(meaning))
    yield ".SH ENVIRONMENT"
    text = (parser.epilog or "").partition("environment:\n")[2].partition("\n\n")[0]
    yield from _paragraph(text)
    yield ".SH FILES"
    for path, what in _FILES:
        yield from (".TP", f".I {_quoted(path)}", _quoted(what))
    yield ".SH SEE ALSO"
    yield ".BR kongctl (1),"
    yield ".BR deck (1)"


def _command(
    words: tuple[str, ...], command: ArgumentParser, help: str, common: set[str]
) -> Iterator[str]:
    """A command with its usage and its own arguments."""
    own = [action for action in _own(command) if not common & set(action.option_strings)]
    arguments = [_usage(action) for action in own if not action.option_strings]
    yield f".SS {_quoted(' '.join((*words, *arguments)))}"
    yield _quoted(f"{help[:1].upper()}{help[1:]}.")
    yield from _actions(own)


def _commands(
    parser: ArgumentParser, words: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], ArgumentParser, str]]:
    """Every command that can be run, with its help; one with verbs is told by its verbs."""
    for action in parser._actions:  # noqa: SLF001 - argparse lists them nowhere else
        if not isinstance(action.choices, dict):
            continue
        helps = {each.dest: each.help for each in action._choices_actions}  # type: ignore[attr-defined]  # noqa: SLF001
        for name, command in action.choices.items():
            if name not in helps or helps[name] == SUPPRESS:
                continue
            below = list(_commands(command, (*words, name)))
            yield from below or [((*words, name), command, helps[name] or "")]


def _own(parser: ArgumentParser) -> list[Action]:
    """The arguments of a parser, without its commands and --help."""
    return [
        action
        for action in parser._actions  # noqa: SLF001
        if not isinstance(action.choices, dict)
        and action.help != SUPPRESS
        and "--help" not in action.option_strings
    ]


def _actions(actions: list[Action]) -> Iterator[str]:
    for action in actions:
        named = action.option_strings or [_name(action)]
        value = f" {_name(action)}" if action.option_strings and action.nargs != 0 else ""
        yield ".TP"
        yield ".B " + _quoted(f"{', '.join(named)}{value}")
        yield _quoted(_help(action)) or "\\&"


def _help(action: Action) -> str:
    """The help, with the values to choose from if the name does not have them."""
    text = (action.help or "") % {**vars(action), "prog": "sa-tui"} if action.help else ""
    if action.choices is not None and action.metavar is not None:
        text += f" ({', '.join(map(str, action.choices))})"
    return " ".join(text.split())


def _usage(action: Action) -> str:
    name = _name(action)
    many = "..." if action.nargs in ("*", "+") else ""
    return f"[{name}]{many}" if action.nargs in ("?", "*") else f"{name}{many}"


def _name(action: Action) -> str:
    if isinstance(action.metavar, str):
        return action.metavar
    if action.choices is not None:
        return "{" + ",".join(map(str, action.choices)) + "}"
    return action.dest.upper()


def _paragraphs(text: str | None) -> list[str]:
    return [part for part in (text or "").split("\n\n") if part.strip()]


def _paragraph(text: str) -> Iterator[str]:
    """A paragraph, in which lines that begin with blanks stay as they are."""
    yield ".PP"
    for is_kept, lines in groupby(text.splitlines(), key=lambda line: line.startswith(" ")):
        if is_kept:
            yield from (".nf", *map(_quoted, lines), ".fi")
        else:
            yield _quoted(" ".join(lines))


def _quoted(text: str) -> str:
    """A text that roff shows as it is: also a dash, a quote, and a dot that begins a line."""
    quoted = _TO_QUOTE.sub(_as_glyph, text)
    return f"\\&{quoted}" if quoted.startswith((".", "'")) else quoted


def _as_glyph(match: re.Match[str]) -> str:
    known = {"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti"}
    return known.get(match[0]) or f"\\[u{ord(match[0]):04X}]"
