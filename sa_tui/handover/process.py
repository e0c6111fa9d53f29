"""Runs a program that takes a secret on its standard input; never a shell, never in an argument."""

from __future__ import annotations

import array
import asyncio
import contextlib
import fcntl
import hashlib
import hmac
import os
import re
import signal
import termios
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from sa_tui.base.secrets import conceal, is_token_begun, redact
from sa_tui.base.text import without_escapes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pydantic import SecretStr

_TOKEN_VARIABLE = re.compile(r"(?:.*_)?(?:KONNECT|KONGCTL|DECK)_(?:.*_)?(?:TOKEN|SPAT|PAT)", re.I)
# What is kept of the output is far longer than what is shown, so that a secret cut in two by the
# limit lies in the part that nobody sees.
_KEPT_BYTES = 65_536
_SHOWN_CHARACTERS = 2_000


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a program ended; `code` is None after the time limit, negative after a signal.

    `is_proof` is whether it printed the value that was to be proved, or that value's SHA-256.
    """

    code: int | None
    unread_bytes: int
    output: str
    is_proof: bool = False

    @property
    def is_success(self) -> bool:
        """Whether it exited with 0 and had read everything."""
        return self.code == 0 and self.unread_bytes == 0

    @property
    def how(self) -> str:
        """What happened, as the rest of a sentence that begins with the program's name."""
        if self.code is None:
            return "did not end in time and was killed"
        if self.code < 0:
            return f"was ended by {_signal_name(-self.code)}"
        if self.code > 0:
            return f"failed with exit code {self.code}"
        if self.unread_bytes:
            return f"exited with 0 but did not read all of it ({self.unread_bytes} bytes unread)"
        return "read all of it and exited with 0"


class WithoutSecrets(Mapping[str, str]):
    """An environment as other programs may have it: no variable in it holds one of these secrets.

    What a token is called and looks like is the operator's to choose; what is known by its value is
    found by it, and what is not read yet by the `names` of its variables. Both may grow later.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        secrets: Sequence[SecretStr],
        names: Collection[str] = (),
    ) -> None:
        self._environ = environ
        self._secrets = secrets
        self._names = names

    def __getitem__(self, name: str) -> str:
        value = self._environ[name]
        if self._is_secret(name, value):
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return (name for name, value in self._environ.items() if not self._is_secret(name, value))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"WithoutSecrets({len(self)} variables)"

    def _is_secret(self, name: str, value: str) -> bool:
        return name in self._names or any(
            secret.get_secret_value() in value for secret in self._secrets
        )


def scrubbed(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without Konnect tokens: by name, or by a value that holds one.

    Everything else stays, a login of Vault or Kubernetes included.
    """
    return {
        name: value
        for name, value in environ.items()
        if not _TOKEN_VARIABLE.fullmatch(name) and not is_token_begun(value)
    }


async def run(
    argv: Sequence[str],
    *,
    text: str,
    secret: str,
    environ: Mapping[str, str],
    timeout_seconds: float,
    keep_terminal: bool = False,
    proves: str | None = None,
) -> Ended:
    """Runs the program, writes `text` to its standard input, closes it and waits for the end.

    The program gets a scrubbed environment and a session of its own, so that it cannot draw on the
    operator's screen; with `keep_terminal` only a process group of its own. Standard output and
    error are kept together, without the secret, its pieces and control characters. When the time
    limit passes, or the caller is cancelled, the whole process group is killed. With `proves`,
    the SHA-256 of a secret, the output is compared with it and not returned.

    Raises OSError when the program cannot be started.
    """
    with _pipe() as (stdin, to_stdin), _pipe() as (from_output, output):
        os.set_blocking(to_stdin.fileno(), False)
        os.set_blocking(from_output.fileno(), False)
        process = await asyncio.create_subprocess_exec(
            *argv,
            stdin=stdin,
            stdout=output,
            stderr=output,
            env=scrubbed(environ),
            start_new_session=not keep_terminal,
            process_group=0 if keep_terminal else None,
        )
        output.close()
        with _Feeder(to_stdin, text.encode()) as feeder, _Collector(from_output) as collector:
            code = await _wait(process, timeout_seconds)
            unread = feeder.unsent_bytes + _waiting_bytes(stdin)
            printed = collector.text()
    if proves is not None:
        return Ended(code=code, unread_bytes=unread, output="", is_proof=_proves(printed, proves))
    shown = redact(conceal(without_escapes(printed), secret))
    return Ended(code=code, unread_bytes=unread, output=shown[-_SHOWN_CHARACTERS:].strip())


def _proves(printed: str, fingerprint: str) -> bool:
    """Whether a program printed the secret of this SHA-256, or that as `sha256sum` does."""
    words = printed.split(maxsplit=1) or [""]
    value = hashlib.sha256(printed.strip().encode(errors="surrogatepass")).hexdigest()
    is_value = hmac.compare_digest(value, fingerprint)
    return hmac.compare_digest(words[0].lower().encode(), fingerprint.encode()) or is_value


async def _wait(process: asyncio.subprocess.Process, timeout_seconds: float) -> int | None:
    try:
        async with asyncio.timeout(timeout_seconds):
            return await process.wait()
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


class _Feeder:
    """Writes to a program as fast as it reads, then closes the stream."""

    def __init__(self, stream: BinaryIO, content: bytes) -> None:
        self._stream = stream
        self._left = memoryview(content)
        self._loop = asyncio.get_running_loop()

    def __enter__(self) -> _Feeder:
        self._loop.add_writer(self._stream, self._write)
        return self

    def __exit__(self, *_: object) -> None:
        if not self._stream.closed:
            self._loop.remove_writer(self._stream)
            self._stream.close()

    @property
    def unsent_bytes(self) -> int:
        return len(self._left)

    def _write(self) -> None:
        # The raw stream returns None when the pipe is full.
        self._left = self._left[self._stream.write(self._left) or 0 :]
        if not self._left:
            self.__exit__()


class _Collector:
    """Keeps the end of what a program prints.

    Its end is that of the process, not of the stream: `xclip` leaves a child behind that keeps the
    stream open for hours.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._kept = bytearray()
        self._loop = asyncio.get_running_loop()

    def __enter__(self) -> _Collector:
        self._loop.add_reader(self._stream, self._read)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.remove_reader(self._stream)

    def text(self) -> str:
        """Takes what is still in the pipe and returns all that was kept."""
        while self._read():
            pass
        return self._kept.decode(errors="replace")

    def _read(self) -> bool:
        chunk = self._stream.read(_KEPT_BYTES)
        if not chunk:
            self._loop.remove_reader(self._stream)
            return False
        self._kept += chunk
        if len(self._kept) > 2 * _KEPT_BYTES:
            del self._kept[:-_KEPT_BYTES]
        return True


@contextlib.contextmanager
def _pipe() -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Opens a pipe: the end to read from, the end to write to.

    Not asyncio's own: before Python 3.12 that is a socket, which `--from-file=/dev/stdin` cannot
    open; and only a pipe can tell how much of it was left unread.
    """
    source, sink = os.pipe()
    with os.fdopen(source, "rb", buffering=0) as reading, os.fdopen(sink, "wb", buffering=0) as to:
        yield reading, to


def _waiting_bytes(stream: BinaryIO) -> int:
    count = array.array("i", [0])
    fcntl.ioctl(stream, termios.FIONREAD, count)
    return count[0]


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
