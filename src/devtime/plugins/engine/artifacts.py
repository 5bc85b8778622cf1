"""The two WebAssembly programs of the engine: where they are, that they are the right ones, and their compiled forms.

A compiled form is machine code that is trusted, so it lives in a folder only we can enter, under a name that says what
it was made of, beside a digest of its bytes. Whatever is not as it should be is compiled anew. The guest is looked for
beside its source only.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import platform
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from devtime.kernel.errors import Unavailable

if TYPE_CHECKING:
    import wasmtime

GUEST = Path(__file__).parent / "guest"
STACK_BYTES = 2 << 20
"""The most wasmtime stands; QuickJS's own limit fires first, so a deep recursion can be caught."""

_TRANSFORM_PACKAGE = "quickjs_rs"
_TRANSFORM_FILE = "_transform.wasm"
_TRANSFORM_SHA256 = "c4710d5258585122a70f0b3ee3bc19d085742e6f94f48aa0b8057630ebaca745"
_CONFIGURATION = "epochs, 2 MiB stack, speed"

_MISSING = (
    "The plugin engine has not been built. `make install` builds it (it downloads about 100 MB once); "
    "plugins are unavailable until then."
)


def expected_digest() -> str:
    """The SHA-256 of the only guest that is loaded."""
    return (GUEST / "engine.sha256").read_text().split()[0]


def read_guest(path: Path | None = None) -> bytes:
    """The guest's program; Unavailable when it is missing or another one than was reviewed."""
    path = path or GUEST / "engine.wasm"
    try:
        program = path.read_bytes()
    except OSError:
        raise Unavailable(_MISSING) from None
    if hashlib.sha256(program).hexdigest() != expected_digest():
        raise Unavailable(
            f"{path} is not the plugin engine this version was made for. Delete it and run `make install`; "
            "plugins are unavailable until then."
        )
    return program


def read_transform() -> bytes:
    """The program that strips types from TypeScript, out of a package of which nothing else is used."""
    found = importlib.util.find_spec(_TRANSFORM_PACKAGE)
    if found is None or found.origin is None:
        raise Unavailable(f"The package {_TRANSFORM_PACKAGE} is missing. Install DevTime's requirements anew.")
    program = (Path(found.origin).parent / _TRANSFORM_FILE).read_bytes()
    if hashlib.sha256(program).hexdigest() != _TRANSFORM_SHA256:
        raise Unavailable(f"{_TRANSFORM_PACKAGE} is not the version DevTime asks for. Install its requirements anew.")
    return program


def private_folder(folder: Path) -> Path:
    """The folder, made if need be; Unavailable when anyone else could write there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise Unavailable(f"{folder} is not a folder of yours. Remove it; the plugin engine keeps machine code there.")
    if found.st_mode & 0o077:
        folder.chmod(0o700)
    return folder


def make_engine() -> wasmtime.Engine:
    """The one configuration, for compiling and for running."""
    import wasmtime

    config = wasmtime.Config()
    config.epoch_interruption = True
    config.max_wasm_stack = STACK_BYTES
    config.wasm_threads = False
    config.wasm_memory64 = False
    config.wasm_multi_memory = False
    config.wasm_relaxed_simd = False
    return wasmtime.Engine(config)


def load_compiled(engine: wasmtime.Engine, program: bytes, folder: Path) -> wasmtime.Module | None:
    """The compiled form, or None when there is none that is sound and of this machine and version."""
    import wasmtime

    path = _compiled_path(program, folder)
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        told = path.with_suffix(".sha256").read_text()
        return wasmtime.Module.deserialize_file(engine, str(path)) if told == digest else None
    except (OSError, UnicodeDecodeError, wasmtime.WasmtimeError):
        return None


def compile_into(engine: wasmtime.Engine, program: bytes, folder: Path) -> None:
    """Compile and keep. Readers see the old form or the new one, and refuse a mixture."""
    import wasmtime

    compiled = bytes(wasmtime.Module(engine, program).serialize())
    path = _compiled_path(program, private_folder(folder))
    _replace(path, compiled)
    _replace(path.with_suffix(".sha256"), hashlib.sha256(compiled).hexdigest().encode())


def _compiled_path(program: bytes, folder: Path) -> Path:
    made_of = f"{_compiler()} {platform.system()} {platform.machine()} {_CONFIGURATION}".encode()
    return folder / f"{hashlib.sha256(made_of + program).hexdigest()[:32]}.cwasm"


def _compiler() -> str:
    """The compiler's exact version, by its package's folder: reading its metadata would cost megabytes."""
    found = importlib.util.find_spec("wasmtime")
    packages = Path(found.origin).parents[1] if found and found.origin else Path()
    return " ".join(sorted(path.name for path in packages.glob("wasmtime-*.dist-info")))


def _replace(path: Path, content: bytes) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with contextlib.suppress(FileNotFoundError):
            fresh.unlink()
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            fresh.unlink()
