"""Writes the accounts and teams of an organisation as files that `apply` and Terraform read.

The rule it keeps: no file is overwritten, and what could not be read is said in the file, on stderr
and by the exit code.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sa_tui.answers.saving import NotSavedError, save
from sa_tui.base.words import plural
from sa_tui.cli.exits import Exit, UsageError
from sa_tui.cli.planning.keeping import refuse_taken
from sa_tui.cli.reading.run import answer
from sa_tui.plans.export import export_yaml
from sa_tui.plans.terraform import access_text, imports_text

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

    from sa_tui.cli.environment import Environment
    from sa_tui.cli.reading.source import Source
    from sa_tui.plans.export import Written

YAML = "organization.yaml"
IMPORTS, ACCESS = "konnect.tf", "konnect_access.tf"


def run_export(options: Namespace, env: Environment) -> int:
    """Runs `export`. Raises UsageError when a file cannot be made, KonnectError."""
    names = (YAML, IMPORTS, ACCESS) if options.terraform else (YAML,)
    places = _places(options.to_path, names)
    for path in places.values():
        refuse_taken(path)  # before thousands of calls
    return answer(options, env, partial(_export, options=options, env=env, places=places))


def _places(to_path: str | None, names: tuple[str, ...]) -> Mapping[str, Path]:
    """Where each file goes: all into a directory, or one to a new file; none to stdout."""
    if to_path is None:
        return {}
    path = Path(to_path)
    if to_path.endswith("/") or path.expanduser().is_dir():
        return {name: path / name for name in names}
    return {names[-1]: path}


async def _export(
    source: Source, *, options: Namespace, env: Environment, places: Mapping[str, Path]
) -> int:
    await source.read_all()
    await source.read_teams()
    await source.read_team_details([team.id for team in source.snapshot.teams.rows])
    await source.read_entity_names()
    texts = _texts(source, options)
    if not places:
        shown = [texts[YAML]] if not options.terraform else [texts[IMPORTS], texts[ACCESS]]
        env.stdout.write("\n".join(written.text for written in shown))
    elif len(places) == 1 and options.terraform:
        ((_, path),) = places.items()
        _save(path, f"{texts[IMPORTS].text}\n{texts[ACCESS].text}", env)
    else:
        for name, path in places.items():
            _save(path, texts[name].text, env)
    unread = dict.fromkeys(sentence for written in texts.values() for sentence in written.unread)
    for sentence in unread:
        env.tell(f"INCOMPLETE: {sentence.removesuffix('.')}.")
    snapshot = source.snapshot
    accounts = plural(len(snapshot.accounts.rows), "system account")
    env.tell(f"{accounts}, {plural(len(snapshot.teams.rows), 'team')}")
    return Exit.INCOMPLETE if unread else Exit.DONE


def _texts(source: Source, options: Namespace) -> Mapping[str, Written]:
    snapshot = source.snapshot
    texts = {YAML: export_yaml(snapshot, is_for_kongctl=options.kongctl)}
    if options.terraform:
        texts |= {IMPORTS: imports_text(snapshot), ACCESS: access_text(snapshot)}
    return texts


def _save(path: Path, text: str, env: Environment) -> None:
    try:
        env.tell(f"written to {save(path, text)}")
    except NotSavedError as error:
        raise UsageError(str(error)) from None
