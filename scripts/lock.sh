#!/usr/bin/env bash
# Resolves requirements/*.txt anew, for every platform, with hashes and without an index address. Arguments go to uv.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
.venv/bin/python -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check uv

# uv does not read pip's configuration; where that names an index, it is the one to use.
index=$("$tools/bin/pip" config get global.index-url 2>/dev/null || true)
[ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"

# lock OUTPUT INPUT…: one requirements file.
lock() {
	say "$1"
	"$tools/bin/uv" pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet \
		--output-file "$1" "${@:2}" "${upgrade[@]}"
}

upgrade=("$@")
lock requirements/runtime.txt pyproject.toml
lock requirements/dev.txt pyproject.toml --group dev --constraint requirements/runtime.txt
lock requirements/build.txt requirements/build.in
lock requirements/engine.txt requirements/engine.in
