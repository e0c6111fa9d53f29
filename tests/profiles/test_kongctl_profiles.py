"""kongctl's profiles are read in place, as kongctl itself would read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sa_tui.profiles.discover import survey
from sa_tui.profiles.errors import ProfileError
from sa_tui.profiles.kongctl import config_path, kongctl_profiles, kongctl_token
from sa_tui.profiles.model import KongctlSource
from sa_tui.profiles.sources import notices, read_token

if TYPE_CHECKING:
    from pathlib import Path

SPAT = "spat_" + "a1B2c3D4e5" * 5
KPAT = "kpat_" + "a1B2c3D4e5" * 5
CONFIG = f"""\
default:
  output: text
  konnect: {{}}
Team-A:
  Konnect:
    PAT: {SPAT}
    Region: eu
staging:
  konnect:
    pat: {KPAT}
    base-url: https://us.api.konghq.tech
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write(tmp_path, CONFIG)
    return tmp_path


def write(home: Path, text: str | bytes) -> Path:
    path = config_path({}, home)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_names_and_keys_are_compared_in_lower_case(home: Path) -> None:
    assert [p.name for p in kongctl_profiles({}, home)] == ["default", "team-a", "staging"]
    assert kongctl_token("TEAM-a", {}, home) == SPAT


def test_a_profile_without_a_token_is_known_as_such(home: Path) -> None:
    assert [p.has_token for p in kongctl_profiles({}, home)] == [False, True, True]
    with pytest.raises(ProfileError, match="browser login") as refused:
        kongctl_token("default", {}, home)
    assert "KONGCTL_DEFAULT_KONNECT_PAT" in refused.value.mend


def test_a_variable_goes_before_the_file(home: Path) -> None:
    environ = {
        "KONGCTL_TEAM_A_KONNECT_PAT": KPAT,
        "KONGCTL_TEAM_A_KONNECT_REGION": "au",
        "KONGCTL_STAGING_KONNECT_BASE_URL": "http://127.0.0.1:9",
    }
    profiles = {p.name: p for p in kongctl_profiles(environ, home)}
    assert kongctl_token("team-a", environ, home) == KPAT
    assert profiles["team-a"].is_from_environment
    assert profiles["team-a"].address == "https://au.api.konghq.com"
    assert profiles["staging"].address == "http://127.0.0.1:9"


def test_an_empty_variable_counts_as_not_set(home: Path) -> None:
    assert kongctl_token("team-a", {"KONGCTL_TEAM_A_KONNECT_PAT": ""}, home) == SPAT


@pytest.mark.parametrize("name", ["team.b", "team-b", "team_b"])
def test_dots_and_dashes_are_underscores_in_a_variable(name: str, tmp_path: Path) -> None:
    environ = {"KONGCTL_TEAM_B_KONNECT_PAT": SPAT, "KONGCTL_PROFILE": name}
    assert [p.name for p in kongctl_profiles(environ, tmp_path)] == [name]
    assert kongctl_token(name, environ, tmp_path) == SPAT


def test_a_profile_may_exist_in_variables_alone(tmp_path: Path) -> None:
    environ = {"KONGCTL_CI_KONNECT_PAT": SPAT, "KONGCTL_OLD_KONNECT_PAT": ""}
    assert [p.name for p in kongctl_profiles(environ, tmp_path)] == ["ci"]


def test_the_selected_profile_comes_first(home: Path) -> None:
    environ = {"KONGCTL_PROFILE": "Staging", "KONGCTL_TEAM_A_KONNECT_PAT": KPAT}
    names = [p.name for p in kongctl_profiles(environ, home)]
    assert names == ["staging", "team-a", "default"]


def test_the_configuration_directory_can_be_moved(home: Path, tmp_path: Path) -> None:
    moved = tmp_path / "xdg" / "kongctl" / "config.yaml"
    moved.parent.mkdir(parents=True)
    moved.write_text(f"only: {{konnect: {{pat: {KPAT}}}}}")
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "xdg")}
    assert kongctl_token("only", environ, home) == KPAT


def test_an_unknown_profile_is_refused_with_the_known_ones(home: Path) -> None:
    with pytest.raises(ProfileError, match='"default", "team-a", "staging"'):
        kongctl_token("team-b", {}, home)
    with pytest.raises(ProfileError, match="Known kongctl profiles: none"):
        kongctl_token("team-b", {}, home / "elsewhere")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"default:\n  konnect:\n    pat: {SPAT}\n   bad: [", 4),
        (f"default: !!python/object/apply:os.system ['{SPAT}']", 1),
        (f"- {SPAT}\n", None),
        (SPAT, None),
        (b"\xff\xfe\xfa", None),
        ("d: 2024-13-45", None),
    ],
)
def test_a_broken_file_is_named_and_no_token_repeated(
    tmp_path: Path, text: str | bytes, line: int | None
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ProfileError) as refused:
        kongctl_profiles({}, tmp_path)
    assert (refused.value.path, refused.value.line) == (path, line)
    assert SPAT not in str(refused.value)


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "default:\n", "default: text\n", "default: {konnect: {pat: 5}}\n"]
)
def test_a_file_without_tokens_offers_none(tmp_path: Path, text: str) -> None:
    write(tmp_path, text)
    assert not [p for p in kongctl_profiles({}, tmp_path) if p.has_token]


def test_a_file_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path) -> None:
    config_path({}, tmp_path).mkdir(parents=True)
    with pytest.raises(ProfileError, match="cannot be read: Is a directory"):
        kongctl_profiles({}, tmp_path)


def test_what_is_known_of_a_profile_holds_no_token(home: Path) -> None:
    environ = {"KONGCTL_CI_KONNECT_PAT": KPAT}
    shown = repr(kongctl_profiles(environ, home))
    assert SPAT not in shown
    assert KPAT not in shown


# Environments


def environments(tmp_path: Path, *lines: str, **environ: str) -> dict[str, str]:
    """The addresses of a profile's token, by the name of the profile."""
    konnect = "".join(f"\n    {line}" for line in (f"pat: {SPAT}", *lines))
    write(tmp_path, f"a:\n  konnect:{konnect}\n")
    return {p.name: p.address for p in kongctl_profiles(environ, tmp_path)}


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        ((), "https://global.api.konghq.com"),
        (("environment: tech",), "https://global.api.konghq.tech"),
        (("environment: TECH", "region: eu"), "https://eu.api.konghq.tech"),
        (("environment: com", "region: eu"), "https://eu.api.konghq.com"),
        (
            ("environment: tech", "base-url: https://us.api.konghq.com"),
            "https://us.api.konghq.tech",
        ),
        (("environment: tech", "base-url: http://localhost:8000"), "http://localhost:8000"),
    ],
)
def test_a_token_of_the_staging_twin_goes_there_and_nowhere_else(
    tmp_path: Path, lines: tuple[str, ...], address: str
) -> None:
    assert environments(tmp_path, *lines) == {"a": address}


def test_the_environment_may_stand_in_a_variable(tmp_path: Path) -> None:
    found = environments(tmp_path, KONGCTL_A_KONNECT_ENVIRONMENT="tech")
    assert found == {"a": "https://global.api.konghq.tech"}


def test_a_token_of_an_unknown_environment_is_offered_for_no_address(tmp_path: Path) -> None:
    environments(tmp_path, "environment: moon")
    (profile,) = kongctl_profiles({}, tmp_path)
    assert 'konnect.environment is "moon", which is not known here' in str(profile.problem)
    found = survey({}, tmp_path)
    assert found.profiles == ()
    assert "moon" in str(found.unusable["kongctl:a"])


@pytest.mark.parametrize(
    ("line", "base_url"),
    [
        ("environment: tech", "https://global.api.konghq.com"),
        ("base-url: https://us.api.konghq.tech", "https://global.api.konghq.com"),
        ("region: us", "https://global.api.konghq.tech"),
    ],
)
def test_a_saved_profile_cannot_send_the_token_to_another_environment(
    tmp_path: Path, line: str, base_url: str
) -> None:
    environments(tmp_path, line)
    with pytest.raises(ProfileError, match="would be sent to") as refused:
        read_token(KongctlSource("A"), environ={}, home=tmp_path, base_url=base_url)
    assert "Set base_url" in refused.value.mend
    assert SPAT not in str(refused.value)


@pytest.mark.parametrize("base_url", ["https://global.api.konghq.com", "http://localhost:8000"])
def test_a_token_goes_to_its_environment_and_where_the_operator_says(
    tmp_path: Path, base_url: str
) -> None:
    environments(tmp_path, "region: us")
    token = read_token(KongctlSource("a"), environ={}, home=tmp_path, base_url=base_url)
    assert token.get_secret_value() == SPAT


# Whose file it is


@pytest.mark.parametrize(("mode", "is_named"), [(0o600, False), (0o640, True), (0o644, True)])
def test_a_file_that_others_can_read_the_token_in_is_named(
    home: Path, mode: int, is_named: bool
) -> None:
    path = config_path({}, home)
    path.chmod(mode)
    said = " ".join(notices(KongctlSource("Team-A"), environ={}, home=home))
    assert (f"chmod 600 {path}" in said) == is_named
    environ = {"KONGCTL_TEAM_A_KONNECT_PAT": KPAT}
    assert notices(KongctlSource("Team-A"), environ=environ, home=home) == ()


def test_a_file_that_others_can_write_gives_no_token(home: Path) -> None:
    config_path({}, home).chmod(0o664)
    with pytest.raises(ProfileError, match="it can name where a token is sent"):
        kongctl_token("team-a", {}, home)
