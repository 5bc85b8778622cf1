"""`python -I -m devtime.plugins.engine.compiling FOLDER`: see that both programs are there in compiled form.

A process of its own, so that neither compiler nor wasmtime stays in the server's memory. Prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from devtime.kernel.errors import DevTimeError
from devtime.plugins.engine.artifacts import compile_into, load_compiled, make_engine, read_guest, read_transform


def prepare(folder: Path) -> int:
    """How many of the programs had to be compiled."""
    engine = make_engine()
    made = 0
    for program in (read_guest(), read_transform()):
        if load_compiled(engine, program, folder) is None:
            compile_into(engine, program, folder)
            made += 1
    return made


def _main() -> None:
    try:
        print(json.dumps({"made": prepare(Path(sys.argv[1]))}))
    except DevTimeError as error:
        print(json.dumps({"error": str(error)}))
    except (OSError, ImportError, ValueError) as error:
        print(json.dumps({"error": f"The plugin engine cannot be prepared: {error}"}))


if __name__ == "__main__":
    _main()
