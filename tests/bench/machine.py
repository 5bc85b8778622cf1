"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path
from statistics import median

import psutil


def describe_machine(folder: Path) -> str:
    """Processor, memory, system, and how long the disk of the folder takes to make a page durable."""
    return (
        f"{psutil.cpu_count()} cores ({_processor()}), {psutil.virtual_memory().total / 2**30:.0f} GiB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}; "
        f"fdatasync of 8 KiB {_sync_ms(folder):.2f} ms"
    )


def busy_percent() -> float:
    """How busy the machine is with other things, looked at for a second."""
    return psutil.cpu_percent(interval=1.0)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _sync_ms(folder: Path) -> float:
    file = os.open(folder / "sync", os.O_CREAT | os.O_WRONLY)
    taken: list[float] = []
    try:
        for number in range(100):
            os.pwrite(file, b"x" * 8_192, number * 8_192)
            start = time.perf_counter()
            os.fdatasync(file)
            taken.append((time.perf_counter() - start) * 1_000)
    finally:
        os.close(file)
        (folder / "sync").unlink()
    return median(taken)
