#!/bin/sh
# Install Debian packages, or say in one line which are missing; never ask for a password.
#
# Usage: requirements/apt.sh PACKAGE...
set -eu

missing() {
    echo "Missing: $*. As root: apt-get install $*; then type the same again." >&2
    exit 1
}

command -v apt-get >/dev/null || missing "$@"
if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    missing "$@"
fi

echo "Installing by apt-get: $*" >&2
DEBIAN_FRONTEND=noninteractive
export DEBIAN_FRONTEND
$as_root apt-get update -qq >/dev/null || missing "$@"
$as_root apt-get install -qq --yes --no-install-recommends "$@" </dev/null >/dev/null || missing "$@"
