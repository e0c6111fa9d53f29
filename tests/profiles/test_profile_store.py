"""profiles.toml is read whole or refused with its line, and changed without loss."""

from __future__ import annotations

import difflib
import json
import os
import re
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sa_tui.base.destination import NamedDestination
from sa_tui.base.secrets import looks_like_token
from sa_tui.profiles.errors import ProfileError
from sa_tui.profiles.lines import dotted
from sa_tui.profiles.model import (
    COLOURS,
    CommandSource,
    EnvSource,
    FileSource,
    KeyringSource,
    KongctlSource,
    Profile,
)
from sa_tui.profiles.store import ProfileStore, default_directory

WRITTEN = """\
# the company's organisations
default = "prod"

[profiles.prod]  # careful
label = "PROD"
colour = "red"
read_only = true
regions = [
  "us",  # first
  "eu",
]
token = { env = "KONNECT_SPAT" }

# only for trying things
[profiles."my dev"]
base_url = "http://127.0.0.1:8080"
timeout_seconds = 5
ca_bundle = "~/ca.pem"

[profiles."my dev".token]
file = "~/.token"
"""
SPAT = "spat_" + "a1B2c3D4e5" * 5


@pytest.fixture
def store(tmp_path: Path) -> ProfileStore:
    return ProfileStore(tmp_path / "sa-tui", home=tmp_path)


def write(store: ProfileStore, text: str | bytes) -> None:
    store.directory.mkdir(exist_ok=True)
    store.path.write_bytes(text.encode() if isinstance(text, str) else text)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_without_a_file_there_are_no_profiles(store: ProfileStore) -> None:
    profiles = store.load()
    assert (list(profiles), profiles.default) == ([], None)
    assert not store.directory.exists()


def test_a_file_is_read_in_its_order(store: ProfileStore, tmp_path: Path) -> None:
    write(store, WRITTEN)
    profiles = store.load()
    assert list(profiles) == ["prod", "my dev"]
    assert profiles.default == "prod"
    assert profiles["prod"] == Profile(
        "prod",
        source=EnvSource("KONNECT_SPAT"),
        label="PROD",
        colour="red",
        read_only=True,
        regions=("us", "eu"),
    )
    assert profiles["my dev"] == Profile(
        "my dev",
        source=FileSource(tmp_path / ".token"),
        base_url="http://127.0.0.1:8080",
        timeout_seconds=5.0,
        ca_bundle=tmp_path / "ca.pem",
    )


@pytest.mark.parametrize(
    ("text", "line", "key", "mend"),
    [
        ("[profiles.p]\nlabel = \n", 2, None, "Mend that line"),
        ("[profiles.p]\nlabel = 'a'\nlabel = 'b'", 3, None, "Mend that line"),
        ("[profiles.p]\ntoken = { env = 'X' ", 2, None, "Mend that line"),
        ("[profiles.p]\n\n", 1, "profiles.p.token", "token = { env"),
        ("[profiles.p]\ntoken = {}\n", 2, "profiles.p.token", "token = { env"),
        ("[profiles.p]\ntoken = { env = 'A', file = '/b' }", 2, "profiles.p.token", "token = {"),
        ("[profiles.p]\ntoken = { keyring = 'A' }", 2, "profiles.p.token", "username"),
        ("[profiles.p]\ntoken = { env = 'A', username = 'b' }", 2, "profiles.p.token", "keyring"),
        ("[profiles.p]\ntoken = { env = 'A B' }", 2, "profiles.p.token.env", "KONNECT_SPAT"),
        ("[profiles.p]\ntoken = { env = 3 }", 2, "profiles.p.token.env", "text in quotes"),
        ("[profiles.p]\ntoken = { file = 'a' }", 2, "profiles.p.token.file", "whole path"),
        ("[profiles.p]\ntoken = { command = 'a' }", 2, "profiles.p.token.command", "list of texts"),
        ("[profiles.p]\ntoken = { command = [] }", 2, "profiles.p.token.command", "list"),
        ("[profiles.p]\ntoken = { evn = 'A' }", 2, "profiles.p.token.evn", '"env"'),
        ("[profiles.p]\n#\ncolor = 'red'\ntoken.env = 'A'", 3, "profiles.p.color", '"colour"'),
        ("[profiles.p]\ncolour = 'rde'\ntoken.env = 'A'", 2, "profiles.p.colour", "red"),
        ("[profiles.p]\nread_only = 'yes'\ntoken.env = 'A'", 2, "profiles.p.read_only", "true"),
        ("[profiles.p]\npage_size = true\ntoken.env = 'A'", 2, "profiles.p.page_size", "whole"),
        ("[profiles.p]\npage_size = 9999\ntoken.env = 'A'", 2, "profiles.p.page_size", "1000"),
        ("[profiles.p]\nregions = 'us'\ntoken.env = 'A'", 2, "profiles.p.regions", "list"),
        ("[profiles.p]\nzzz = 1\ntoken.env = 'A'", 2, "profiles.p.zzz", "Known keys"),
        ('[profiles."a\\nb"]\ntoken.env = "A"', 1, 'profiles."a\\nb"', "1 to 40"),
        ("default = 'q'\n[profiles.p]\ntoken.env = 'A'", 1, "default", '"p"'),
        ("default = 3\n", 1, "default", "Known profiles: none"),
        ("\nprofile = 1", 2, "profile", '"profiles"'),
        ("profiles = 1", 1, "profiles", "[profiles.NAME]"),
        ("profiles.p = 1", 1, "profiles.p", "[profiles.NAME]"),
        ("[[profiles]]\nname = 'p'", 1, "profiles", "[profiles.NAME]"),
        ("\n[prod]\ntoken = { env = 'A' }", 2, "prod", "[profiles.prod]"),
        (b"[profiles.p]\nlabel = '\xff'", 2, None, "UTF-8"),
    ],
)
def test_a_broken_file_names_file_line_key_and_mend(
    store: ProfileStore, text: str | bytes, line: int, key: str | None, mend: str
) -> None:
    write(store, text)
    with pytest.raises(ProfileError) as broken:
        store.load()
    error = broken.value
    assert (error.path, error.line, error.key) == (store.path, line, key)
    assert mend in error.mend
    for part in (str(store.path), f"line {line}", key or "", error.mend):
        assert part in str(error)


def test_a_broken_file_is_never_overwritten(store: ProfileStore) -> None:
    write(store, WRITTEN + "oops\n")
    before = store.path.read_bytes()
    with pytest.raises(ProfileError, match="not TOML"):
        store.add(Profile("new", source=EnvSource("A")))
    with pytest.raises(ProfileError, match="not TOML"):
        store.remove("prod")
    assert store.path.read_bytes() == before


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 100_000 + "]" * 100_000,
        "x = " + "{a=" * 5_000 + "1" + "}" * 5_000,
        "x = 1" + "0" * 5_000,
    ],
)
def test_a_value_that_no_parser_bears_is_told_of_the_file(store: ProfileStore, text: str) -> None:
    write(store, text)
    with pytest.raises(ProfileError, match=r"nested too deeply or too long") as refused:
        store.load()
    assert refused.value.path == store.path


@pytest.mark.parametrize(
    "line",
    [
        f'token = "{SPAT}"',
        f'token = {{ env = "{SPAT}" }}',
        f'token = {{ value = "{SPAT}" }}',
        f'token = {{ command = ["echo", "{SPAT}"] }}',
        f'token = {{ {SPAT} = "x" }}',
        f'pat = "{SPAT}"\ntoken = {{ env = "A" }}',
        f'label = "{SPAT}"\ntoken = {{ env = "A" }}',
    ],
)
def test_a_token_in_the_file_is_refused_with_its_line_and_not_repeated(
    store: ProfileStore, line: str
) -> None:
    write(store, f"[profiles.p]\n{line}\n")
    with pytest.raises(ProfileError, match="looks like a token itself") as refused:
        store.load()
    assert refused.value.line == 2
    assert SPAT not in str(refused.value)
    assert "revoke" in refused.value.mend


def test_a_token_where_only_toml_is_broken_is_not_repeated(store: ProfileStore) -> None:
    write(store, f"[{SPAT}]\n[{SPAT}]\n")
    with pytest.raises(ProfileError) as refused:
        store.load()
    assert SPAT not in str(refused.value)


def test_a_token_as_a_profile_name_is_refused_with_its_line(store: ProfileStore) -> None:
    write(store, f"\n[profiles.{SPAT}]\ntoken.env = 'A'\n")
    with pytest.raises(ProfileError, match="looks like a token itself") as refused:
        store.load()
    assert refused.value.line == 2
    assert SPAT not in str(refused.value)


@pytest.mark.parametrize(("mode", "who"), [(0o666, "Everyone"), (0o664, "Its whole group")])
def test_a_file_that_others_may_write_is_refused(store: ProfileStore, mode: int, who: str) -> None:
    write(store, WRITTEN)
    store.path.chmod(mode)
    with pytest.raises(ProfileError, match=rf"{who}.*commands to run.*chmod go-w {store.path}"):
        store.load()


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o400])
def test_a_file_that_others_may_at_most_read_is_taken(store: ProfileStore, mode: int) -> None:
    write(store, WRITTEN)
    store.path.chmod(mode)
    assert list(store.load()) == ["prod", "my dev"]


def given_away(path: Path) -> int:
    """Gives what is there to another user, root's to 4321; whoever is neither it nor root."""
    if os.geteuid() == 0:
        os.chown(path, 4321, -1)
        return 1234
    return os.geteuid() + 1


def test_a_file_of_somebody_else_is_refused(store: ProfileStore) -> None:
    write(store, WRITTEN)
    caller = given_away(store.path)
    with pytest.raises(
        ProfileError, match=rf"belongs to user id .*you are {caller}.*chown {caller}"
    ):
        replace(store, caller=caller).load()


def test_a_file_of_somebody_else_behind_a_link_is_refused(store: ProfileStore) -> None:
    write(store, WRITTEN)
    elsewhere = store.directory / "elsewhere.toml"
    store.path.rename(elsewhere)
    store.path.symlink_to(elsewhere)
    assert list(store.load()) == ["prod", "my dev"]
    caller = given_away(elsewhere)
    with pytest.raises(ProfileError, match="belongs to user id"):
        replace(store, caller=caller).load()


def test_a_file_in_a_directory_of_somebody_else_is_refused(store: ProfileStore) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a directory away")
    write(store, WRITTEN)
    os.chown(store.directory, 4321, -1)
    with pytest.raises(ProfileError, match="This directory belongs to user id 4321"):
        store.load()


def test_a_directory_where_everyone_may_replace_files_is_refused(store: ProfileStore) -> None:
    write(store, WRITTEN)
    store.directory.chmod(0o777)
    with pytest.raises(ProfileError, match=rf"replace.*mode 0777.*chmod o-w {store.directory}"):
        store.load()
    store.directory.chmod(0o1777)  # as /tmp: nobody can replace the file of another
    assert list(store.load()) == ["prod", "my dev"]


def test_every_directory_that_is_made_is_private_under_any_umask(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path / "home" / ".config" / "sa-tui")
    before = os.umask(0)
    try:
        store.add(Profile("prod", source=EnvSource("KONNECT_SPAT")))
    finally:
        os.umask(before)
    made = (store.directory, store.directory.parent, tmp_path / "home")
    assert [mode(each) for each in made] == [0o700] * 3


def test_a_file_that_cannot_be_read_is_not_taken_for_none(store: ProfileStore) -> None:
    store.path.mkdir(parents=True)
    with pytest.raises(ProfileError, match="cannot be read: Is a directory"):
        store.load()


def test_the_first_profile_makes_a_private_directory_and_file(store: ProfileStore) -> None:
    store.add(Profile("prod", source=EnvSource("KONNECT_SPAT")), default=True)
    assert mode(store.directory) == 0o700
    assert mode(store.path) == 0o600
    assert os.listdir(store.directory) == ["profiles.toml"]
    assert store.path.read_text().startswith("# Profiles of sa-tui")
    assert store.load().default == "prod"


def test_adding_keeps_every_line_that_was_there(store: ProfileStore) -> None:
    write(store, WRITTEN)
    store.add(Profile("eu", source=KongctlSource("eu"), label="EU"))
    text = store.path.read_text()
    assert text.startswith(WRITTEN)
    assert text.removeprefix(WRITTEN) == '\n[profiles.eu]\nlabel = "EU"\ntoken = {kongctl = "eu"}\n'


@pytest.mark.parametrize("text", [WRITTEN.rstrip("\n"), WRITTEN.replace("\n", "\r\n"), "# mine"])
def test_adding_copes_with_any_line_end(store: ProfileStore, text: str) -> None:
    write(store, text)
    before = store.load()
    store.add(Profile("new", source=EnvSource("A")))
    assert list(store.load()) == [*before, "new"]
    assert store.path.read_bytes().startswith(text.encode())


def test_removing_keeps_the_other_profiles_and_their_comments(store: ProfileStore) -> None:
    write(store, WRITTEN)
    store.remove("my dev")
    text = store.path.read_text()
    assert list(store.load()) == ["prod"]
    assert text.startswith(WRITTEN.partition('[profiles."my dev"]')[0])


def test_removing_the_default_profile_leaves_no_default(store: ProfileStore) -> None:
    write(store, WRITTEN)
    store.remove("prod")
    profiles = store.load()
    assert (list(profiles), profiles.default) == (["my dev"], None)
    assert "# the company's organisations" in store.path.read_text()


def test_the_last_profile_can_be_removed_and_another_added(store: ProfileStore) -> None:
    store.add(Profile("one", source=EnvSource("A")), default=True)
    store.remove("one")
    assert not store.load()
    store.add(Profile("two", source=EnvSource("A")))
    assert list(store.load()) == ["two"]


# Changing one where it stands


def changed(store: ProfileStore, which: str, **fields: Any) -> tuple[str, str]:
    """The lines that go and those that come when a profile gets these fields."""
    before = store.path.read_text()
    old = store.load()[which]
    store.replace(old, replace(old, **fields))
    assert store.load()[fields.get("name", which)] == replace(old, **fields)
    diff = difflib.ndiff(before.splitlines(), store.path.read_text().splitlines())
    lines = [line for line in diff if line[:2] in ("- ", "+ ")]
    gone = "\n".join(line[2:] for line in lines if line.startswith("-"))
    return gone, "\n".join(line[2:] for line in lines if line.startswith("+"))


@pytest.mark.parametrize(
    ("name", "fields", "gone", "come"),
    [
        ("prod", {"label": "LIVE"}, 'label = "PROD"', 'label = "LIVE"'),
        ("prod", {"label": ""}, 'label = "PROD"', ""),
        ("prod", {"page_size": 10}, "", "page_size = 10"),
        ("prod", {"regions": ("us", "au")}, '  "eu",', '  "au",'),
        ("prod", {"regions": ()}, 'regions = [\n  "us",  # first\n  "eu",\n]', ""),
        (
            "prod",
            {"source": EnvSource("OTHER")},
            'token = { env = "KONNECT_SPAT" }',
            'token = { env = "OTHER" }',
        ),
        (
            "prod",
            {"source": KeyringSource("konnect", username="me")},
            'token = { env = "KONNECT_SPAT" }',
            'token = {keyring = "konnect", username = "me"}',
        ),
        ("my dev", {"timeout_seconds": 30.0}, "timeout_seconds = 5", ""),
        ("my dev", {"read_only": True}, "", "read_only = true"),
        (
            "my dev",
            {"source": CommandSource(("pass", "show", "x"))},
            'file = "~/.token"',
            'command = ["pass", "show", "x"]',
        ),
        ("my dev", {"source": FileSource(Path("/t"))}, 'file = "~/.token"', 'file = "/t"'),
    ],
)
def test_an_edit_changes_its_own_lines_and_no_other(
    store: ProfileStore, name: str, fields: dict[str, Any], gone: str, come: str
) -> None:
    write(store, WRITTEN)
    assert changed(store, name, **fields) == (gone, come)


def test_a_new_setting_stands_with_its_profile_and_not_with_the_next_one_s_comment(
    store: ProfileStore,
) -> None:
    write(store, WRITTEN)
    old = store.load()["prod"]
    store.replace(old, replace(old, page_size=10))
    assert "}\npage_size = 10\n\n# only for trying things\n[profiles." in store.path.read_text()


@pytest.mark.parametrize("name", ["live", "live one", 'say "hi"', "prod.eu"])
def test_a_renamed_profile_keeps_its_place_and_stays_the_default(
    store: ProfileStore, name: str
) -> None:
    write(store, WRITTEN)
    changed(store, "prod", name=name)
    changed(store, "my dev", name="dev")
    profiles = store.load()
    assert (list(profiles), profiles.default) == ([name, "dev"], name)
    heading = f"[{dotted(('profiles', name))}]  # careful"
    expected = WRITTEN.replace("[profiles.prod]  # careful", heading)
    expected = expected.replace('profiles."my dev"', "profiles.dev")
    expected = expected.replace('default = "prod"', f"default = {json.dumps(name)}")
    assert store.path.read_text() == expected


def test_an_edit_of_the_address_leaves_no_pattern_of_the_old_one(store: ProfileStore) -> None:
    text = '[profiles.a]\nregional_url = "https://{region}.api.konghq.com"\ntoken.env = "A"\n'
    write(store, text)
    changed(store, "a", base_url="https://konnect.test", regional_url="")
    assert "konghq" not in store.path.read_text()


def test_an_edit_does_not_take_another_name_or_undo_another_change(store: ProfileStore) -> None:
    write(store, WRITTEN)
    prod = store.load()["prod"]
    with pytest.raises(ProfileError, match='already a profile "my dev"'):
        store.replace(prod, replace(prod, name="my dev"))
    with pytest.raises(ProfileError, match="was changed meanwhile"):
        store.replace(replace(prod, label="OLD"), replace(prod, label="NEW"))
    with pytest.raises(ProfileError, match='no profile "gone"'):
        store.replace(replace(prod, name="gone"), prod)
    assert store.path.read_text() == WRITTEN


@pytest.mark.parametrize(
    "text",
    [
        'profiles.a.token.env = "A"\n',
        '[profiles]\na.token.env = "A"\n',
        'profiles = { a = { token = { env = "A" } } }\n',
        '[profiles.a]\ntoken.env = "A"\n# end',
        '[profiles.a]\r\ntoken = { env = "A" }  # here\r\n# end\r\n',
        '[profiles.a]\n[profiles.b]\ntoken.env = "B"\n[profiles.a.token]\nenv = "A"\n# end\n',
    ],
)
@pytest.mark.parametrize(
    "fields",
    [
        {"name": "new"},
        {"label": "A"},
        {"name": "new", "source": EnvSource("N")},
        {"source": KongctlSource("k"), "label": "A"},
    ],
)
def test_an_edit_in_a_file_of_any_layout_is_right_or_refused(
    store: ProfileStore, text: str, fields: dict[str, Any]
) -> None:
    write(store, text)
    before = store.load()
    new = replace(before["a"], **fields)
    refused = ""
    try:
        store.replace(before["a"], new)
    except ProfileError as error:
        refused = error.mend
    after = store.path.read_bytes().decode()
    if refused:
        assert ("by hand" in refused, after) == (True, text)
    else:
        assert list(store.load().values()) == [new, *(before[key] for key in before if key != "a")]
        assert re.findall("#.*", after) == re.findall("#.*", text)


def test_a_name_that_is_taken_is_refused(store: ProfileStore) -> None:
    write(store, WRITTEN)
    with pytest.raises(ProfileError, match='already a profile "prod"'):
        store.add(Profile("prod", source=EnvSource("A")))
    assert store.path.read_text() == WRITTEN


@pytest.mark.parametrize("name", ["pord", ""])
def test_an_unknown_name_is_refused_with_the_known_ones(store: ProfileStore, name: str) -> None:
    write(store, WRITTEN)
    for change in (store.remove, store.load().pick):
        with pytest.raises(ProfileError, match='Known profiles: "prod", "my dev"'):
            change(name)
    assert store.path.read_text() == WRITTEN


def test_without_a_name_the_default_or_only_profile_is_picked(store: ProfileStore) -> None:
    write(store, WRITTEN)
    assert store.load().pick().name == "prod"
    store.remove("prod")
    assert store.load().pick().name == "my dev"
    store.add(Profile("other", source=EnvSource("A")))
    with pytest.raises(ProfileError, match="--profile"):
        store.load().pick()


def test_a_linked_file_stays_a_link(store: ProfileStore, tmp_path: Path) -> None:
    (tmp_path / "dotfiles.toml").write_text(WRITTEN)
    store.directory.mkdir()
    store.path.symlink_to(tmp_path / "dotfiles.toml")
    store.add(Profile("one", source=EnvSource("A")), default=True)
    assert store.path.is_symlink()
    assert 'default = "one"' in (tmp_path / "dotfiles.toml").read_text()


@pytest.mark.parametrize(
    "text",
    [
        'profiles.a.token.env = "A"\n',
        '[profiles]\na.token.env = "A"\n',
        '[profiles.a]\n[profiles.b]\ntoken.env = "B"\n[profiles.a.token]\nenv = "A"\n',
    ],
)
def test_a_profile_is_added_to_a_file_of_any_layout(store: ProfileStore, text: str) -> None:
    write(store, text)
    before = store.load()
    new = Profile("new", source=EnvSource("N"))
    store.add(new)
    assert dict(store.load()) == {**before, "new": new}


@pytest.mark.parametrize(
    "text",
    [
        'profiles = { a = { token = { env = "A" } } }\n',
        'profiles.a.token.env = "A"\nprofiles.b.token.env = "B"\n',
    ],
)
def test_a_change_that_would_disturb_something_is_left_to_the_operator(
    store: ProfileStore, text: str
) -> None:
    write(store, text)
    with pytest.raises(ProfileError, match="by hand"):
        store.add(Profile("new", source=EnvSource("A")))
    assert store.path.read_text() == text


def test_writers_at_the_same_time_lose_nothing(store: ProfileStore) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from sa_tui.profiles.model import EnvSource, Profile\n"
        "from sa_tui.profiles.store import ProfileStore\n"
        "for n in range(10):\n"
        "    profile = Profile(sys.argv[2] + str(n), source=EnvSource('A'))\n"
        "    ProfileStore(Path(sys.argv[1])).add(profile)\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", code, store.directory, prefix]) for prefix in "ab"
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert len(store.load()) == 20


TEXT = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=12).filter(
    lambda text: not looks_like_token(text)
)
PATHS = TEXT.map(lambda text: Path("/") / text.replace("/", "_"))
SOURCES = st.one_of(
    st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,20}", fullmatch=True).map(EnvSource),
    PATHS.map(FileSource),
    st.lists(TEXT, min_size=1, max_size=4).map(lambda argv: CommandSource(tuple(argv))),
    st.builds(KeyringSource, TEXT, username=TEXT),
    st.builds(KongctlSource, TEXT),
)
PROFILES = st.builds(
    Profile,
    TEXT,
    source=SOURCES,
    base_url=st.sampled_from(
        ["https://global.api.konghq.com", "http://localhost:1", "https://x.y"]
    ),
    regional_url=st.sampled_from(["", "https://{region}.api.konghq.com", "https://x.y/{region}/z"]),
    regions=st.lists(st.sampled_from(["us", "eu", "au", "me"]), max_size=3).map(tuple),
    label=st.one_of(st.just(""), TEXT),
    read_only=st.booleans(),
    colour=st.sampled_from(COLOURS),
    page_size=st.integers(1, 1000),
    timeout_seconds=st.floats(1, 600),
    concurrency=st.integers(1, 16),
    ca_bundle=st.one_of(st.none(), PATHS),
)


@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.lists(PROFILES, max_size=4, unique_by=lambda profile: profile.name))
def test_what_is_added_is_what_is_loaded(
    tmp_path_factory: pytest.TempPathFactory, profiles: list[Profile]
) -> None:
    store = ProfileStore(tmp_path_factory.mktemp("round"))
    for profile in profiles:
        store.add(profile)
    assert list(store.load().values()) == profiles


@settings(deadline=None, max_examples=60, derandomize=True)
@given(PROFILES, PROFILES, PROFILES.filter(lambda profile: profile.name != "x"))
def test_any_edit_leaves_every_comment_and_every_other_profile(
    tmp_path_factory: pytest.TempPathFactory, old: Profile, new: Profile, other: Profile
) -> None:
    store = ProfileStore(tmp_path_factory.mktemp("edit"))
    other = replace(other, name=f"{old.name}{new.name}"[:30] + "'s")
    for profile in (old, other):
        store.add(profile, default=profile is old)
    lines = store.path.read_text().splitlines()
    headings = [number for number, line in enumerate(lines) if line.startswith("[")]
    for number in reversed(headings):
        lines[number] += f"  # heading {number}"
        lines.insert(number, f"# before {number}")
    store.path.write_text("\n".join((*lines, "# end", "")))

    store.replace(old, new)

    assert list(store.load().values()) == [new, other]
    assert store.load().default == new.name
    comments = [line for line in store.path.read_text().splitlines() if "# " in line]
    assert [re.sub(r".*\]  # ", "# ", line) for line in comments] == [
        re.sub(r".*\]  # ", "# ", line) for line in (*lines, "# end") if "# " in line
    ]


def test_the_directory_can_be_chosen() -> None:
    assert default_directory({"SA_TUI_CONFIG": "/somewhere"}) == Path("/somewhere")
    assert default_directory({}).name == "sa-tui"


# Destinations

PLACES = """\
# where secrets go
[destinations.vault]  # the company's
kind = "command"
command = "vault kv put -mount=secret 'konnect/{account}' value=-"
verify = ["vault", "kv", "get", "-field=value", "konnect/{account}"]
note = "the one that the pipelines read"

[destinations.nightly]
kind = "file"
path = "/run/konnect/{account}.env"
format = "env"
"""


def test_destinations_are_read_in_their_order(store: ProfileStore) -> None:
    write(store, PLACES)

    places = store.load().destinations

    assert list(places) == ["vault", "nightly"]
    assert places["vault"] == NamedDestination(
        "vault",
        kind="command",
        command=("vault", "kv", "put", "-mount=secret", "konnect/{account}", "value=-"),
        verify=("vault", "kv", "get", "-field=value", "konnect/{account}"),
        note="the one that the pipelines read",
    )
    assert places["nightly"].format == "env"


@pytest.mark.parametrize(
    ("text", "line", "key", "says"),
    [
        ("comand = 'x'\nkind = 'command'", 2, "a.comand", 'Did you mean "command"?'),
        ("kind = 'comand'\ncommand = 'x'", 2, "a.kind", "Use command, file, clipboard, show."),
        ("command = 'x'", 1, "a", "There is no kind."),
        ("kind = 'command'", 1, "a", "needs a command"),
        ("kind = 'file'\ncommand = 'x'\npath = '/x'", 3, "a.command", "has no command"),
        ("kind = 'file'\npath = '/x'\nformat = 'yaml'", 4, "a.format", "Use raw, env, json, k8s."),
        ("kind = 'command'\ncommand = [1]", 3, "a.command", "a list of texts"),
        ("kind = 'command'\ncommand = \"a 'b\"", 3, "a.command", "no closing quotation"),
        ("kind = 'command'\ncommand = ['sh', '-c', 'kpat_" + "a" * 40 + "']", 3, None, "token"),
        ("kind = 'show'\nverify = 'x'", 3, "a.verify", "has no verify"),
    ],
)
def test_a_destination_that_cannot_be_says_its_line_and_keeps_the_others_from_nothing(
    store: ProfileStore, text: str, line: int, key: str | None, says: str
) -> None:
    above = f"{WRITTEN}{PLACES}"
    write(store, f"{above}[destinations.a]\n{text}\n")
    line += above.count("\n")

    profiles = store.load()

    problem = profiles.destinations["a"].problem
    assert says in problem
    assert f"line {line}, destinations.{key or 'a'}" in problem
    assert "aaaa" not in problem
    assert list(profiles) == ["prod", "my dev"]
    assert [each.problem for each in profiles.destinations.values()][:2] == ["", ""]


@pytest.mark.parametrize("text", ["a = 1", "[destinations.'x y']\nkind = 'show'"])
def test_a_destination_without_a_table_or_a_name_is_one_that_cannot_be(
    store: ProfileStore, text: str
) -> None:
    write(store, f"[destinations]\n{text}\n")

    (place,) = store.load().destinations.values()

    assert place.problem


def test_a_profile_is_changed_beside_a_destination_that_cannot_be(store: ProfileStore) -> None:
    wrong = "[destinations.a]\nkind = 'comand'\n"
    write(store, wrong)

    store.add(Profile("prod", source=EnvSource("KONNECT_SPAT")))
    store.add_destination(NamedDestination("show", kind="show"))

    assert list(store.load()) == ["prod"]
    assert store.path.read_text().startswith(wrong)
    with pytest.raises(ProfileError, match="already a destination"):
        store.add_destination(NamedDestination("a", kind="show"))


def test_a_destination_is_added_and_every_comment_stays(store: ProfileStore) -> None:
    write(store, WRITTEN + PLACES)
    new = NamedDestination("mine", kind="command", command=("cat", "-"), note="x")

    store.add_destination(new)

    profiles = store.load()
    assert list(profiles.destinations.values())[-1] == new
    assert list(profiles) == ["prod", "my dev"]
    assert store.path.read_text().startswith(WRITTEN + PLACES)
    assert mode(store.path) == 0o600
    with pytest.raises(ProfileError, match="already a destination"):
        store.add_destination(new)


def test_a_profile_is_changed_beside_destinations(store: ProfileStore) -> None:
    write(store, PLACES)
    places = store.load().destinations

    store.add(Profile("prod", source=EnvSource("KONNECT_SPAT")))
    store.replace(store.load()["prod"], Profile("eu", source=EnvSource("KONNECT_SPAT")))
    assert store.load().destinations == places
    store.remove("eu")

    assert store.load().destinations == places
    assert "# where secrets go" in store.path.read_text()


def test_the_first_destination_makes_the_file(store: ProfileStore) -> None:
    store.add_destination(NamedDestination("show", kind="show"))

    assert store.load().destinations["show"].kind == "show"
