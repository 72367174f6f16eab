#!/bin/sh
# Starts the Rust kernel for one notebook; Jupyter calls this (see evcxr.sh).
#
#     sh tools/rust_kernel.sh EVCXR_JUPYTER VENV CONNECTION_FILE
#
# The crates of a notebook are built in a folder of the environment that the next
# kernel uses again, so that it finds them compiled. Kernels that run at the same
# time have a folder each. (evcxr's own :cache is not used: what it keeps refers to
# the folder it was built in, and is then built anew for each cell.)
set -eu

program=$1
kept=$2/share/evcxr
connection=$3
root=$(cd "$(dirname "$0")/.." && pwd)

# Paths in :dep lines count from the working directory. JupyterLab and the site
# start in notebooks/; a page with live cells may start elsewhere.
[ -f ../kernels/heat/Cargo.toml ] || cd "$root/notebooks"

# The first folder whose lock is free, or held by a process that is gone. mkdir and
# mv succeed for one process only. exec keeps the process number.
slot=1
while :; do
    folder=$kept/$slot
    mkdir -p "$folder"
    if mkdir "$folder/lock" 2>/dev/null; then
        echo $$ >"$folder/lock/process"
        break
    fi
    holder=$(cat "$folder/lock/process" 2>/dev/null || echo $$) # $$: it is being written
    if ! kill -0 "$holder" 2>/dev/null; then
        mv "$folder/lock" "$folder/lock.$$" 2>/dev/null || true
        rm -rf "$folder/lock.$$"
    else
        slot=$((slot + 1))
    fi
done
export EVCXR_TMPDIR="$folder"
# Beside our lock file, its crates have the versions that are pinned there.
cp "$root/Cargo.lock" "$folder/Cargo.lock"

# No settings of the user's: a notebook gives the same everywhere. And none of these
# would let evcxr find what Cargo built.
mkdir -p "$kept/config"
export EVCXR_CONFIG_DIR="$kept/config"
unset CARGO_TARGET_DIR CARGO_BUILD_TARGET CARGO_INCREMENTAL RUSTFLAGS

# At its start it repairs a kernel.json that it finds here, and would write over ours.
export JUPYTER_PATH="$kept/none"

exec "$program" --control_file "$connection"
