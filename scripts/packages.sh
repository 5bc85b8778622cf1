# Sourced by the other scripts: system packages, installed where we may, asked for where we may not.

# say MESSAGE: progress, kept apart from the output of programs.
say() { printf '%s\n' "==> $*" >&2; }

# stop MESSAGE: an ending a person can act on.
stop() {
	printf 'error: %s\n' "$*" >&2
	exit 1
}

# need_packages REASON PACKAGE…: install Debian packages as root, otherwise stop and say what to install.
need_packages() {
	local reason=$1
	shift
	command -v apt-get >/dev/null || stop "$reason. Install it with your system's package manager (Debian calls it: $*)."
	[ "$(id -u)" = 0 ] || stop "$reason. Run: sudo apt-get install $*"
	say "$reason: installing $*"
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq
	apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
