"""`host.fs`: text files of the person, read whole, written whole or not at all. Blocks; run in a thread."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile

from devtime.plugins.engine import HostError

MOST_BYTES = 5 << 20
_MOST_NAMES = 50_000


def exists(path: str) -> bool:
    """Whether something is there; never raises."""
    try:
        return os.path.exists(path)  # noqa: PTH110 -- text in
    except (OSError, ValueError):
        return False


def read_text(path: str) -> str:
    """A regular file's text. What never ends or never begins (devices, pipes) is no text file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
        with os.fdopen(descriptor, "rb") as file:
            _check_regular(os.fstat(file.fileno()).st_mode)
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise os_error(error) from None
    if len(content) > MOST_BYTES:
        raise HostError("too_large", f"file is larger than {MOST_BYTES} bytes")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise HostError("encoding", "stream did not contain valid UTF-8") from None


def write_text(path: str, text: str) -> None:
    """Replace a file, or make it, in one step; an old one keeps its mode. A link is followed, and stays."""
    content = text.encode()
    if len(content) > MOST_BYTES:
        raise HostError("too_large", f"content is larger than {MOST_BYTES} bytes")
    target = os.path.realpath(path)
    folder = os.path.dirname(target)  # noqa: PTH120 -- text in
    fresh = ""
    try:
        mode = _mode_of(target)
        descriptor, fresh = tempfile.mkstemp(prefix=".devtime-", dir=folder)
        with os.fdopen(descriptor, "wb") as file:
            if mode is not None:
                os.chmod(fresh, stat.S_IMODE(mode))  # noqa: PTH101
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, target)  # noqa: PTH105
        fresh = ""
    except OSError as error:
        raise os_error(error) from None
    finally:
        if fresh:
            with contextlib.suppress(OSError):
                os.unlink(fresh)  # noqa: PTH108


def list_folder(path: str) -> list[str]:
    """The names in a folder, sorted, those with a dot included; names that are no text are left out."""
    names: list[str] = []
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                with contextlib.suppress(UnicodeEncodeError):
                    entry.name.encode()
                    names.append(entry.name)
                if len(names) >= _MOST_NAMES:
                    raise HostError("too_large", f"folder has more than {_MOST_NAMES} entries")
    except OSError as error:
        raise os_error(error) from None
    return sorted(names)


def os_error(error: OSError) -> HostError:
    """What the system says, without the path."""
    return HostError("os", f"{os.strerror(error.errno or 0)} (os error {error.errno or 0})")


def _mode_of(path: str) -> int | None:
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116
    except FileNotFoundError:
        return None
    _check_regular(mode)
    return mode


def _check_regular(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise os_error(IsADirectoryError(errno.EISDIR, ""))
    if not stat.S_ISREG(mode):
        raise HostError("os", "not a regular file")
