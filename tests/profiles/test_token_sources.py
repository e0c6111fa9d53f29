"""A token is read from where it is kept, or the error says what to do and does not repeat it."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sa_tui.base.installing import install_command
from sa_tui.profiles.errors import ProfileError
from sa_tui.profiles.model import (
    CommandSource,
    EnvSource,
    FileSource,
    KeyringSource,
    KongctlSource,
    TokenSource,
)
from sa_tui.profiles.sources import notices, read_token
from sa_tui.profiles.trust import is_of_root_alone

SPAT = "spat_" + "a1B2c3D4e5" * 5
ODD = "odd-token-without-a-known-prefix"


def python(code: str) -> CommandSource:
    return CommandSource((sys.executable, "-c", code))


def kept(path: Path, content: str | bytes, mode: int = 0o600) -> FileSource:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)
    return FileSource(path)


def refusal(source: TokenSource, **options: object) -> ProfileError:
    with pytest.raises(ProfileError) as refused:
        read_token(source, **{"environ": {}, **options})  # type: ignore[arg-type]
    return refused.value


ENTRY = "KeyringSource('konnect', username='ci')"


def in_a_new_python(source: str, *, first: str = "", typed: str = "") -> str:
    """What a fresh interpreter says: how long the token is, or the error."""
    code = (
        "import sys\n"
        "from sa_tui.profiles.model import CommandSource, KeyringSource\n"
        "from sa_tui.profiles.sources import read_token\n"
        f"{first}\n"
        "try:\n"
        f"    print(len(read_token({source}, environ={{}}).get_secret_value()))\n"
        "except Exception as error:\n"
        "    print(type(error).__name__, error)\n"
    )
    argv = [sys.executable, "-c", code]
    return subprocess.run(argv, input=typed, capture_output=True, text=True, check=True).stdout


class DictKeyring:
    """A keyring of these passwords."""

    def __init__(self, passwords: dict[tuple[str, str], str]) -> None:
        self.passwords = passwords

    def get_password(self, service: str, username: str) -> str | None:
        return self.passwords.get((service, username))


def test_a_token_is_read_from_the_environment() -> None:
    token = read_token(EnvSource("T"), environ={"T": SPAT})
    assert token.get_secret_value() == SPAT
    assert SPAT not in repr(token)


@pytest.mark.parametrize("text", [f" {SPAT}", f"{SPAT}\n", f"\n{SPAT}\r\n\n", f"\t{SPAT} "])
def test_blanks_around_a_token_are_dropped(text: str, tmp_path: Path) -> None:
    assert read_token(EnvSource("T"), environ={"T": text}).get_secret_value() == SPAT
    assert read_token(kept(tmp_path / "t", text), environ={}).get_secret_value() == SPAT


def test_a_variable_that_is_not_set_is_named() -> None:
    error = refusal(EnvSource("KONNECT_SPAT"))
    assert str(error).startswith("Environment variable KONNECT_SPAT is not set.")
    assert "Set KONNECT_SPAT" in error.mend


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_token_is_not_a_token(text: str, tmp_path: Path) -> None:
    assert "is empty" in str(refusal(EnvSource("T"), environ={"T": text}))
    assert "is empty" in str(refusal(kept(tmp_path / "t", text)))
    assert "is empty" in str(refusal(python(f"print({text!r})")))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{ODD}\n{ODD}", "several lines"),
        (f"{ODD}\r\nX-Header: 1", "several lines"),
        (f"{ODD} {ODD}", "blanks"),
        (f"{ODD}\x1b[31m", "control characters"),
        (f"{ODD}\x00", "control characters"),
        (f"{ODD}é", "letters no token has"),
        (f"{ODD}\u200b", "letters no token has"),
        (f"Bearer {ODD}", "starts with Bearer"),
        (ODD * 1000, "too long"),
    ],
)
def test_text_that_could_not_go_into_a_header_is_refused_and_not_repeated(
    text: str, says: str
) -> None:
    error = refusal(EnvSource("T"), environ={"T": text})
    assert says in str(error)
    assert ODD not in str(error)


def test_a_token_is_read_from_a_private_file(tmp_path: Path) -> None:
    assert read_token(kept(tmp_path / "t", SPAT), environ={}).get_secret_value() == SPAT
    assert read_token(kept(tmp_path / "r", SPAT, 0o400), environ={}).get_secret_value() == SPAT


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o644, 0o777])
def test_a_file_open_to_others_is_refused_with_the_command_that_mends_it(
    tmp_path: Path, mode: int
) -> None:
    path = tmp_path / "token"
    error = refusal(kept(path, SPAT, mode))
    assert f"mode {mode:04o}" in str(error)
    assert error.mend == f"Run: chmod 600 {path}"


OF_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files of root's")
SOMEBODY = 1234


@OF_ROOT
def test_a_file_of_someone_else_is_refused(tmp_path: Path) -> None:
    source = kept(tmp_path / "token", SPAT)
    os.chown(source.path, 12345, -1)
    assert "belongs to user id 12345, and you are 0" in str(refusal(source))


@OF_ROOT
@pytest.mark.parametrize("mode", [0o444, 0o440, 0o400, 0o644])
def test_a_secret_that_root_alone_can_have_mounted_is_read(tmp_path: Path, mode: int) -> None:
    # As Kubernetes does it: links through a directory that is exchanged whole.
    tmp_path.chmod(0o1777)
    (tmp_path / "..2026_11_23").mkdir()
    kept(tmp_path / "..2026_11_23" / "token", SPAT, mode)
    (tmp_path / "..data").symlink_to("..2026_11_23")
    (tmp_path / "token").symlink_to("..data/token")
    source = FileSource(tmp_path / "token")
    assert read_token(source, environ={}, caller=SOMEBODY).get_secret_value() == SPAT
    said = " ".join(notices(source, environ={}, home=tmp_path, caller=SOMEBODY))
    assert (f"mode {mode:04o}" in said) == (mode != 0o400)
    assert SPAT not in said


@OF_ROOT
@pytest.mark.parametrize("spoiled", ["token", "link", "directory", "target"])
def test_a_mounted_secret_that_somebody_else_may_have_put_there_is_refused(
    tmp_path: Path, spoiled: str
) -> None:
    (tmp_path / "data").mkdir()
    token = kept(tmp_path / "data" / "token", SPAT, 0o444).path
    link = tmp_path / "link"
    link.symlink_to("data")
    if spoiled == "token":
        token.chmod(0o666)
    elif spoiled == "link":
        os.chown(link, 4321, -1, follow_symlinks=False)
    elif spoiled == "directory":
        (tmp_path / "data").chmod(0o777)
    else:
        os.chown(tmp_path / "data", 4321, -1)
    source = FileSource(link / "token")
    error = refusal(source, caller=SOMEBODY)
    assert "belongs to user id 0" in str(error)
    assert notices(source, environ={}, home=tmp_path, caller=SOMEBODY) == ()
    assert "one that a container mounts has to be root's" in error.mend


ON_A_READ_ONLY_MOUNT = """
set -e
mount -t tmpfs tmpfs "$1"
printf %s "$4" > "$1/token"
chown "$3" "$1/token"
chmod "$2" "$1/token"
mount -o remount,ro "$1"
exec "$6" -c "$5" "$1/token" "$3"
"""
READ = """
import sys
from pathlib import Path
from sa_tui.profiles.errors import ProfileError
from sa_tui.profiles.model import FileSource
from sa_tui.profiles.sources import notices, read_token
source, caller = FileSource(Path(sys.argv[1])), int(sys.argv[2])
print(*notices(source, environ={}, home=Path("/"), caller=caller))
try:
    print(read_token(source, environ={}, caller=caller).get_secret_value())
except ProfileError as error:
    print(error)
"""


@OF_ROOT
@pytest.mark.parametrize(("mode", "is_read"), [("444", True), ("640", True), ("664", False)])
def test_a_file_of_ones_own_whose_mode_nobody_can_change_is_read(
    tmp_path: Path, mode: str, is_read: bool
) -> None:
    # As Docker Compose mounts a file of the machine.
    arguments = (str(tmp_path), mode, str(SOMEBODY), SPAT, READ, sys.executable)
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", ON_A_READ_ONLY_MOUNT, "sh", *arguments],
        check=False,
        capture_output=True,
        text=True,
    )
    if not done.stdout:
        pytest.skip(f"nothing can be mounted here: {done.stderr}")
    assert (SPAT in done.stdout) == is_read
    assert ("nobody else here can have written it" in done.stdout) == is_read


def test_a_link_in_a_circle_is_of_nobody(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert not is_of_root_alone(tmp_path / "a")


def test_a_link_is_followed_and_its_target_checked(tmp_path: Path) -> None:
    target = kept(tmp_path / "target", SPAT).path
    link = tmp_path / "link"
    link.symlink_to(target)
    assert read_token(FileSource(link), environ={}).get_secret_value() == SPAT
    target.chmod(0o644)
    assert "is open to others" in str(refusal(FileSource(link)))


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    (tmp_path / "folder").mkdir(0o700)
    for name in ("pipe", "folder"):
        assert "is not a regular file" in str(refusal(FileSource(tmp_path / name)))
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        assert "cannot be opened" in str(refusal(FileSource(tmp_path / "socket")))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert f"File {tmp_path}/none does not exist." in str(refusal(FileSource(tmp_path / "none")))
    path = kept(tmp_path / "t", SPAT).path
    assert "cannot be opened: Not a directory" in str(refusal(FileSource(path / "below")))
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert "cannot be opened" in str(refusal(FileSource(tmp_path / "loop")))


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    assert "no token has" in str(refusal(kept(tmp_path / "t", b"\xff\xfe\x00")))


def test_a_file_with_more_than_the_token_is_refused(tmp_path: Path) -> None:
    assert "several lines" in str(refusal(kept(tmp_path / "t", f"{SPAT}\nnote\n")))
    assert "too long" in str(refusal(kept(tmp_path / "u", "x" * 100_000)))


def test_reading_changes_nothing_about_the_file(tmp_path: Path) -> None:
    path = tmp_path / "t"
    read_token(kept(path, SPAT, 0o400), environ={})
    assert path.read_text() == SPAT
    assert stat.S_IMODE(path.stat().st_mode) == 0o400


def test_a_token_is_the_first_line_that_a_command_prints() -> None:
    source = python("import os; print(os.environ['T']); print('url: https://example.com')")
    assert read_token(source, environ={"T": SPAT}).get_secret_value() == SPAT


def test_a_command_sees_the_environment_and_no_shell(tmp_path: Path) -> None:
    source = python("import os; print(os.environ['VAULT'])")
    assert read_token(source, environ={"VAULT": SPAT}).get_secret_value() == SPAT
    source = CommandSource((sys.executable, "-c", "import sys; print(sys.argv[1])", "$(id);`id`"))
    assert read_token(source, environ={}).get_secret_value() == "$(id);`id`"


def test_a_command_is_found_on_the_path_of_the_given_environment(tmp_path: Path) -> None:
    script = tmp_path / "my-pass"
    script.write_text(f"#!/bin/sh\necho {SPAT}\n")
    script.chmod(0o700)
    source = CommandSource(("my-pass",))
    assert read_token(source, environ={"PATH": str(tmp_path)}).get_secret_value() == SPAT
    assert "Command my-pass was not found." in str(refusal(source))


def test_a_command_that_may_not_be_run_is_named(tmp_path: Path) -> None:
    path = kept(tmp_path / "tool", "x").path
    error = refusal(CommandSource((str(path),)))
    assert "cannot be started: Permission denied" in str(error)


def test_a_failed_command_shows_what_it_said_but_no_token() -> None:
    code = (
        f"import os, sys; print('{ODD}');"
        "sys.exit('vault \\x1b[31mlocked\\n' + os.environ['T'] + ' x' * 100)"
    )
    error = refusal(python(code), environ={"T": SPAT})
    assert "failed with exit code 1. It said: vault ␛[31mlocked spat_… x" in str(error)
    assert ODD not in str(error)


def test_a_token_cut_short_is_not_shown_either() -> None:
    code = "import os, sys; sys.exit(os.environ['T'] + ' ' + 'y' * 270)"
    assert SPAT[-20:] not in str(refusal(python(code), environ={"T": SPAT}))


def test_a_command_ended_by_a_signal_says_so() -> None:
    error = refusal(python("import os; os.kill(os.getpid(), 9)"))
    assert "was ended by signal 9. It said nothing." in str(error)


def test_a_command_that_does_not_end_is_given_up() -> None:
    error = refusal(
        python("import sys; sys.stdin.read(); import time; time.sleep(60)"), timeout_seconds=0.2
    )
    assert "did not end within 0.2 s" in str(error)


def test_a_command_does_not_read_what_the_operator_types() -> None:
    said = in_a_new_python(
        "CommandSource((sys.executable, '-c', 'import sys; print(sys.stdin.read() or 12345)'))",
        typed="typed by the operator",
    )
    assert said == "5\n"


def test_a_token_is_read_from_the_keyring() -> None:
    keyring = DictKeyring({("konnect", "ci"): SPAT})
    source = KeyringSource("konnect", username="ci")
    assert read_token(source, environ={}, keyring=keyring).get_secret_value() == SPAT


def test_a_missing_keyring_entry_is_named_with_how_to_make_it() -> None:
    error = refusal(KeyringSource("konnect", username="ci"), keyring=DictKeyring({}))
    assert "Keyring entry konnect of ci does not exist." in str(error)
    assert 'keyring set "konnect" "ci"' in error.mend


def test_a_keyring_that_fails_is_an_error_of_the_profile() -> None:
    class Locked:
        def get_password(self, service: str, username: str) -> str | None:
            raise RuntimeError(f"collection locked {SPAT}")

    error = refusal(KeyringSource("konnect", username="ci"), keyring=Locked())
    assert "cannot be read: RuntimeError: collection locked spat_…" in str(error)


def test_a_missing_keyring_package_says_how_to_get_it() -> None:
    said = in_a_new_python(ENTRY, first="sys.modules['keyring'] = None")
    assert said.startswith("ProfileError token.keyring: The keyring package is not installed.")
    assert install_command("keyring") in said


def test_the_systems_keyring_is_asked_through_its_package() -> None:
    pytest.importorskip("keyring")
    mine = (
        "import keyring, keyring.backend\n"
        "class Mine(keyring.backend.KeyringBackend):\n"
        "    priority = 1\n"
        "    set_password = delete_password = None\n"
        "    def get_password(self, service, username):\n"
        "        return service + '.' + username\n"
        "keyring.set_keyring(Mine())"
    )
    assert in_a_new_python(ENTRY, first=mine) == "10\n"


def test_a_token_is_read_from_kongctl_in_place(tmp_path: Path) -> None:
    config = tmp_path / ".config" / "kongctl" / "config.yaml"
    config.parent.mkdir(parents=True)
    config.write_text(f"default:\n  konnect:\n    pat: {SPAT}\n")
    source = KongctlSource("default")
    assert read_token(source, environ={}, home=tmp_path).get_secret_value() == SPAT
    assert read_token(source, environ={"HOME": str(tmp_path)}).get_secret_value() == SPAT
