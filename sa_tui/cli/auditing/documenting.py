"""Says what rules there are, and what one of them says; nothing of Konnect is read for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sa_tui.answers.audit import rules_report
from sa_tui.answers.audit_text import rule_text, rules_markdown
from sa_tui.audit.registry import nearest, rules
from sa_tui.cli.answers import put_report
from sa_tui.cli.auditing.files import settings_of
from sa_tui.cli.auditing.views import RULES
from sa_tui.cli.exits import Exit, UsageError

if TYPE_CHECKING:
    from argparse import Namespace
    from datetime import datetime

    from sa_tui.cli.environment import Environment


def run_documenting(options: Namespace, env: Environment) -> int:
    """Runs `audit explain` and `audit rules`. Raises UsageError for a rule that does not exist."""
    verb, *named = options.words
    env.run.command = f"audit {verb}"
    if options.output == "junit":
        raise UsageError(f"audit {verb} has no cases to write as JUnit.")
    if verb == "explain" and not named:
        raise UsageError("audit explain needs the id of a rule, such as T07.")
    ids = [id.upper() for id in (*named, *options.rules)]
    for id in ids:
        if id not in rules():
            raise UsageError(f"There is no rule {id}. {nearest(id)}")
    active = settings_of(options, env).active()
    shown = [rule for id, rule in rules().items() if not ids or id in ids]
    if options.output == "md":
        env.stdout.write(rules_markdown(shown))
    elif options.output == "table" and verb == "explain":
        texts = (rule_text(rule, is_on=rule.id in active) for rule in shown)
        env.stdout.write("\n\n".join(texts) + "\n")
    else:
        report = rules_report(env.run.head(), active=active, named=ids)
        put_report(env, options, report, shown=RULES, now=_no_time())
    return Exit.DONE


def _no_time() -> datetime:
    """A moment for columns that show none."""
    from datetime import UTC, datetime

    return datetime.min.replace(tzinfo=UTC)
