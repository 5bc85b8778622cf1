"""`python -I -m devtime.plugins.engine.worker SOCKET FOLDER [STEP…]`: load, lock the doors, work while the pool lives.

The steps are those of the hardening to leave out.
"""

from __future__ import annotations

import gc
import socket
import sys
from pathlib import Path

from devtime.kernel.errors import DevTimeError
from devtime.plugins.engine.artifacts import load_compiled, make_engine, read_guest, read_transform
from devtime.plugins.engine.frames import Begin, Ready, Transform, Unready
from devtime.plugins.engine.isolation.harden import harden
from devtime.plugins.engine.worker.line import Line
from devtime.plugins.engine.worker.running import run
from devtime.plugins.engine.worker.transforming import Transformer
from devtime.plugins.engine.worker.virtual_machine import Guests


def _load(folder: Path) -> tuple[Guests, Transformer]:
    engine = make_engine()
    guest, transform = (load_compiled(engine, program, folder) for program in (read_guest(), read_transform()))
    if guest is None or transform is None:
        raise OSError("the compiled programs are missing or damaged")
    return Guests(engine, guest), Transformer(engine, transform)


def _work(guests: Guests, transformer: Transformer, line: Line) -> None:
    while True:
        frame = line.receive()
        if isinstance(frame, Begin):
            line.send(run(guests, line, frame))
        elif isinstance(frame, Transform):
            line.send(transformer.transform(frame))


def _main() -> None:
    line = Line(socket.socket(fileno=int(sys.argv[1])))
    try:
        guests, transformer = _load(Path(sys.argv[2]))
    except (OSError, DevTimeError) as error:
        line.send(Unready(str(error)))
        return
    gc.collect()
    gc.freeze()
    line.send(Ready(harden(without=frozenset(sys.argv[3:]))))
    _work(guests, transformer, line)


if __name__ == "__main__":
    _main()
