#!/bin/sh
# Make the locks again from pyproject.toml: hashed, for every Python from 3.11 on, without addresses.
#
# Usage: requirements/lock.sh [--upgrade]
set -eu

cd "$(dirname "$0")/.."

lock() {
    name=$1
    shift
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
        --output-file "requirements/$name.txt" "$@"
}

lock run pyproject.toml "$@"
# One file is wanted of this package, and none of what it depends on.
lock model --no-deps --group pyproject.toml:model "$@"
lock build --group pyproject.toml:build --constraint requirements/run.txt "$@"
lock test --group pyproject.toml:test \
    --constraint requirements/run.txt --constraint requirements/build.txt "$@"
lock oracles --group pyproject.toml:oracles "$@"
