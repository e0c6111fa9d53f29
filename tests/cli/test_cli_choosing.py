"""Which profile a run uses: what was named, then the default, the only one, one that was found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sa_tui.cli.arguments.parser import build_parser
from sa_tui.cli.choosing import ProfileChoice
from sa_tui.cli.exits import UsageError
from sa_tui.demo.konnect import FakeKonnect
from sa_tui.profiles.errors import ProfileError
from sa_tui.profiles.model import EnvSource, Profile
from sa_tui.profiles.store import ProfileStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Command

    MakeChoice = Callable[..., ProfileChoice]


@pytest.fixture
def choice(command: Command) -> MakeChoice:
    """What these arguments and this environment choose from."""

    def make(*argv: str, **environ: str) -> ProfileChoice:
        options = build_parser().parse_args(argv)
        env = replace(command.env, environ=command.environ | environ)
        return ProfileChoice(options=options, env=env)

    return make


@pytest.fixture
def keep(directory: Path) -> Callable[..., None]:
    """Keeps profiles of these names."""

    def add(*names: str, default: str | None = None) -> None:
        for name in names:
            profile = Profile(name, source=EnvSource("SOME_TOKEN"))
            ProfileStore(directory).add(profile, default=name == default)

    return add


def test_the_option_wins_over_the_environment_and_the_default(
    choice: MakeChoice, keep: Callable[..., None]
) -> None:
    keep("a", "b", "c", default="c")

    assert choice("--profile", "a", SA_TUI_PROFILE="b").pick().name == "a"
    assert choice(SA_TUI_PROFILE="b").pick().name == "b"
    assert choice().pick().name == "c"


def test_the_only_profile_needs_no_name(choice: MakeChoice, keep: Callable[..., None]) -> None:
    keep("only")

    assert choice(KONNECT_SPAT="x").pick().name == "only"


def test_several_profiles_without_a_default_must_be_told_apart(
    choice: MakeChoice, keep: Callable[..., None]
) -> None:
    keep("a", "b")

    with pytest.raises(ProfileError, match='--profile: "a", "b"'):
        choice(KONNECT_SPAT="x").pick()


def test_without_a_profile_the_best_found_source_is_used(choice: MakeChoice) -> None:
    profile = choice(KONNECT_TOKEN="x", KONNECT_SPAT="y").pick()

    assert profile.source.describe() == "environment variable KONNECT_SPAT"


def test_a_found_source_can_be_named(choice: MakeChoice, keep: Callable[..., None]) -> None:
    keep("kept")

    assert choice("--profile", "KONNECT_SPAT", KONNECT_SPAT="x").pick().name == "KONNECT_SPAT"


def test_what_is_kept_wins_over_what_is_found_under_its_name(
    choice: MakeChoice, keep: Callable[..., None]
) -> None:
    keep("KONNECT_SPAT")

    profile = choice("--profile", "KONNECT_SPAT", KONNECT_SPAT="x").pick()

    assert profile.source == EnvSource("SOME_TOKEN")


def test_with_nothing_at_all_the_ways_to_begin_are_named(choice: MakeChoice) -> None:
    with pytest.raises(ProfileError, match=r"profiles add.*KONNECT_SPAT.*--demo"):
        choice().pick()


def test_an_unknown_profile_is_refused_with_the_known_ones(
    choice: MakeChoice, keep: Callable[..., None]
) -> None:
    keep("a")

    with pytest.raises(ProfileError, match=r'"nope".*"KONNECT_SPAT", "a"'):
        choice("--profile", "nope", KONNECT_SPAT="x").first()


def test_the_application_asks_when_nothing_is_kept_or_nothing_is_clear(
    choice: MakeChoice, keep: Callable[..., None]
) -> None:
    assert choice(KONNECT_SPAT="x").first() is None
    keep("a", "b")
    assert choice(KONNECT_SPAT="x").first() is None


def test_the_application_opens_what_was_named(choice: MakeChoice) -> None:
    first = choice("--profile", "KONNECT_SPAT", KONNECT_SPAT="x").first()

    assert first is not None
    assert first.name == "KONNECT_SPAT"


def test_read_only_holds_for_every_profile(choice: MakeChoice, keep: Callable[..., None]) -> None:
    keep("a", "b")
    asked = choice("--read-only", "--profile", "a", KONNECT_SPAT="x")

    assert asked.pick().read_only
    assert all(each.read_only for each in (*asked.saved(), *asked.found()))
    assert asked.konnect.is_read_only


def test_the_configuration_directory_of_the_option_wins(
    choice: MakeChoice, keep: Callable[..., None], tmp_path: Path, directory: Path
) -> None:
    keep("a")

    assert choice().store.directory == directory
    assert choice("--config", str(tmp_path / "other")).saved() == ()


def test_a_broken_file_is_named_with_its_line(choice: MakeChoice, directory: Path) -> None:
    directory.mkdir()
    (directory / "profiles.toml").write_text("[profiles.a]\ntoken = { env = 5 }\n")

    with pytest.raises(ProfileError, match=r"profiles\.toml, line 2"):
        choice().first()


def test_the_demo_is_the_only_profile_of_the_demo_and_keeps_none(
    choice: MakeChoice, keep: Callable[..., None]
) -> None:
    keep("a", default="a")
    demo = choice("--demo", SA_TUI_PROFILE="a", KONNECT_SPAT="x")

    assert [each.name for each in (*demo.saved(), *demo.found())] == ["demo"]
    assert demo.pick().source.describe() == "the demo organisation itself"
    with pytest.raises(ProfileError, match="keeps no profiles"):
        demo.save(demo.pick())
    with pytest.raises(ProfileError, match="keeps no profiles"):
        demo.remove("a")


def test_the_demo_and_a_profile_exclude_each_other(choice: MakeChoice) -> None:
    with pytest.raises(UsageError, match="exclude"):
        choice("--demo", "--profile", "a")


@pytest.mark.parametrize(
    "option", ["--accounts=5", "--latency=9", "--seed=2", "--odd", "--fault=503"]
)
def test_an_option_of_the_demo_is_refused_without_it(choice: MakeChoice, option: str) -> None:
    with pytest.raises(UsageError, match="add --demo"):
        choice(option)


def test_a_run_that_is_read_only_does_not_make_the_profile_so_that_it_edits(
    choice: MakeChoice, keep: Callable[..., None], directory: Path
) -> None:
    keep("a")
    chosen = choice("--read-only")
    (shown,) = chosen.saved()

    chosen.edit(shown, replace(shown, label="A"))

    kept = ProfileStore(directory).load()["a"]
    assert (kept.label, kept.read_only) == ("A", False)


def test_a_profile_that_is_made_read_only_is_so_in_the_file(
    choice: MakeChoice, keep: Callable[..., None], directory: Path
) -> None:
    keep("a")
    chosen = choice()
    (shown,) = chosen.saved()

    chosen.edit(shown, replace(shown, read_only=True))

    assert ProfileStore(directory).load()["a"].read_only


def test_the_demo_edits_no_profile(choice: MakeChoice) -> None:
    chosen = choice("--demo")
    (shown,) = chosen.saved()

    with pytest.raises(ProfileError, match="The demo keeps no profiles"):
        chosen.edit(shown, shown)


# What kongctl has


@pytest.fixture
def kongctl(tmp_path: Path) -> Path:
    """kongctl's file, with a token for one profile and a browser login for another."""
    path = tmp_path / ".config" / "kongctl" / "config.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("Team-A: {konnect: {pat: kpat_x, region: eu}}\nweb: {konnect: {region: eu}}\n")
    path.chmod(0o600)
    return path


@pytest.mark.usefixtures("kongctl")
@pytest.mark.parametrize("name", ["kongctl:Team-A", "KONGCTL:TEAM-A", "kongctl:team-a"])
def test_a_profile_of_kongctl_is_found_in_any_case(choice: MakeChoice, name: str) -> None:
    assert choice("--profile", name).pick().name == "kongctl:team-a"


@pytest.mark.usefixtures("kongctl")
def test_a_profile_of_kongctl_without_a_token_says_why_it_is_of_no_use(
    choice: MakeChoice,
) -> None:
    with pytest.raises(ProfileError, match="at most a browser login") as refused:
        choice("--profile", "kongctl:Web").pick()
    assert "KONGCTL_WEB_KONNECT_PAT" in refused.value.mend


@pytest.mark.parametrize("spoiled", ["mode", "text"])
def test_a_file_of_kongctl_that_gives_no_profile_says_why(
    choice: MakeChoice, kongctl: Path, spoiled: str
) -> None:
    if spoiled == "mode":
        kongctl.chmod(0o666)
    else:
        kongctl.write_text("a: [")

    with pytest.raises(ProfileError) as refused:
        choice("--profile", "kongctl:team-a").pick()

    assert ("Everyone on this machine" in str(refused.value)) == (spoiled == "mode")
    assert str(kongctl) in str(refused.value)


def test_a_token_that_others_can_read_is_named_before_it_is_used(
    command: Command, kongctl: Path, fake: FakeKonnect
) -> None:
    kongctl.write_text(f"a: {{konnect: {{pat: {fake.operator_token}}}}}\n")
    kongctl.chmod(0o644)

    ended = command("accounts", "--quick", "--profile", "kongctl:A")

    assert ended.code == 0
    assert f"WARNING: Others on this machine can read the token in {kongctl}" in ended.err
    assert ended.err.index("WARNING") < ended.err.index("system account")


# Whose profiles they are


@pytest.mark.parametrize("spoiled", ["file", "directory"])
def test_the_command_of_a_file_that_others_can_write_does_not_run(
    command: Command, directory: Path, tmp_path: Path, spoiled: str, fake: FakeKonnect
) -> None:
    ran = tmp_path / "ran"
    directory.mkdir()
    path = directory / "profiles.toml"
    path.write_text(f'[profiles.a]\ntoken.command = ["touch", "{ran}"]\n')
    path.chmod(0o664 if spoiled == "file" else 0o600)
    directory.chmod(0o777 if spoiled == "directory" else 0o700)

    ended = command("accounts")

    assert ended.code == 2
    assert "it can name commands to run" in ended.err
    assert "chmod" in ended.err
    assert not ran.exists()
    assert fake.received == []


def test_the_words_that_open_a_profile_again_name_the_directory_that_was_given(
    choice: MakeChoice, tmp_path: Path
) -> None:
    profile = Profile("prod", source=EnvSource("SOME_TOKEN"))

    assert choice().opened_by(profile) == ("--profile", "prod")
    given = choice("--config", str(tmp_path)).opened_by(profile)
    assert given == ("--config", str(tmp_path), "--profile", "prod")


def test_the_words_that_open_the_demo_again_make_the_same_organisation(choice: MakeChoice) -> None:
    demo = choice("--demo", "--seed", "3", "--odd", "--accounts", "40")
    (profile,) = demo.saved()

    words = demo.opened_by(profile)

    assert words == ("--demo", "--accounts", "40", "--seed", "3", "--odd")
    assert build_parser().parse_args([*words, "accounts"]).seed == 3
