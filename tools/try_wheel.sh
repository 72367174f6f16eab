#!/bin/sh
# Installs the newest wheel into an empty environment and checks its modes there,
# far from the checkout and with a cache of its own.
#
#     sh tools/try_wheel.sh target/wheels target/try-wheel
set -eu

wheel=$(ls -t "$1"/*.whl | head -n 1)
folder=$2
rm -rf "$folder"
PYTHON=${PYTHON:-python3} sh tools/environment.sh "$folder/venv" run
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps "$wheel"

python=$(cd "$folder" && pwd)/venv/bin/python
FFI_WORKBOOK_CACHE=$(cd "$folder" && pwd)/cache
export FFI_WORKBOOK_CACHE
cd /
"$python" -m ffi_workbook.modes python numpy ctypes cffi-abi-inline cffi-abi cffi-api \
    cffi-verify pyo3 capi published-c
"$python" -c 'import ffi_workbook; print("the wheel works:", ffi_workbook.__version__)'
