"""The filter of system calls lets through what it lists, on both machines, and kills for the rest."""

from __future__ import annotations

import struct

import pytest

from devtime.plugins.engine.isolation.landlock import handled
from devtime.plugins.engine.isolation.seccomp import filter_for

_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050001
_WORDS = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def _decide(machine: str, number: int, third: int = 0, word: int | None = None) -> int:
    """Run the filter as the kernel would."""
    program = list(struct.iter_unpack("=HBBI", filter_for(machine)))
    data = {0: number, 4: _WORDS[machine] if word is None else word, 32: third}
    accumulator, at = 0, 0
    while True:
        code, when, otherwise, operand = program[at]
        at += 1
        if code == 0x06:
            return operand
        if code == 0x20:
            accumulator = data[operand]
            continue
        holds = {0x15: accumulator == operand, 0x35: accumulator >= operand, 0x45: bool(accumulator & operand)}[code]
        at += when if holds else otherwise


@pytest.mark.parametrize(
    ("machine", "allowed", "killed"),
    [
        ("x86_64", {"read": 0, "futex": 202, "exit_group": 231}, {"open": 2, "socket": 41, "clone": 56, "fork": 57}),
        ("x86_64", {"recvfrom": 45}, {"execve": 59, "kill": 62, "ptrace": 101, "openat": 257, "clone3": 435}),
        ("aarch64", {"read": 63, "futex": 98, "exit_group": 94}, {"openat": 56, "socket": 198, "clone": 220}),
        ("aarch64", {"recvfrom": 207}, {"execve": 221, "kill": 129, "ptrace": 117, "clone3": 435, "io_uring": 425}),
    ],
)
def test_listed_calls_pass_and_others_kill(machine: str, allowed: dict[str, int], killed: dict[str, int]) -> None:
    assert {name: _decide(machine, number) for name, number in allowed.items()} == dict.fromkeys(allowed, _ALLOW)
    assert {name: _decide(machine, number) for name, number in killed.items()} == dict.fromkeys(killed, _KILL)


@pytest.mark.parametrize(("machine", "mmap", "mprotect"), [("x86_64", 9, 10), ("aarch64", 222, 226)])
def test_memory_cannot_be_made_executable(machine: str, mmap: int, mprotect: int) -> None:
    for number in (mmap, mprotect):
        assert _decide(machine, number, third=0b011) == _ALLOW
        assert _decide(machine, number, third=0b111) == _REFUSE


@pytest.mark.parametrize("machine", _WORDS)
def test_calls_in_the_words_of_another_machine_kill(machine: str) -> None:
    assert _decide(machine, 63, word=0x40000003) == _KILL
    assert _decide("x86_64", 0x40000000) == _KILL


@pytest.mark.parametrize("machine", _WORDS)
def test_every_number_that_is_not_listed_kills(machine: str) -> None:
    passed = [number for number in range(600) if _decide(machine, number) != _KILL]
    assert 30 < len(passed) < 50


@pytest.mark.parametrize(("version", "length"), [(1, 8), (3, 8), (4, 16), (5, 16), (6, 24), (99, 24)])
def test_landlock_is_asked_for_all_its_version_knows(version: int, length: int) -> None:
    attributes = handled(version)
    assert len(attributes) == length
    files = struct.unpack_from("=Q", attributes)[0]
    assert files.bit_length() == {1: 13, 3: 15, 4: 15}.get(version, 16)
