#!/usr/bin/env bash
# Makes .venv, installs into it exactly what requirements/*.txt lock, and has the plugin engine and the studio's editor
# built. Does nothing when nothing changed.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh

venv=.venv
stamp=$venv/.installed
locked=(requirements/build.txt requirements/dev.txt)

is_recent() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null; }

find_python() {
	local name
	for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
		if is_recent "$name"; then
			command -v "$name"
			return
		fi
	done
	return 1
}

# Debian splits venv and ensurepip off into packages of their own.
make_venv() {
	local python package
	python=$(find_python) || need_packages "Python 3.11 or newer is missing" python3 python3-venv
	python=$(find_python) || stop "Python 3.11 to 3.14 is needed; this system offers only $(python3 --version)."
	if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
		package=python3-venv
		[ "$python" = /usr/bin/python3 ] || package=$(basename "$python")-venv
		need_packages "$python cannot make virtual environments" "$package"
	fi
	say "Making $venv with $("$python" --version)"
	rm -rf "$venv"
	"$python" -m venv "$venv"
}

# Three lines: where and with which Python, the locked requirements, the project itself.
state() {
	echo "$PWD $("$venv/bin/python" --version 2>/dev/null)"
	cat "${locked[@]}" | cksum
	cksum <pyproject.toml
}

# Without the engine everything else works, and plugins say that they are unavailable; a failure is not tried again and again.
make_engine() {
	local wanted
	wanted=$(cat src/devtime/plugins/engine/guest/engine.sha256)
	[ "$wanted" != "$(cat "$venv/.engine-failed" 2>/dev/null)" ] || return 0
	if [ "${DEVTIME_ENGINE:-}" = later ] && [ ! -f src/devtime/plugins/engine/guest/engine.wasm ]; then
		say "Building the plugin engine meanwhile, a minute or two; plugins run after the next start ($venv/engine.log)"
		DEVTIME_ENGINE= nohup setsid scripts/install.sh >"$venv/engine.log" 2>&1 </dev/null &
		return
	fi
	scripts/build_engine.sh && return
	echo "$wanted" >"$venv/.engine-failed"
	say "The plugin engine could not be built, so plugins are unavailable. To try again: scripts/build_engine.sh"
}

# Without it the studio has a plain text field, and says so.
make_editor() {
	local wanted
	wanted=$(scripts/build_editor.sh --key)
	[ "$wanted" != "$(cat "$venv/.editor-failed" 2>/dev/null)" ] || return 0
	scripts/build_editor.sh && return
	echo "$wanted" >"$venv/.editor-failed"
	say "The studio's code editor could not be built; a plain text field takes its place. To try again: scripts/build_editor.sh"
}

line() { sed -n "$1p" <<<"$2"; }

now=$(state)
was=$(cat "$stamp" 2>/dev/null || true)
if [ "$now" = "$was" ]; then
	make_editor
	make_engine
	exit 0
fi

if [ "$(line 1 "${was:-$now}")" != "$(line 1 "$now")" ] || ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
	make_venv
	was=
fi
if [ "$(line 2 "$was")" != "$(line 2 "$now")" ]; then
	say "Installing the locked packages into $venv (a minute or two the first time)"
	"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes \
		"${locked[@]/#/--requirement=}"
fi
say "Installing DevTime itself, editable"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
state >"$stamp"
make_editor
make_engine
