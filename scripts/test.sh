#!/usr/bin/env bash
# Runs the tests in three processes (they wait half of their time), cheap folders first. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh

has_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

has_libatomic() { ldconfig -p 2>/dev/null | grep -q 'libatomic\.so\.1' || [ "$(uname)" != Linux ]; }

command -v curl >/dev/null || need_packages "The documented examples are curl commands" curl

case "$*" in
"" | *integration*)
	command -v redis-server >/dev/null || need_packages "The key-value store is tested on a real Redis" redis-server
	;;
esac

# Naming tests of another folder needs no browser.
case "$*" in
"" | *acceptance*)
	has_browser >/dev/null || need_packages "The browser tests need Chromium" chromium fonts-dejavu
	has_libatomic || need_packages "The browser's driver needs libatomic" libatomic1
	;;
esac

# Whole modules go to one process (they share a database or a server), in the order they were collected.
exec .venv/bin/python -m pytest --numprocesses=3 --dist=loadscope --no-loadscope-reorder "$@"
