"""Changes to other programs' files: shown before, written whole or not at all, kept so that they can be taken back."""

from __future__ import annotations

import base64
import contextlib
import os
import stat
from collections.abc import Sequence
from difflib import unified_diff
from pathlib import Path

import msgspec

from devtime.home.lock import take_lock
from devtime.kernel.errors import Conflict, Invalid


class Edit(msgspec.Struct, frozen=True):
    """One file before and after; None where it is not there."""

    path: str
    before: bytes | None
    after: bytes | None

    def diff(self) -> str:
        """The change as a unified diff, for people."""
        old, new = (_lines(text) for text in (self.before, self.after))
        return "".join(unified_diff(old, new, self.path, self.path, n=2))


class _Kept(msgspec.Struct, frozen=True):
    path: str
    before: str | None
    after: str


class _Backup(msgspec.Struct, frozen=True):
    files: list[_Kept]


def read_file(path: Path) -> bytes | None:
    """What a file holds; None when it is not there. Invalid when it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Invalid(str(path), f"cannot be read: {error.strerror}") from None


def apply(home: Path, client: str, edits: Sequence[Edit]) -> None:
    """Write the changes, the backup first. Conflict when a file changed since it was looked at."""
    folder = home / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = take_lock(folder / "lock")
    if lock is None:
        raise Conflict("another `devtime connect` is at work")
    try:
        for edit in edits:
            if read_file(Path(edit.path)) != edit.before:
                raise Conflict(f"{edit.path} changed meanwhile; try again")
        # What was there before the first change is what an undo brings back, however often one connects.
        known = {kept.path: kept for kept in _read(folder / f"{client}.json").files}
        for edit in edits:
            before = known[edit.path].before if edit.path in known else _encode(edit.before)
            known[edit.path] = _Kept(edit.path, before, _encode(edit.after) or "")
        _write(folder / f"{client}.json", msgspec.json.encode(_Backup(list(known.values()))), 0o600)
        for edit in edits:
            write_file(Path(edit.path), edit.after)
    finally:
        lock.release()


def was_applied(home: Path, client: str) -> bool:
    """Whether something of this client's was changed and not taken back."""
    return (home / "backups" / f"{client}.json").exists()


class Undoing(msgspec.Struct, frozen=True):
    """What undoing writes: files that go back to what they were, and those that changed since, to be mended."""

    restored: list[Edit]
    changed: list[Edit]
    """`before` as it is now, `after` as it was before DevTime's change."""


def plan_undo(home: Path, client: str) -> Undoing:
    """What an undo would do. A file that is exactly as it was left goes back byte for byte."""
    restored: list[Edit] = []
    changed: list[Edit] = []
    for kept in _read(home / "backups" / f"{client}.json").files:
        now, before = read_file(Path(kept.path)), _decode(kept.before)
        if now != before:
            (restored if now == _decode(kept.after) else changed).append(Edit(kept.path, now, before))
    return Undoing(restored, changed)


def finish_undo(home: Path, client: str, edits: Sequence[Edit]) -> None:
    """Write an undo's files, and forget the backup."""
    for edit in edits:
        if read_file(Path(edit.path)) != edit.before:
            raise Conflict(f"{edit.path} changed meanwhile; try again")
    for edit in edits:
        write_file(Path(edit.path), edit.after)
    (home / "backups" / f"{client}.json").unlink(missing_ok=True)


def write_file(path: Path, content: bytes | None) -> None:
    """Write a file whole or not at all, through links and with the rights it had; None removes it."""
    if content is None:
        path.unlink(missing_ok=True)
        return
    target = path.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        mode = stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mode = 0o644
    _write(target, content, mode)


def _write(path: Path, content: bytes, mode: int) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.chmod(mode)
        draft.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise Invalid(str(path), f"cannot be written: {error.strerror}") from None


def _read(path: Path) -> _Backup:
    data = read_file(path)
    if data is None:
        return _Backup([])
    try:
        return msgspec.json.decode(data, type=_Backup)
    except msgspec.DecodeError:
        raise Invalid(str(path), "is damaged, so nothing is known of what was there before") from None


def _encode(content: bytes | None) -> str | None:
    return None if content is None else base64.b64encode(content).decode()


def _decode(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)


def _lines(content: bytes | None) -> list[str]:
    return (content or b"").decode("utf-8", "replace").splitlines(keepends=True)
