#!/bin/sh
# Put locked requirements into a virtual environment, which is made if it is not there.
#
# Usage: [PYTHON=python3.12] requirements/venv.sh FOLDER LOCK...
set -eu

here=$(dirname "$0")
python=${PYTHON:-python3}
folder=$1
shift

make_environment() {
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])') || {
        echo "No Python: $python does not run. Name another: make PYTHON=/path/to/python3" >&2
        exit 1
    }
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        echo "Python 3.11 or newer is needed, $python is $version. Name another: make PYTHON=python3.11" >&2
        exit 1
    fi
    # Debian keeps what makes an environment in a package of its own.
    "$python" -c 'import ensurepip' 2>/dev/null || "$here/apt.sh" "python$version-venv"
    "$python" -m venv --clear "$folder"
}

"$folder/bin/python" -c 'import pip' 2>/dev/null || make_environment

# A lock names everything that is to be there, so pip has nothing to resolve.
for lock in "$@"; do
    shift
    set -- "$@" --requirement "$here/$lock.txt"
done
echo "Installing into $folder" >&2
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check \
    --no-deps --require-hashes "$@"
