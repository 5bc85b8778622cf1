"""`devtime lsp`: the language server editors start; speaks LSP on standard input and output."""

from __future__ import annotations

import logging
import os
import sys

from devtime.home.config import home_folder


def run_lsp(words: list[str]) -> None:
    """Serve one editor. Words some editors add (`--stdio`) are passed over."""
    if words[:1] in (["--help"], ["-h"]):
        print("Usage: devtime lsp [--editor NAME]\n\nEditors start it and tell it what is opened, changed and saved.")
        return
    from devtime.lsp.server import run_language_server

    # Editors show what a language server writes to standard error.
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR, format="devtime: %(message)s")
    editor = words[words.index("--editor") + 1] if "--editor" in words[:-1] else ""
    raise SystemExit(run_language_server(str(home_folder(os.environ)), editor))
