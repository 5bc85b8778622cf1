"""`host.keychain`: the secrets the system keeps. Blocks, perhaps behind a dialogue; run in a thread."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from devtime.plugins.kinds.probe.surroundings import Keychain, KeychainError, Surroundings

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_NONE_HERE = "keychain API is only supported on macOS"
_ACCOUNT = re.compile(r'^\s*"acct"<blob>="(.*)"$', re.MULTILINE)
_PATIENCE_S = 28.0


def keychain_of(surroundings: Surroundings) -> Keychain:
    """The one to use: that of a test, of macOS by its own program, of other systems by the `keyring` library."""
    if surroundings.keychain is not None:
        return surroundings.keychain
    return MacKeychain() if surroundings.platform == "darwin" else SystemKeyring()


def current_user(environment: Mapping[str, str]) -> str:
    """`$USER`, else what `id` says."""
    user = environment.get("USER", "").strip()
    if user:
        return user
    try:
        said = subprocess.run(["/usr/bin/id", "-un"], capture_output=True, text=True, timeout=5, check=True)
    except (OSError, subprocess.SubprocessError):
        raise KeychainError("the current user is unknown") from None
    return said.stdout.strip()


class MacKeychain:
    """By `/usr/bin/security`, which is the program that asks the person."""

    def __init__(self, program: str = "/usr/bin/security") -> None:
        self._program = program

    def read(self, service: str, account: str | None) -> str:
        """The secret, trimmed."""
        return self._run("find-generic-password", "-s", service, *_account(account), "-w", service=service).strip()

    def write(self, service: str, account: str | None, secret: str) -> None:
        """Replace the item of the service, under the account it has."""
        if account is None:
            try:
                found = _ACCOUNT.search(self._run("find-generic-password", "-s", service, service=service))
                account = found[1] if found else None
            except KeychainError:
                account = None
        self._run("add-generic-password", "-U", "-s", service, "-a", account or service, "-w", secret, service=service)

    def delete(self, service: str, account: str | None) -> None:
        """Forget the item."""
        self._run("delete-generic-password", "-s", service, *_account(account), service=service)

    def _run(self, *words: str, service: str) -> str:
        try:
            said = subprocess.run(
                [self._program, *words], capture_output=True, text=True, timeout=_PATIENCE_S, check=False
            )
        except OSError as error:
            raise KeychainError(f"{self._program} cannot be run: {error.strerror}") from None
        except subprocess.TimeoutExpired:
            raise KeychainError("the keychain did not answer") from None
        if said.returncode != 0:
            last = said.stderr.strip().splitlines()[-1:] or [f"code {said.returncode}"]
            raise KeychainError(f"keychain item not found: {last[0][:200]}")
        return said.stdout


class SystemKeyring:
    """The Secret Service of Linux desktops, the credentials of Windows."""

    def read(self, service: str, account: str | None) -> str:
        """The secret, trimmed."""
        with _told():
            found = _backend().get_credential(service, account)
        if found is None or not found.password:
            raise KeychainError(f"keychain item not found: {service}")
        return found.password.strip()

    def write(self, service: str, account: str | None, secret: str) -> None:
        """Replace the item of the service, under the account it has."""
        with _told():
            backend = _backend()
            found = backend.get_credential(service, account)
            backend.set_password(service, account or (found.username if found else service), secret)  # pyright: ignore[reportUnknownMemberType] -- keyring wraps it untyped

    def delete(self, service: str, account: str | None) -> None:
        """Forget the item."""
        with _told():
            _backend().delete_password(service, account or service)


def _backend() -> KeyringBackend:
    """The one of this system; KeychainError where there is none."""
    import keyring
    from keyring.backends import chainer, fail, null

    backend = keyring.get_keyring()
    is_empty = isinstance(backend, chainer.ChainerBackend) and not list(backend.backends)
    if is_empty or isinstance(backend, fail.Keyring | null.Keyring):
        raise KeychainError(_NONE_HERE)
    return backend


@contextmanager
def _told() -> Generator[None]:
    from keyring.errors import KeyringError, NoKeyringError

    try:
        yield
    except NoKeyringError:
        raise KeychainError(_NONE_HERE) from None
    except KeyringError as error:
        raise KeychainError(f"the keychain cannot be used: {error}") from None


def _account(account: str | None) -> tuple[str, ...]:
    return () if account is None else ("-a", account)
