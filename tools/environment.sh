#!/bin/sh
# Makes the Python environment and installs pinned requirements into it.
#
#     PYTHON=python3 sh tools/environment.sh .venv run optional
#
# "optional" may fail: its packages are modes for comparison, and the race
# reports those that are absent. Everything else must install. $INSTALL_OPTIONS goes
# to the installer: a peer of the race says --no-deps, for its list is complete.
set -eu

python=${PYTHON:-python3}
INSTALL_OPTIONS=${INSTALL_OPTIONS:-}
venv=$1
shift

fail() {
    echo "error: $1" >&2
    exit 1
}

version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])') ||
    fail "cannot run $python: install Python 3.11 or newer, or say make PYTHON=..."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "$python is Python $version: this needs 3.11 or newer; say make PYTHON=..."

[ -x "$venv/bin/pip" ] || "$python" -m venv "$venv" ||
    fail "$python cannot make an environment: on Debian and Ubuntu, apt install python3-venv"
if command -v uv >/dev/null 2>&1; then
    install() { VIRTUAL_ENV=$venv uv pip install --quiet --require-hashes $INSTALL_OPTIONS -r "$1"; }
else
    install() {
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
            --require-hashes $INSTALL_OPTIONS -r "$1"
    }
fi

for part in "$@"; do
    echo "installing requirements/$part.txt"
    if ! install "requirements/$part.txt"; then
        [ "$part" = optional ] || fail "requirements/$part.txt could not be installed"
        echo "note: without them, the modes Cython, Numba and nanobind are absent" >&2
    fi
done
