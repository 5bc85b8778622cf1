#!/usr/bin/env bash
# Builds the plugin engine: our guest.c and the QuickJS it is locked with, compiled to WebAssembly by a locked compiler. The result
# is kept in the user's cache and copied beside guest.c. Does nothing when it is there; fails without breaking anything.
#
#   scripts/build_engine.sh            make it if need be, and see that it is the program that was reviewed
#   scripts/build_engine.sh --fresh    build anew, without the cache, and write its digest down (after a change of guest.c)
#   scripts/build_engine.sh --to FILE  build anew into FILE and nothing else, for comparing
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh

guest=src/devtime/plugins/engine/guest
made=$guest/engine.wasm
python=.venv/bin/python
flags=(-target wasm32-wasi -mexec-model=reactor -O2 -g0 -DNDEBUG -D_GNU_SOURCE -D_WASI_EMULATED_SIGNAL
	-Wl,--strip-all -Wl,-z,stack-size=1048576 -I.)
sources=(guest.c quickjs.c libregexp.c libunicode.c dtoa.c)

sha256() { "$python" -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$1"; }

expected() { cut -d " " -f 1 <"$guest/engine.sha256"; }

is_right() { [ -f "$1" ] && [ "$(sha256 "$1")" = "$(expected)" ]; }

# build FILE: download, compile, put it there, and leave nothing else behind.
build() (
	folder=$(mktemp -d)
	trap 'rm -rf "$folder"' EXIT
	say "Building the plugin engine (downloads a compiler of 100 MB, takes a minute or two, happens once)"
	"$python" -m venv "$folder/venv"
	pip=("$folder/venv/bin/python" -m pip --disable-pip-version-check --quiet)
	grep -A 40 -E "^quickjs-ng==" requirements/engine.txt | sed -n '1,/# via/p' >"$folder/source.txt"
	sed '/^quickjs-ng==/,/# via/d' requirements/engine.txt >"$folder/tools.txt"
	"${pip[@]}" install --no-cache-dir --only-binary :all: --require-hashes --requirement "$folder/tools.txt"
	"${pip[@]}" download --no-deps --no-build-isolation --no-binary :all: --require-hashes --dest "$folder" \
		--requirement "$folder/source.txt"
	tar -xzf "$folder"/quickjs_ng-*.tar.gz -C "$folder"
	cp "$guest/guest.c" "$folder"/quickjs_ng-*/upstream-quickjs/
	cd "$folder"/quickjs_ng-*/upstream-quickjs
	export ZIG_GLOBAL_CACHE_DIR=$folder/cache ZIG_LOCAL_CACHE_DIR=$folder/cache
	"$folder/venv/bin/python" -m ziglang cc "${flags[@]}" "${sources[@]}" -o "$folder/engine.wasm"
	chmod 644 "$folder/engine.wasm"
	cp "$folder/engine.wasm" "$1"
)

# A path that stays right when the folder changes.
absolute() { case "$1" in /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac; }

case "${1:-}" in
--to)
	build "$(absolute "$2")"
	exit
	;;
--fresh)
	build "$PWD/$made"
	echo "$(sha256 "$made")  engine.wasm" >"$guest/engine.sha256"
	exit
	;;
esac

if is_right "$made"; then
	exit
fi
key=$(cat "$guest/guest.c" requirements/engine.txt scripts/build_engine.sh | cksum | tr -d ' ')
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/devtime/engine
kept=$cache/$(expected)-$key.wasm
if ! is_right "$kept"; then
	mkdir -p "$cache" 2>/dev/null || kept=$(mktemp -d)/engine.wasm
	build "$kept.$$"
	if ! is_right "$kept.$$"; then
		found=$(sha256 "$kept.$$")
		rm -f "$kept.$$"
		stop "the plugin engine built here has the digest $found, and $guest/engine.sha256 says $(expected)."
	fi
	mv "$kept.$$" "$kept"
fi
cp "$kept" "$made.$$"
mv "$made.$$" "$made"
rm -f .venv/.engine-failed
