"""What a command changed in the demo Konnect, and what it answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from sa_tui.cli.schemas.commands import schema_of

if TYPE_CHECKING:
    from sa_tui.demo.konnect import FakeKonnect
    from tests.cli.conftest import Command, Ended


def entity_id(fake: FakeKonnect, name: str) -> str:
    """The id of a control plane."""
    tables = (fake.organisation.entities["/v2/control-planes", region] for region in ("eu", "us"))
    return str(next(row["id"] for table in tables for row in table.rows if row["name"] == name))


def writes(fake: FakeKonnect) -> list[tuple[str, str, Any]]:
    """The changes that were received: method, path and body."""
    return [(one.method, one.path, one.body) for one in fake.received if one.method != "GET"]


def checked(ended: Ended) -> Any:
    """The answer, which is as the schema of its command says."""
    answer = ended.json
    is_answer = "outcomes" in answer or answer["error"] is None
    name = answer["command"] if is_answer else "error"
    Draft202012Validator(schema_of(name)).validate(answer)
    return answer


def run_json(command: Command, *line: str) -> tuple[int, Any]:
    """The exit code and the answer of a command line."""
    ended = command(*line, "-o", "json")
    return ended.code, checked(ended)


def held(fake: FakeKonnect, holder_id: str) -> list[tuple[str, str, str]]:
    """The role, the entity and the region of each role that is held directly."""
    roles = fake.roles_of(holder_id)
    return [(one["role_name"], one["entity_id"], one["entity_region"]) for one in roles]
