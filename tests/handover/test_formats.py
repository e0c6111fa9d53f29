"""Formats: what a shell, a JSON reader and a YAML reader make of the text."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from sa_tui.handover.formats import Format, kubernetes_name, render, slug

if TYPE_CHECKING:
    from sa_tui.base.label import Label

HOSTILE = "Straße [/b] \x1b]52;c;eA==\x07 \u202eevil 🤖 ' \" \\ $(id) `id`\n: - #"


def rendered(secret: SecretStr, label: Label, format: Format) -> str:
    return render(secret, label, format=format, variable="KONNECT_TOKEN")


def test_raw_is_the_token_without_a_line_end(secret: SecretStr, label: Label) -> None:
    assert rendered(secret, label, "raw") == secret.get_secret_value()


def test_env_is_one_quoted_line(secret: SecretStr, label: Label) -> None:
    assert rendered(secret, label, "env") == f"KONNECT_TOKEN='{secret.get_secret_value()}'\n"


@settings(max_examples=8, deadline=None)
@given(value=st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1))
@example(value='it\'s $(id) `id` "$HOME" \\\n')
def test_a_shell_reads_back_what_env_holds(value: str, label: Label) -> None:
    script = '. /dev/stdin; printf %s "$KONNECT_TOKEN"'
    text = rendered(SecretStr(value), label, "env").encode()

    read = subprocess.run(["sh", "-c", script], input=text, capture_output=True, check=True)

    assert read.stdout.decode() == value


def test_json_says_what_the_token_belongs_to(secret: SecretStr, label: Label) -> None:
    assert json.loads(rendered(secret, label, "json")) == {
        "token": secret.get_secret_value(),
        "id": label.token_id,
        "name": "github-actions",
        "expires_at": "2026-06-01T12:00:00Z",
        "account": {"id": label.account_id, "name": "ci-deployer"},
        "organization": {"id": "org-1", "name": "Acme"},
        "base_url": "https://global.api.konghq.com",
    }


def test_what_is_unknown_is_null_in_json_and_absent_in_the_manifest(
    secret: SecretStr, label: Label
) -> None:
    unknown = replace(label, expires_at=None, organization_name=None)

    assert json.loads(rendered(secret, unknown, "json"))["expires_at"] is None
    annotations = yaml.safe_load(rendered(secret, unknown, "k8s"))["metadata"]["annotations"]
    assert "sa-tui/expires-at" not in annotations
    assert "sa-tui/organization-name" not in annotations


def test_the_manifest_is_a_secret_that_kubernetes_accepts(secret: SecretStr, label: Label) -> None:
    manifest = yaml.safe_load(rendered(secret, label, "k8s"))

    assert (manifest["apiVersion"], manifest["kind"], manifest["type"]) == (
        "v1",
        "Secret",
        "Opaque",
    )
    assert manifest["metadata"]["name"] == "ci-deployer.github-actions"
    assert manifest["metadata"]["annotations"]["sa-tui/expires-at"] == "2026-06-01T12:00:00Z"
    assert base64.b64decode(manifest["data"]["token"]).decode() == secret.get_secret_value()


@pytest.mark.parametrize("format", ["json", "k8s"])
def test_a_hostile_name_is_read_back_as_it_is_and_no_escape_sequence_is_written(
    secret: SecretStr, label: Label, format: Format
) -> None:
    text = rendered(secret, replace(label, account_name=HOSTILE), format)

    if format == "json":
        assert json.loads(text)["account"]["name"] == HOSTILE
    else:
        annotations = yaml.safe_load(text)["metadata"]["annotations"]
        assert annotations["sa-tui/account-name"] == HOSTILE
    assert all(character == "\n" or character.isprintable() for character in text)


@given(account=st.text(max_size=300), token=st.text(max_size=300))
def test_the_name_of_the_secret_is_always_a_dns_subdomain(
    account: str, token: str, label: Label
) -> None:
    name = kubernetes_name(replace(label, account_name=account, token_name=token))

    part = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
    assert re.fullmatch(rf"{part}(\.{part})*", name)
    assert len(name) <= 253


def test_names_that_differ_only_in_case_stay_two_names() -> None:
    assert slug("ci-bot") == "ci-bot"
    assert len({slug("ci-bot"), slug("CI-Bot"), slug("ci bot"), slug("ci-böt")}) == 4
    assert slug("x" * 300) != slug("x" * 301)
