"""Makes libfibo.so of fibo.rs: python build_library.py."""

import subprocess

# A cdylib is a library for callers in other languages: it has the functions that are
# marked no_mangle under their plain names, and Rust's own library inside. Edition 2024
# is the one that writes the mark as unsafe(no_mangle).
COMMAND = [
    "rustc",
    "--edition=2024",
    "--crate-type=cdylib",
    "-O",
    "fibo.rs",
    "-o",
    "libfibo.so",
]

if __name__ == "__main__":
    subprocess.run(COMMAND, check=True)
