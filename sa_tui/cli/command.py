"""Runs one command line: parses it, calls its command, and turns errors into exit codes.

Each command is imported only when it is run, which keeps the others fast.
"""

from __future__ import annotations

import gc
import re
import sys
from argparse import Namespace
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from sa_tui.cli.arguments.parser import asks_for_json, build_parser
from sa_tui.cli.commands import COMMANDS, load
from sa_tui.cli.exits import Exit, MisusedError, code_for
from sa_tui.cli.output import abandon_stdout
from sa_tui.cli.run import Run
from sa_tui.cli.signals import Interrupted
from sa_tui.handover.harden import disable_core_dumps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sa_tui.cli.environment import Environment
    from sa_tui.cli.signals import Signals


def run(argv: Sequence[str] | None, *, signals: Signals, env: Environment | None) -> int:
    """Runs one command line and returns its exit code; raises nothing."""
    words = sys.argv[1:] if argv is None else list(argv)
    if _is_completing(words):
        from sa_tui.cli.candidates import run_candidates
        from sa_tui.cli.environment import Environment

        return run_candidates(words, env or Environment.real(signals))
    gc.disable()  # what is loaded for a command stays, and so does what a file holds
    try:
        return _run_words(words, signals=signals, env=env)
    finally:
        gc.enable()
        if env is None:  # this process ends: a last search for garbage would only take time
            gc.freeze()


def _run_words(words: Sequence[str], *, signals: Signals, env: Environment | None) -> int:
    try:
        options = _parsed(words)
    except SystemExit as stop:  # how argparse ends --help
        return int(stop.code or 0)
    except MisusedError as error:
        output = "json" if asks_for_json(words) else "table"
        options = Namespace(command=error.command, output=output, refusal=error)
    if env is None:
        from sa_tui.cli.environment import Environment

        env = Environment.real(signals)
    env = replace(env, run=Run.of(options))
    code: int = Exit.DONE
    try:
        code = _run_and_report(options, env)
        env.stdout.flush()
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            env.tell(f"sa-tui: the output could not be written: {error.strerror or error}")
            code = code or Exit.USAGE
        abandon_stdout(env)
        # A change keeps the exit code that says what became of it.
        code = code if signals.concluded is None else signals.concluded
    return int(code)


def _parsed(words: Sequence[str]) -> Namespace:
    """The options; a mistake is looked at with every command in view. Raises MisusedError."""
    arguments = _with_queries(words)
    if {"-h", "--help"}.isdisjoint(words):
        with suppress(MisusedError):
            return build_parser(words).parse_args(arguments)
    return build_parser().parse_args(arguments)


def _is_completing(words: Sequence[str]) -> bool:
    """Whether a shell asks for names, with the options before that say of which organisation."""
    at = words.index("__complete") if "__complete" in words else len(words)
    return at < len(words) and all(
        word in ("--profile", "--config", "--from") for word in words[:at:2]
    )


_NEGATED = re.compile(r"-[^\W\d]{2,}(?:!=|:|=)")


def _with_queries(argv: Sequence[str]) -> list[str]:
    """The arguments with a space before a query such as -role:Admin, which is not an option."""
    words = list(argv)
    if not any(command.takes_query and command.name in words for command in COMMANDS):
        return words
    end = words.index("--") if "--" in words else len(words)
    queries = [f" {word}" if _NEGATED.match(word) else word for word in words[:end]]
    return queries + words[end:]


def _run_and_report(options: Namespace, env: Environment) -> int:
    """Runs the command; if it asks for JSON and fails, the error is written as JSON as well."""
    failure: Exception | None = None
    try:
        if hasattr(options, "refusal"):
            raise options.refusal
        if not hasattr(options, "from_file"):  # what a file holds stays until the end
            gc.enable()
        if options.command is not None:  # the application does this after its first paint
            disable_core_dumps()
        code = _run(options, env)
    except Interrupted as signal:
        env.tell("Interrupted.")
        code = Exit(signal.code)
    except BrokenPipeError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None and code_for(error) is None:
            raise
        failure, code = error, _explain(error, env)
        # Ctrl+C also reaches the token command of a profile, which then fails.
        if env.signals.number is not None and code != Exit.BROKEN:
            code = Exit(128 + env.signals.number)
    if env.run.is_json and not env.run.has_answered and code != Exit.DONE:
        from sa_tui.cli.answers import put_error

        put_error(env, Exit(code), failure)
    return code


def _run(options: Namespace, env: Environment) -> int:
    if env.environ.get("SSLKEYLOGFILE"):
        env.warn("SSLKEYLOGFILE is ignored: whoever reads that file can read the tokens.")
    if options.command is None and hasattr(options, "from_file"):
        from sa_tui.cli.reading.opened import run_from_file

        return run_from_file(options, env)
    if options.command is None:
        from sa_tui.cli.application import run_application

        return run_application(options, env)
    place = next(command.run for command in COMMANDS if command.name == options.command)
    code: int = load(place)(options, env)
    return code


def _explain(error: Exception, env: Environment) -> Exit:
    code = code_for(error)
    if code is not None:
        for line in (f"sa-tui: {error}", *getattr(error, "below", ())):
            env.tell(line)
        return code
    import traceback

    from sa_tui.base.secrets import redact

    # Local variables are left out: they may hold a secret.
    env.tell_lines(redact("".join(traceback.format_exception(error))).rstrip())
    env.tell("sa-tui met an unexpected error. Please report the lines above.")
    return Exit.BROKEN
