#!/bin/sh
# Compiles the learner's own crate with AddressSanitizer, and no other: cargo calls it
# for the crates of the workspace alone (RUSTC_WORKSPACE_WRAPPER). The sanitizer is an
# unstable option; this is how the stable compiler is asked for it.
RUSTC_BOOTSTRAP=1 exec "$@" -Zsanitizer=address -Cforce-frame-pointers=yes
