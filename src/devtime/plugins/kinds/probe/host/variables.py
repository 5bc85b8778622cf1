"""`host.env`: one variable, from the process, else from what the person's login shell sets."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable, Mapping

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_MARK = "__devtime_environment__"
_PATIENCE_S = 5.0
_SHELLS = ("/bin/zsh", "/bin/bash", "/usr/bin/fish")


def read_variable(name: str, environment: Mapping[str, str], of_shell: Callable[[], Mapping[str, str]]) -> str | None:
    """Its value as a secret or a path is meant: the last line that is not blank; None where there is none."""
    value = _clean(environment.get(name, ""))
    return value or _clean(of_shell().get(name, "")) or None


def _clean(value: str) -> str:
    lines = [_CONTROLS.sub("", line).strip() for line in _ESCAPES.sub("", value).replace("\r", "\n").split("\n")]
    return next((line for line in reversed(lines) if line), "")


class LoginShell:
    """What the person's interactive login shell has in its environment; asked once, at the first need."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._answer: Mapping[str, str] | None = None

    def __call__(self) -> Mapping[str, str]:
        """Empty where a shell started this process anyway, or none answers."""
        if self._answer is None:
            self._answer = {} if "SHLVL" in self._environment or os.name == "nt" else self._ask()
        return self._answer

    def _ask(self) -> Mapping[str, str]:
        wanted = self._environment.get("SHELL", "")
        for shell in dict.fromkeys((wanted, *_SHELLS)):
            if os.path.isabs(shell) and os.access(shell, os.X_OK):  # noqa: PTH117
                told = _run(shell, self._environment)
                if told is not None:
                    return told
        return {}


def _run(shell: str, environment: Mapping[str, str]) -> Mapping[str, str] | None:
    command = f"printf %s {_MARK}; env -0; printf %s {_MARK}"
    try:
        process = subprocess.Popen(
            [shell, "-ilc", command],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return None
    try:
        said, _ = process.communicate(timeout=_PATIENCE_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return None
    parts = said.decode("utf-8", "replace").split(_MARK)
    if len(parts) < 3:
        return None
    pairs = (entry.partition("=") for entry in parts[1].split("\0"))
    return {name: value for name, found, value in pairs if found}
