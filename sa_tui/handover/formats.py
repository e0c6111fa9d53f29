"""A secret as the text of a file (raw, env, json, a Kubernetes manifest) or as a 1Password item."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import UTC
from typing import TYPE_CHECKING

from sa_tui.base.destination import SECRET_FORMATS, SecretFormat

if TYPE_CHECKING:
    from pydantic import SecretStr

    from sa_tui.base.label import Label

Format = SecretFormat
FORMATS = SECRET_FORMATS

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")
_SLUG_LIMIT = 63


def render(secret: SecretStr, label: Label, *, format: Format, variable: str) -> str:
    """The text of a file in this format.

    `raw` is exactly the token, without a line end, so that nothing has to trim it. `env` is one
    line that shells and systemd read (`docker --env-file` would keep the quotes). `json` and
    `k8s` also say what the token belongs to.
    """
    value = secret.get_secret_value()
    if format == "env":
        return f"{variable}={_shell_quoted(value)}\n"
    if format == "json":
        return json.dumps({"token": value, **_belongings(label)}, indent=2) + "\n"
    if format == "k8s":
        return _manifest(value, label)
    return value


def onepassword_item(secret: SecretStr, label: Label) -> str:
    """An API credential as `op item create -` reads it from its standard input."""
    note = f"Access token {label.token_id} of {label.account_name}, until {_timestamp(label)}."
    fields = [
        {"id": "notesPlain", "type": "STRING", "purpose": "NOTES", "value": note},
        {"id": "username", "type": "STRING", "label": "username", "value": label.account_name},
        {
            "id": "credential",
            "type": "CONCEALED",
            "label": "credential",
            "value": secret.get_secret_value(),
        },
        {"id": "hostname", "type": "STRING", "label": "hostname", "value": label.base_url},
    ]
    title = f"Konnect {label.account_name} {label.token_name}"
    return json.dumps({"title": title, "category": "API_CREDENTIAL", "fields": fields})


def is_variable_name(text: str) -> bool:
    """Whether a shell accepts the text as the name of a variable."""
    return _VARIABLE.fullmatch(text) is not None


def slug(text: str) -> str:
    """Reduces a name to lower-case letters, digits and dashes, 63 characters at most.

    A name that loses something on the way gets a suffix, so that two names never become one.
    """
    reduced = _NOT_IN_SLUG.sub("-", text.lower()).strip("-")
    if reduced == text and 0 < len(text) <= _SLUG_LIMIT:
        return text
    suffix = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:8]
    stem = reduced[: _SLUG_LIMIT - len(suffix) - 1].strip("-")
    return f"{stem}-{suffix}" if stem else suffix


def kubernetes_name(label: Label) -> str:
    """The name of the Secret, a DNS subdomain: the account's and the token's, with a dot."""
    return f"{slug(label.account_name)}.{slug(label.token_name)}"


def _shell_quoted(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"


def _belongings(label: Label) -> dict[str, object]:
    return {
        "id": label.token_id,
        "name": label.token_name,
        "expires_at": _timestamp(label),
        "account": {"id": label.account_id, "name": label.account_name},
        "organization": {"id": label.organization_id, "name": label.organization_name},
        "base_url": label.base_url,
    }


def _timestamp(label: Label) -> str | None:
    if label.expires_at is None:
        return None
    return label.expires_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _manifest(value: str, label: Label) -> str:
    annotations = {
        "account-id": label.account_id,
        "account-name": label.account_name,
        "token-id": label.token_id,
        "token-name": label.token_name,
        "expires-at": _timestamp(label),
        "organization-name": label.organization_name,
        "base-url": label.base_url,
    }
    lines = [
        "apiVersion: v1",
        "kind: Secret",
        "metadata:",
        f"  name: {_yaml_quoted(kubernetes_name(label))}",
        "  annotations:",
        *(f"    sa-tui/{key}: {_yaml_quoted(text)}" for key, text in annotations.items() if text),
        "type: Opaque",
        "data:",
        f"  token: {_yaml_quoted(base64.b64encode(value.encode()).decode())}",
    ]
    return "\n".join(lines) + "\n"


def _yaml_quoted(text: str) -> str:
    # JSON's \ud83d\ude00 is not one character to YAML, so its encoder cannot be borrowed.
    return '"' + "".join(map(_yaml_escaped, text)) + '"'


def _yaml_escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    return f"\\U{ord(character):08X}"
