"""Says whose a found token is, what it can do, whether it lives, and how to revoke it.

The rule it keeps: a secret is never written, and is dropped as soon as nobody asks for it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sa_tui.answers.command_line import revocation
from sa_tui.answers.found_token import FoundTokenAnswer, Owner
from sa_tui.answers.problems import Problem, ProblemSubject, sentences
from sa_tui.base.times import utc
from sa_tui.base.words import plural
from sa_tui.cli.answers import put_facts
from sa_tui.cli.exits import Exit, UsageError
from sa_tui.cli.output import abandon_stdout
from sa_tui.cli.reading.looking import look, refuse_tokens
from sa_tui.scan.found import MOST_TOKENS, Findings

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sa_tui.answers.head import Head
    from sa_tui.answers.records import Record
    from sa_tui.cli.environment import Environment
    from sa_tui.records.handover import Handover
    from sa_tui.scan.found import FoundToken

NOT_ASKED = "Whether it still lives was not asked"
_MOST_NAMED = 3


def run_whose(options: Namespace, env: Environment) -> int:
    """Runs `whose`. Raises UsageError when there is nothing to look into."""
    refuse_tokens(options.paths)
    if options.offline and options.probe:
        raise UsageError("--offline and --probe exclude each other.")
    if options.probe and hasattr(options, "from_file"):
        raise UsageError("--probe needs Konnect: leave out --from.")
    problems: list[Problem] = []
    known = {} if hasattr(options, "demo") else _known(env, problems)
    findings = Findings(is_known=known.__contains__)
    look(options.paths, env, findings)
    if not options.probe:
        _forget(findings)
    answers = [
        by_journal(token, known.get(token.fingerprint), now=env.now())
        for token in findings.tokens.values()
    ]
    head = None
    try:
        if not options.offline and _is_worth_asking(answers, options):
            from sa_tui.cli.reading.whose_asked import ask_konnect

            answers, head = ask_konnect(answers, problems, options, env, known)
    finally:
        _forget(findings)
    problems += [*_unread(findings), *map(_not_known, filter(_is_unknown, answers))]
    head = env.run.head(problems=problems) if head is None else replace(head, problems=problems)
    return _conclude(answers, head, findings, options, env)


def by_journal(found: FoundToken, handover: Handover | None, *, now: datetime) -> FoundTokenAnswer:
    """What the journal alone knows of a token; `now` is by this machine's clock."""
    if handover is None:
        reason = "It is not among the tokens that sa-tui issued here."
        return FoundTokenAnswer(found=found, now=now, state="unknown", reason=reason)
    label = handover.entry.label
    answer = FoundTokenAnswer(
        found=found,
        now=now,
        state="unknown",
        reason=f"{NOT_ASKED}.",
        handover=handover,
        owner=Owner(id=label.account_id, name=label.account_name),
        revoke=revocation(
            ("--profile", handover.entry.profile), label.account_id, label.token_id or ""
        ),
    )
    if handover.end == "revoked" and handover.ended_at is not None:
        return replace(
            answer, state="dead", reason=f"Revoked {utc(handover.ended_at)}.", revoke=None
        )
    if label.expires_at is not None and label.expires_at <= now:
        return replace(
            answer, state="dead", reason=f"Expired {utc(label.expires_at)}.", revoke=None
        )
    return answer


def _known(env: Environment, problems: list[Problem]) -> Mapping[str, Handover]:
    """The tokens that were issued here, by fingerprint."""
    from sa_tui.cli.application import state_directory
    from sa_tui.cli.connections import journal_in
    from sa_tui.records.journal import FILE_NAME, JournalError

    try:
        directory = state_directory(env)
        if not (directory / FILE_NAME).exists():
            return {}
        journal = journal_in(directory, now=env.now)
        known = journal.by_fingerprint()
    except UsageError:  # without a home directory there is no journal
        return {}
    except (JournalError, OSError) as error:
        problems.append(Problem(what="journal", reason=str(error)))
        return {}
    for notice in journal.notices:
        env.warn(notice)
    return known


def _is_worth_asking(answers: Sequence[FoundTokenAnswer], options: Namespace) -> bool:
    return any(
        answer.state == "unknown" and (options.probe or answer.handover is not None)
        for answer in answers
    )


def _forget(findings: Findings) -> None:
    for token in findings.tokens.values():
        token.forget()


def _is_unknown(answer: FoundTokenAnswer) -> bool:
    return answer.state == "unknown"


def _not_known(answer: FoundTokenAnswer) -> Problem:
    subject = ProblemSubject("access_token", None, answer.found.masked)
    return Problem(what="life", reason=answer.reason, subject=subject)


def _unread(findings: Findings) -> list[Problem]:
    problems = [
        Problem(what="content", reason=reason, subject=ProblemSubject("file", None, path))
        for path, reason in findings.unread.items()
    ]
    if findings.is_full:
        reason = f"there are more than {plural(MOST_TOKENS, 'token')}: look into less at once"
        problems.append(Problem(what="content", reason=reason))
    return problems


def _conclude(
    answers: Sequence[FoundTokenAnswer],
    head: Head,
    findings: Findings,
    options: Namespace,
    env: Environment,
) -> Exit:
    """Writes the answer, the live tokens first; returns the exit code.

    A reader that closed standard output does not change it: it may be all that is looked at.
    """
    order = ("live", "unknown", "dead")
    answers = sorted(answers, key=lambda answer: order.index(answer.state))
    try:
        _put(answers, head, findings, options, env)
    except BrokenPipeError:
        abandon_stdout(env)
    states = [answer.state for answer in answers]
    counts = {"live": states.count("live"), "dead": states.count("dead")}
    counts["not known"] = states.count("unknown")
    told = ", ".join(f"{count:,} {state}" for state, count in counts.items() if count)
    env.tell(f"{plural(len(answers), 'token')} found{': ' if told else ''}{told}")
    _tell_left_out(findings, env)
    for sentence in sentences(head.problems):
        env.tell(f"INCOMPLETE: {sentence}")
    if "live" in states:
        return Exit.FINDINGS
    return Exit.INCOMPLETE if head.problems else Exit.DONE


def _put(
    answers: Sequence[FoundTokenAnswer],
    head: Head,
    findings: Findings,
    options: Namespace,
    env: Environment,
) -> None:
    if options.output == "json":
        put_facts(env, head, _facts(answers, findings))
    else:
        for answer in answers:
            env.put(answer.found.masked)
            for line in answer.lines():
                env.put(line)
    env.stdout.flush()


def _facts(answers: Sequence[FoundTokenAnswer], findings: Findings) -> Record:
    return {
        "found_tokens": [answer.record() for answer in answers],
        "files": findings.files,
        "bytes": findings.read_bytes,
        "left_out": [
            {"path": path, "reason": reason} for path, reason in findings.left_out.items()
        ],
    }


def _tell_left_out(findings: Findings, env: Environment) -> None:
    """Says by its reason what was not looked into, and how git's history is."""
    reasons: dict[str, list[str]] = {}
    for path, reason in findings.left_out.items():
        reasons.setdefault(reason, []).append(path)
    for reason, paths in reasons.items():
        more = f" and {len(paths) - _MOST_NAMED:,} more" if len(paths) > _MOST_NAMED else ""
        env.tell(f"not looked into, {reason}: {', '.join(paths[:_MOST_NAMED])}{more}")
    if any("git" in reason for reason in reasons):
        env.tell("The history of a repository: git -C DIR log -p --all | sa-tui whose")
