#!/bin/sh
# Puts the Rust kernel of the notebooks (evcxr) into the Python environment.
#
#     sh tools/evcxr.sh .venv
#
# A program on the PATH is used when it is of this very version; otherwise Cargo
# builds it, from its own lock file, into the user's cache: all checkouts share it. What the notebooks' first cells ask for is in
# our Cargo.lock, and is fetched here: afterwards no network is needed.
set -eu

version=0.22.0
venv=$(cd "$1" && pwd)
root=$(cd "$(dirname "$0")/.." && pwd)
tools=${XDG_CACHE_HOME:-$HOME/.cache}/ffi-workbook/tools

# It does not tell its version, but Cargo keeps a list of what it installed.
is_installed() { # is_installed ROOT
    [ -x "$1/bin/evcxr_jupyter" ] &&
        grep -qs "^\"evcxr_jupyter $version " "$1/.crates.toml"
}

program=$(command -v evcxr_jupyter || true)
if [ -z "$program" ] || ! is_installed "$(dirname "$(dirname "$program")")"; then
    program=$tools/bin/evcxr_jupyter
    if ! is_installed "$tools"; then
        echo "building evcxr_jupyter $version: 6 to 12 minutes, once"
        cargo install --quiet --locked "evcxr_jupyter@$version" --root "$tools"
    fi
fi
cargo fetch --quiet --locked --manifest-path "$root/Cargo.toml"

# It writes a kernel.json that starts it bare; ours goes through rust_kernel.py.
JUPYTER_PATH=$venv/share/jupyter "$program" --install >/dev/null
"$venv/bin/python" - "$venv/share/jupyter/kernels/rust/kernel.json" \
    "$venv/bin/python" "$root/tools/rust_kernel.py" "$program" '{connection_file}' <<'END'
import json
import sys
from pathlib import Path

path, *argv = sys.argv[1:]
spec = {"argv": argv, "display_name": "Rust", "language": "rust", "interrupt_mode": "message"}
Path(path).write_text(json.dumps(spec, indent=1), encoding="utf-8")
END
# What the notebooks need is compiled now and not in front of a class.
"$venv/bin/python" "$root/tools/first_cells.py" "$root"/notebooks/rust-*.md
