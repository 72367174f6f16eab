#!/bin/sh
# Installs Debian packages that are missing, where we may; says so where we may not.
#
#     sh tools/system_packages.sh bubblewrap
set -eu

missing=
for package in "$@"; do
    dpkg-query --show --showformat='${Status}\n' "$package" 2>/dev/null |
        grep -q 'install ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "note: not installed:$missing (on Debian and Ubuntu: apt install$missing)" >&2
    exit 0
fi
echo "installing$missing"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # one word for each package
if ! apt-get install --quiet --quiet --no-install-recommends --yes $missing; then
    apt-get update --quiet --quiet
    apt-get install --quiet --quiet --no-install-recommends --yes $missing
fi
